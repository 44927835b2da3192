package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

func lookedUp(t *testing.T, s *storage.Store, in town, by int64, at time.Time) civic.Lookup {
	t.Helper()
	q := civic.Lookup{
		Network: in.network, By: by, Sought: civic.Sought{Kind: civic.SoughtName, Words: "Jan de Vries"}, Why: "Brief van maandag",
		Made: at, Expires: at.Add(civic.LookupLife),
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.AddLookup(ctx, &q) })
	return q
}

func TestALookupIsKeptUntilItEnds(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	first, second := lookedUp(t, s, in, ana.ID, noon), lookedUp(t, s, in, ana.ID, noon)
	old := first
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		first.Agreed, first.Searched, first.Expires = noon.Add(time.Hour), noon.Add(2*time.Hour), noon.Add(9*day)
		if err := tx.SaveLookup(ctx, &first); err != nil {
			return err
		}
		if err := tx.SaveLookup(ctx, &old); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("an old version was saved: %v", err)
		}
		got, err := tx.Lookup(ctx, first.ID)
		same(t, "lookup", first, got)
		return err
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		mine, err := tx.Lookups(ctx, in.network, ana.ID)
		same(t, "of Ana", []civic.Lookup{first, second}, mine)
		none, err2 := tx.Lookups(ctx, in.network+90, ana.ID)
		same(t, "of another network", []civic.Lookup(nil), none)
		return errors.Join(err, err2, tx.EndLookup(ctx, first.ID))
	})
	if _, err := s.Prune(t.Context(), second.Expires.Add(4*day)); err != nil {
		t.Fatal(err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, id := range []int64{first.ID, second.ID} {
			if _, err := tx.Lookup(ctx, id); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("%d: %v", id, err)
			}
		}
		return nil
	})
}

// dossier reads all that is written in a case.
func dossier(t *testing.T, s *storage.Store, id int64) (d civic.Dossier) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
		if d.Case, err = tx.Case(ctx, id); err != nil {
			return err
		}
		var errs [4]error
		d.Reports, errs[0] = tx.Reports(ctx, id)
		d.Questions, errs[1] = tx.Questions(ctx, id)
		d.Notes, errs[2] = tx.Notes(ctx, id)
		d.Handovers, errs[3] = tx.Handovers(ctx, id)
		return errors.Join(errs[:]...)
	})
	return d
}

// withName makes a case in which somebody is named in every place.
func withName(t *testing.T, s *storage.Store, in town, by, chat int64) int64 {
	t.Helper()
	id := in.told(t, s, by, chat, "rood met Jan de Vries")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Case(ctx, id)
		if err != nil {
			return err
		}
		c.ReasonText = "Jan de Vries ging weg."
		later := civic.Report{
			Case: id, Reporter: by, Alias: 1, Kind: civic.Addition, When: civic.Earlier, Filed: noon, Text: "Jan de Vries", Police: "Jan de Vries",
			Place: civic.Place{Words: "bij Jan de Vries"}, Extra: []civic.Told{{Label: "Wie?", Words: "Jan de Vries"}},
			Persons: []civic.Person{{Distinctive: "lijkt op Jan de Vries"}}, Vehicles: []civic.Vehicle{{Markings: "Jan de Vries BV"}},
		}
		return errors.Join(tx.SaveCase(ctx, &c), tx.AddReport(ctx, &later),
			tx.AddNote(ctx, &civic.Note{Case: id, Author: by, Text: "Jan de Vries", At: noon}),
			tx.SaveHandover(ctx, civic.Handover{Case: id, Partner: civic.Police, Status: civic.Accepted, At: noon, Words: "Jan de Vries"}))
	})
	return id
}

// What is taken out of a dossier is gone in every column; all else stays. A backup from before loses all words of the case.
func TestWhatIsTakenOutOfADossierIsGone(t *testing.T) {
	path, copied := filepath.Join(t.TempDir(), "bin.db"), filepath.Join(t.TempDir(), "copy.db")
	s := open(t, path)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	id, other := withName(t, s, in, ana.ID, chat), in.told(t, s, ana.ID, chat, "blauwe fiets")
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	want := dossier(t, s, id)
	for _, p := range want.Parts() {
		p.Redact(civic.Sought{Kind: civic.SoughtName, Words: "Jan de Vries"}, "■")
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Reword(ctx, want) })
	got := dossier(t, s, id)
	same(t, "dossier", want, got)
	if got.Reports[0].Text != "rood met ■" || got.Reports[1].Vehicles[0].Markings != "■ BV" || got.Reports[0].Reporter != ana.ID {
		t.Errorf("%+v", got.Reports)
	}
	erased, err := s.Erasures(t.Context(), time.Time{})
	if err != nil || len(erased) != 1 || erased[0].Kind != storage.ErasedWords {
		t.Fatalf("%v, %v", erased, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Restore(t.Context(), copied, options(path), erased, time.Now()); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	back := dossier(t, s, id)
	if parts := back.Parts(); len(parts) > 0 || back.Reports[0].Reporter != ana.ID {
		t.Errorf("after a copy from before was put back: %+v", back)
	}
	if kept := dossier(t, s, other).Reports[0].Text; kept != "blauwe fiets" {
		t.Errorf("another case: %q", kept)
	}
}

func TestCasesInWhichNothingIsWrittenAreNotLookedThrough(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	first, empty, last := in.told(t, s, ana.ID, chat, "eerste"), in.told(t, s, ana.ID, chat, "leeg"), in.told(t, s, ana.ID, chat, "laatste")
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.EraseReports(ctx, empty) })
	for _, c := range []struct {
		network civic.AreaID
		after   int64
		limit   int
		want    []int64
	}{
		{in.network, 0, 9, []int64{first, last}},
		{in.network, 0, 1, []int64{first}},
		{in.network, first, 9, []int64{last}},
		{in.network, last, 9, nil},
		{in.network + 90, 0, 9, nil},
	} {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			list, err := tx.WordyCases(ctx, c.network, c.after, c.limit)
			var got []int64
			for _, found := range list {
				got = append(got, found.ID)
			}
			same(t, "cases", c.want, got)
			return err
		})
	}
}

// What somebody asked a data protection officer to look for is not lost when the officer links another account.
func TestWhoLinksAnAccountKeepsWhatTheyLookFor(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	els, _ := adopt(t, s, "els", in)
	also, _ := adopt(t, s, "elsje", in)
	q := civic.Lookup{
		Network: in.network, By: also.ID, Sought: civic.Sought{Kind: civic.SoughtName, Words: "Jan de Vries"}, Why: "Brief 7",
		Made: noon, Expires: noon.Add(civic.LookupLife),
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := errors.Join(tx.AddLookup(ctx, &q), tx.Link(ctx, els.ID, also.ID)); err != nil {
			return err
		}
		mine, err := tx.Lookups(ctx, in.network, els.ID)
		if len(mine) != 1 || mine[0].Words != q.Words {
			t.Errorf("Els looks for %+v", mine)
		}
		return err
	})
}

// Who leaves one of two networks takes along what they looked for there, and nothing of the other.
func TestWhoLeavesANetworkLooksForNobodyThere(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	els, _ := adopt(t, s, "els", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		other := civic.Network{Name: "De Berk", Profile: "nl", Languages: []string{"nl"}}
		if err := tx.SaveNetwork(ctx, &other); err != nil {
			return err
		}
		for _, network := range []civic.AreaID{in.network, other.ID} {
			q := civic.Lookup{
				Network: network, By: els.ID, Sought: civic.Sought{Kind: civic.SoughtName, Words: "Jan de Vries"}, Why: "Brief 7",
				Made: noon, Expires: noon.Add(civic.LookupLife),
			}
			if err := tx.AddLookup(ctx, &q); err != nil {
				return err
			}
		}
		if err := tx.Depart(ctx, els.ID, in.network); err != nil {
			return err
		}
		for network, want := range map[civic.AreaID]int{in.network: 0, other.ID: 1} {
			if mine, err := tx.Lookups(ctx, network, els.ID); err != nil || len(mine) != want {
				t.Errorf("in network %d there are %d lookups, %v", network, len(mine), err)
			}
		}
		return nil
	})
}
