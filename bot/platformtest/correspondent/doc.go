// Package correspondent is a person with an ordinary Matrix client on a homeserver of a test, as [homeserver] starts it: it logs
// in, opens rooms, writes, and reads what others write, also in encryption.
//
// It is there in builds with the tag goolm only, because a client without encryption shows nothing about a bot with it.
//
// [homeserver]: https://pkg.go.dev/github.com/buurtbot/buurtbot/bot/platformtest/homeserver
package correspondent
