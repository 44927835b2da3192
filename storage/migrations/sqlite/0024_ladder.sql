-- +goose Up

-- What followed when a member broke the house rules, and what became of an appeal. The words of both sides go after 30
-- days, the row after a year.
CREATE TABLE sanctions (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    network  INTEGER NOT NULL REFERENCES areas (id),
    grp      INTEGER REFERENCES areas (id),
    person   INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    measure  TEXT NOT NULL CHECK (measure IN ('note', 'warning', 'suspension', 'removal')),
    breach   TEXT NOT NULL,
    words    TEXT NOT NULL,
    role     TEXT NOT NULL,
    given    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    chat     INTEGER REFERENCES chats (id) ON DELETE SET NULL,
    appeal   TEXT NOT NULL DEFAULT '',
    appealed INTEGER NOT NULL DEFAULT 0,
    ruling   TEXT NOT NULL DEFAULT '' CHECK (ruling IN ('', 'stands', 'undone')),
    judge    INTEGER NOT NULL DEFAULT 0,
    ruled    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sanctions_person ON sanctions (person) WHERE person IS NOT NULL;
CREATE INDEX sanctions_chat ON sanctions (chat) WHERE chat IS NOT NULL;
CREATE INDEX sanctions_at ON sanctions (at);

-- Accounts that are kept out until a time, as keyed hashes: who leaves and comes back is the same person, and the table
-- tells nobody who.
CREATE TABLE barred (
    hash     BLOB NOT NULL,
    sanction INTEGER NOT NULL REFERENCES sanctions (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, sanction)
) STRICT, WITHOUT ROWID;
CREATE INDEX barred_sanction ON barred (sanction);
