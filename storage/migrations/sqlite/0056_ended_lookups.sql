-- +goose Up

-- A lookup that is over is forgotten in a backup that is put back, too, with the words that were looked for: 'lookup'.
CREATE TABLE erased (
    id     INTEGER PRIMARY KEY,
    kind   TEXT    NOT NULL CHECK (kind IN
        ('person', 'part', 'own', 'case', 'report', 'answer', 'words', 'picture', 'question', 'lookup')),
    number INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
INSERT INTO erased (id, kind, number, at) SELECT id, kind, number, at FROM erasures;
DROP TABLE erasures;
ALTER TABLE erased RENAME TO erasures;
CREATE INDEX erasures_at ON erasures (at);
