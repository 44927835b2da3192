package storage_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// errSpoiled is what one statement fails with. It concerns the statement alone: the transaction lives on, so whoever does not
// pass it on has it committed.
var errSpoiled = errors.New("one statement failed")

// spoiler fails one statement.
type spoiler struct{ due, seen int }

func (s *spoiler) strike(string) error {
	if s.seen++; s.seen == s.due {
		return errSpoiled
	}
	return nil
}

// spoils does a deed again and again, each time with another statement that fails, until it comes through whole. It gives how
// many failed.
func (s *spoiler) spoils(t *testing.T, store *storage.Store, what string, deed func(context.Context, bot.Tx) error) int {
	t.Helper()
	for n := 1; ; n++ {
		err := store.Do(t.Context(), func(tx bot.Tx) error {
			s.due, s.seen = n, 0
			defer func() { s.due = 0 }()
			return deed(t.Context(), tx)
		})
		if s.seen < n {
			return n - 1
		}
		if !errors.Is(err, errSpoiled) {
			t.Errorf("%s: statement %d failed, and what comes of it is: %v", what, n, err)
		}
	}
}

// spoilt is a town whose store fails on demand.
func spoilt(t *testing.T) (*storage.Store, *spoiler) {
	t.Helper()
	s := &spoiler{}
	store, err := storagetest.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "bin.db"), AuditKey: []byte("key"), Now: func() time.Time { return noon },
		Faults: storage.Faults{BeforeStatement: s.strike},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	build(t, store)
	return store, s
}

// No failure on a letter's way is passed over in silence: not one of its statements.
func TestNoFailureOnALettersWayIsSwallowed(t *testing.T) {
	store, s := spoilt(t)
	chat := room(t, store, "1", bot.Group)
	card := func(text string, op bot.Op) bot.Letter {
		return bot.Letter{
			Chat: chat, Op: op, Lane: bot.LaneRoutine, Card: "case/1", Report: aboutAlarm, Token: text, Expires: noon.Add(time.Hour),
			Message: bot.Message{Text: text, Rows: [][]bot.Choice{{{Key: "take", Label: "Ja"}}}},
		}
	}
	first, second, plain := card("een", bot.OpPost), card("twee", bot.OpEdit), bot.Letter{Chat: chat, Lane: bot.LaneAnswer}
	enqueue := func(l bot.Letter) func(context.Context, bot.Tx) error {
		return func(ctx context.Context, tx bot.Tx) error { return tx.Enqueue(ctx, &l) }
	}
	settled := func(id int64, f bot.Fate) func(context.Context, bot.Tx) error {
		return func(ctx context.Context, tx bot.Tx) error { _, err := tx.Settle(ctx, id, f); return err }
	}
	claimed := func(id int64) func(context.Context, bot.Tx) error {
		return func(ctx context.Context, tx bot.Tx) error { _, err := tx.Claim(ctx, []int64{id}, noon); return err }
	}
	failed := 0
	for _, step := range []struct {
		name string
		do   func(context.Context, bot.Tx) error
	}{
		{"post", enqueue(first)},
		{"another behind it", enqueue(plain)},
		{"replace", enqueue(second)},
		{"candidates by age", func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: noon, Order: bot.ByAge, Limit: 9})
			return err
		}},
		{"candidates by lane", func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: noon, Limit: 9})
			return err
		}},
		{"candidates in chats that are not remembered", forgetful(func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: noon, Limit: 9})
			return err
		})},
		{"claim", forgetful(claimed(1))},
		{"a change meanwhile", enqueue(second)},
		{"again later", settled(1, bot.Fate{State: bot.LetterPending, At: noon, Before: noon})},
		{"replace both", enqueue(second)},
		{"claim again", claimed(1)},
		{"sent", settled(1, bot.Fate{State: bot.LetterSent, At: noon, Message: "m1"})},
		{"edit", enqueue(second)},
		{"claim the edit", claimed(4)},
		{"next letter", func(ctx context.Context, tx bot.Tx) error { _, err := tx.NextLetter(ctx, "p"); return err }},
		{"call back", func(ctx context.Context, tx bot.Tx) error { _, err := tx.Supersede(ctx, aboutAlarm, noon); return err }},
		{"called back", settled(4, bot.Fate{State: bot.LetterDead, At: noon})},
		{"by token", func(ctx context.Context, tx bot.Tx) error { _, err := tx.Rendering(ctx, "twee", chat, ""); return err }},
		{"by message", func(ctx context.Context, tx bot.Tx) error { _, err := tx.Rendering(ctx, "", chat, "m1"); return err }},
		{"newest", func(ctx context.Context, tx bot.Tx) error { _, err := tx.Newest(ctx, chat); return err }},
		{"a fourth", enqueue(card("vier", bot.OpPost))},
		{"supersede", func(ctx context.Context, tx bot.Tx) error { _, err := tx.Supersede(ctx, aboutAlarm, noon); return err }},
		{"claim an answer", claimed(2)},
		{"recover", func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.Recover(ctx, noon, noon.Add(bot.Silence))
			return err
		}},
		{"expire", func(ctx context.Context, tx bot.Tx) error { _, err := tx.Expire(ctx, noon.Add(time.Hour)); return err }},
	} {
		failed += s.spoils(t, store, step.name, step.do)
	}
	t.Logf("%d statements failed, each of them in its turn", failed)
}

// forgetful does a deed when no chat is remembered, as after a start.
func forgetful(deed func(context.Context, bot.Tx) error) func(context.Context, bot.Tx) error {
	return func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.Recover(ctx, noon, noon); err != nil {
			return err
		}
		return deed(ctx, tx)
	}
}

// Whatever else a turn asks of the store: what fails there fails the turn.
func TestNoFailureOfAStatementIsSwallowed(t *testing.T) {
	store, s := spoilt(t)
	room(t, store, "1", bot.Private)
	failed := 0
	for method := range reflect.TypeFor[bot.Tx]().Methods() {
		if n := method.Type.NumOut(); n == 0 || method.Type.Out(n-1) != reflect.TypeFor[error]() {
			continue
		}
		failed += s.spoils(t, store, method.Name, func(ctx context.Context, tx bot.Tx) (err error) {
			args := []reflect.Value{reflect.ValueOf(ctx)}
			for i := 1; i < method.Type.NumIn(); i++ {
				args = append(args, anything(method.Type.In(i)))
			}
			call := reflect.ValueOf(tx).MethodByName(method.Name)
			if method.Type.IsVariadic() {
				args = args[:len(args)-1]
			}
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("%s: %v", method.Name, p)
				}
			}()
			out := call.Call(args)
			err, _ = reflect.TypeAssert[error](out[len(out)-1])
			return errors.Join(err, errOnlyTried)
		})
	}
	t.Logf("%d statements failed, each of them in its turn", failed)
}

// errOnlyTried undoes what a method did.
var errOnlyTried = errors.New("only tried")

// anything is a value of a type that may lead somewhere: the first of everything, at noon.
func anything(of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	switch {
	case of == reflect.TypeFor[time.Time]():
		return reflect.ValueOf(noon)
	case of.Kind() == reflect.Pointer:
		v.Set(reflect.New(of.Elem()))
		v.Elem().Set(anything(of.Elem()))
	case of.Kind() == reflect.Slice:
		v = reflect.Append(v, anything(of.Elem()))
	case of.Kind() == reflect.Struct:
		for i := range of.NumField() {
			if v.Field(i).CanSet() {
				v.Field(i).Set(anything(of.Field(i).Type))
			}
		}
	case of.Kind() == reflect.String:
		v.SetString("1")
	case v.CanInt():
		v.SetInt(1)
	case of.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(of))
	}
	return v
}
