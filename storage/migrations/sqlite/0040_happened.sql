-- +goose Up

-- When what an alert is about happened; 0 = it does not say.
ALTER TABLE alerts ADD COLUMN happened INTEGER NOT NULL DEFAULT 0;
