-- +goose Up

-- A street that comes to another street group takes along who lives in it.
CREATE INDEX memberships_street ON memberships (street) WHERE street IS NOT NULL;
