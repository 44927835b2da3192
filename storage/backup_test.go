package storage_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "backups", "one.db")
	s := open(t, path)
	in := build(t, s)
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), copied); !errors.Is(err, storage.ErrExists) {
		t.Errorf("a backup over another: %v", err)
	}
	if _, err := storage.Restore(t.Context(), copied, options(path), nil, noon); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("restored under a running program: %v", err)
	}
	adopt(t, s, "ana", in) // after the backup
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	restored, err := storage.Restore(t.Context(), copied, options(path), nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(restored.Aside); err != nil {
		t.Errorf("the former database: %v", err)
	}
	back := open(t, path)
	defer back.Close()
	broken := errors.New("broken")
	if err := back.Past(t.Context(), func(bot.Tx, storage.Past) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	for _, restored := range []bool{true, false} { // it is told once, and that failed before
		p, err := past(t, back)
		if err != nil || p.Restored != restored || restored && (!p.Copied.Equal(noon) || !p.At.Equal(noon)) {
			t.Errorf("the run before: %+v, %v", p, err)
		}
	}
	do(t, back, func(ctx context.Context, tx bot.Tx) error {
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || !who.Guest() {
			t.Errorf("somebody from after the backup: %+v, %v", who, err)
		}
		return nil
	})
}

// Letters that waited when a copy was made are held when it is put back: whoever they were for may have had them since.
func TestLettersOfACopyAreHeld(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "copy.db")
	s := open(t, path)
	a := sound(t, s)
	waiting := a.tell(t, s, "correction")
	if err := storage.Backup(t.Context(), path, copied); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Restore(t.Context(), copied, options(path), nil, noon); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		n, err := tx.Recover(ctx, noon, noon)
		same(t, "recovered", 0, n)
		return err
	})
	if got := candidates(t, s, bot.CandidateQuery{}); len(got) != 0 {
		t.Errorf("letters %v go out once more", got)
	}
	if got := claim(t, s, a.letter, waiting); len(got) != 0 {
		t.Errorf("claimed %+v", got)
	}
}

// No letter that is written after a restore has the number of one that was written after the copy was made: a network that
// recognises a letter by its number would take it for that one, and nobody would ever read it.
func TestLettersAfterARestoreHaveNumbersOfTheirOwn(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "copy.db")
	s := open(t, path)
	a := sound(t, s)
	if err := storage.Backup(t.Context(), path, copied); err != nil {
		t.Fatal(err)
	}
	forgotten := a.tell(t, s, "correction")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil { // its disk broke: what it wrote last, nobody can tell
		t.Fatal(err)
	}
	if _, err := storage.Restore(t.Context(), copied, options(path), nil, noon); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	if next := a.tell(t, s, "correction"); next <= forgotten {
		t.Errorf("letter %d was sent before the restore, and %d is written after it", forgotten, next)
	}
}

// An operator sees what waited in a copy that was put back, and lets it go or not. Nothing of it is kept where something was
// erased since: it may tell of that.
func TestAnOperatorDecidesAboutLettersOfACopy(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "copy.db")
	s := open(t, path)
	chat := room(t, s, "desk", bot.Group)
	card := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Op: bot.OpPost, Message: bot.Message{Text: "of a report"}})
	post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer, Op: bot.OpPost, Message: bot.Message{Text: "too late by now"}})
	post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneUrgent, Op: bot.OpPost, Report: "alert/1", Message: bot.Message{Text: "is over"}})
	if err := storage.Backup(t.Context(), path, copied); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		erased []storage.Erasure
		want   []bot.DeadLetter
	}{
		{[]storage.Erasure{{Kind: storage.ErasedReport, Number: 99, At: time.Now().Add(time.Hour)}}, nil},
		{nil, []bot.DeadLetter{{ID: card, Chat: chat, Lane: bot.LaneRoutine, Made: noon, Held: true}}},
	} {
		if _, err := storage.Restore(t.Context(), copied, options(path), c.erased, noon); err != nil {
			t.Fatal(err)
		}
		s = open(t, path)
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			list, err := tx.DeadLetters(ctx, 9)
			same(t, "held", c.want, list)
			if len(list) > 0 {
				err = errors.Join(err, tx.RetryLetter(ctx, card, noon.Add(time.Hour)))
			}
			return err
		})
		if c.want != nil {
			if got := claim(t, s, card); len(got) != 1 || got[0].Text != "of a report" {
				t.Errorf("let go: %+v", got)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A copy is made while others write, holds all of one moment, and is never seen half written under its name.
func TestACopyMadeWhileOthersWriteIsWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bin.db")
	s := open(t, path)
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			err := s.Do(t.Context(), func(tx bot.Tx) error {
				for _, ref := range []string{"a", "b"} {
					if err := tx.Audit(t.Context(), bot.AuditEntry{At: noon, Action: "pair", Object: ref}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				stopped <- err
				return
			}
		}
	}()
	var copies []string
	for _, name := range []string{"1.db", "2.db", "3.db"} {
		to := filepath.Join(dir, name)
		if err := s.Backup(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		copies = append(copies, to)
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range copies {
		one := open(t, name)
		if n, err := one.VerifyAudit(t.Context()); err != nil || n%2 != 0 {
			t.Errorf("%s holds %d entries, %v", filepath.Base(name), n, err)
		}
		if err := one.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if parts, err := filepath.Glob(filepath.Join(dir, "*.part")); err != nil || len(parts) != 0 {
		t.Errorf("left behind: %v, %v", parts, err)
	}
}

func options(path string) storage.Options {
	return storage.Options{Path: path, AuditKey: []byte("key"), Now: func() time.Time { return noon }}
}

// What somebody had erased after a backup was made is not in it when it is put back, in no byte.
func TestWhatWasErasedIsErasedAgain(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "copy.db")
	s := open(t, path)
	in := build(t, s)
	who, _ := adopt(t, s, "ana", in)
	who.Name = "Canarina Vogel"
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.SaveMember(ctx, who, noon) })
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Forget(ctx, who.ID, noon) })
	erased, err := s.Erasures(t.Context(), noon)
	if err != nil || len(erased) != 1 || erased[0].Kind != storage.ErasedPerson {
		t.Fatalf("erasures: %v, %v", erased, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if inFile, err := storage.ErasuresIn(t.Context(), path, noon); err != nil || len(inFile) != 1 {
		t.Errorf("erasures in the file: %v, %v", inFile, err)
	}
	r, err := storage.Restore(t.Context(), copied, options(path), erased, noon)
	if err != nil || r.Erased != 1 || !r.Copied.Equal(noon) {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, end := range []string{"", "-wal"} {
		if file, err := os.ReadFile(path + end); err == nil && bytes.Contains(file, []byte("Canarina")) {
			t.Errorf("the name is still in the database%s", end)
		}
	}
}

// A rehearsal does what a restore would do and leaves the database alone.
func TestARehearsalLeavesTheDatabaseAlone(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "copy.db")
	s := open(t, path)
	build(t, s)
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	defer s.Close() // it runs meanwhile
	again, r, err := storage.Rehearse(t.Context(), copied, options(filepath.Join(dir, "drill", "bin.db")), nil, noon)
	if err != nil || !r.Copied.Equal(noon) {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := again.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// past is what the store tells of the run before.
func past(t *testing.T, s *storage.Store) (p storage.Past, err error) {
	t.Helper()
	err = s.Past(t.Context(), func(_ bot.Tx, was storage.Past) error { p = was; return nil })
	return p, err
}
