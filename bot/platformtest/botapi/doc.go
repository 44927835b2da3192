// Package botapi is a Telegram Bot API server for tests: strict, in memory, with people who write and press.
//
// Rules of the package. It refuses what the real server refuses, with the same code and description, and where the real
// limits are not published it takes the lower guess: 1 message a second in a chat after a burst of 5, 20 writes in 60 s
// in a group, 30 a second in all. What breaks a limit is also written down, see [Server.Violations]. An update reaches
// the bot only if Telegram would deliver it: privacy mode, rights, allowed_updates and blocked bots count. Time comes
// from the clock that [New] is given; waiting (long polls, delays) uses timers, so that everything works inside a
// bubble of testing/synctest. There are no sockets in [Server.Transport]; [Server.ServeHTTP] does the same behind one.
//
// Where it is stricter than the server: a button of two types, an album of one, and a write during a retry_after window,
// which doubles the window. Where it knows less: of the parse modes only HTML, and no forum topics, so every
// message_thread_id is not found.
//
// Why an emulator of our own: the ones that exist echo messages. They accept every text, keyboard and offset, so a bot
// passes its tests with them and fails in the first group.
package botapi
