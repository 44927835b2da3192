// Package botapi is a strict Telegram Bot API server for tests: it refuses what Telegram refuses, in Telegram's words.
//
// Rules of the package. It knows nothing of the bot but what goes over the wire. Every limit, life time and date follows
// the clock it is given. It serves in the process as an [http.RoundTripper], without sockets, and on a socket as an
// [http.Handler]. Where Telegram's own limits are not published it takes the stricter guess, and says so at the constant.
//
// Why an emulator and not recorded answers: what matters is what happens between the calls. An offset confirms updates, a
// poll ends an older one, a press lives for 150 s, a chat that was written to too fast closes for a while, and an answer
// can be lost after its effect.
package botapi
