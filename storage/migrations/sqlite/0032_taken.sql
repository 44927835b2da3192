-- +goose Up

-- The message that an answer came with, so that it can be erased when its author takes the message back, and whether it was.
ALTER TABLE questions ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN taken INTEGER NOT NULL DEFAULT 0 CHECK (taken IN (0, 1));

-- An answer, or one report of several, can be erased by itself.
CREATE TABLE erased (
    id     INTEGER PRIMARY KEY,
    kind   TEXT    NOT NULL CHECK (kind IN ('person', 'own', 'case', 'report', 'answer')),
    number INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
INSERT INTO erased (id, kind, number, at) SELECT id, kind, number, at FROM erasures;
DROP TABLE erasures;
ALTER TABLE erased RENAME TO erasures;
CREATE INDEX erasures_at ON erasures (at);
