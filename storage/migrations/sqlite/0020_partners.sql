-- +goose Up

-- Rooms are also those of other partners than the police.
CREATE TABLE rooms_of_all (
    network INTEGER NOT NULL REFERENCES areas (id),
    kind    TEXT NOT NULL CHECK (kind IN
        ('coordinators', 'police', 'municipality', 'enforcement', 'housing', 'operator')),
    chat    INTEGER NOT NULL UNIQUE REFERENCES chats (id),
    bound   INTEGER NOT NULL,
    PRIMARY KEY (network, kind)
) STRICT;
INSERT INTO rooms_of_all (network, kind, chat, bound) SELECT network, kind, chat, bound FROM rooms;
DROP TABLE rooms;
ALTER TABLE rooms_of_all RENAME TO rooms;

-- How a partner is reached where that is not a room or its people's private chats: the channel is the name of a platform,
-- the address what that platform calls the partner. Promise is hours; 0 = what is usual.
CREATE TABLE partners (
    network INTEGER NOT NULL REFERENCES areas (id),
    role    TEXT NOT NULL CHECK (role IN ('police', 'municipality', 'enforcement', 'housing')),
    channel TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    promise INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (network, role)
) STRICT, WITHOUT ROWID;

-- Where a case belongs, where that is not what its category says. Empty and NULL do not matter to a rule; partners are
-- roles with a + between them.
CREATE TABLE routes (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    network  INTEGER NOT NULL REFERENCES areas (id),
    category TEXT NOT NULL DEFAULT '',
    area     INTEGER REFERENCES areas (id),
    starts   INTEGER NOT NULL DEFAULT 0 CHECK (starts BETWEEN 0 AND 23),
    ends     INTEGER NOT NULL DEFAULT 0 CHECK (ends BETWEEN 0 AND 23),
    weekend  INTEGER NOT NULL DEFAULT 0 CHECK (weekend IN (0, 1)),
    partners TEXT NOT NULL
) STRICT;
CREATE INDEX routes_network ON routes (network);

-- Given is who changed it last; began is when the partner got it, due by when it is to say something.
ALTER TABLE handovers ADD COLUMN began INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handovers ADD COLUMN due INTEGER;
ALTER TABLE handovers ADD COLUMN planned INTEGER;
ALTER TABLE handovers ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE handovers ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE handovers ADD COLUMN returns INTEGER NOT NULL DEFAULT 0;
CREATE INDEX handovers_due ON handovers (due) WHERE due IS NOT NULL;

-- Of a case that was merged: when, for as long as that can be undone. By when an answer was promised, and when it came.
ALTER TABLE cases ADD COLUMN merged_at INTEGER;
ALTER TABLE cases ADD COLUMN promised INTEGER;
ALTER TABLE cases ADD COLUMN answered INTEGER;

-- Origin is the case that a report made, when it went to another with a merger. Told is when its reporter last heard of
-- a step.
ALTER TABLE reports ADD COLUMN origin INTEGER;
ALTER TABLE reports ADD COLUMN muted INTEGER NOT NULL DEFAULT 0 CHECK (muted IN (0, 1));
ALTER TABLE reports ADD COLUMN told INTEGER;
ALTER TABLE reports ADD COLUMN verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'yes', 'half', 'no'));
ALTER TABLE reports ADD COLUMN named INTEGER NOT NULL DEFAULT 0 CHECK (named IN (0, 1));

-- Who looked at a case is asked by its reporter.
CREATE INDEX audit_case ON audit (object) WHERE object LIKE 'case/%';
