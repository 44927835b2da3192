package civic

import (
	"testing"
	"time"
)

func TestWhoMustDecideIsRemindedUntilTheyDo(t *testing.T) {
	found := time.Date(2026, 10, 14, 20, 0, 0, 0, time.UTC)
	l := Leak{Found: found}
	const term = 72 * time.Hour
	if due := l.Due(term); !due.Equal(time.Date(2026, 10, 17, 20, 0, 0, 0, time.UTC)) {
		t.Errorf("due %s", due)
	}
	at := found
	for i, want := range []time.Duration{24, 48, 66, 72, 96, 120, 144} {
		at = l.Remind(term, at)
		if at.Sub(found) != want*time.Hour {
			t.Errorf("reminder %d comes after %s, want %d hours", i, at.Sub(found), want)
		}
	}
	if at := l.Remind(term, found.Add(100*time.Hour)); at.Sub(found) != 120*time.Hour {
		t.Errorf("who noted it after 100 hours is reminded after %s", at.Sub(found))
	}
}

func TestAHaltStopsWhatItNames(t *testing.T) {
	for _, c := range []struct {
		halt        Halt
		urgent, inf bool
	}{{HaltNone, false, false}, {HaltInfo, false, true}, {HaltAll, true, true}} {
		l := Leak{Halt: c.halt}
		if l.Halts(UrgentAlert) != c.urgent || l.Halts(MissingAlert) != c.urgent || l.Halts(AppealAlert) != c.urgent {
			t.Errorf("%q: alarms stand still: %t", c.halt, !c.urgent)
		}
		if l.Halts(InfoAlert) != c.inf {
			t.Errorf("%q: information stands still: %t", c.halt, !c.inf)
		}
		l.Decided = evening
		if l.Halts(UrgentAlert) || l.Halts(InfoAlert) {
			t.Errorf("%q: what was decided about still halts", c.halt)
		}
	}
}
