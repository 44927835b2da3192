-- +goose Up

-- What tells who somebody is is sealed; where it is looked up, a value stands in its place that says nothing without the
-- key. Rows of before are sealed when the program starts.
ALTER TABLE accounts ADD COLUMN sealed TEXT NOT NULL DEFAULT '';
ALTER TABLE chats ADD COLUMN sealed TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN sealed TEXT NOT NULL DEFAULT '';

-- An exact place, which its two numbers cannot hide.
ALTER TABLE reports ADD COLUMN point TEXT;
