-- +goose Up

-- A person may be a member of several networks, and has a membership in each.
DROP INDEX memberships_person;
CREATE UNIQUE INDEX memberships_person ON memberships (person, network);
