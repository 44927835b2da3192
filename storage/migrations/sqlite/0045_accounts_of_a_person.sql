-- +goose Up

-- Who is told one by one is found in the index, without a look at each account.
DROP INDEX accounts_person;
CREATE INDEX accounts_person ON accounts (person, platform, chat, preferred, linked);
