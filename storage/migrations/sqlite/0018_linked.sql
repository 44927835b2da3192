-- +goose Up

-- The account on which a person who has several is written to, and the numbers under which a person was known before
-- accounts were linked: the audit trail keeps them, because it is never changed.
ALTER TABLE accounts ADD COLUMN preferred INTEGER NOT NULL DEFAULT 0 CHECK (preferred IN (0, 1));
CREATE TABLE aliases (
    old    INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX aliases_person ON aliases (person);
CREATE INDEX invites_unused ON invites (made_by) WHERE used_at IS NULL;
