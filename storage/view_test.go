package storage_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// Readers see one moment as a whole, however much is written meanwhile, and hold up nobody.
func TestReadersSeeOneMomentWhileOthersWrite(t *testing.T) {
	const n = 200
	s := fresh(t)
	pair := func(tx bot.Tx, i int) error {
		for _, chat := range []int64{1, 2} {
			session := bot.Session{Chat: chat, Form: "report", Answers: fmt.Append(nil, i), Touched: noon, Expires: noon}
			if err := tx.SaveSession(t.Context(), &session); err != nil {
				return err
			}
		}
		return nil
	}
	if err := s.Do(t.Context(), func(tx bot.Tx) error { return pair(tx, -1) }); err != nil {
		t.Fatal(err)
	}
	look := func(tx bot.Tx) error {
		var first string
		for _, chat := range []int64{1, 2, 1, 2} {
			session, err := tx.Session(t.Context(), chat, "")
			if err != nil {
				return err
			}
			if first == "" {
				first = string(session.Answers)
			}
			if got := string(session.Answers); got != first {
				return fmt.Errorf("one moment shows %s and %s", first, got)
			}
		}
		return nil
	}
	var all sync.WaitGroup
	failed := make(chan error, 8)
	for w := range 4 {
		all.Go(func() {
			for i := range n {
				if err := s.Do(t.Context(), func(tx bot.Tx) error { return pair(tx, w*n+i) }); err != nil {
					failed <- err
					return
				}
			}
		})
		all.Go(func() {
			for range n {
				if err := s.View(t.Context(), look); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
}
