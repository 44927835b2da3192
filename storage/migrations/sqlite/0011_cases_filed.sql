-- +goose Up

-- Cases are looked for by when they were filed, ended ones as well.
CREATE INDEX cases_filed ON cases (network, created);
