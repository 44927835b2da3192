-- +goose Up

-- The messages of which a report was made, where the network tells when one is taken back.
ALTER TABLE reports ADD COLUMN pieces TEXT;
