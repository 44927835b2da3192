package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/buurtbot/buurtbot/bot"
)

// formIn gives a form that a person is filling in.
func formIn(chat int64, account string) bot.Session {
	return bot.Session{
		Chat: chat, Account: account, Form: "report", Answers: []byte(`{"kind":"theft"}`), Answered: []string{"kind", "text"},
		Asked: "photos", Touched: noon, Expires: noon.Add(time.Hour), Reminded: true,
	}
}

func TestAFormComesBackAsItWasLeft(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if got, err := tx.Session(ctx, 1, "ana"); err != nil || got != nil {
			t.Errorf("before any: %+v, %v", got, err)
		}
		ana, bo := formIn(1, "ana"), formIn(1, "bo")
		if err := errors.Join(tx.SaveSession(ctx, &ana), tx.SaveSession(ctx, &bo)); err != nil {
			return err
		}
		ana.Asked, ana.Answers, ana.Reminded = "review", []byte(`{}`), false
		if err := tx.SaveSession(ctx, &ana); err != nil {
			return err
		}
		for _, want := range []bot.Session{ana, bo} {
			got, err := tx.Session(ctx, 1, want.Account)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(&want, got, cmpopts.IgnoreUnexported(bot.Session{})); diff != "" {
				t.Errorf("form of %s (-want +got):\n%s", want.Account, diff)
			}
		}
		if err := tx.EndSession(ctx, 1, "ana"); err != nil {
			return err
		}
		gone, err := tx.Session(ctx, 1, "ana")
		left, failed := tx.Session(ctx, 1, "bo")
		if gone != nil || left == nil {
			t.Errorf("after the end of one: %+v and %+v", gone, left)
		}
		return errors.Join(err, failed)
	})
}

func TestOneFormAtMostIsParkedBesideTheOpenOne(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		first, second := formIn(1, ""), formIn(1, "")
		first.Form, second.Form = "report", "signup"
		err := errors.Join(
			tx.ParkSession(ctx, 1, ""), // there is none to park
			tx.SaveSession(ctx, &first), tx.ParkSession(ctx, 1, ""), tx.SaveSession(ctx, &second),
		)
		if err != nil {
			return err
		}
		parked, err := tx.ParkedSession(ctx, 1, "")
		if err != nil || parked == nil || parked.Form != "report" || !parked.Parked {
			t.Errorf("parked: %+v, %v", parked, err)
		}
		open, err := tx.Session(ctx, 1, "")
		if err != nil || open == nil || open.Form != "signup" || open.Parked {
			t.Errorf("open: %+v, %v", open, err)
		}
		if err := tx.ParkSession(ctx, 1, ""); err != nil { // takes the place of the one before
			return err
		}
		parked, err = tx.ParkedSession(ctx, 1, "")
		if err != nil || parked == nil || parked.Form != "signup" {
			t.Errorf("parked in its place: %+v, %v", parked, err)
		}
		if err := tx.EndParked(ctx, 1, ""); err != nil {
			return err
		}
		if parked, err = tx.ParkedSession(ctx, 1, ""); parked != nil {
			t.Errorf("after its end: %+v", parked)
		}
		return err
	})
}

func TestOldFormsAreListedOldestFirst(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for i, minutes := range []int{30, 10, 20, 50} {
			form := formIn(int64(i+1), "")
			form.Touched, form.Parked = noon.Add(time.Duration(minutes)*time.Minute), i == 2
			if err := tx.SaveSession(ctx, &form); err != nil {
				return err
			}
		}
		for limit, want := range map[int][]int64{9: {2, 3, 1}, 2: {2, 3}} {
			old, err := tx.OldSessions(ctx, noon.Add(40*time.Minute), limit)
			if err != nil {
				return err
			}
			var chats []int64
			for _, form := range old {
				chats = append(chats, form.Chat)
			}
			if diff := cmp.Diff(want, chats); diff != "" {
				t.Errorf("%d old forms (-want +got):\n%s", limit, diff)
			}
		}
		return nil
	})
}

// A form is remembered, and what is remembered is what the file says: also when a turn was undone, a chat became another,
// somebody left, or the program changes what it was given.
func TestAFormIsRememberedAsItStandsInTheFile(t *testing.T) {
	s := fresh(t)
	read := func() *bot.Session {
		t.Helper()
		var known, stored *bot.Session
		do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
			known, err = tx.Session(ctx, 1, "")
			return err
		})
		err := s.View(t.Context(), func(tx bot.Tx) (err error) {
			stored, err = tx.Session(t.Context(), 1, "")
			return err
		})
		if diff := cmp.Diff(stored, known, cmpopts.IgnoreUnexported(bot.Session{})); diff != "" || err != nil {
			t.Fatalf("%v; remembered otherwise than stored (-stored +remembered):\n%s", err, diff)
		}
		return known
	}
	if read() != nil {
		t.Fatal("there is a form")
	}
	form := formIn(1, "")
	form.Touched = noon.Add(1234 * time.Microsecond)
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.SaveSession(ctx, &form) })
	form.Answered[0], form.Answers[0] = "changed", 'x'
	got := read()
	got.Answered = append(got.Answered[:1], "later")
	got.Asked = "nothing"
	read()
	undone := errors.New("undone")
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		other := formIn(1, "")
		other.Form = "signup"
		return errors.Join(tx.SaveSession(t.Context(), &other), tx.EndParked(t.Context(), 1, ""), undone)
	})
	if got := read(); !errors.Is(err, undone) || got.Form != "report" {
		t.Errorf("%v: %+v", err, got)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return tx.Savepoint(ctx, func() error { return tx.ParkSession(ctx, 1, "") })
	})
	if read() != nil {
		t.Error("it is open and parked")
	}
}
