-- +goose Up

-- What an alert described is taken back at its outcome or after three days: the ledger says where that was possible.
CREATE TABLE deliveries_2 (
    id     INTEGER PRIMARY KEY,
    alert  INTEGER NOT NULL REFERENCES alerts (id),
    notice TEXT NOT NULL CHECK (notice IN ('alarm', 'correction', 'all_clear', 'outcome', 'take_back')),
    nth    INTEGER NOT NULL,
    target INTEGER NOT NULL,
    person INTEGER NOT NULL,
    chat   INTEGER NOT NULL,
    letter INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('pending', 'sent', 'unknown', 'failed', 'superseded', 'blocked', 'quiet_deferred', 'opted_out')),
    at     INTEGER NOT NULL,
    UNIQUE (alert, notice, nth, target, person)
) STRICT;
INSERT INTO deliveries_2 SELECT id, alert, notice, nth, target, person, chat, letter, status, at FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE deliveries_2 RENAME TO deliveries;
CREATE INDEX deliveries_letter ON deliveries (letter) WHERE letter <> 0;
CREATE INDEX deliveries_person ON deliveries (person) WHERE person > 0;

-- When information is to go that was planned, the picture, and why and until when a plate, a description or a picture
-- was left in.
ALTER TABLE alerts ADD COLUMN planned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN photo INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN kept_why TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN kept_until INTEGER NOT NULL DEFAULT 0;

-- A case that somebody told because of an alert.
ALTER TABLE cases ADD COLUMN alert INTEGER;
CREATE INDEX cases_alert ON cases (alert) WHERE alert IS NOT NULL;
