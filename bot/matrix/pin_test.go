package matrix

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

func TestPinLeavesWhatOthersPinned(t *testing.T) {
	w := newWorld(t)
	room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Kastanje"}, buurtbot)
	w.poll()
	theirs := w.hs.Say(room, bo, "Huisregels")
	w.hs.State(room, bo, "m.room.pinned_events", map[string]any{"pinned": []any{theirs}})
	l := letter(1, room, "Let op")
	l.To.Kind = bot.Group
	on := w.send(l)
	for range 2 {
		if err := w.m.Pin(t.Context(), l.To, on); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{theirs, string(on)}, w.hs.Pinned(room)); diff != "" {
		t.Error(diff)
	}
	for range 2 {
		if err := w.m.Unpin(t.Context(), l.To, on); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{theirs}, w.hs.Pinned(room)); diff != "" {
		t.Error(diff)
	}
}

func TestMissingRightToPinIsFinalAndAFullServerIsNot(t *testing.T) {
	w := newWorld(t)
	room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Kastanje"}, buurtbot)
	w.poll()
	to := bot.ChatRef{Platform: Name, ID: room, Kind: bot.Group}
	for status, final := range map[int]bool{http.StatusForbidden: true, http.StatusTooManyRequests: false, http.StatusBadGateway: false} {
		w.hs.Refuse = refusing("/state/m.room.pinned_events", status, `{"errcode":"M_X"}`)
		err := w.m.Pin(t.Context(), to, "$a")
		var last *bot.FinalError
		if err == nil || errors.As(err, &last) != final {
			t.Errorf("status %d: %v", status, err)
		}
	}
}
