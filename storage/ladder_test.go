package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

const day = 24 * time.Hour

// suspension is one of a week for a person, from a time on.
func suspension(in town, person, chat int64, at time.Time) civic.Sanction {
	return civic.Sanction{
		Network: in.network, Group: in.group, Person: person, Measure: civic.MeasureSuspension, Breach: "rude",
		Words: "Zo praten we hier niet.", Role: civic.NetworkCoordinator, By: 70, At: at, Until: at.Add(7 * day), Chat: chat,
	}
}

// stored gives a measure its number.
func stored(t *testing.T, s *storage.Store, made civic.Sanction) civic.Sanction {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.AddSanction(ctx, &made) })
	return made
}

// keeps checks how a measure is stored; the zero Sanction is none.
func keeps(t *testing.T, s *storage.Store, id int64, want civic.Sanction) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		got, err := tx.Sanction(ctx, id)
		if errors.Is(err, bot.ErrNotFound) && want.ID == 0 {
			return nil
		}
		same(t, "measure", want, got)
		return err
	})
}

func TestAMeasureComesBackWithItsAppealAndRuling(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, chat := adopt(t, s, "ana", in)
	made, other := stored(t, s, suspension(in, m.ID, chat, noon)), stored(t, s, suspension(in, m.ID, chat, noon))
	if made.ID == 0 || made.ID == other.ID {
		t.Errorf("numbers %d and %d", made.ID, other.ID)
	}
	keeps(t, s, made.ID, made)
	made.Appeal, made.Appealed = "Ik was het niet.", noon.Add(time.Hour)
	made.Ruling, made.Judge, made.Ruled = civic.RulingUndone, 71, noon.Add(2*time.Hour)
	made.Until, made.Chat = noon.Add(2*time.Hour), 0
	changed := made
	changed.Words, changed.Breach, changed.By, changed.Person = "Andere woorden.", "misuse", 99, 0
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.SaveSanction(ctx, changed) })
	keeps(t, s, made.ID, made) // what was decided stays as it was said
	keeps(t, s, other.ID, other)
}

func TestAMeasureThatIsNotThereIsNotFound(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if got, err := tx.Sanction(ctx, 99); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("read %+v, %v", got, err)
		}
		if err := tx.SaveSanction(ctx, civic.Sanction{ID: 99}); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("saved: %v", err)
		}
		return nil
	})
}

func TestTheMeasuresOfAPersonAreTheirOwnNewestFirst(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	bo, others := adopt(t, s, "bo", in)
	middle := stored(t, s, suspension(in, ana.ID, chat, noon))
	last := stored(t, s, suspension(in, ana.ID, chat, noon.Add(day)))
	first := stored(t, s, suspension(in, ana.ID, chat, noon.Add(-day)))
	tied := stored(t, s, suspension(in, ana.ID, chat, noon))
	apart := stored(t, s, suspension(in, bo.ID, others, noon))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		list, err1 := tx.SanctionsOf(ctx, in.network, ana.ID)
		same(t, "measures", []civic.Sanction{last, tied, middle, first}, list)
		list, err2 := tx.SanctionsOf(ctx, in.network, bo.ID)
		same(t, "another's", []civic.Sanction{apart}, list)
		list, err3 := tx.SanctionsOf(ctx, in.network, 99)
		if len(list) != 0 {
			t.Errorf("measures for nobody: %v", list)
		}
		return errors.Join(err1, err2, err3)
	})
}

// barredBy are the measures that somebody's account was barred with.
func barredBy(t *testing.T, s *storage.Store, in town, who bot.UserRef) (list []civic.Sanction) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
		list, err = tx.BarredBy(ctx, in.network, who)
		return err
	})
	return list
}

func TestABarOutlivesThePerson(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	_, others := adopt(t, s, "bo", in)
	old, made := stored(t, s, suspension(in, ana.ID, chat, noon.Add(-30*day))), stored(t, s, suspension(in, ana.ID, others, noon))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.Bar(ctx, ana.ID, old.ID), tx.Bar(ctx, ana.ID, made.ID), tx.Bar(ctx, ana.ID, made.ID))
	})
	who := bot.UserRef{Platform: "p", ID: "ana"}
	same(t, "barred", []civic.Sanction{made, old}, barredBy(t, s, in, who))
	for _, other := range []bot.UserRef{{Platform: "p", ID: "bo"}, {Platform: "q", ID: "ana"}, {Platform: "p", ID: "an"}} {
		if list := barredBy(t, s, in, other); len(list) != 0 {
			t.Errorf("%v is barred by %v", other, list)
		}
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Forget(ctx, ana.ID, noon) })
	var left []int64
	for _, b := range barredBy(t, s, in, who) {
		left = append(left, b.ID)
		if b.Person != 0 {
			t.Errorf("measure %d names person %d, who is forgotten", b.ID, b.Person)
		}
	}
	same(t, "barred after all was forgotten", []int64{made.ID, old.ID}, left)
}

func TestWordsOfMeasuresGoButNotBeforeAnAppealIsRuledOn(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, chat := adopt(t, s, "ana", in)
	old, young := stored(t, s, suspension(in, m.ID, chat, noon.Add(-time.Millisecond))), stored(t, s, suspension(in, m.ID, chat, noon))
	open, ruled := stored(t, s, suspension(in, m.ID, chat, noon.Add(-day))), stored(t, s, suspension(in, m.ID, chat, noon.Add(-day)))
	open.Appeal, open.Appealed = "Ik was het niet.", noon
	ruled.Appeal, ruled.Appealed, ruled.Ruling, ruled.Judge, ruled.Ruled = "Ik ook niet.", noon, civic.RulingStands, 71, noon
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.SaveSanction(ctx, open), tx.SaveSanction(ctx, ruled),
			tx.RetireSanctions(ctx, noon, noon, noon.Add(-365*day)))
	})
	old.Words, old.Chat = "", 0
	ruled.Words, ruled.Appeal, ruled.Chat = "", "", 0
	for _, want := range []civic.Sanction{old, young, open, ruled} {
		keeps(t, s, want.ID, want)
	}
}

func TestMeasuresOfOneNetworkAreNotThoseOfAnother(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	far := elsewhere(t, s)
	ana, chat := adopt(t, s, "ana", in)
	here := stored(t, s, suspension(in, ana.ID, chat, noon))
	there := stored(t, s, suspension(far, ana.ID, chat, noon))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.Bar(ctx, ana.ID, here.ID), tx.Bar(ctx, ana.ID, there.ID))
	})
	for _, c := range []struct {
		in   town
		want civic.Sanction
	}{{in, here}, {far, there}} {
		same(t, "barred", []civic.Sanction{c.want}, barredBy(t, s, c.in, bot.UserRef{Platform: "p", ID: "ana"}))
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			list, err := tx.SanctionsOf(ctx, c.in.network, ana.ID)
			same(t, "measures", []civic.Sanction{c.want}, list)
			return err
		})
	}
}

func TestMeasuresAreDroppedWhenTheyAreOldAndEnded(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, chat := adopt(t, s, "ana", in)
	rows := noon.Add(-365 * day)
	gone, kept := stored(t, s, suspension(in, m.ID, chat, rows.Add(-time.Millisecond))), stored(t, s, suspension(in, m.ID, chat, rows))
	runs := stored(t, s, suspension(in, m.ID, chat, rows.Add(-day)))
	runs.Until = noon.Add(day)
	open := stored(t, s, suspension(in, m.ID, chat, rows.Add(-day)))
	open.Appeal, open.Appealed = "Ik was het niet.", rows.Add(-time.Hour)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.SaveSanction(ctx, runs), tx.SaveSanction(ctx, open), tx.Bar(ctx, m.ID, gone.ID), tx.Bar(ctx, m.ID, runs.ID),
			tx.RetireSanctions(ctx, noon, noon.Add(-30*day), rows))
	})
	kept.Words, kept.Chat = "", 0
	runs.Words, runs.Chat = "", 0
	keeps(t, s, gone.ID, civic.Sanction{})
	keeps(t, s, kept.ID, kept)
	keeps(t, s, runs.ID, runs)
	keeps(t, s, open.ID, open) // until somebody ruled on it
	open.Ruling, open.Judge, open.Ruled = civic.RulingStands, 71, noon
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.SaveSanction(ctx, open), tx.RetireSanctions(ctx, noon, noon.Add(-30*day), rows))
	})
	keeps(t, s, open.ID, civic.Sanction{})
	same(t, "barred", []civic.Sanction{runs}, barredBy(t, s, in, bot.UserRef{Platform: "p", ID: "ana"}))
}

// An account is known by a measure for as long as it keeps the person out.
func TestNobodyIsBarredByWhatIsOver(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, chat := adopt(t, s, "ana", in)
	over, undone := stored(t, s, suspension(in, m.ID, chat, noon.Add(-9*day))), stored(t, s, suspension(in, m.ID, chat, noon.Add(-2*day)))
	runs := stored(t, s, suspension(in, m.ID, chat, noon.Add(-day)))
	over.Until, undone.Until, runs.Until = noon, noon.Add(day), noon.Add(time.Millisecond)
	undone.Ruling, undone.Judge, undone.Ruled = civic.RulingUndone, 71, noon
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		var errs []error
		for _, measure := range []civic.Sanction{over, undone, runs} {
			errs = append(errs, tx.SaveSanction(ctx, measure), tx.Bar(ctx, m.ID, measure.ID))
		}
		return errors.Join(append(errs, tx.RetireSanctions(ctx, noon, noon.Add(-30*day), noon.Add(-365*day)))...)
	})
	same(t, "barred", []civic.Sanction{runs}, barredBy(t, s, in, bot.UserRef{Platform: "p", ID: "ana"}))
}

// elsewhere is another network, with nothing in it.
func elsewhere(t *testing.T, s *storage.Store) town {
	t.Helper()
	n := civic.Network{Name: "Elders", Profile: "nl", Zone: time.UTC, Languages: []string{"nl"}, Prefix: "ELD"}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.SaveNetwork(ctx, &n) })
	return town{network: n.ID}
}

// named gives somebody who was adopted the name they share with others.
func named(t *testing.T, s *storage.Store, in town, account string, as civic.Member) int64 {
	t.Helper()
	m, _ := adopt(t, s, account, in)
	m.Name, m.Standing = as.Name, as.Standing
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.SaveMember(ctx, m, noon) })
	return m.ID
}

func TestMembersOfANameAreActiveAndInTheAreas(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	far := elsewhere(t, s)
	asker := named(t, s, in, "asker", civic.Member{Name: "Jo Vos", Standing: civic.StandingActive})
	first := named(t, s, in, "first", civic.Member{Name: "Jo Vos", Standing: civic.StandingActive})
	second := named(t, s, in, "second", civic.Member{Name: "jo vos ", Standing: civic.StandingActive})
	named(t, s, in, "longer", civic.Member{Name: "Jo Vosman", Standing: civic.StandingActive})
	named(t, s, in, "waits", civic.Member{Name: "Jo Vos", Standing: civic.StandingPending})
	away := named(t, s, far, "away", civic.Member{Name: "Jo Vos", Standing: civic.StandingActive})
	for name, c := range map[string]struct {
		in    civic.AreaID
		areas []civic.AreaID
		limit int
		want  []int64
	}{
		"in the street":      {in.network, []civic.AreaID{in.street}, 9, []int64{first, second}},
		"in the group":       {in.network, []civic.AreaID{in.group}, 9, []int64{first, second}},
		"in the network":     {in.network, []civic.AreaID{in.network}, 9, []int64{first, second}},
		"no more than asked": {in.network, []civic.AreaID{in.network}, 1, []int64{first}},
		"in no area":         {in.network, nil, 9, nil},
		"of another network": {in.network, []civic.AreaID{far.network}, 9, nil},
		"elsewhere":          {far.network, []civic.AreaID{in.network, far.network}, 9, []int64{away}},
	} {
		t.Run(name, func(t *testing.T) {
			do(t, s, func(ctx context.Context, tx bot.Tx) error {
				q := bot.NameQuery{Network: c.in, Areas: c.areas, But: asker, Name: "Jo Vos"}
				list, err := tx.MembersNamed(ctx, q, c.limit)
				var got []int64
				for _, m := range list {
					got = append(got, m.ID)
					if c.in == in.network && m.Street != in.street {
						t.Errorf("member %d lives in street %d", m.ID, m.Street)
					}
				}
				same(t, "members", c.want, got)
				return err
			})
		})
	}
}
