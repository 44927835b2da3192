-- +goose Up

-- Who made an invitation (0 = the operator), and until when the role is held (0 = no end).
ALTER TABLE invites ADD COLUMN made_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invites ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0;

-- Roles that somebody took and a second person has to confirm.
CREATE TABLE claims (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    invite  INTEGER NOT NULL UNIQUE REFERENCES invites (id),
    person  INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    made    INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX claims_person ON claims (person);

-- How often a chat gave a code that there is not.
CREATE TABLE knocks (
    chat  INTEGER PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE,
    wrong INTEGER NOT NULL,
    last  INTEGER NOT NULL
) STRICT;
