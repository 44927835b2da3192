-- +goose Up

-- When a member agreed to the house rules (the version is in rules), and when they were last asked to.
ALTER TABLE memberships ADD COLUMN rules_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN rules_asked INTEGER NOT NULL DEFAULT 0;
