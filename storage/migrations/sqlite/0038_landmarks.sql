-- +goose Up

-- Places that people name instead of a street: a shop, a station, a playground. Two may have one name. "also" holds other
-- names of it, a line each; the place is in degrees.
CREATE TABLE landmarks (
  id INTEGER PRIMARY KEY,
  network INTEGER NOT NULL REFERENCES areas (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  also TEXT NOT NULL DEFAULT '',
  lon REAL NOT NULL,
  lat REAL NOT NULL
) STRICT;
CREATE INDEX landmarks_network ON landmarks (network);

-- The landmark by which a reporter named the place.
ALTER TABLE reports ADD COLUMN landmark INTEGER REFERENCES landmarks (id);
