-- +goose Up

-- What people of a network agree to, in every version that there was. "body" is civic.Terms as JSON; it tells of nobody.
CREATE TABLE terms (
  network INTEGER NOT NULL REFERENCES areas (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (network, version)
) STRICT, WITHOUT ROWID;
