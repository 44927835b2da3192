-- +goose Up

-- Whom of the network a case is about, as its reporter told it: a key of civic.Subject, and never who.
ALTER TABLE cases ADD COLUMN subject TEXT NOT NULL DEFAULT '';

-- The list of what is open is read in its own order, so that it ends after a screen, however long it is.
DROP INDEX cases_open;
CREATE INDEX cases_open ON cases (network, (urgency <> 'emergency'), created)
    WHERE status NOT IN ('resolved', 'closed', 'duplicate', 'withdrawn');
