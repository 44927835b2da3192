package main

import (
	"database/sql"
	"testing"
)

// setAside looks that no update was taken for the reason of a kill, and tells how near to it some were.
func setAside(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_query_only=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var states string
	const query = "SELECT coalesce(group_concat(platform || ' ' || state || ' after ' || tries || ': ' || coalesce(why, '')), '')" +
		" FROM inbox WHERE state <> 'applied'"
	if err := db.QueryRow(query).Scan(&states); err != nil || states != "" {
		t.Errorf("updates that were not applied: %s %v", states, err)
	}
	var suspected int
	if err := db.QueryRow("SELECT coalesce(max(tries), 0) FROM inbox").Scan(&suspected); err != nil {
		t.Error(err)
	}
	t.Logf("an update was under way at most %d times in a row when the program ended", suspected)
	fates(t, db)
}

// fates tells how the letters of each platform ended, and why those that were given up.
func fates(t *testing.T, db *sql.DB) {
	t.Helper()
	rows, err := db.Query("SELECT c.platform || ': ' || count(*) || ' ' || o.state || ' ' || o.why FROM outbox o" +
		" JOIN chats c ON c.id = o.chat GROUP BY c.platform, o.state, o.why")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var fate string
		if err := rows.Scan(&fate); err != nil {
			t.Fatal(err)
		}
		t.Logf("letters on %s", fate)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
