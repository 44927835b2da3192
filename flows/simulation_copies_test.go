package flows_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// bygone is a copy of the database with what was so when it was made. What the bot did later is gone when it is put back,
// but people and networks remember it.
type bygone struct {
	path     string
	letter   int64           // the last one that it knows
	waiting  map[int64]bool  // letters that had not gone
	seen     int             // how much of the history it knows
	received map[string]bool // what had come out of outside, as it holds it
	retired  bool
	at       time.Time
}

// archive makes a copy of the database, or puts the last one back, once in a simulation.
func (s *simulation) archive() {
	switch {
	case s.copy == nil:
		for range 3 { // so that letters wait
			s.step("act", s.actAtRandom)
			s.step("poll", s.pollAll)
			s.step("handle", s.handle)
		}
		s.step("copy", s.copyOut)
	case s.restores == 0:
		if s.rand.IntN(2) == 0 {
			s.leave()
		}
		s.putBack()
	}
}

func (s *simulation) copyOut() error {
	s.images++
	b := &bygone{
		path: filepath.Join(s.dir, fmt.Sprintf("copy%d.db", s.images)), waiting: map[int64]bool{},
		received: map[string]bool{}, seen: len(s.history), retired: s.retired, at: s.now,
	}
	if err := s.store.Backup(s.ctx, b.path); err != nil {
		return err
	}
	l := s.look(b.path)
	defer l.close()
	for _, row := range l.rows("SELECT id, state FROM outbox") {
		id, err := strconv.ParseInt(row[0], 10, 64)
		s.must(err)
		b.letter = max(b.letter, id)
		if state := bot.LetterState(row[1]); state == bot.LetterPending || state == bot.LetterSending {
			b.waiting[id] = true
		}
	}
	for _, external := range l.strings("SELECT external FROM inbox") {
		b.received[external] = true
	}
	s.whole(b)
	s.copy = b
	return nil
}

// whole is P6 for a copy: it holds every update that was taken in. Of one that is still outside nobody knows yet whether it
// was, because the program may have ended while it did so.
func (s *simulation) whole(b *bygone) {
	outside := map[string]bool{}
	for _, r := range s.outside {
		outside[r.External] = true
	}
	for external := range s.received {
		if !b.received[external] && !outside[external] {
			s.t.Errorf("P6: update %s was taken in and is not in the copy", external)
		}
	}
}

// putBack ends the program, puts the copy in the place of the database and starts the program, as an operator does. That
// takes minutes.
func (s *simulation) putBack() {
	s.note("the copy is put back")
	calm := s.calm
	s.calm = true
	defer func() { s.calm = calm }()
	s.lostSight()
	s.must(s.store.Close())
	erased, err := storage.ErasuresIn(s.ctx, s.path, time.Time{})
	s.must(err)
	o := storage.Options{Path: s.path, AuditKey: testKey, Now: func() time.Time { return s.now }, Sync: storage.SyncOff}
	_, err = storage.Restore(s.ctx, s.copy.path, o, erased, s.now)
	s.must(err)
	s.restores++
	s.forget()
	s.now = s.now.Add(5 * time.Minute)
	s.start(s.ctx)
	s.stayErased()
}

// forget marks what the program does not know any more. What the network gave it since does not come again.
func (s *simulation) forget() {
	b := s.copy
	for i := b.seen; i < len(s.history); i++ {
		if d := &s.history[i]; d.letter > b.letter {
			d.letter, d.lost = -int64(i), true
		}
	}
	known := func(letter int64) bool { return letter > b.letter }
	maps.DeleteFunc(s.uncertain, func(letter int64, _ int) bool { return known(letter) })
	maps.DeleteFunc(s.chosen, func(letter int64, _ bool) bool { return known(letter) })
	s.late = slices.DeleteFunc(s.late, known)
	s.outside = slices.DeleteFunc(s.outside, func(r bot.Raw) bool { return s.received[r.External] && !b.received[r.External] })
	s.received, s.retired = b.received, b.retired
	for room, at := range s.address {
		s.excused[room]++ // it has to learn again where its rooms are
		s.excused[at]++
	}
	for former := range s.names {
		s.excused[former]++
	}
	s.restored = len(s.history)
}

// stayErased is P17: who had everything erased after the copy was made is not in it any more.
func (s *simulation) stayErased() {
	gone := map[string]delivery{}
	for _, d := range s.history[s.copy.seen:] {
		if strings.HasPrefix(d.text, farewell) {
			gone[d.room] = d
		}
	}
	for _, who := range slices.Sorted(maps.Keys(gone)) {
		if s.acted[who] > gone[who].acted || gone[who].at.Before(s.copy.at) {
			continue // they came back; or by a clock that was set back it was before the copy
		}
		s.must(s.store.View(s.ctx, func(tx bot.Tx) error {
			m, err := tx.Identify(s.ctx, s.account(who))
			if err == nil && m.ID != 0 {
				s.t.Errorf("P17: %s had everything erased, and is back with the copy", who)
			}
			return err
		}))
	}
}

// lasting is the history without what a copy that was put back does not know of.
func (s *simulation) lasting() []delivery {
	return slices.DeleteFunc(slices.Clone(s.history), func(d delivery) bool { return d.lost })
}

// farewell is how the last message to somebody begins who had everything erased.
const farewell = "Klaar. Wie je bent"

// held is the rest of P17: what waited in a copy that was put back goes to nobody by itself. The number of a letter that was
// erased may be that of another.
func (l leftover) held() {
	s := l.s
	if s.restores == 0 {
		return
	}
	for _, d := range s.history[s.restored:] {
		if !s.copy.waiting[d.letter] {
			continue
		}
		if was := l.rows("SELECT 1 FROM outbox WHERE id = $1 AND created <= $2", d.letter, s.copy.at.UnixMilli()); len(was) > 0 {
			s.t.Errorf("P17: waited in the copy, and went out after it was put back: %s: %v", d,
				l.rows("SELECT state, op, tries, why, created FROM outbox WHERE id = $1", d.letter))
		}
	}
}
