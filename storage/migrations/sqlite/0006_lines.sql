-- +goose Up

-- A letter that stands behind another one to its chat need not be looked at before that one has left. Without this, a
-- long line before one door is read again for every letter that goes to another.
ALTER TABLE outbox ADD COLUMN behind INTEGER NOT NULL DEFAULT 0 CHECK (behind IN (0, 1));
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (rank, id, chat, not_before, expires) WHERE state = 'pending' AND behind = 0;
CREATE INDEX outbox_behind ON outbox (chat, id) WHERE state = 'pending' AND behind = 1;
