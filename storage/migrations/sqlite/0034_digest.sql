-- +goose Up

-- Who wants what can wait once a day, together.
ALTER TABLE memberships ADD COLUMN digest INTEGER NOT NULL DEFAULT 0 CHECK (digest IN (0, 1));
