// Package sandbox is a network of its own on which the bot can be tried without anybody else's: people and rooms are
// given, tests speak for them in memory, and a newcomer plays all of them on a web page.
//
// Rules of the package. Everything is fictional and stays on this machine: the page answers loopback only, loads nothing
// from elsewhere, and takes posts from itself alone. What happened is one journal of records; messages, deliveries and
// the clock are read off it, so a restart shows the same panes. The clock moves forward only. Nothing here knows a form
// or a card: like every platform it hands over updates and shows letters.
//
// # For tests that speak
//
// A person says, presses, pins and sends by methods of [Sandbox]; each gives the [bot.Raw] and leaves it waiting.
// [Sandbox.PollOnce] stores all that waits, [Sandbox.Inject] stores what it is given. [Sandbox.Deliveries],
// [Sandbox.Messages] and [Sandbox.Answers] tell what the bot did, [Sandbox.FailNext] makes deliveries fail.
//
// # For tests that look at the page
//
// These attributes are promised and do not depend on the language:
//
//	[data-pane="ID"]             a chat, by the id of its room, which is the person's id for a private one; data-quiet is
//	                             there on one that comes and goes, and hidden while it is away
//	[data-tab="ID"]              its tab, with [data-unread] as the number of messages not seen
//	[data-message="m17"]         a message, in its pane; data-from is the person's id or "bot", data-edited is there or not
//	[data-choice="KEY"]          a button under a message; [data-link="PARAMETER"] one that opens the private chat
//	[data-speaker="ID"]          the radio button that chooses who speaks in a room
//	[data-action="NAME"]         in a pane: send, photo, pin, start, cancel, newest, private (opens the private chat of the
//	                             one who speaks), close; on a message: reply, edit
//	textarea, input[type=file]   one of each in a pane
//	[data-pass="hour|morning"]   the buttons that let time pass; [data-clock] shows it, [data-now] in milliseconds
//	[data-map]                   the map's dialog: [data-ground] takes the arrow keys, [data-street="NAME"] is one of the
//	                             list, [data-action="set|close"] ends it
//	[data-toast]                 a short answer, in the pane of the person it is for
//	[data-announce]              what was read aloud last
//	[data-intro]                 the introduction; body[data-live="on|off"] tells whether the page hears of what happens
//
// # Why
//
// A newcomer should see a report become an alert within five minutes, without a token, a server or a second telephone;
// and what the tests play should be what the newcomer sees. Hence one platform with two faces rather than a demo and a
// test double. Why a journal and not the database: the sandbox stands in the place of a network, and a network
// remembers on its own side.
package sandbox
