package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

const lampStory = `ana > De lamp op de Kastanjelaan is kapot
ana > [Eerder]
ana > [Overslaan]
ana > [Versturen]`

// desk is the coordinators' room of a player on Matrix, and what is said in the thread of the only case.
type threadRoom struct {
	*player
	fake *matrixfake.Server
	room string
	root string
}

// lampCase files a case by Ana on Matrix, whose coordinators are there as well.
func lampCase(t *testing.T) *threadRoom {
	t.Helper()
	tr := transcript{lines: strings.Split(lampStory+"\nwim@desk > hoi\nrachid@desk > hoi", "\n")}
	p := open(t, tr, mode{matrix: true})
	t.Cleanup(p.close)
	p.lines(strings.Split(lampStory, "\n")...)
	s := p.stage.(*matrixStage)
	r := &threadRoom{player: p, fake: s.server.(inMemory).Server, room: s.rooms[sandbox.DeskRoom]}
	r.root = r.said()[0].ID
	return r
}

func (p *player) lines(lines ...string) {
	p.t.Helper()
	for _, line := range lines {
		p.line(line)
	}
}

func (r *threadRoom) said() []matrixfake.Event {
	return r.fake.Events(r.room, matrixBot, "m.room.message")
}

// inThread writes something as people do in a thread: without answering a message in it.
func (r *threadRoom) inThread(person, words string) {
	r.t.Helper()
	r.fake.Send(r.room, matrixfake.User(person), "m.room.message", map[string]any{
		"msgtype": "m.text", "body": words, "m.mentions": map[string]any{}, "m.relates_to": map[string]any{
			"rel_type": "m.thread", "event_id": r.root, "is_falling_back": true, "m.in_reply_to": map[string]any{"event_id": r.root},
		},
	})
	r.check(r.stage.(*matrixStage).poll(r.ctx, r.store))
	r.drain()
}

// thread lists what the bot said in the thread, each with its kind.
func (r *threadRoom) thread() []string {
	r.t.Helper()
	var all []string
	for _, e := range r.said() {
		about, is := e.Content["m.relates_to"].(map[string]any)
		if !is || about["rel_type"] != "m.thread" {
			continue
		}
		want := map[string]any{
			"rel_type": "m.thread", "event_id": r.root, "is_falling_back": true, "m.in_reply_to": map[string]any{"event_id": r.root},
		}
		if diff := cmp.Diff(want, about); diff != "" {
			r.t.Error(diff)
		}
		all = append(all, fmt.Sprint(e.Content["msgtype"], " ", e.Content["body"]))
	}
	return all
}

func TestThreadOfACaseTellsWhatWasDoneAndNoneOfTheWords(t *testing.T) {
	r := lampCase(t)
	r.lines("wim@desk > [Opgepakt]", "wim@desk > re: Hoe lang al?", "ana > Sinds maandag", "wim@desk > [Notitie]",
		"wim > De paal hoort bij de gemeente", "wim@desk > [Afhandelen]", "wim > 1", "wim > [Overslaan]")
	want := []string{
		"m.text Je hebt KAS-#1 opgepakt.",
		"m.notice Nu: in beoordeling (Wim)",
		"m.notice Nu: in beoordeling (Wim)", // once more after the answer, when it is closed
		"m.notice Nu: vraag aan de melder (Wim)",
		"m.notice Antwoord van de melder: het staat op de kaart hierboven.",
		"m.notice Nieuwe notitie van Wim: die staat op de kaart hierboven.",
		"m.notice Nu: afgehandeld",
	}
	got := r.thread()
	for i := range got {
		got[i] = reference.ReplaceAllString(got[i], "$1-#1")
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNumberInAThreadActsOnItsCase(t *testing.T) {
	r := lampCase(t)
	r.inThread("wim", "1")
	if got := r.thread(); !slices.Contains(got, "m.notice Nu: in beoordeling (Wim)") {
		t.Errorf("after 1 in the thread it holds %q", got)
	}
}

func TestTalkInAThreadStaysAmongPeople(t *testing.T) {
	r := lampCase(t)
	before, alone := len(r.said()), len(r.fake.Events(r.stage.(*matrixStage).rooms["ana"], matrixBot, "m.room.message"))
	r.inThread("wim", "Wie kent de melder hiervan?")
	if after := len(r.said()); after != before {
		t.Errorf("the bot answers talk: %v", r.said()[before:])
	}
	if got := len(r.fake.Events(r.stage.(*matrixStage).rooms["ana"], matrixBot, "m.room.message")); got != alone {
		t.Error("what coordinators say among themselves reached the reporter")
	}
}

func TestCommandInAThreadIsAboutItsCase(t *testing.T) {
	tr := transcript{
		about: "# cast: ana resident Kastanje; rachid network_coordinator; wim street_coordinator Kastanje; mirjam police\n",
		lines: strings.Split(lampStory+"\nmirjam@desk > hoi", "\n"),
	}
	p := open(t, tr, mode{matrix: true})
	t.Cleanup(p.close)
	p.lines(strings.Split(lampStory, "\n")...)
	s := p.stage.(*matrixStage)
	r := &threadRoom{player: p, fake: s.server.(inMemory).Server, room: s.rooms[sandbox.DeskRoom]}
	r.root = r.said()[0].ID
	r.inThread("mirjam", "!alarm")
	p.line("mirjam > [Nu]")
	alone := r.fake.Events(s.rooms["mirjam"], matrixBot, "m.room.message")
	if len(alone) == 0 || !strings.Contains(fmt.Sprint(alone[len(alone)-1].Content["body"]), "De lamp op de Kastanjelaan is kapot") &&
		!strings.Contains(fmt.Sprint(alone[len(alone)-1].Content["body"]), "Kastanjelaan") {
		t.Errorf("the alert that !alarm begins is not about the case of its thread: %v", alone)
	}
}
