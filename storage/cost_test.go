package storage_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// To measure is asked for: go test ./storage -run TestCostDoesNotGrow -v -args -costs.
var costs = flag.Bool("costs", false, "measure what things cost in a small and in a large town")

const (
	costRounds = 51
	costBatch  = 20 // acts of a round
)

// How many times as much a thing may cost in the large town. Whoever nobody asked for today is found in tables of which
// no page has been read lately; that shows when nothing else is measured.
const (
	mostGrowth = 1.5
	coldGrowth = 3
)

// What is done all day may cost 1.5 times as much, at most, in a town of a hundred thousand people and reports as in one
// of a thousand. A quick one of many rounds counts, taken in turns, so that whatever else the machine does meets both.
func TestCostDoesNotGrow(t *testing.T) {
	if !*costs {
		t.Skip("measures time; asked for with -costs")
	}
	small, large := populated(t, sizes[0]), populated(t, sizes[1])
	for _, c := range []struct {
		name string
		most float64
		does func(t *testing.T, s *storage.Store, people, round int)
	}{
		{"identify who talked today", mostGrowth, costIdentify},
		{"identify anybody", coldGrowth, costIdentifyCold},
		{"session", mostGrowth, costSession},
		{"file a report", mostGrowth, costFile},
		{"candidates", mostGrowth, costCandidates},
		{"claim and settle", mostGrowth, costClaim},
	} {
		t.Run(c.name, func(t *testing.T) {
			var took [2][]time.Duration
			for round := range costRounds {
				for i, s := range []*storage.Store{small, large} {
					began := time.Now()
					c.does(t, s, sizes[i], round)
					took[i] = append(took[i], time.Since(began))
				}
			}
			few, many := quick(took[0]), quick(took[1])
			growth := float64(many) / float64(few)
			t.Logf("%v with %d, %v with %d: %.2f times", few/costBatch, sizes[0], many/costBatch, sizes[1], growth)
			if growth > c.most {
				t.Errorf("it costs %.2f times as much", growth)
			}
		})
	}
}

// quick is the time that one round in five does not take.
func quick(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/5]
}

// each runs an act for people from all over the town, with a commit for each, as turns have when nobody waits.
func each(t *testing.T, s *storage.Store, round int, what func(ctx context.Context, tx bot.Tx, n int) error) {
	t.Helper()
	for i := range costBatch {
		do(t, s, func(ctx context.Context, tx bot.Tx) error { return what(ctx, tx, round*costBatch+i) })
	}
}

// batch runs an act for people from all over the town in one transaction.
func batch(t *testing.T, s *storage.Store, round int, what func(ctx context.Context, tx bot.Tx, n int) error) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for i := range costBatch {
			if err := what(ctx, tx, round*costBatch+i); err != nil {
				return err
			}
		}
		return nil
	})
}

func costIdentify(t *testing.T, s *storage.Store, people, _ int) {
	t.Helper()
	batch(t, s, 0, func(ctx context.Context, tx bot.Tx, n int) error {
		_, err := tx.Identify(ctx, accountOf(scattered(n, people)))
		return err
	})
}

// costIdentifyCold asks a view, which remembers nobody.
func costIdentifyCold(t *testing.T, s *storage.Store, people, round int) {
	t.Helper()
	err := s.View(t.Context(), func(tx bot.Tx) error {
		for i := range costBatch {
			if _, err := tx.Identify(t.Context(), accountOf(scattered(round*costBatch+i, people))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func costSession(t *testing.T, s *storage.Store, people, round int) {
	t.Helper()
	each(t, s, round, func(ctx context.Context, tx bot.Tx, n int) error {
		chat := scattered(n, people)
		if _, err := tx.Session(ctx, chat, ""); err != nil {
			return err
		}
		return tx.SaveSession(ctx, &bot.Session{Chat: chat, Form: "report", Answers: []byte("{}"), Touched: noon, Expires: noon})
	})
}

func costFile(t *testing.T, s *storage.Store, people, round int) {
	t.Helper()
	each(t, s, round, func(ctx context.Context, tx bot.Tx, n int) error { return file(ctx, tx, n, people) })
}

func costCandidates(t *testing.T, s *storage.Store, people, round int) {
	t.Helper()
	if round == 0 {
		write(t, s, 2_000, func(i int) int64 { return scattered(i, people) })
	}
	batch(t, s, round, func(ctx context.Context, tx bot.Tx, _ int) error {
		list, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: noon, Limit: 32})
		if err == nil && len(list) != 32 {
			err = fmt.Errorf("%d candidates", len(list))
		}
		return err
	})
}

// costClaim delivers letters that costCandidates left.
func costClaim(t *testing.T, s *storage.Store, _, _ int) {
	t.Helper()
	var letters []bot.Letter
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		list, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: noon, Limit: costBatch})
		if err != nil {
			return err
		}
		ids := make([]int64, len(list))
		for i, c := range list {
			ids[i] = c.ID
		}
		letters, err = tx.Claim(ctx, ids, noon)
		return err
	})
	if len(letters) != costBatch {
		t.Fatalf("claimed %d letters", len(letters))
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, l := range letters {
			if _, err := tx.Settle(ctx, l.ID, bot.Fate{State: bot.LetterSent, Message: "1", At: noon}); err != nil {
				return err
			}
		}
		return nil
	})
}
