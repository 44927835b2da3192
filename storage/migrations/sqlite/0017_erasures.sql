-- +goose Up

-- What somebody had erased, by number: so that a backup from before it can be cleansed of it when it is put back.
CREATE TABLE erasures (
    id     INTEGER PRIMARY KEY,
    kind   TEXT    NOT NULL CHECK (kind IN ('person', 'own', 'case')),
    number INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE INDEX erasures_at ON erasures (at);

-- +goose Down

DROP TABLE erasures;
