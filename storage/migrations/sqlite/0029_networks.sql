-- +goose Up

-- The network that is meant in a private chat of somebody who has a part in several; 0 is none.
ALTER TABLE chats ADD COLUMN network INTEGER NOT NULL DEFAULT 0;
