// Package matrix is the adapter to Matrix, for one account of the bot on one homeserver.
//
// What the server sends is stored as it reads after decryption, in an envelope of ours that says what only the room's
// state can tell (whether the bot is alone with one person, the room's name, the person's name), so that Decode needs
// nothing but the bytes. The place in the server's stream is stored with the events in one transaction; the library's
// own loop stores it before it handles them, and a crash in between loses them, so the loop is ours.
//
// Deliveries are effectively once: every event carries the letter's number, as transaction id and in its content, and a
// letter that was tried before is looked for in the room before it is sent again. Transaction ids alone are not enough,
// because servers forget them.
//
// Room state is a cache in memory. It is read when a room is first needed, kept up to date from the stream, and read
// again after a restart. A cleared cache costs a request; a stored one that is wrong would send plain text into an
// encrypted room.
package matrix
