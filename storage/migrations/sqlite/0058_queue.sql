-- +goose Up

-- Under how many starts of the program in a row an errand was begun without that anybody heard what became of it: one that
-- takes the program down with it is given up.
ALTER TABLE errands ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
