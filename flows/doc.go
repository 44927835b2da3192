// Package flows is what the bot does: signing up, reporting, triage, alerts.
//
// Rules of the package. A flow is a form, a card with its actions, or a command, declared as data; it holds no text (those
// are in locales), no platform, no SQL and no permission check. Who may do a thing is named in Needs and asked by the
// engine. What is told to people goes through the turn, so it is committed with what it tells of.
//
// Nobody but the bot knows who reported: what goes to a room is made from types that have no reporter in them, or by
// functions that name the reporter by number within the case ("reporter 1").
//
// Why transcripts are the tests: a conversation is right when it reads right. The files in testdata are both the script
// and the expectation, and each is played plainly, restarted before every line, with every update twice, crashed
// between commit and delivery, and through a Bot API emulator.
package flows
