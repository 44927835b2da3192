-- +goose Up

-- When somebody who holds a role is away; others are called then.
CREATE TABLE absences (
    person INTEGER PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    starts INTEGER NOT NULL,
    ends   INTEGER NOT NULL
) STRICT;
