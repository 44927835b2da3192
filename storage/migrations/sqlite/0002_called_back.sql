-- +goose Up

-- A letter that was called back while it was on its way: it is not tried again.
ALTER TABLE outbox ADD COLUMN called_back INTEGER NOT NULL DEFAULT 0 CHECK (called_back IN (0, 1));

-- Pictures that nobody uses are found without reading pictures.
CREATE INDEX media_owner ON media (owner, created);
