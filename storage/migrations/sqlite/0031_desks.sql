-- +goose Up

-- A partner that is reached on a platform of its own has a chat there, like everybody else: its address is sealed with it.
-- Asked is the chat that is to prove itself first, by an answer from there. Nothing ever filled in channel and address.
ALTER TABLE partners DROP COLUMN channel;
ALTER TABLE partners DROP COLUMN address;
ALTER TABLE partners ADD COLUMN chat INTEGER REFERENCES chats (id);
ALTER TABLE partners ADD COLUMN asked INTEGER REFERENCES chats (id);
CREATE INDEX partners_chat ON partners (chat) WHERE chat IS NOT NULL;
CREATE INDEX partners_asked ON partners (asked) WHERE asked IS NOT NULL;
