-- +goose Up

-- A picture that goes with an alert is no leftover.
CREATE INDEX alerts_photo ON alerts (photo) WHERE photo <> 0;
