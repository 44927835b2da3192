-- +goose Up

-- The number of the police of a network's zone, for what is no emergency; empty = that of the country.
ALTER TABLE networks ADD COLUMN police TEXT NOT NULL DEFAULT '';
