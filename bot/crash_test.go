package bot_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
)

// death is the end of the process, as a test can have it.
type death struct{}

func (death) Crash() bool { return true }

// mortal is a bot that dies of certain words, and is started again on the same database.
type mortal struct {
	*testing.T
	path    string
	show    *sandbox.Sandbox
	now     time.Time
	store   *storage.Store
	engine  *bot.Engine
	handled []string
}

func (m *mortal) start() {
	m.Helper()
	now := func() time.Time { return m.now }
	var err error
	m.store, err = storage.Open(m.Context(), storage.Options{Path: m.path, AuditKey: []byte("k"), Now: now})
	if err != nil {
		m.Fatal(err)
	}
	texts, err := locales.Load()
	if err != nil {
		m.Fatal(err)
	}
	m.engine = bot.New(m.store, spoken{texts}, []bot.Platform{m.show}, bot.Feature{})
	m.engine.Now, m.engine.Rand = now, zeros{}
	m.engine.Fallback = func(_ context.Context, _ *bot.Turn, in bot.Input) error {
		if in.Text == "poison" {
			panic(death{})
		}
		m.handled = append(m.handled, in.Text)
		return nil
	}
	if err := m.engine.Start(m.Context()); err != nil {
		m.Fatal(err)
	}
}

// lives handles all that waits, and reports whether the bot survived it.
func (m *mortal) lives() (survived bool) {
	m.Helper()
	defer func() {
		if p := recover(); p != nil {
			survived = false
			m.die()
		}
	}()
	for range 10 {
		if _, err := m.engine.HandleNext(m.Context()); err != nil {
			m.Fatal(err)
		}
	}
	return true
}

// die leaves the database as it is when the process has ended: nobody marked it as stopped.
func (m *mortal) die() {
	m.Helper()
	if err := m.store.Close(); err != nil {
		m.Fatal(err)
	}
	db, err := sql.Open("sqlite", m.path)
	if err != nil {
		m.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE meta SET value = 'yes' WHERE key = 'running'"); err != nil {
		m.Fatal(err)
	}
}

// An update that takes the whole process down is set aside at the fourth start, and what came with it is handled.
func TestUpdateThatKillsTheProcessIsSetAside(t *testing.T) {
	m := &mortal{T: t, path: filepath.Join(t.TempDir(), "m.db"), now: time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)}
	var err error
	m.show, err = sandbox.New(sandbox.Config{Now: func() time.Time { return m.now }, People: []sandbox.Person{{ID: "ana", Name: "Ana"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.show.Close()
	m.start()
	m.die()
	m.start() // after an unclean stop, so that attempts are counted
	for _, words := range []string{"soup", "poison", "bread"} {
		raw, err := m.show.Say("ana", "ana", words, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := m.show.Inject(t.Context(), m.store, raw); err != nil {
			t.Fatal(err)
		}
	}
	starts := 1
	for !m.lives() {
		m.start()
		if starts++; starts > 9 {
			t.Fatal("it never survives")
		}
	}
	defer m.store.Close()
	if starts != 4 {
		t.Errorf("it survived at start %d", starts)
	}
	if diff := cmp.Diff([]string{"soup", "bread"}, m.handled); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
}
