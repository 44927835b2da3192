-- +goose Up

-- What an operator looks after: few rows among many.
CREATE INDEX outbox_ended ON outbox (id) WHERE state IN ('dead', 'unknown', 'held');
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead' AND rank <= 2 AND body <> '';

-- +goose Down

DROP INDEX outbox_dead;
DROP INDEX outbox_ended;
