package matrix

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// found gives the findings as words; what is grave has an exclamation mark.
func found(t *testing.T, m *Matrix, room string, use bot.Use) string {
	t.Helper()
	list, err := m.Inspect(t.Context(), bot.ChatRef{Platform: Name, ID: room}, use)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, f := range list {
		word := f.Key
		if f.Grave {
			word += "!"
		}
		words = append(words, word)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

func TestInspectionTellsWhatIsWrongWithARoom(t *testing.T) {
	w := newWorld(t)
	w.poll()
	room := w.hs.CreateRoom(ana, matrixfake.Room{Name: "Bureau"}, buurtbot)
	got := []string{found(t, w.m, room, bot.UseClosed)} // invited only
	w.poll()
	change := func(kind string, content map[string]any) { w.hs.State(room, ana, kind, content) }
	look := func(use bot.Use) { got = append(got, found(t, w.m, room, use)) }
	look(bot.UseClosed)
	change("m.room.power_levels", map[string]any{
		"users": map[string]any{ana: 100, buurtbot: 50}, "invite": 50, "redact": 50, "events_default": 0,
	})
	change("m.room.history_visibility", map[string]any{"history_visibility": "joined"})
	look(bot.UseClosed)
	look(bot.UseDelivery)
	change("m.room.power_levels", map[string]any{"users": map[string]any{ana: 100}, "redact": 50, "events_default": 0})
	look(bot.UseDelivery)
	change("m.room.power_levels", map[string]any{
		"users": map[string]any{ana: 100, buurtbot: 50}, "invite": 50, "redact": 50, "events_default": 0,
	})
	change("m.room.join_rules", map[string]any{"join_rule": "restricted"})
	change("m.room.guest_access", map[string]any{"guest_access": "can_join"})
	look(bot.UseClosed)
	change("m.room.join_rules", map[string]any{"join_rule": "public"})
	change("m.room.history_visibility", map[string]any{"history_visibility": "world_readable"})
	change("m.bridge", map[string]any{"bridgebot": "@bridge:hs.test"})
	look(bot.UseDelivery)
	change("m.room.encryption", map[string]any{"algorithm": "m.megolm.v1.aes-sha2"})
	change("m.room.tombstone", map[string]any{"replacement_room": "!next:hs.test"})
	change("m.room.power_levels", map[string]any{"users": map[string]any{ana: 100}, "events_default": 50, "invite": 50})
	look(bot.UseDelivery)
	change("m.room.name", map[string]any{"name": "Politie: Kastanje"})
	look(bot.UseDelivery)
	w.hs.Member(room, ana, buurtbot, "leave")
	look(bot.UseDelivery)
	want := []string{
		"absent!",
		"history no_delete no_pin", // this bot has no keys, so an open room is the only one it can read
		"",
		"members_write",
		"marks members_write no_pin no_remove",
		"guests! joinable!",
		"bridged guests history_world! members_write public",
		"bridged guests history_world! muted! no_delete no_invite no_pin no_remove public replaced! sealed!",
		"bridged guests history_world! muted! no_delete no_invite no_pin no_remove posing! public replaced! sealed!",
		"absent!",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What nobody answers is not a finding.
func TestInspectionWithoutAnAnswerIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	w.poll()
	w.hs.Refuse = refusing("/state", http.StatusBadGateway, `{"errcode":"M_UNKNOWN"}`)
	_, err := w.m.Inspect(t.Context(), bot.ChatRef{Platform: Name, ID: "!r1:hs.test"}, bot.UseClosed)
	if e := remedy(t, err); e.Remedy != bot.Later {
		t.Errorf("the remedy is %s", e.Remedy)
	}
}

// The powers of a room of version 12 do not name who made it, whose power has no end.
func TestCreatorOfARoomOfVersionTwelveHasAllPower(t *testing.T) {
	state := []string{
		`{"type":"m.room.create","state_key":"","sender":"@buurtbot:hs.test","content":{"room_version":"12"}}`,
		`{"type":"m.room.power_levels","state_key":"","sender":"@buurtbot:hs.test","content":{"users":{},"events_default":50,"invite":50}}`,
		`{"type":"m.room.join_rules","state_key":"","sender":"@buurtbot:hs.test","content":{"join_rule":"invite"}}`,
	}
	var events []*happening
	for _, raw := range state {
		e, err := parse([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	l := lawOf(events, "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM")
	if got := l.rights("@buurtbot:hs.test", bot.UseDelivery); len(got) > 0 {
		t.Errorf("the creator lacks %v", got)
	}
	if got := l.rights("@ana:hs.test", bot.UseDelivery); len(got) == 0 {
		t.Error("a member is told to have every right")
	}
}
