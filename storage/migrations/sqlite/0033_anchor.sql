-- +goose Up

-- The mark of the program under the anchor of a trimmed trail. A trail is trimmed a year after it began, so no anchor is
-- older than this column.
ALTER TABLE audit_anchor ADD COLUMN seal BLOB NOT NULL DEFAULT x'';
