-- +goose Up

-- Rooms that were closed in favour of others, and what was decided about that.
CREATE TABLE successions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    chat    INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    next    TEXT NOT NULL,
    via     TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('open', 'under', 'shut', 'failed', 'false', 'stay', 'done')),
    version INTEGER NOT NULL,
    UNIQUE (chat, next)
) STRICT;
