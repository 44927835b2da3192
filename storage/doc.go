// Package storage is how everything is remembered: one SQLite file behind the interface that package bot defines.
//
// Rules of the package. One connection writes, and calls that wait for it together share a commit. SQL is written by
// hand, one file per noun, with $1 placeholders, ON CONFLICT and RETURNING; what only SQLite knows stands in dialect.go.
// Every query is a constant whose name begins with sql; a test finds them all, has each compiled, and refuses one that
// reads the whole of a table that grows. Times are Unix milliseconds, and 0 is never.
// Nothing above this package may know which database runs.
//
// A turn costs microseconds because little is read twice: chats, people and areas are kept in memory, and forgotten as
// soon as a transaction that touched them is undone. Letters are found by indexes on id / 1024: what is written at one
// time lands on few pages, and a lookup costs one probe for each thousand letters. An index on random tokens alone made
// a letter three times as dear, because a shared commit then wrote a page for each of them.
//
// Why synchronous=FULL: what was acknowledged survives a power cut; NORMAL loses the last commits. The price is paid
// once for all calls that share the commit.
//
// Why no ORM and no generated code: about a hundred queries, each read more often than written.
package storage
