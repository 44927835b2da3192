-- +goose Up

-- How long a timer waits from when it was set, in milliseconds; 0 = it rings at an hour that was chosen.
ALTER TABLE timers ADD COLUMN stretch INTEGER NOT NULL DEFAULT 0;
