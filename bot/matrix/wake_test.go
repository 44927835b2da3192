package matrix

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// mentions sends a letter to a room in which the bot has a level, and gives whom it mentions.
func (w *world) mentions(l bot.Letter, room string, levels map[string]any) any {
	w.t.Helper()
	if levels != nil {
		w.hs.State(room, bo, "m.room.power_levels", levels)
	}
	w.poll()
	l.To.ID, l.To.Kind = room, bot.Group
	w.send(l)
	said := w.hs.Events(room, buurtbot, "m.room.message")
	return said[len(said)-1].Content["m.mentions"]
}

func TestEverybodyIsCalledOnlyWhereThatIsAllowed(t *testing.T) {
	w := newWorld(t)
	urgent := letter(1, "", "Let op")
	urgent.Lane = bot.LaneUrgent
	everybody, nobody := any(map[string]any{"room": true}), any(map[string]any{})
	for name, c := range map[string]struct {
		levels map[string]any
		want   any
	}{
		"no levels: who made the room may": {nil, nobody},
		"moderator":                        {map[string]any{"users": map[string]any{buurtbot: 50}}, everybody},
		"ordinary member":                  {map[string]any{"users": map[string]any{bo: 100}}, nobody},
		"everybody may":                    {map[string]any{"notifications": map[string]any{"room": 0}}, everybody},
		"raised": {
			map[string]any{"users": map[string]any{buurtbot: 50}, "notifications": map[string]any{"room": 90}}, nobody,
		},
	} {
		room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Kastanje"}, buurtbot)
		w.poll()
		urgent.ID++
		if diff := cmp.Diff(c.want, w.mentions(urgent, room, c.levels)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatWakesNobodyIsANotice(t *testing.T) {
	w := newWorld(t)
	room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Coördinatoren"}, buurtbot)
	levels := map[string]any{"users": map[string]any{buurtbot: 100}}
	status := letter(1, "", "Nu: in beoordeling")
	status.Silent, status.Thread, status.Root = true, "case/1", "$card"
	card := letter(2, "", "Een zaak")
	edit := letter(3, "", "Een zaak, opgepakt")
	edit.Op, edit.Edits = bot.OpEdit, "$card"
	for _, l := range []bot.Letter{status, card, edit} {
		if diff := cmp.Diff(any(map[string]any{}), w.mentions(l, room, levels)); diff != "" {
			t.Errorf("letter %d: %s", l.ID, diff)
		}
	}
	var kinds []any
	for _, e := range w.hs.Events(room, buurtbot, "m.room.message") {
		kinds = append(kinds, e.Content["msgtype"])
	}
	if diff := cmp.Diff([]any{"m.notice", "m.text", "m.notice"}, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestThreadHangsUnderItsCard(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	l := letter(1, room, "Notitie")
	l.Thread, l.Root = "case/1", "$card"
	w.send(l)
	want := map[string]any{
		"rel_type": "m.thread", "event_id": "$card", "is_falling_back": true, "m.in_reply_to": map[string]any{"event_id": "$card"},
	}
	if diff := cmp.Diff(any(want), w.hs.Events(room, buurtbot, "m.room.message")[0].Content["m.relates_to"]); diff != "" {
		t.Error(diff)
	}
	l = letter(2, room, "Antwoord")
	l.Thread, l.Root, l.Reply = "case/1", "$card", "$question"
	w.send(l)
	want = map[string]any{"rel_type": "m.thread", "event_id": "$card", "m.in_reply_to": map[string]any{"event_id": "$question"}}
	if diff := cmp.Diff(any(want), w.hs.Events(room, buurtbot, "m.room.message")[1].Content["m.relates_to"]); diff != "" {
		t.Error(diff)
	}
}
