package storage

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

// filled is a database in which two of each wait, and whose first ones are spoilt by a statement.
func filled(t *testing.T, o Options, spoil string) *Store {
	t.Helper()
	o.Path = filepath.Join(t.TempDir(), "bin.db")
	s := openWith(t, o)
	rows := []bot.Raw{{External: "1", Body: []byte("een")}, {External: "2", Body: []byte("twee")}}
	err := errors.Join(s.Receive(t.Context(), "p", "bot", rows, "2"), s.Do(t.Context(), func(tx bot.Tx) error {
		ctx, all := t.Context(), error(nil)
		for _, id := range []string{"ana", "bo"} {
			chat, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: id, Kind: bot.Private}, sealedAt)
			all = errors.Join(all, err,
				tx.Enqueue(ctx, &bot.Letter{Chat: chat.ID, Lane: bot.LaneRoutine, Card: "case/1", Message: bot.Message{Text: "Hoi"}}),
				tx.SendErrand(ctx, bot.Errand{Kind: "run", Ref: id, Platform: "p", Payload: []byte(id), Before: sealedAt}),
				tx.SaveSession(ctx, &bot.Session{
					Chat: chat.ID, Account: id, Form: "report", Answers: []byte(`{"what":"x"}`), Touched: sealedAt, Expires: sealedAt,
				}))
		}
		return all
	}))
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	bare(t, o.Path, spoil)
	s = openWith(t, o)
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// A row that cannot be read any more, because some bits of the file changed, holds up no other: of what waits it is told that it
// is torn, and what somebody was asked counts as forgotten, so that they can begin anew.
func TestATornRowHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	const spoil = "UPDATE outbox SET body = (SELECT body FROM outbox WHERE id = 2) WHERE id = 1;" +
		" UPDATE inbox SET raw = x'00' WHERE id = 1; UPDATE errands SET payload = x'00' WHERE id = 1;" +
		" UPDATE sessions SET answers = x'00' WHERE chat = 1"
	s := filled(t, Options{ColumnKeys: sealKeys[:1]}, spoil)
	type torn struct {
		Letters, Updates, Errands []bool
		Open                      []string
	}
	var got torn
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		ctx := t.Context()
		letters, err1 := tx.Claim(ctx, []int64{1, 2}, sealedAt)
		for _, l := range letters {
			got.Letters = append(got.Letters, l.Torn)
			if l.Torn == (l.Text != "") || l.Card != "case/1" {
				t.Errorf("letter %d is %+v", l.ID, l)
			}
		}
		updates, err2 := tx.Waiting(ctx, 9)
		for _, u := range updates {
			got.Updates = append(got.Updates, u.Torn)
		}
		var err3 error
		for range 2 {
			e, err := tx.NextErrand(ctx, sealedAt)
			got.Errands = append(got.Errands, e.Torn)
			err3 = errors.Join(err3, err, tx.EndErrand(ctx, e.ID))
		}
		for chat, who := range []string{"ana", "bo"} {
			open, err := tx.Session(ctx, int64(chat+1), who)
			if err3 = errors.Join(err3, err); open != nil {
				got.Open = append(got.Open, who)
			}
		}
		return errors.Join(err1, err2, err3)
	})
	if err != nil {
		t.Fatal(err)
	}
	first := []bool{true, false}
	if diff := cmp.Diff(torn{first, first, first, []string{"bo"}}, got); diff != "" {
		t.Errorf("torn are (-want +got):\n%s", diff)
	}
}

// What is torn is not kept for ever either, and old forms of others are found beside it.
func TestATornFormGoes(t *testing.T) {
	t.Parallel()
	s := filled(t, Options{ColumnKeys: sealKeys[:1]}, "UPDATE sessions SET sealed = 'x' WHERE chat = 1")
	for range 2 {
		err := s.Do(t.Context(), func(tx bot.Tx) error {
			old, err := tx.OldSessions(t.Context(), sealedAt.Add(time.Hour), 9)
			if len(old) != 1 || old[0].Account != "bo" {
				t.Errorf("old are %+v", old)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	n, err := counted(t.Context(), s, "SELECT count(*) FROM sessions")
	if err != nil || n != 1 {
		t.Errorf("%d forms are kept, %v", n, err)
	}
}

// counted is a number of the database.
func counted(ctx context.Context, s *Store, query string) (n int64, err error) {
	err = s.Do(ctx, func(btx bot.Tx) (err error) {
		n, err = one(btx.(*tx), scanNumber, query)
		return err
	})
	return n, err
}

// A card whose waiting letter is torn is shown with its new words, and takes away what stood there: the torn one may have been
// to do that.
func TestATornCardIsReplaced(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"sealed": {ColumnKeys: sealKeys[:1]}, "in plain": {Plain: true}} {
		s := filled(t, o, "UPDATE outbox SET body = 'x'")
		err := s.Do(t.Context(), func(tx bot.Tx) error {
			l := bot.Letter{Chat: 2, Card: "case/1", Op: bot.OpEdit, Message: bot.Message{Text: "Nieuw"}}
			if err := tx.Enqueue(t.Context(), &l); err != nil {
				return err
			}
			letters, err := tx.Claim(t.Context(), []int64{1, 2}, sealedAt)
			if len(letters) != 2 || !letters[0].Torn || letters[1].Text != "Nieuw" || letters[1].Torn || !letters[1].Erases {
				t.Errorf("%s: %+v", name, letters)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
