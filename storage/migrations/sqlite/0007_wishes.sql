-- +goose Up

-- Members who want to hear only what is meant for their own street.
ALTER TABLE memberships ADD COLUMN nearby INTEGER NOT NULL DEFAULT 0 CHECK (nearby IN (0, 1));
