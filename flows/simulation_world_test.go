package flows_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// canary is in the name of everybody who may report, so that a leak is seen.
const canary = "kanarie"

// crash ends the simulated program at some point; nobody may catch it.
type crash struct{ at string }

// Crash is what the engine knows it by.
func (crash) Crash() bool { return true }

// simulation is one seed's world: what is real, what fails, and what was seen.
type simulation struct {
	t        *testing.T
	ctx      context.Context
	seed     uint64
	rand     *rand.Rand
	secret   *rand.ChaCha8
	dir      string
	path     string
	images   int
	now      time.Time
	newest   time.Time // that it ever was
	texts    *locales.Texts
	store    *storage.Store
	engine   *bot.Engine
	couriers []*bot.Courier    // of the networks, in their order
	platform *faulty           // the network of everybody who is not abroad
	nets     []*faulty         // that one, and Matrix if anybody is there
	abroad   map[string]string // people and rooms on Matrix
	calm     bool              // no more faults
	cut      bool              // the program ends when the next street has read an alert
	log      bytes.Buffer

	said      int // numbers the texts of people
	outside   []bot.Raw
	received  map[string]bool // what ever came out of outside
	old       []pressable
	via       map[string]*faulty   // the network of every update that ever came
	chosen    map[int64]bool       // of each letter that was begun, whether it waited for a chosen hour
	uncertain map[int64]int        // outcomes that nobody learnt, by letter
	blocked   map[string]time.Time // windows of silence, by room
	panicked  map[string]bool      // updates at which the engine was made to panic
	away      map[string]bool      // people who blocked the bot
	everAway  map[string]bool      // people who blocked the bot at any time
	retired   bool                 // an officer is one no more
	until     time.Time            // their last day; zero where somebody ended it
	acted     map[string]int       // how many deliveries there were when a person last did something
	late      []int64              // letters about an alert, shown after its end was decided
	history   []delivery
	restored  int     // how much of it was before the copy was put back
	restores  int     // how often one was
	copy      *bygone // the last copy; nil = none
	cries     []cry
	spells
	trace  []string
	counts counts
}

// pressable is a button that was once shown.
type pressable struct{ room, label string }

func newSimulation(t *testing.T, texts *locales.Texts, seed uint64) *simulation {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	s := &simulation{
		t: t, ctx: context.Background(), seed: seed, texts: texts, dir: t.TempDir(),
		rand: rand.New(rand.NewPCG(seed, 7)), secret: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)}),
		received: map[string]bool{}, via: map[string]*faulty{}, uncertain: map[int64]int{}, chosen: map[int64]bool{}, blocked: map[string]time.Time{},
		counts: counts{crashes: map[string]int{}}, panicked: map[string]bool{}, away: map[string]bool{}, acted: map[string]int{}, everAway: map[string]bool{},
		spells: spells{address: map[string]string{}, names: map[string]string{}, knocks: map[string]int{}, excused: map[string]int{}},
	}
	s.now = time.Date(2025, 10, 14, 8+s.rand.IntN(14), s.rand.IntN(60), 0, 0, zone)
	s.path = filepath.Join(s.dir, "chat.db")
	s.must(storagetest.Lay(storage.Options{Path: s.path, AuditKey: testKey}))
	w := sandbox.Vlierdam(zone)
	w.Citizens = crowned(simulated())
	if seed%4 == 3 {
		w.Network.Profile = "be"
	}
	if s.rand.IntN(2) == 0 {
		w.Groups[1].Room = "" // Meidoorn is told by direct message
	}
	s.networks(&w)
	s.calm = true
	s.start(s.ctx)
	s.must(sandbox.Seed(s.ctx, s.store, sandbox.Name, w, s.now.AddDate(0, 0, -7)))
	s.calm = false
	t.Cleanup(func() {
		if s.store != nil {
			_ = s.store.Close()
		}
	})
	return s
}

// simulated lists everybody who does things.
func simulated() []sandbox.Citizen {
	all := []sandbox.Citizen{
		{ID: "rachid", Name: "Rachid", Language: "nl", Role: civic.NetworkCoordinator},
		{ID: "wim", Name: "Wim", Language: "nl", Role: civic.StreetCoordinator, Group: "Kastanje"},
		{ID: "mirjam", Name: "Mirjam", Language: "nl", Role: civic.Police},
		{ID: "eva", Name: "Eva", Language: "en", Role: civic.Police},
	}
	for i, group := range []string{"Kastanje", "Kastanje", "Meidoorn", ""} {
		c := sandbox.Citizen{ID: fmt.Sprint(canary, i), Name: fmt.Sprint("Kanarie", i), Language: "nl", Role: civic.Resident, Group: group}
		if group == "" {
			c.Role = civic.Guest
		}
		all = append(all, c)
	}
	return all
}

// start opens the database and builds engine and courier on it, as the program does.
func (s *simulation) start(ctx context.Context) {
	s.t.Helper()
	calm := s.calm
	s.calm = true
	defer func() { s.calm = calm }()
	now := func() time.Time { return s.now }
	store, err := storage.Open(ctx, storage.Options{
		Path: s.path, AuditKey: testKey, Now: now, Faults: s.diskFaults(), Sync: storage.SyncOff,
	})
	s.store = store
	if errors.Is(err, storage.ErrTrail) {
		s.t.Fatalf("P8: a start finds %v", err)
	}
	s.must(err)
	s.engine = flows.Bot(store, s.texts, s.platforms(), flows.Options{ReportsPerHour: 20, DraftsSpec: "*/15 * * * *"})
	s.engine.Now, s.engine.Rand = now, s.secret
	s.engine.Log = slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.engine.Flood = &bot.Flood{PerMinute: 20}
	var once []string
	s.couriers = nil
	for _, f := range s.nets {
		c := bot.NewCourier(store, f, now)
		c.Log, s.couriers = s.engine.Log, append(s.couriers, c)
		if f.Caps().Once {
			once = append(once, f.name)
		}
		f.refusedAt = time.Time{} // a program that was started asks again
	}
	s.must(store.Do(ctx, func(tx bot.Tx) error {
		_, err := tx.Recover(ctx, s.now, s.now.Add(bot.Silence), once...)
		return err
	}))
	s.must(s.engine.Start(ctx))
	for _, c := range s.couriers {
		s.must(c.Start(ctx))
	}
}

func (s *simulation) note(what string) {
	s.trace = append(s.trace, s.now.Format("02 15:04:05 ")+what)
}

// counts is what a simulation did, for the reader who doubts that it did anything.
type counts struct {
	acts, faults, refused, deliveries, cases, alerts, ended, members, moved, restores int

	crashes map[string]int // by the point at which the program ended
}

// tally adds up the counts of seeds that run beside each other.
type tally struct {
	mu    sync.Mutex
	seeds int
	sum   counts
}

func (t *tally) add(c counts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seeds++
	if t.sum.crashes == nil {
		t.sum.crashes = map[string]int{}
	}
	for at, n := range c.crashes {
		t.sum.crashes[at] += n
	}
	t.sum.acts += c.acts
	t.sum.faults += c.faults
	t.sum.refused += c.refused
	t.sum.deliveries += c.deliveries
	t.sum.cases += c.cases
	t.sum.alerts += c.alerts
	t.sum.ended += c.ended
	t.sum.members += c.members
	t.sum.moved += c.moved
	t.sum.restores += c.restores
}

func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.sum
	ends, all := slices.Sorted(maps.Keys(c.crashes)), 0
	for i, at := range ends {
		all += c.crashes[at]
		ends[i] = fmt.Sprintf("%d at %q", c.crashes[at], at)
	}
	return fmt.Sprintf("%d seeds: %d acts, %d crashes, %d disk faults, %d failed sends, %d deliveries, "+
		"%d cases, %d alerts (%d ended), %d members, %d calls to former addresses, %d restores\ncrashes: %s",
		t.seeds, c.acts, all, c.faults, c.refused, c.deliveries, c.cases, c.alerts, c.ended, c.members, c.moved, c.restores,
		strings.Join(ends, ", "))
}
