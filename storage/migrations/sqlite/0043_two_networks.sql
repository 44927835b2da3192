-- +goose Up

-- A person may be a member of several networks, and has a membership in each.
DROP INDEX memberships_person;
CREATE UNIQUE INDEX memberships_person ON memberships (person, network);

-- Who went out of one network can go out of it again, in a backup that was put back. "number" is then the network times 2^32,
-- and the person.
CREATE TABLE erased (
    id     INTEGER PRIMARY KEY,
    kind   TEXT    NOT NULL CHECK (kind IN ('person', 'part', 'own', 'case', 'report', 'answer')),
    number INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
INSERT INTO erased (id, kind, number, at) SELECT id, kind, number, at FROM erasures;
DROP TABLE erasures;
ALTER TABLE erased RENAME TO erasures;
CREATE INDEX erasures_at ON erasures (at);
