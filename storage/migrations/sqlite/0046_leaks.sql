-- +goose Up

-- Breaches of what is kept about people, and what was decided about them. A row names nobody; "words" and "done" are sealed.
CREATE TABLE leaks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  network INTEGER NOT NULL REFERENCES areas (id),
  area INTEGER NOT NULL REFERENCES areas (id),
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  found INTEGER NOT NULL,
  noted INTEGER NOT NULL,
  words TEXT NOT NULL DEFAULT '',
  halt TEXT NOT NULL CHECK (halt IN ('', 'info', 'all')),
  verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'reported', 'harmless', 'none')),
  told TEXT NOT NULL DEFAULT '',
  done TEXT NOT NULL DEFAULT '',
  decided INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL
) STRICT;

CREATE INDEX leaks_open ON leaks (network) WHERE decided = 0;
