-- +goose Up

-- The hash of exactly what a second officer is asked to approve: every text and to whom it goes.
ALTER TABLE alerts ADD COLUMN seal TEXT NOT NULL DEFAULT '';
CREATE INDEX alerts_second ON alerts (second) WHERE second IS NOT NULL;
