package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

var noon = time.Date(2025, 10, 14, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *storage.Store {
	t.Helper()
	s, err := storagetest.Open(t.Context(), storage.Options{Path: path, AuditKey: []byte("key"), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// openPlain is a store in which words can be looked for, because nothing is sealed.
func openPlain(t *testing.T, path string) *storage.Store {
	t.Helper()
	s, err := storagetest.Open(t.Context(), storage.Options{
		Path: path, AuditKey: []byte("key"), Plain: true, Now: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fresh is an empty store that is closed with the test.
func fresh(t *testing.T) *storage.Store {
	t.Helper()
	s := open(t, filepath.Join(t.TempDir(), "bin.db"))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func do(t *testing.T, s *storage.Store, fn func(ctx context.Context, tx bot.Tx) error) {
	t.Helper()
	if err := s.Do(t.Context(), func(tx bot.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// town is a network with a street group and a street.
type town struct{ network, group, street civic.AreaID }

func build(t *testing.T, s *storage.Store) town {
	t.Helper()
	var made town
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		n := civic.Network{Name: "BIN", Profile: "nl", Zone: time.UTC, Languages: []string{"nl", "en"}, Prefix: "VLR"}
		if err := tx.SaveNetwork(ctx, &n); err != nil {
			return err
		}
		g := civic.Area{Parent: n.ID, Network: n.ID, Kind: civic.KindGroup, Name: "Kastanje", Code: "KAS1", Prefix: "KAS"}
		if err := tx.SaveArea(ctx, &g); err != nil {
			return err
		}
		street := civic.Area{
			Parent: g.ID, Network: n.ID, Kind: civic.KindStreet, Name: "Kastanjelaan", Code: "KASLAAN",
			Lines: orb.MultiLineString{{{5.6, 51.6}, {5.61, 51.6}}},
		}
		made = town{n.ID, g.ID, 0}
		err := tx.SaveArea(ctx, &street)
		made.street = street.ID
		return err
	})
	return made
}

func adopt(t *testing.T, s *storage.Store, name string, in town) (civic.Member, int64) {
	t.Helper()
	var m civic.Member
	var chat int64
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: name, Kind: bot.Private}, noon)
		if err != nil {
			return err
		}
		chat = c.ID
		if m, err = tx.Adopt(ctx, bot.UserRef{Platform: "p", ID: name, Name: name, Language: "nl"}, c.ID, in.network, noon); err != nil {
			return err
		}
		m.Standing, m.Group, m.Street = civic.StandingActive, in.group, in.street
		return tx.SaveMember(ctx, m, noon)
	})
	return m, chat
}

func TestAreasComeBackAsTheyWere(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	again := build(t, s) // by name: nothing is doubled
	if in != again {
		t.Fatalf("a second seeding made %v of %v", again, in)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		areas, err := tx.Areas(ctx, in.network)
		if err != nil || len(areas) != 3 || areas[0].Kind != civic.KindNetwork || len(areas[2].Longest()) != 2 {
			t.Errorf("areas %+v, %v", areas, err)
		}
		a, err := tx.AreaByCode(ctx, "KASLAAN")
		if err != nil || a.ID != in.street {
			t.Errorf("by code %+v, %v", a, err)
		}
		_, err = tx.AreaByCode(ctx, "NONE")
		if !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("unknown code: %v", err)
		}
		return nil
	})
}

func TestAFailedTurnLeavesItsNeighboursBe(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	broken := errors.New("broken")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.Savepoint(ctx, func() error {
			_, err := tx.Adopt(ctx, bot.UserRef{Platform: "p", ID: "bo"}, 0, in.network, noon)
			return errors.Join(err, broken)
		}); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "bo"})
		if err != nil || !who.Guest() {
			t.Errorf("somebody of an undone turn is remembered: %+v, %v", who, err)
		}
		return nil
	})
}

func TestAnUpdateIsTakenInOnce(t *testing.T) {
	s := fresh(t)
	raw := []bot.Raw{{External: "1", Body: []byte("a")}, {External: "2", Body: []byte("b")}}
	for range 2 {
		if err := s.Receive(t.Context(), "p", "bot", raw, "3"); err != nil {
			t.Fatal(err)
		}
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		waiting, err := tx.Waiting(ctx, 10)
		if err != nil || len(waiting) != 2 {
			t.Errorf("%d wait, %v", len(waiting), err)
		}
		return nil
	})
}
