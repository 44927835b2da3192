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
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// death is the end of the process, as a test can have it.
type death struct{}

func (death) Crash() bool { return true }

// mortal is a bot that dies of certain words and errands, and is started again on the same database.
type mortal struct {
	*testing.T
	path    string
	show    *sandbox.Sandbox
	now     time.Time
	store   *storage.Store
	engine  *bot.Engine
	handled []string
	ran     []string   // errands that came back
	ended   []bot.Done // what their feature heard
	began   time.Time
	died    []time.Duration // how long it had run each time
	hail    int             // so often "hail" ends the program still
	blows   []int           // before which tick of their lives some end for no reason
}

func (m *mortal) start() {
	m.Helper()
	now := func() time.Time { return m.now }
	var err error
	m.store, err = storagetest.Open(m.Context(), storage.Options{Path: m.path, AuditKey: []byte("k"), Now: now})
	if err != nil {
		m.Fatal(err)
	}
	texts, err := locales.Load()
	if err != nil {
		m.Fatal(err)
	}
	m.engine = bot.New(m.store, spoken{texts}, []bot.Platform{m.show}, bot.Feature{Name: "run", Tasks: []bot.Task{{
		Kind: "run", Run: m.run,
		Then: func(_ context.Context, _ *bot.Turn, d bot.Done) error {
			m.ended = append(m.ended, d)
			return nil
		},
	}}})
	m.engine.Now, m.engine.Rand, m.engine.Calm = now, zeros{}, time.Second
	m.engine.Fallback = func(_ context.Context, _ *bot.Turn, in bot.Input) error {
		if in.Text == "poison" || in.Text == "storm" && m.now.Sub(m.began) < m.engine.Calm {
			panic(death{})
		}
		if in.Text == "hail" && m.hail > 0 {
			m.hail--
			panic(death{})
		}
		m.handled = append(m.handled, in.Text)
		return nil
	}
	m.began = m.now
	if err := m.engine.Start(m.Context()); err != nil {
		m.Fatal(err)
	}
}

// run is an errand's attempt: some end the program, some soon after its start only.
func (m *mortal) run(_ context.Context, _ bot.Platform, e bot.Errand) ([]byte, error) {
	switch {
	case e.Ref == "poison", e.Ref == "storm" && m.now.Sub(m.began) < m.engine.Calm:
		panic(death{})
	case e.Ref == "outage" && m.now.Sub(m.began) < 6*m.engine.Calm:
		return nil, everywhere(bot.Down, 100*time.Millisecond)
	}
	m.ran = append(m.ran, e.Ref)
	return nil, nil
}

// lives handles and runs all that waits, and reports whether the bot survived it.
func (m *mortal) lives() (survived bool) {
	m.Helper()
	defer func() {
		if p := recover(); p != nil {
			survived = false
			m.died = append(m.died, m.now.Sub(m.began))
			m.die()
		}
	}()
	for tick := range 100 {
		if n := len(m.died); n < len(m.blows) && tick == m.blows[n] {
			panic(death{})
		}
		m.now = m.now.Add(100 * time.Millisecond)
		if _, err := m.engine.HandleNext(m.Context()); err != nil {
			m.Fatal(err)
		}
		if _, err := m.engine.RunErrand(m.Context()); err != nil {
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

// live starts a bot that did not stop cleanly, hands it these words, and starts it again each time it dies.
func live(t *testing.T, words ...string) *mortal {
	t.Helper()
	m := unclean(t)
	m.hear(words...)
	m.outlive()
	return m
}

// hear stores what somebody says.
func (m *mortal) hear(words ...string) {
	m.Helper()
	for _, said := range words {
		raw, err := m.show.Say("ana", "ana", said, "")
		if err != nil {
			m.Fatal(err)
		}
		if err := m.show.Inject(m.Context(), m.store, raw); err != nil {
			m.Fatal(err)
		}
	}
}

// outlive starts the bot again each time it dies.
func (m *mortal) outlive() {
	m.Helper()
	for !m.lives() {
		m.start()
		if len(m.died) > 20 {
			m.Fatal("it never survives")
		}
	}
	m.Cleanup(func() { _ = m.store.Close() })
}

// unclean starts a bot that did not stop cleanly.
func unclean(t *testing.T) *mortal {
	t.Helper()
	m := &mortal{T: t, path: filepath.Join(t.TempDir(), "m.db"), now: time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)}
	var err error
	m.show, err = sandbox.New(sandbox.Config{Now: func() time.Time { return m.now }, People: []sandbox.Person{{ID: "ana", Name: "Ana"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.show.Close() })
	m.start()
	m.die()
	m.start() // after an unclean stop, so that attempts are counted
	return m
}

// An update that takes the whole process down is tried six times, three of them in calm, and then set aside; what came with it
// is handled.
func TestUpdateThatKillsTheProcessIsSetAside(t *testing.T) {
	m := live(t, "soup", "poison", "bread")
	const ms = time.Millisecond
	if diff := cmp.Diff([]time.Duration{200 * ms, 100 * ms, 100 * ms, 1000 * ms, 1000 * ms, 1000 * ms}, m.died); diff != "" {
		t.Errorf("it died after (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"soup", "bread"}, m.handled); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
}

// An update is not to blame for a program that is killed soon after each start.
func TestUpdateOutlivesAStorm(t *testing.T) {
	m := live(t, "soup", "storm", "bread")
	if diff := cmp.Diff([]string{"soup", "storm", "bread"}, m.handled); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
	if len(m.died) != 3 {
		t.Errorf("it died %d times", len(m.died))
	}
}

// An update is not to blame for a program that is killed while nothing is under way as well: in the fourth life and in the
// eighth it waits for calm.
func TestUpdateOutlivesHail(t *testing.T) {
	m := unclean(t)
	m.hail, m.blows = 8, []int{-1, -1, -1, 5, -1, -1, -1, 5}
	m.hear("soup", "hail", "bread")
	m.outlive()
	if diff := cmp.Diff([]string{"soup", "hail", "bread"}, m.handled); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
	if len(m.died) != 10 {
		t.Errorf("it died %d times", len(m.died))
	}
}

// An update and an errand that both take the process down do not shield each other.
func TestUpdateAndErrandThatKillTheProcessAreBothSetAside(t *testing.T) {
	m := unclean(t)
	m.hear("soup", "poison", "bread")
	m.ask("soup", "poison", "bread")
	m.outlive()
	if diff := cmp.Diff([]string{"soup", "bread"}, m.handled); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"soup", "bread"}, m.ran); diff != "" {
		t.Errorf("run were (-want +got):\n%s", diff)
	}
}

// order has errands run by a bot that did not stop cleanly, which is started again each time it dies.
func order(t *testing.T, refs ...string) *mortal {
	t.Helper()
	m := unclean(t)
	m.ask(refs...)
	m.outlive()
	return m
}

// ask stores errands.
func (m *mortal) ask(refs ...string) {
	m.Helper()
	err := m.store.Do(m.Context(), func(tx bot.Tx) error {
		for _, ref := range refs {
			if err := tx.SendErrand(m.Context(), bot.Errand{Kind: "run", Ref: ref, Platform: sandbox.Name, Before: m.now}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		m.Fatal(err)
	}
}

// An errand that takes the whole process down is begun six times, three of them in calm, and has then failed for good, of which
// its feature hears; the others are run.
func TestErrandThatKillsTheProcessIsGivenUp(t *testing.T) {
	m := order(t, "soup", "poison", "bread")
	const ms = time.Millisecond
	if diff := cmp.Diff([]time.Duration{200 * ms, 100 * ms, 100 * ms, 1000 * ms, 1000 * ms, 1000 * ms}, m.died); diff != "" {
		t.Errorf("it died after (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"soup", "bread"}, m.ran); diff != "" {
		t.Errorf("run were (-want +got):\n%s", diff)
	}
	if len(m.ended) != 3 || m.ended[1].Ref != "poison" || m.ended[1].Err == "" {
		t.Errorf("they ended as %+v", m.ended)
	}
	if m.engine.Faults() != 1 {
		t.Errorf("somebody has to look at %d mistakes", m.engine.Faults())
	}
}

// An errand is not to blame for a program that is killed soon after each start.
func TestErrandOutlivesAStorm(t *testing.T) {
	m := order(t, "storm", "bread")
	if diff := cmp.Diff([]string{"storm", "bread"}, m.ran); diff != "" || len(m.died) != 3 {
		t.Errorf("it died %d times; run were (-want +got):\n%s", len(m.died), diff)
	}
}

// What came back was not the end of the program: a network that is down for long after an unclean stop costs no errand.
func TestErrandThatComesBackIsNotBlamed(t *testing.T) {
	m := order(t, "outage")
	if diff := cmp.Diff([]string{"outage"}, m.ran); diff != "" {
		t.Errorf("run were (-want +got):\n%s", diff)
	}
}
