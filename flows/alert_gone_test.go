package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// The words and the picture of an alert are two messages on Matrix. Police who read that both are gone may rely on it: no
// picture stands, and the words are in no history.
func TestNothingStandsOnMatrixAfterTheOutcome(t *testing.T) {
	tr := readTranscript(t, "testdata/alert-photo.txtar")
	p := open(t, tr, mode{matrix: true})
	t.Cleanup(p.close)
	s := p.stage.(*matrixStage)
	fake := s.server.(inMemory).Server
	shown := 0
	for _, line := range tr.script() {
		p.line(line)
		shown = max(shown, stands(fake, s.rooms["kastanje"], "m.image")+stands(fake, s.rooms["kees"], "m.image"))
	}
	if shown != 2 {
		t.Errorf("before the outcome %d pictures stood, not one in each place", shown)
	}
	for _, name := range []string{"kastanje", "kees"} {
		for _, what := range []string{"m.image", "rode jas"} {
			if n := stands(fake, s.rooms[name], what); n > 0 {
				t.Errorf("after the outcome %q stands %d times with %s", what, n, name)
			}
		}
		if n := stands(fake, s.rooms[name], "Wat hier stond, is weggehaald"); n != 1 {
			t.Errorf("that it is gone is said %d times to %s", n, name)
		}
	}
	if stands(fake, s.rooms["mirjam"], "Foto overal weggehaald") == 0 {
		t.Error("the officer does not read that the picture is gone")
	}
}

// stands counts the messages of the bot's in a room that hold something, in whatever form and however old.
func stands(fake *matrixfake.Server, room, what string) int {
	n := 0
	for _, e := range fake.Events(room, matrixBot, "m.room.message") {
		if strings.Contains(fmt.Sprint(e.Content), what) {
			n++
		}
	}
	return n
}

// What somebody took back is in no history of the coordinators' room. The card stands anew and wakes nobody, and the thread
// that it opened still is about the case.
func TestWithdrawnReportStandsInNoHistoryOnMatrix(t *testing.T) {
	r := lampCase(t)
	r.lines("wim@desk > [Opgepakt]")
	if n := stands(r.fake, r.room, "lamp"); n < 2 {
		t.Fatalf("before, the words stand %d times", n)
	}
	r.lines("ana > /intrekken", "ana > [Toch intrekken]")
	if n := stands(r.fake, r.room, "lamp"); n > 0 {
		t.Errorf("the words stand %d times", n)
	}
	said := r.said()
	card := slices.IndexFunc(said, func(e matrixfake.Event) bool {
		return e.ID != r.root && strings.Contains(fmt.Sprint(e.Content["body"]), "Nu: ingetrokken") && e.Content["m.relates_to"] == nil
	})
	if card < 0 || said[card].Content["msgtype"] != "m.notice" {
		t.Fatalf("the card does not stand anew: %v", said)
	}
	r.inThread("wim", "!zaak")
	last := r.said()[len(r.said())-1]
	if about, _ := last.Content["m.relates_to"].(map[string]any); about["event_id"] != said[card].ID {
		t.Errorf("in the thread of before, the bot answers %v", last.Content)
	}
}

// Of whoever is declined nothing is kept: no room of the coordinators' shows the name, in no history either.
func TestDeclinedNameStandsInNoHistoryOnMatrix(t *testing.T) {
	tr := readTranscript(t, "testdata/signup-declined.txtar")
	p := open(t, tr, mode{matrix: true})
	t.Cleanup(p.close)
	s := p.stage.(*matrixStage)
	fake := s.server.(inMemory).Server
	told := map[string]int{}
	for _, line := range tr.script() {
		for _, name := range []string{"desk", "wim"} {
			told[name] = max(told[name], stands(fake, s.rooms[name], "Joris"))
		}
		if p.line(line); strings.Contains(line, "[We weten niet wie dit is]") {
			break
		}
	}
	for name := range told {
		if n := stands(fake, s.rooms[name], "Joris"); n > 0 {
			t.Errorf("the name stands %d times with %s", n, name)
		}
	}
	if told["desk"] == 0 || told["wim"] == 0 {
		t.Errorf("the name never stood: %v", told)
	}
}
