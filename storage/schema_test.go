package storage

import (
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/buurtbot/buurtbot/bot"
)

var (
	update   = flag.Bool("update", false, "write the golden files anew")
	versions = flag.Bool("versions", false, "migrate from every version of the schema, and not from some only")
)

const goldenSchema = "testdata/schema.golden.sql"

// schemaOf is everything the database at path is made of, in order of name.
func schemaOf(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open(driverName, readerAddress(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), sqlSchema)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var text strings.Builder
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s;\n\n", statement)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func openStore(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Path: path, Now: func() time.Time { return time.UnixMilli(1_760_443_200_000) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeStore(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheSchemaIsTheGoldenOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bin.db")
	closeStore(t, openStore(t, path))
	got := schemaOf(t, path)
	if *update {
		if err := os.WriteFile(goldenSchema, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenSchema)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("schema (-want +got; -update writes it anew):\n%s", diff)
	}
}

// seedVersion1 is a database as the first release left it: a town, a person, and a letter that waits.
const seedVersion1 = `
INSERT INTO areas (id, kind, name) VALUES (1, 'network', 'BIN');
INSERT INTO persons (id, name, created) VALUES (7, 'Ana', 1);
INSERT INTO chats (id, platform, external, kind, seen) VALUES (3, 'p', 'ana', 'private', 1);
INSERT INTO accounts (platform, external, person, chat, linked) VALUES ('p', 'ana', 7, 3, 1);
INSERT INTO outbox (chat, rank, state, op, not_before, expires, card, report, about, version, keys, person, created, body)
	VALUES (3, 1, 'pending', 'post', 0, 0, '', '', '', 0, '', 0, 1, '{"text":"Hoi"}');
`

// at makes a database with an old version of the schema, and gives the newest version there is.
func at(t *testing.T, path string, version int64) int64 {
	t.Helper()
	db, err := sql.Open(driverName, writerAddress(Options{Path: path}))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	files, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), seedVersion1); err != nil {
		t.Fatal(err)
	}
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

// copies are the files beside a database that begin with its name.
func copies(t *testing.T, path string) []string {
	t.Helper()
	found, err := filepath.Glob(path + ".before-*")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A database of any older release is copied and then brought up to date, and keeps what it holds.
func TestAMigrationTakesACopyFirst(t *testing.T) {
	newest := at(t, filepath.Join(t.TempDir(), "newest.db"), 1)
	want, err := os.ReadFile(goldenSchema)
	if err != nil {
		t.Fatal(err)
	}
	for version := int64(1); version < newest; version++ {
		if few := version%8 == 1 || version >= newest-3; !few && !*versions {
			continue
		}
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bin.db")
			at(t, path, version)
			before := schemaOf(t, path)
			s := openStore(t, path)
			err := s.View(t.Context(), func(tx bot.Tx) error {
				who, err := tx.Identify(t.Context(), bot.UserRef{Platform: "p", ID: "ana"})
				if err != nil || who.ID != 7 || who.Name != "Ana" {
					t.Errorf("found %+v, %v", who, err)
				}
				letters, err := tx.Candidates(t.Context(), bot.CandidateQuery{Platform: "p", At: s.now(), Limit: 9})
				if err != nil || len(letters) != 1 {
					t.Errorf("letters %v, %v", letters, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			closeStore(t, s)
			if diff := cmp.Diff(string(want), schemaOf(t, path)); diff != "" {
				t.Errorf("schema (-want +got):\n%s", diff)
			}
			kept := copies(t, path)
			if len(kept) != 1 {
				t.Fatalf("copies %v", kept)
			}
			if diff := cmp.Diff(before, schemaOf(t, kept[0])); diff != "" {
				t.Errorf("schema of the copy (-want +got):\n%s", diff)
			}
			closeStore(t, openStore(t, path))
			if again := copies(t, path); len(again) != 1 {
				t.Errorf("copies after the next start: %v", again)
			}
		})
	}
}

// A row that refers to nothing after a migration stops each start until it is mended, not the first one alone.
func TestARowThatRefersToNothingIsNotForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	at(t, path, at(t, filepath.Join(t.TempDir(), "newest.db"), 1)-1)
	bare(t, path, "PRAGMA foreign_keys = OFF; INSERT INTO accounts (platform, external, person, chat, linked)"+
		" VALUES ('p', 'nobody', 4711, 0, 0)")
	for start := range 2 {
		if _, err := Open(t.Context(), Options{Path: path}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("start %d gives %v", start, err)
		}
	}
	bare(t, path, "DELETE FROM accounts WHERE external = 'nobody'")
	closeStore(t, openStore(t, path))
}

// A copy that cannot be made stops the migration before it begins.
func TestWithoutACopyNothingIsMigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	newest := at(t, path, 1)
	before := schemaOf(t, path)
	when := time.UnixMilli(1_760_443_200_000).UTC().Format("20060102T150405Z")
	inTheWay := fmt.Sprintf("%s.before-schema-%d-%s", path, newest, when)
	if err := os.WriteFile(inTheWay, []byte("somebody's file"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Path: path, Now: func() time.Time { return time.UnixMilli(1_760_443_200_000) }})
	if !errors.Is(err, ErrExists) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, schemaOf(t, path)); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

// A database of a newer release is left as it is.
func TestANewerSchemaIsNotTouched(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bin.db")
	closeStore(t, openStore(t, path))
	db, err := sql.Open(driverName, writerAddress(Options{Path: path}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Path: path}); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) || len(copies(t, path)) != 0 {
		t.Error("the file was changed, or copied")
	}
}

// Foreign keys hold on both pools: a row that refers to nobody is refused.
func TestForeignKeysHold(t *testing.T) {
	t.Parallel()
	s := openStore(t, filepath.Join(t.TempDir(), "bin.db"))
	defer closeStore(t, s)
	orphan := func(btx bot.Tx) error { return btx.(*tx).run(sqlNewAccount, "p", "1", 12345, nil, 1) }
	if err := s.Do(t.Context(), orphan); err == nil {
		t.Error("an account of nobody was stored")
	}
	if err := s.View(t.Context(), orphan); err == nil {
		t.Error("a view wrote")
	}
}
