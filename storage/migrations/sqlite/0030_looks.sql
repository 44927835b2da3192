-- +goose Up

-- How often somebody told of looks alone, and so made no report, is counted from the trail (feature B4).
CREATE INDEX audit_looks ON audit (object, at) WHERE action = 'report.only_looks';
