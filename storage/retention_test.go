package storage_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// secret is a word of a person that must not be found once it was to go.
const secret = "Sleutelbloemzolder"

// stands reports whether the secret stands in the database file or its log.
func stands(t *testing.T, path string) bool {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + end)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(secret)) {
			return true
		}
	}
	return false
}

func prune(t *testing.T, s *storage.Store, now time.Time) int {
	t.Helper()
	n, err := s.Prune(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What people wrote and read is in no file any more once it was handled, delivered and pruned.
func TestPruneLeavesNoWordOfAnybody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openPlain(t, path)
	defer s.Close()
	var chat int64
	if err := s.Receive(t.Context(), "p", "bot", []bot.Raw{{External: "1", Body: []byte(secret)}}, "2"); err != nil {
		t.Fatal(err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "1", Kind: bot.Private}, noon)
		if err != nil {
			return err
		}
		chat = c.ID
		session := bot.Session{Chat: c.ID, Form: "report", Answers: []byte(`{"text":"` + secret + `"}`), Touched: noon, Expires: noon}
		if err := tx.SaveSession(ctx, &session); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, &bot.Letter{Chat: c.ID, Message: bot.Message{Text: secret}}); err != nil {
			return err
		}
		photo := civic.Photo{Owner: c.ID}
		if err := tx.AddPhoto(ctx, &photo); err != nil {
			return err
		}
		return tx.FillPhoto(ctx, photo.ID, []byte(secret))
	})
	if !stands(t, path) {
		t.Fatal("the word was never written")
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		waiting, err := tx.Waiting(ctx, 1)
		if err != nil {
			return err
		}
		if err := tx.Apply(ctx, waiting[0].ID, waiting[0].ID); err != nil {
			return err
		}
		letters, err := tx.Claim(ctx, []int64{1}, noon)
		if err != nil {
			return err
		}
		if _, err := tx.Settle(ctx, letters[0].ID, bot.Fate{State: bot.LetterSent, Message: "1", At: noon}); err != nil {
			return err
		}
		return tx.EndSession(ctx, chat, "")
	})
	if n := prune(t, s, noon.Add(25*time.Hour)); n != 1 {
		t.Errorf("%d rows went, not only the picture", n)
	}
	if stands(t, path) {
		t.Error("a word of somebody is still in the files")
	}
}

// The bytes of an update that was parked go after 72 hours, and of a letter's row nothing is left after 30 days.
func TestTracesOfTrafficGoInTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openPlain(t, path)
	defer s.Close()
	if err := s.Receive(t.Context(), "p", "bot", []bot.Raw{{External: "1", Body: []byte(secret)}}, "2"); err != nil {
		t.Fatal(err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Park(ctx, 1, noon, "cannot be read") })
	a := sound(t, s)
	a.settle(t, s, a.letter, bot.Fate{State: bot.LetterSent, Message: "1", At: noon})
	waiting := post(t, s, bot.Letter{Chat: room(t, s, "away", bot.Private)})
	for _, c := range []struct {
		after time.Duration
		gone  int
		bytes bool
	}{{71 * time.Hour, 0, true}, {73 * time.Hour, 1, false}, {29 * 24 * time.Hour, 0, false}, {31 * 24 * time.Hour, 1, false}} {
		if n := prune(t, s, noon.Add(c.after)); n != c.gone {
			t.Errorf("after %v, %d rows went, not %d", c.after, n, c.gone)
		}
		if stands(t, path) != c.bytes {
			t.Errorf("after %v, the parked bytes are there: %v", c.after, !c.bytes)
		}
	}
	same(t, "letters that still wait", []int64{waiting}, candidates(t, s, bot.CandidateQuery{}))
	want := map[civic.Notice]civic.DeliveryStatus{civic.NoticeAlarm: civic.DeliverySent}
	if diff := cmp.Diff(want, a.statuses(t, s)); diff != "" {
		t.Errorf("the ledger without letters (-want +got):\n%s", diff)
	}
}

// gallery has a picture of each kind of owner.
type gallery struct{ reported, open, parked, dropped, fresh int64 }

func hang(t *testing.T, s *storage.Store, at *time.Time) (gallery, civic.Member) {
	t.Helper()
	in := build(t, s)
	m, own := adopt(t, s, "ana", in)
	_, drafting := adopt(t, s, "bo", in)
	_, joining := adopt(t, s, "cas", in)
	var g gallery
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, p := range []struct {
			id    *int64
			owner int64
		}{{&g.reported, own}, {&g.open, drafting}, {&g.parked, joining}, {&g.dropped, own}} {
			photo := civic.Photo{Owner: p.owner}
			if err := tx.AddPhoto(ctx, &photo); err != nil {
				return err
			}
			*p.id = photo.ID
		}
		*at = at.Add(25 * time.Hour)
		photo := civic.Photo{Owner: own}
		if err := tx.AddPhoto(ctx, &photo); err != nil {
			return err
		}
		g.fresh = photo.ID
		for _, session := range []bot.Session{{Chat: drafting, Form: "report"}, {Chat: joining, Form: "report", Parked: true}} {
			session.Touched, session.Expires = *at, at.Add(time.Hour)
			if err := tx.SaveSession(ctx, &session); err != nil {
				return err
			}
		}
		c := civic.Case{Ref: "KAS-7F3K", Network: in.network, Status: civic.Received, Created: noon, Changed: noon}
		if err := tx.CreateCase(ctx, &c); err != nil {
			return err
		}
		return tx.AddReport(ctx, &civic.Report{Case: c.ID, Reporter: m.ID, Filed: noon, Photos: []int64{g.reported}})
	})
	return g, m
}

func pictures(t *testing.T, s *storage.Store, ids ...int64) []int64 {
	t.Helper()
	var left []int64
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, id := range ids {
			switch _, err := tx.Photo(ctx, id); {
			case err == nil:
				left = append(left, id)
			case !errors.Is(err, bot.ErrNotFound):
				return err
			}
		}
		return nil
	})
	return left
}

// openAt is a store whose clock the test moves.
func openAt(t *testing.T, at *time.Time) *storage.Store {
	t.Helper()
	s, err := storagetest.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "bin.db"), AuditKey: []byte("key"), Now: func() time.Time { return *at },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// Pictures of drafts that were dropped go after a day; those of reports, of open and of parked forms stay.
func TestPicturesThatNobodyUsesGoAfterADay(t *testing.T) {
	at := noon
	s := openAt(t, &at)
	g, _ := hang(t, s, &at)
	if n := prune(t, s, at); n != 1 {
		t.Errorf("%d rows went", n)
	}
	want := []int64{g.reported, g.open, g.parked, g.fresh}
	if diff := cmp.Diff(want, pictures(t, s, g.reported, g.open, g.parked, g.dropped, g.fresh)); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
}

// Whoever leaves takes the pictures of their drafts along at once; those of their reports stay with the case.
func TestPicturesOfDraftsGoWithTheirMember(t *testing.T) {
	at := noon
	s := openAt(t, &at)
	g, m := hang(t, s, &at)
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Forget(ctx, m.ID, at) })
	want := []int64{g.reported, g.open, g.parked}
	if diff := cmp.Diff(want, pictures(t, s, g.reported, g.open, g.parked, g.dropped, g.fresh)); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
}

// While a view is open the log cannot be emptied; it is said so, and nobody waits for it who writes.
func TestScrubGivesUpWhenSomebodyReads(t *testing.T) {
	s := fresh(t)
	build(t, s)
	err := s.View(t.Context(), func(tx bot.Tx) error {
		if _, err := tx.Networks(t.Context()); err != nil { // the snapshot begins with the first read
			return err
		}
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "1"}, noon)
			return err
		})
		if err := s.Scrub(t.Context()); !errors.Is(err, storage.ErrLocked) {
			t.Errorf("scrubbed under a reader: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Errorf("scrubbed alone: %v", err)
	}
}
