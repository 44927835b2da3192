-- +goose Up

-- What a later report of the same reporter is to the first, and what only the police read and see.
ALTER TABLE reports ADD COLUMN kind TEXT CHECK (kind IN ('addition', 'correction'));
ALTER TABLE reports ADD COLUMN police TEXT;
ALTER TABLE report_media ADD COLUMN police INTEGER NOT NULL DEFAULT 0;
