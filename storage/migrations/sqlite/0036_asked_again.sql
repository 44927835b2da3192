-- +goose Up

-- Which of the questions that the bot knows in every language it is, and the partner that asked instead of a coordinator.
ALTER TABLE questions ADD COLUMN canned TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN partner TEXT NOT NULL DEFAULT '';

-- How often somebody asked for an ended case to be taken up again.
ALTER TABLE cases ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
