-- +goose Up

-- Questions of people who are no members whether anything about them is kept, which a data protection officer asks for them. A row
-- goes, with its words, when it is dealt with or its time is over. "words" and "why" are sealed.
CREATE TABLE lookups (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    network  INTEGER NOT NULL REFERENCES areas (id),
    person   INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL CHECK (kind IN ('name', 'plate', 'phone', 'other')),
    words    TEXT NOT NULL DEFAULT '',
    why      TEXT NOT NULL DEFAULT '',
    made     INTEGER NOT NULL,
    expires  INTEGER NOT NULL,
    agreed   INTEGER NOT NULL DEFAULT 0,
    searched INTEGER NOT NULL DEFAULT 0,
    version  INTEGER NOT NULL
) STRICT;

CREATE INDEX lookups_person ON lookups (person);

-- What was taken out of the words of a case goes again in a backup that is put back: 'words'.
CREATE TABLE erased (
    id     INTEGER PRIMARY KEY,
    kind   TEXT    NOT NULL CHECK (kind IN ('person', 'part', 'own', 'case', 'report', 'answer', 'words')),
    number INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
INSERT INTO erased (id, kind, number, at) SELECT id, kind, number, at FROM erasures;
DROP TABLE erasures;
ALTER TABLE erased RENAME TO erasures;
CREATE INDEX erasures_at ON erasures (at);
