-- +goose Up

-- The list of what is open is read in its own order, in which what is for today comes before the rest by now.
DROP INDEX cases_open;
CREATE INDEX cases_open ON cases
    (network, (CASE urgency WHEN 'emergency' THEN 0 WHEN 'today' THEN 1 WHEN 'info' THEN 3 ELSE 2 END), created)
    WHERE status NOT IN ('resolved', 'closed', 'duplicate', 'withdrawn');
