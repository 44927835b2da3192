-- +goose Up

-- As what the issuer of an alert sent it. All that were sent before are of the police.
ALTER TABLE alerts ADD COLUMN sender TEXT NOT NULL DEFAULT 'police';
