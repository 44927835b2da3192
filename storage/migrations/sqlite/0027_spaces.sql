-- +goose Up

-- A target whose room tells who is in it, and the direct messages that only go to people on one network (empty = on any).
ALTER TABLE targets ADD COLUMN rolled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE targets ADD COLUMN platform TEXT NOT NULL DEFAULT '';

-- Rooms that the bot makes. The key is chosen before the room is made, so that no crash makes it twice.
CREATE TABLE houses (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    area     INTEGER NOT NULL REFERENCES areas (id),
    kind     TEXT NOT NULL CHECK (kind IN ('space', 'street', 'coordinators', 'police', 'municipality', 'enforcement', 'housing', 'operator')),
    platform TEXT NOT NULL,
    key      TEXT NOT NULL UNIQUE,
    chat     INTEGER UNIQUE REFERENCES chats (id) ON DELETE SET NULL,
    UNIQUE (area, platform, kind)
) STRICT;

-- Who is in a room that tells it.
CREATE TABLE attendance (
    chat   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (chat, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_person ON attendance (person);
