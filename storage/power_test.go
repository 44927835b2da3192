package storage_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// images is how many power cuts each piece of work goes through.
var images = flag.Int("images", 12, "power cuts in each test of them")

// work is something that a power cut may come into.
type work struct {
	sync storage.Sync
	kill bool // only the program ends, and the power stays
	// before makes the files, in a folder; during does the work and calls promise whenever something was promised.
	before func(t *testing.T, path string)
	during func(t *testing.T, path string, sync storage.Sync, promise func())
	// holds looks at what a start after the cut finds; so many promises were given before.
	holds func(t *testing.T, path string, db *sql.DB, promises int) error
}

// ends cuts the power so many times at places spread over the work, and gives what did not hold.
func (w work) ends(t *testing.T, cuts int) (broken []error) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "disk")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "bin.db")
	w.before(t, path)
	p := newPlatter(t, folder)
	stop := record(t, folder)
	given := 0
	w.during(t, path, w.sync, func() {
		given++
		jot(change{what: promised, note: given})
	})
	changes := stop()
	if len(changes) < 10 || given == 0 {
		t.Fatalf("%d changes and %d promises were written down", len(changes), given)
	}
	r := rand.New(rand.NewPCG(1, uint64(cuts)))
	due := 0
	for i, c := range changes {
		p.take(c)
		for ; due < cuts*(i+1)/len(changes); due++ {
			if err := w.after(t, folder, path, p, r); err != nil {
				broken = append(broken, fmt.Errorf("after change %d of %d: %w", i+1, len(changes), err))
			}
		}
	}
	return broken
}

// after writes what the disk holds to another folder and starts there.
func (w work) after(t *testing.T, folder, path string, p *platter, r *rand.Rand) error {
	t.Helper()
	there := folder + "-after"
	defer os.RemoveAll(there)
	left := p.cut(r)
	if w.kill {
		left = p.killed()
	}
	for name, content := range left {
		name = strings.Replace(name, folder, there, 1)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	moved := strings.Replace(path, folder, there, 1)
	s, err := storage.Open(t.Context(), storage.Options{Path: moved, AuditKey: []byte("key"), Sync: storage.SyncOff})
	if err != nil {
		return err
	}
	if _, err := s.VerifyAudit(t.Context()); err != nil {
		return fmt.Errorf("audit trail: %w", err)
	}
	if err := s.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", moved)
	if err != nil {
		return err
	}
	defer db.Close()
	return w.holds(t, moved, db, p.kept)
}

// empty makes a database with a town in it.
func empty(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	build(t, s)
	room(t, s, "1", bot.Private)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// works opens the database for fn and closes it.
func works(fn func(t *testing.T, s *storage.Store, promise func())) func(*testing.T, string, storage.Sync, func()) {
	return func(t *testing.T, path string, sync storage.Sync, promise func()) {
		t.Helper()
		s, err := storage.Open(t.Context(), storage.Options{
			Path: path, AuditKey: []byte("key"), Now: func() time.Time { return noon }, Sync: sync,
			Faults: storage.Faults{File: jotFile},
		})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, s, promise)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// jotFile writes down what a backup does to whole files.
func jotFile(step storage.FileStep) error {
	switch step.Name {
	case "copy":
		content, err := os.ReadFile(step.Path)
		if err != nil {
			return err
		}
		jot(change{file: step.Path, what: written, data: content})
		jot(change{file: step.Path, what: synced})
	case "sync":
		jot(change{file: step.Path, what: synced})
	case "aside": // which comes after the folder was synced
		jot(change{file: filepath.Dir(step.Path), what: synced})
	case "rename":
		jot(change{file: step.Path, what: renamed, to: step.To})
	}
	return nil
}

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

// Whatever a network, a person or an operator was told is there after the power failed at any moment, and nothing is
// half there. What the file system promises is what SQLite asks of it: what was synced stays, and of the rest anything
// may be there, sector by sector.
func TestPowerCut(t *testing.T) {
	for name, w := range map[string]work{
		"accept":  {before: empty, during: works(accepting), holds: accepted},
		"apply":   {before: received, during: works(applying), holds: applied},
		"send":    {before: queued, during: works(sending), holds: sent},
		"backup":  {before: empty, during: works(backing), holds: backed},
		"restore": {before: gone, during: restoring, holds: restored},
		"migrate": {before: old, holds: migrated, during: works(func(_ *testing.T, _ *storage.Store, promise func()) {
			promise()
		})},
	} {
		t.Run(name, func(t *testing.T) {
			broken := w.ends(t, *images)
			for _, err := range broken {
				t.Error(err)
			}
			t.Logf("%d power cuts, %d of them broke something", *images, len(broken))
		})
	}
}

// A program that is killed anywhere in its migrations leaves a database that the next start brings up to date, with everybody
// in it. -images 7000 kills it 200 times for each migration (reliability.md, M17).
func TestKilledMigrationsAreFinished(t *testing.T) {
	w := work{kill: true, before: old, holds: migrated, during: works(func(_ *testing.T, _ *storage.Store, promise func()) { promise() })}
	broken := w.ends(t, *images)
	for _, err := range broken {
		t.Error(err)
	}
	t.Logf("%d kills, %d of them broke something", *images, len(broken))
}

// The test finds what it is for: without a sync at each commit, promises are lost.
func TestPowerCutFindsMissingSync(t *testing.T) {
	w := work{sync: storage.SyncNormal, before: empty, during: works(accepting), holds: accepted}
	broken := w.ends(t, max(*images, 60))
	if len(broken) == 0 {
		t.Fatal("no promise was lost with synchronous=NORMAL")
	}
	t.Logf("%d of %d cuts lose promises with synchronous=NORMAL", len(broken), max(*images, 60))
}
