package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// The words and the picture of an alert are two messages on Matrix. Police who read that the picture is gone may rely on it.
func TestNoPictureStandsOnMatrixAfterTheOutcome(t *testing.T) {
	tr := readTranscript(t, "testdata/alert-photo.txtar")
	p := open(t, tr, mode{matrix: true})
	t.Cleanup(p.close)
	s := p.stage.(*matrixStage)
	fake := s.server.(inMemory).Server
	shown := 0
	for _, line := range tr.script() {
		p.line(line)
		shown = max(shown, pictures(fake, s.rooms["kastanje"])+pictures(fake, s.rooms["kees"]))
	}
	if shown != 2 {
		t.Errorf("before the outcome %d pictures stood, not one in each place", shown)
	}
	for _, name := range []string{"kastanje", "kees"} {
		if n := pictures(fake, s.rooms[name]); n > 0 {
			t.Errorf("after the outcome %d pictures stand with %s", n, name)
		}
	}
	card := fake.Events(s.rooms["mirjam"], matrixBot, "m.room.message")
	said := slices.ContainsFunc(card, func(e matrixfake.Event) bool {
		body, _ := e.Content["body"].(string)
		return strings.Contains(body, "Foto overal weggehaald")
	})
	if !said {
		t.Error("the officer does not read that the picture is gone")
	}
}

// pictures counts those of the bot's that stand in a room.
func pictures(fake *matrixfake.Server, room string) int {
	n := 0
	for _, e := range fake.Events(room, matrixBot, "m.room.message") {
		if e.Content["msgtype"] == "m.image" {
			n++
		}
	}
	return n
}
