package storage_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// The town of the measurements: a network of 300 street groups with a street and a room each.
const (
	manyGroups = 300
	bigNetwork = civic.AreaID(1)
	firstGroup = 2
)

// fillTown makes a town whose people have all filed a report, and got an answer to it. $1 is their number.
var fillTown = []string{
	"INSERT INTO areas (id, network, kind, name, prefix) VALUES (1, 1, 'network', 'BIN', 'VLR')",
	"INSERT INTO networks (area, profile, zone, languages) VALUES (1, 'nl', 'Europe/Amsterdam', 'nl en')",
	perGroup + "INSERT INTO areas (id, parent, network, kind, name, code, prefix)" +
		" SELECT 1 + n, 1, 1, 'group', 'Group ' || n, 'G' || n, 'KAS' FROM some",
	perGroup + "INSERT INTO areas (id, parent, network, kind, name, code)" +
		" SELECT 301 + n, 1 + n, 1, 'street', 'Street ' || n, 'S' || n FROM some",
	perGroup + "INSERT INTO chats (id, platform, external, kind, title, seen)" +
		" SELECT 1000000 + n, 'p', 'room-' || n, 'group', 'Group ' || n, 1 FROM some",
	perGroup + "INSERT INTO targets (grp, kind, chat) SELECT 1 + n, 'group', 1000000 + n FROM some",

	perPerson + "INSERT INTO persons (id, name, language, created) SELECT n, 'Person ' || n, 'nl', 1 FROM some",
	perPerson + "INSERT INTO chats (id, platform, external, kind, seen) SELECT n, 'p', 'account-' || n, 'private', 1 FROM some",
	perPerson + "INSERT INTO accounts (platform, external, person, chat, linked)" +
		" SELECT 'p', 'account-' || n, n AS person, n AS chat, 1 FROM some",
	perPerson + "INSERT INTO memberships (person, network, grp, street, standing, rules, since)" +
		" SELECT n, 1, 2 + n % 300, 302 + n % 300, 'active', 1, 1 FROM some",
	perPerson + "INSERT INTO sessions (chat, account, parked, form, answers, answered, asked, touched, expires)" +
		" SELECT n, '', 0, 'report', x'7b7d', 'what', 'text', 1, 9999999999999 FROM some WHERE n % 10 = 0",
	perPerson + "INSERT INTO cases (id, ref, network, grp, street, status, version, category, urgency, verification, called," +
		" created, changed) SELECT n, 'KAS-' || n, 1, 2 + n % 300, 302 + n % 300, CASE WHEN n <= 200 THEN 'received' ELSE 'closed'" +
		" END, 3, 'theft', 'normal', 'unverified', '', n AS created, n AS changed FROM some",
	perPerson + "INSERT INTO reports (id, case_id, reporter, alias, text, happened, street, filed)" +
		" SELECT n AS id, n AS case_id, n AS reporter, 1, 'Somebody tried the doors of the cars along the square', 'now'," +
		" 302 + n % 300, n FROM some",
	perPerson + "INSERT INTO outbox (id, chat, rank, state, op, not_before, expires, card, report, about, version, keys, person," +
		" created, sent_at, token, message, body) SELECT n AS id, n AS chat, 3, 'sent', 'post', 0, 0, '', '', 'case/' || n, 1," +
		" 'yes no', n AS person, n AS created, n AS sent_at, randomblob(32), '' || n, '' FROM some",
	perPerson + "INSERT INTO inbox (id, platform, account, external, state, received, ended)" +
		" SELECT n, 'p', 'bot', 'u-' || n, 'applied', n AS received, n AS ended FROM some",
	perPerson + "INSERT INTO cards (card, chat, message, version) SELECT 'case/' || n, 1000000, '' || n, 1 FROM some",
}

// perPerson and perGroup count to the number of people and of groups.
const (
	perPerson = "WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n < $1) "
	perGroup  = "WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n < 300) "
)

// towns are the files of the towns that were made, by their number of people: to write one again takes no time.
var towns = struct {
	sync.Mutex
	files map[int][]byte
}{files: map[int][]byte{}}

// populated opens a town of so many people, of whom each has filed a report.
func populated(t testing.TB, people int) *storage.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "town.db")
	towns.Lock()
	defer towns.Unlock()
	if towns.files[people] == nil {
		populate(t, path, people)
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		towns.files[people] = file
	} else if err := os.WriteFile(path, towns.files[people], 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := storage.Open(t.Context(), storage.Options{Path: path, AuditKey: []byte("key"), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// populate writes a town to a new file: a hundred thousand people in a few seconds.
func populate(t testing.TB, path string, people int) {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{Path: path, Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, statement := range fillTown {
		var args []any
		if strings.Contains(statement, "$1") {
			args = append(args, people)
		}
		if _, err := tx.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
}
