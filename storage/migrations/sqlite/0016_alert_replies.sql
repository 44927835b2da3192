-- +goose Up

-- Who answered an alert, once each: how many there were, and how soon.
CREATE TABLE alert_replies (
    alert  INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    PRIMARY KEY (alert, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_replies_person ON alert_replies (person);

-- How many alerts went to a street this week, and how many of a month's have an outcome.
CREATE INDEX alerts_issued ON alerts (network, issued);
