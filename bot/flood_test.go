package bot

import (
	"testing"
	"time"
)

func TestTheVerySameWordsOverAndOverAreThoseOfAMachine(t *testing.T) {
	f := &Flood{PerMinute: 20}
	now := time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)
	ana := UserRef{Platform: "p", ID: "ana"}
	for i := range 3 * sameWords {
		if got, want := f.machine(ana, "Ik ben afwezig. Bij spoed: bel 112.", now), i >= sameWords; got != want {
			t.Fatalf("after %d times: %t", i+1, got)
		}
		now = now.Add(time.Second)
	}
	now = now.Add(sameAnswer)
	for i, want := range []bool{false, true} { // in case it is a person in need after all
		if got := f.machine(ana, "Ik ben afwezig. Bij spoed: bel 112.", now); got != want {
			t.Errorf("a minute later, time %d: %t", i+1, got)
		}
	}
	if f.machine(ana, "Er is brand", now) {
		t.Error("other words count as the same")
	}
	if f.machine(UserRef{Platform: "p", ID: "bo"}, "Ik ben afwezig. Bij spoed: bel 112.", now) {
		t.Error("somebody else counts as the same")
	}
	for range sameWords + 1 {
		f.machine(ana, "help", now)
	}
	if now = now.Add(sameWithin + time.Second); f.machine(ana, "help", now) {
		t.Error("it is never forgotten")
	}
	if (*Flood)(nil).machine(ana, "help", now) {
		t.Error("without a gate")
	}
}

func TestAlbumCountsAsOneMessage(t *testing.T) {
	f := &Flood{PerMinute: 20}
	now := time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)
	ana := UserRef{Platform: "p", ID: "ana"}
	for i := range 60 {
		if got, want := f.same(ana, Media{Album: "a"}, now), i > 0 && i < 50; got != want {
			t.Errorf("picture %d: %t", i+1, got)
		}
	}
	for name, ev := range map[string]Event{"another album": Media{Album: "b"}, "no album": Media{}, "words": Text{Body: "hoi"}} {
		if f.same(ana, ev, now) {
			t.Errorf("%s goes by uncounted", name)
		}
	}
	if (*Flood)(nil).same(ana, Media{Album: "a"}, now) {
		t.Error("without a gate")
	}
}
