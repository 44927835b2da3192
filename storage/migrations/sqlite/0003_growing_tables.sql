-- +goose Up

-- Without the first, SQLite reads every case to store a new one, looking for one that was merged into it before it was
-- there. Without the second, an alert is planned by reading every chat.
CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX chats_closed ON chats (id) WHERE reachable = 0;
