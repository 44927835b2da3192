-- +goose Up

-- What waited in a backup that was put back can be tried again by an operator, as what could not be delivered.
DROP INDEX outbox_dead;
CREATE INDEX outbox_tryable ON outbox (id) WHERE state IN ('dead', 'held') AND rank <= 2 AND body <> '';

-- +goose Down

DROP INDEX outbox_tryable;
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead' AND rank <= 2 AND body <> '';
