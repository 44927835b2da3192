package storage

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

// A chat that is closed while a letter is on its way there hears nothing of it afterwards, however long afterwards it is opened
// again: the letter has ended, and whoever waits for it hears that.
func TestALetterOnItsWayToAChatThatClosesIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	later := bot.Fate{State: bot.LetterPending, At: sealedAt, Before: sealedAt}
	perhaps := later
	perhaps.Uncertain = true
	settle := func(f bot.Fate) func(bot.Tx) error {
		return func(tx bot.Tx) error { _, err := tx.Settle(t.Context(), 1, f); return err }
	}
	for name, c := range map[string]struct {
		end  func(tx bot.Tx) error
		want string
	}{
		"refused for now":  {settle(later), "dead"},
		"nobody knows":     {settle(perhaps), "unknown"},
		"a crash":          {func(tx bot.Tx) error { _, err := tx.Recover(t.Context(), sealedAt, sealedAt); return err }, "unknown"},
		"it arrived first": {settle(bot.Fate{State: bot.LetterSent, Message: "m", At: sealedAt}), "sent"},
	} {
		s := openWith(t, Options{Path: filepath.Join(t.TempDir(), "bin.db")})
		step := func(do func(tx bot.Tx) error) {
			if err := s.Do(t.Context(), do); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		step(func(tx bot.Tx) error {
			chat, err := tx.Enter(t.Context(), bot.ChatRef{Platform: "p", ID: "ana", Kind: bot.Private}, sealedAt)
			if err != nil {
				return err
			}
			return tx.Enqueue(t.Context(), &bot.Letter{Chat: chat.ID, Lane: bot.LaneUrgent, Message: bot.Message{Text: "Hoi"}})
		})
		step(func(tx bot.Tx) error { _, err := tx.Claim(t.Context(), []int64{1}, sealedAt); return err })
		step(func(tx bot.Tx) error { return tx.Reach(t.Context(), 1, false, "left", sealedAt) })
		step(c.end)
		step(func(tx bot.Tx) error { return tx.Reach(t.Context(), 1, true, "", sealedAt) })
		step(func(tx bot.Tx) error {
			list, err := tx.Candidates(t.Context(), bot.CandidateQuery{Platform: "p", At: sealedAt.Add(time.Hour), Limit: 9})
			if len(list) != 0 {
				t.Errorf("%s: %v may go", name, list)
			}
			return err
		})
		step(func(btx bot.Tx) error {
			got, err := one(btx.(*tx), scanText, "SELECT state || ' ' || body FROM outbox")
			if diff := cmp.Diff(c.want+" ", got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			return err
		})
		closeStore(t, s)
	}
}

// A letter that waits for a closed chat all the same, in a database of an older program, does not go.
func TestNoLetterGoesToAClosedChat(t *testing.T) {
	t.Parallel()
	s := filled(t, Options{Plain: true}, "UPDATE chats SET reachable = 0 WHERE id = 1")
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		list, err := tx.Candidates(t.Context(), bot.CandidateQuery{Platform: "p", At: sealedAt, Limit: 9})
		if len(list) != 1 || list[0].Chat != 2 {
			t.Errorf("%v may go", list)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// What was shown before labels were kept can still be pressed, though not answered in words.
func TestChoicesWithoutLabelsAreTraced(t *testing.T) {
	t.Parallel()
	s := filled(t, Options{Plain: true}, "UPDATE outbox SET state = 'sent', message = 'm', keys = 'yes no' WHERE id = 1")
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		r, err := tx.Rendering(t.Context(), "", 1, "m")
		if diff := cmp.Diff([]string{"yes", "no"}, r.Keys); diff != "" {
			t.Error(diff)
		}
		if key, ok := tx.Labelled(r, "Ja"); ok {
			t.Errorf("%s was answered", key)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
