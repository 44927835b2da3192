-- +goose Up

-- How often a member was asked whether they still live here, and has not answered. When is in asked_at.
ALTER TABLE memberships ADD COLUMN silences INTEGER NOT NULL DEFAULT 0;
