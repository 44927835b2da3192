package matrix

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// street is a room of the caretaker's in which the bot is.
func (w *world) street() string {
	w.t.Helper()
	w.poll()
	room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"}, buurtbot)
	w.poll()
	w.in.empty()
	return room
}

func ref(room string) bot.ChatRef { return bot.ChatRef{Platform: Name, ID: room, Kind: bot.Group} }

func TestUpgradedRoomIsToldAndNotEntered(t *testing.T) {
	w := newWorld(t)
	old := w.street()
	next := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat", After: old, Public: true})
	w.hs.State(old, bo, "m.room.tombstone", map[string]any{"replacement_room": next})
	w.poll()
	want := []bot.Event{bot.Replaced{By: bot.Successor{ID: next, Via: matrixfake.ServerName}}}
	if diff := cmp.Diff(want, w.events()); diff != "" {
		t.Error(diff)
	}
	if is := w.hs.Membership(next, buurtbot); is != "" {
		t.Errorf("the bot's membership of the successor is %q", is)
	}
}

func TestSuccessorIsFollowedOnlyWhenBothRoomsSaySo(t *testing.T) {
	w := newWorld(t)
	old := w.street()
	next := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat", After: old, Public: true})
	trap := w.hs.CreateRoom(ana, matrixfake.Room{Name: "Val", Public: true})
	shut := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat", After: old})
	names := func(room string) { w.hs.State(old, bo, "m.room.tombstone", map[string]any{"replacement_room": room}) }
	follow := func(room string) error { return w.m.Follow(t.Context(), ref(old), bot.Successor{ID: room}) }
	for _, step := range []struct {
		room string
		want error
		is   string // membership afterwards
	}{
		{trap, bot.ErrForeign, "leave"}, // it does not name the old room
		{shut, bot.ErrShut, ""},
		{next, nil, "join"},
		{next, nil, "join"}, // after a crash once more
	} {
		names(step.room)
		var final *bot.FinalError
		err := follow(step.room)
		if !errors.Is(err, step.want) || (err != nil && !errors.As(err, &final)) {
			t.Errorf("following gives %v, not %v for good", err, step.want)
		}
		if is := w.hs.Membership(step.room, buurtbot); is != step.is {
			t.Errorf("membership %q, not %q", is, step.is)
		}
	}
	names(shut)
	if err := follow(next); !errors.Is(err, bot.ErrForeign) {
		t.Errorf("a successor that is not named any more: %v", err)
	}
}

func TestFollowingWithoutAnAnswerIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	old := w.street()
	next := w.hs.CreateRoom(bo, matrixfake.Room{After: old, Public: true})
	w.hs.State(old, bo, "m.room.tombstone", map[string]any{"replacement_room": next})
	w.hs.Refuse = refusing("/join", http.StatusBadGateway, "")
	err := w.m.Follow(t.Context(), ref(old), bot.Successor{ID: next})
	if e := remedy(t, err); e.Remedy != bot.Later {
		t.Errorf("the remedy is %s", e.Remedy)
	}
}
