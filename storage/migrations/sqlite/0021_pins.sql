-- +goose Up

-- Messages that are held at the top of a room, or are to be.
CREATE TABLE pins (
    card    TEXT    NOT NULL,
    chat    INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    message TEXT    NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('wanted', 'pinned', 'unwanted', 'refused')),
    PRIMARY KEY (card, chat)
) STRICT, WITHOUT ROWID;
CREATE INDEX pins_chat ON pins (chat);
