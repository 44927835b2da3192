package matrix

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// rights gives the bot power in a room of bo's.
func (w *world) rights(room string, level int) {
	w.hs.State(room, bo, "m.room.power_levels", map[string]any{
		"users": map[string]any{bo: 100, buurtbot: level}, "invite": 50, "kick": 50, "state_default": 50,
	})
}

// goesOn is a room of bo's in the place of another, in which the bot is.
func (w *world) goesOn(kind matrixfake.Room) string {
	w.t.Helper()
	room := w.hs.CreateRoom(bo, kind, buurtbot)
	w.rights(room, 100)
	w.hs.Member(room, buurtbot, buurtbot, "join")
	w.poll()
	return room
}

// last is the newest content of a piece of state that the bot set, by its key.
func (w *world) last(room, kind string) map[string]map[string]any {
	set := map[string]map[string]any{}
	for _, e := range w.hs.Events(room, buurtbot, kind) {
		set[*e.StateKey] = e.Content
	}
	return set
}

// A space goes on in a room that carries no mark of ours and holds nothing: it is marked, the street hangs in it and is open
// to who is in it, and to nobody else any more. Then the street goes on in another room as well.
func TestSpaceAndStreetThatGoOnAreHungAnew(t *testing.T) {
	w := newWorld(t)
	w.poll()
	space := w.build(site("aa", bot.SiteSpace))
	of := site("bb", bot.SiteStreet)
	of.Within = space
	street := w.build(of)
	anna, cas := w.client("ana"), w.client("cas")
	w.hs.Member(space, buurtbot, ana, "join")
	next := w.goesOn(matrixfake.Room{Name: "Kastanje", Space: true, After: space})
	w.hs.Member(next, bo, matrixfake.User("cas"), "join")
	w.hs.State(next, bo, placeType, map[string]any{"key": "aa", "kind": "space"}) // as some servers copy it
	for range 2 {                                                                 // asked once more, nothing changes
		if err := w.m.Rehang(t.Context(), site("aa", bot.SiteSpace), ref(next), ref(street)); err != nil {
			t.Fatal(err)
		}
	}
	via := []any{matrixfake.ServerName}
	if diff := cmp.Diff(map[string]map[string]any{street: {"via": via, "suggested": true}}, w.last(next, "m.space.child")); diff != "" {
		t.Errorf("the space holds: %s", diff)
	}
	want := map[string]map[string]any{space: {}, next: {"via": via, "canonical": true}}
	if diff := cmp.Diff(want, w.last(street, "m.space.parent")); diff != "" {
		t.Errorf("the street stands in: %s", diff)
	}
	if n := len(w.hs.Events(next, buurtbot, placeType)); n != 1 {
		t.Errorf("the space was marked %d times", n)
	}
	if anna.join(street) == http.StatusOK {
		t.Error("who is in the old space alone comes into the street")
	}
	if is := cas.join(street); is != http.StatusOK {
		t.Errorf("who is in the new space does not come into the street: %d", is)
	}

	of.Within = next
	after := w.goesOn(matrixfake.Room{Name: "Alarmen", After: street})
	if err := w.m.Rehang(t.Context(), of, ref(after)); err != nil {
		t.Fatal(err)
	}
	want = map[string]map[string]any{street: {}, after: {"via": via, "suggested": true}}
	if diff := cmp.Diff(want, w.last(next, "m.space.child")); diff != "" {
		t.Errorf("the space holds: %s", diff)
	}
	if is := cas.join(after); is != http.StatusOK {
		t.Errorf("who is in the space does not come into the new street: %d", is)
	}
}

func TestRoomThatGoesOnWithoutRightsForUsIsToldSo(t *testing.T) {
	w := newWorld(t)
	w.poll()
	space := w.build(site("aa", bot.SiteSpace))
	next := w.goesOn(matrixfake.Room{Name: "Kastanje", Space: true, After: space})
	w.rights(next, 0)
	var final *bot.FinalError
	err := w.m.Rehang(t.Context(), site("aa", bot.SiteSpace), ref(next))
	if !errors.Is(err, bot.ErrPower) || !errors.As(err, &final) {
		t.Errorf("without rights: %v", err)
	}
	w.hs.Refuse = refusing("/state", http.StatusBadGateway, "")
	if err := w.m.Rehang(t.Context(), site("aa", bot.SiteSpace), ref(next)); err == nil || errors.As(err, &final) {
		t.Errorf("without an answer: %v", err)
	}
	w.hs.Refuse = nil
	w.rights(next, 100)
	if err := w.m.Rehang(t.Context(), site("aa", bot.SiteSpace), ref(next)); err != nil {
		t.Errorf("with the rights: %v", err)
	}
}
