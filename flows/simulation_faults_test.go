package flows_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// delivery is one message that people got to see.
type delivery struct {
	letter int64
	room   string
	text   string
	report string
	op     bot.Op
	at     time.Time
	rank   int // emergency answers, then the lanes
	card   string
	acted  int  // deliveries when somebody last did something in this private chat
	lost   bool // a copy was put back that does not know of it
	chosen bool // it waited for an hour that was chosen for it, such as the end of the quiet hours
	once   bool // its network recognises what is sent again
}

func (d delivery) String() string {
	return fmt.Sprintf("%s letter %d to %s (%s %s): %s", d.at.Format("15:04:05"), d.letter, d.room, d.op, d.report, d.text)
}

// Send delivers, or fails in one of the ways in which networks do.
func (f *faulty) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	s := f.s
	f.inFlight = l.ID
	if _, tried := s.chosen[l.ID]; !tried { // later a failure has moved it
		s.chosen[l.ID] = l.Before.After(l.Written)
	}
	if err := f.refuse(l); err != nil {
		return "", err
	}
	if err := s.forward(&l); err != nil {
		return "", err
	}
	for _, until := range []time.Time{s.blocked[l.To.ID], f.shut} {
		if s.now.Before(until) {
			s.t.Errorf("P5: letter %d to %s at %v, inside a window until %v", l.ID, l.To.ID, s.now, until)
		}
	}
	if s.calm {
		return f.show(ctx, l, photos)
	}
	fail := func(remedy bot.Remedy, after time.Duration, global bool) error {
		s.counts.refused++
		s.note(fmt.Sprintf("letter %d to %s: %s %v", l.ID, l.To.ID, remedy, after))
		return &bot.SendError{Remedy: remedy, After: after, Global: global, Err: errors.New("simulated")}
	}
	if strings.HasPrefix(l.Report, "alert/") && l.Op == bot.OpPost {
		if s.cut && (l.To.ID == "kastanje" || l.To.ID == "meidoorn") {
			s.cut = false
			if _, err := f.show(ctx, l, photos); err != nil {
				return "", err
			}
			panic(crash{"call that told a street"})
		}
		switch s.rand.IntN(12) { // streets are where doubt matters most
		case 0, 1: // shown, and the server fails for a while
			if _, err := f.show(ctx, l, photos); err != nil {
				return "", err
			}
			s.uncertain[l.ID]++
			return "", fail(bot.Uncertain, 90*time.Second, false)
		case 2:
			if _, err := f.show(ctx, l, photos); err != nil {
				return "", err
			}
			panic(crash{"call that told a street"})
		}
	}
	switch n := s.rand.IntN(200); {
	case n < 6 && f.once == nil: // too many requests in this chat
		after := time.Duration(1+s.rand.IntN(30)) * time.Second
		s.blocked[l.To.ID] = s.now.Add(after)
		return "", fail(bot.Later, after, false)
	case n < 8: // too many requests at all, as a homeserver always says
		after := time.Duration(1+s.rand.IntN(10)) * time.Second
		f.shut = s.now.Add(after)
		return "", fail(bot.Later, after, true)
	case n < 14: // a server error before anything was done
		return "", fail(bot.Later, 0, false)
	case n < 18: // a timeout before the effect
		s.uncertain[l.ID]++
		return "", fail(bot.Uncertain, 0, false)
	case n < 24: // and after it
		if _, err := f.show(ctx, l, photos); err != nil {
			return "", err
		}
		s.uncertain[l.ID]++
		return "", fail(bot.Uncertain, 0, false)
	case n < 25:
		panic(crash{"before a call"})
	case n < 27:
		if _, err := f.show(ctx, l, photos); err != nil {
			return "", err
		}
		panic(crash{"after a call"})
	case n < 28 && f.once == nil: // too many requests, and nobody lives to hear it
		s.blocked[l.To.ID] = s.now.Add(time.Duration(1+s.rand.IntN(30)) * time.Second)
		panic(crash{"call that was throttled"})
	case n < 29:
		if !l.Plain && f.once == nil {
			return "", fail(bot.Markup, 0, false)
		}
	}
	return f.show(ctx, l, photos)
}

// shown lets people read a letter.
func (f *faulty) shown(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	on, err := f.localStage.Send(ctx, l, photos)
	if err != nil {
		return on, err
	}
	s := f.s
	s.counts.deliveries++
	s.forReader(l)
	if s.alertIsOver(l.Report) {
		s.late = append(s.late, l.ID)
	}
	s.history = append(s.history, delivery{
		letter: l.ID, room: l.To.ID, text: plain(l.Text), report: l.Report, op: l.Op, at: s.now,
		rank: rankOf(l), card: l.Card, acted: s.acted[l.To.ID], chosen: s.chosen[l.ID], once: f.once != nil,
	})
	for _, c := range l.Choices() {
		s.old = append(s.old, pressable{l.To.ID, c.Label})
	}
	s.note(fmt.Sprintf("letter %d to %s (%s, %s): %.60q", l.ID, l.To.ID, l.Op, l.Report, plain(l.Text)))
	return on, nil
}

// forReader is P20: what is for a role is not read by whose role is over, whatever the clock says where somebody ended it. The
// officer who retires has no other. A last day is over when the clock says so: one that was set back has not come to it yet.
func (s *simulation) forReader(l bot.Letter) {
	if l.For != nil && s.retired && l.To.ID == "eva" && !s.now.Before(s.until) {
		s.t.Errorf("P20: letter %d to %s at %v, whose role is over: %.80q", l.ID, l.To.ID, s.now, plain(l.Text))
	}
}

// rankOf orders letters to one chat: emergency answers, then the lanes.
func rankOf(l bot.Letter) int {
	if l.First {
		return 0
	}
	return 1 + int(l.Lane)
}

// alertIsOver reports whether what the letter belongs to is an alert whose end was told already.
func (s *simulation) alertIsOver(report string) bool {
	id, ok := strings.CutPrefix(report, "alert/")
	n, err := strconv.ParseInt(id, 10, 64)
	if !ok || err != nil {
		return false
	}
	calm, over := s.calm, false
	s.calm = true
	defer func() { s.calm = calm }()
	s.must(s.store.View(s.ctx, func(tx bot.Tx) error {
		a, err := tx.Alert(s.ctx, n)
		over = a.Status == civic.AlertOutcome || a.Status == civic.AlertRetracted
		return err
	}))
	return over
}

// diskFaults lets the disk be full or broken, and the program end, at any statement and commit.
func (s *simulation) diskFaults() storage.Faults {
	what := func(label string) string { return cmp.Or(label, "anything else") }
	commit := func(one int) func(string) error {
		return func(label string) error {
			switch {
			case s.calm:
			case s.rand.IntN(one) == 0:
				s.note("end of the program at commit of " + label)
				panic(crash{"before commit of " + what(label)})
			case s.rand.IntN(one) == 0:
				return s.anyFault()
			}
			return nil
		}
	}
	after := func(label string) error {
		if !s.calm && s.rand.IntN(500) == 0 {
			s.note("end of the program after commit of " + label)
			panic(crash{"after commit of " + what(label)})
		}
		return nil
	}
	statement := func(query string) error {
		switch {
		case s.calm || strings.HasPrefix(query, "ROLLBACK"):
		case s.rand.IntN(6000) == 0:
			panic(crash{"statement"})
		case s.rand.IntN(1500) == 0:
			return s.anyFault()
		}
		return nil
	}
	return storage.Faults{BeforeCommit: commit(500), AfterCommit: after, BeforeStatement: statement}
}

func (s *simulation) anyFault() error {
	return []storage.Fault{storage.FaultFull, storage.FaultIO, storage.FaultNoMemory}[s.rand.IntN(3)]
}
