package storage_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// rows is how many of something a cut comes into.
const rows = 40

// accepting stores updates, each with its checkpoint.
func accepting(t *testing.T, s *storage.Store, promise func()) {
	t.Helper()
	for n := 1; n <= rows; n++ {
		receive(t, s, "bot", strconv.Itoa(n), "u-"+strconv.Itoa(n))
		promise()
	}
}

// accepted looks for the updates up to the promised, and that the checkpoint is that of the last of them.
func accepted(_ *testing.T, _ string, db *sql.DB, promises int) error {
	var have, last int
	err := db.QueryRow("SELECT count(*), coalesce(max(CAST(substr(external, 3) AS INTEGER)), 0) FROM inbox").Scan(&have, &last)
	if err != nil {
		return err
	}
	var checkpoint int
	err = db.QueryRow("SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM checkpoints").Scan(&checkpoint)
	switch {
	case err != nil:
		return err
	case have < promises:
		return fmt.Errorf("%d updates are there, %d were confirmed to the network", have, promises)
	case have != last || checkpoint != last:
		return fmt.Errorf("%d updates up to %d, checkpoint %d", have, last, checkpoint)
	}
	return nil
}

// applying has turns of one row each: the row is applied, a letter goes out, and the trail tells of it.
func applying(t *testing.T, s *storage.Store, promise func()) {
	t.Helper()
	for n := 1; n <= rows; n++ {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			if err := tx.Apply(ctx, int64(n), int64(n)); err != nil {
				return err
			}
			if err := tx.Enqueue(ctx, &bot.Letter{Chat: 1, Op: bot.OpPost, Message: bot.Message{Text: strings.Repeat("x", 600)}}); err != nil {
				return err
			}
			return tx.Audit(ctx, bot.AuditEntry{At: noon, Action: "told", Object: strconv.Itoa(n)})
		})
		promise()
	}
}

func applied(_ *testing.T, _ string, db *sql.DB, promises int) error {
	have := map[string]int{}
	for name, query := range map[string]string{
		"rows":    "SELECT count(*) FROM inbox WHERE state = 'applied'",
		"letters": "SELECT count(*) FROM outbox",
		"trail":   "SELECT count(*) FROM audit WHERE action = 'told'",
	} {
		var n int
		if err := db.QueryRow(query).Scan(&n); err != nil {
			return err
		}
		have[name] = n
	}
	if have["rows"] < promises || have["letters"] != have["rows"] || have["trail"] != have["rows"] {
		return fmt.Errorf("%d turns were done; found %v", promises, have)
	}
	return nil
}

// sending claims letters and stores their fates.
func sending(t *testing.T, s *storage.Store, promise func()) {
	t.Helper()
	for n := int64(1); n <= rows; n++ {
		if got := claim(t, s, n); len(got) != 1 {
			t.Fatalf("letter %d cannot be claimed", n)
		}
		promise()
		settle(t, s, n, bot.Fate{State: bot.LetterSent, Message: bot.MessageRef("m" + strconv.FormatInt(n, 10)), At: noon})
		promise()
	}
}

// sent looks that what was claimed is known to be under way, and what was delivered is known to be delivered.
func sent(_ *testing.T, _ string, db *sql.DB, promises int) error {
	var begun, over int
	err := db.QueryRow("SELECT count(*) FILTER (WHERE state <> 'pending'), count(*) FILTER (WHERE state = 'sent') FROM outbox").
		Scan(&begun, &over)
	if err != nil {
		return err
	}
	if begun < (promises+1)/2 || over < promises/2 {
		return fmt.Errorf("%d steps were taken; %d letters are begun and %d sent", promises, begun, over)
	}
	return nil
}

// backing copies the database while turns go on.
func backing(t *testing.T, s *storage.Store, promise func()) {
	t.Helper()
	for n := 1; n <= 4; n++ {
		for i := 1; i <= rows/4; i++ {
			at := (n-1)*rows/4 + i
			receive(t, s, "bot", strconv.Itoa(at), "u-"+strconv.Itoa(at))
		}
		if err := s.Backup(t.Context(), filepath.Join(recorder.folder, "copy-"+strconv.Itoa(n))); err != nil {
			t.Fatal(err)
		}
		promise()
	}
}

// backed looks that every copy that has its name is whole, and that those that were promised are there.
func backed(t *testing.T, path string, _ *sql.DB, promises int) error {
	t.Helper()
	copies, err := filepath.Glob(filepath.Join(filepath.Dir(path), "copy-?"))
	if err != nil {
		return err
	}
	if len(copies) < promises {
		return fmt.Errorf("%d copies were promised, there are %d", promises, len(copies))
	}
	for _, name := range copies {
		nth, err := strconv.Atoi(name[len(name)-1:])
		if err != nil {
			return err
		}
		db, err := sql.Open("sqlite", name)
		if err != nil {
			return err
		}
		defer db.Close()
		var verdict string
		if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return fmt.Errorf("%s: %s", name, verdict)
		}
		if err := accepted(t, path, db, nth*rows/4); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// old makes a database as the first release made it, with rows in it.
func old(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(wal)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, firstMigrations(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= rows; n++ {
		_, err := db.Exec("INSERT INTO persons (id, name, language, created) VALUES ($1, $2, 'nl', 1)", n, fmt.Sprint("Bewoner ", n))
		if err != nil {
			t.Fatal(err)
		}
	}
}

func firstMigrations(t *testing.T) fs.FS {
	t.Helper()
	return os.DirFS(filepath.Join("migrations", "sqlite"))
}

// migrated looks that everybody is still there; the start itself has brought the schema up to date.
func migrated(_ *testing.T, _ string, db *sql.DB, _ int) error {
	var people int
	if err := db.QueryRow("SELECT count(*) FROM persons WHERE created = 1").Scan(&people); err != nil {
		return err
	}
	if people != rows {
		return fmt.Errorf("%d people of %d", people, rows)
	}
	return nil
}

// received fills the inbox, and queued the outbox as well.
func received(t *testing.T, path string) {
	t.Helper()
	empty(t, path)
	s := open(t, path)
	accepting(t, s, func() {})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func queued(t *testing.T, path string) {
	t.Helper()
	received(t, path)
	s := open(t, path)
	applying(t, s, func() {})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
