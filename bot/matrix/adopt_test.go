package matrix

import (
	"errors"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// rule gives a space of Bo's the levels and the rule of joining that are wanted.
func (w *world) rule(space, join string, level int) {
	w.hs.State(space, bo, "m.room.power_levels", map[string]any{
		"users": map[string]any{bo: 100, buurtbot: level}, "invite": 50, "kick": 50, "state_default": 50,
		"events": map[string]any{"m.space.child": 100},
	})
	w.hs.State(space, bo, "m.room.join_rules", map[string]any{"join_rule": join})
}

func TestSpaceOfPeopleIsTakenOverOnceItCanBe(t *testing.T) {
	w := newWorld(t)
	w.poll()
	site := bot.Site{Key: "kastanje", Kind: bot.SiteSpace, Title: "Kastanje"}
	space := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Onze <b>buurt</b>", Space: true})
	adopt := func(address string) (bot.ChatRef, error) { return w.m.Adopt(t.Context(), site, address) }
	refused := func(why error, address string) {
		t.Helper()
		if _, err := adopt(address); !isFinal(err) || !errors.Is(err, why) {
			t.Errorf("%q: %v, not %v", address, err, why)
		}
	}
	refused(bot.ErrForeign, "#nergens:hs.test")
	refused(bot.ErrForeign, "Onze buurt")
	refused(bot.ErrShut, space)
	w.rule(space, "public", 0)
	refused(bot.ErrOpen, space)
	if is := w.hs.Membership(space, buurtbot); is != "leave" {
		t.Errorf("in a space for everybody the bot is %q", is)
	}
	w.rule(space, "invite", 0)
	w.hs.Member(space, bo, buurtbot, "invite")
	w.poll()
	refused(bot.ErrPower, "https://matrix.to/#/"+space+"?via=hs.test")
	if is := w.hs.Membership(space, buurtbot); is != "join" {
		t.Errorf("where only the rights are missing the bot is %q", is)
	}
	w.rule(space, "invite", 100)
	for range 2 { // an answer that was lost is asked for again
		got, err := adopt(space)
		if err != nil || got != (bot.ChatRef{Platform: Name, ID: space, Kind: bot.Group, Title: "Onze <b>buurt</b>"}) {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	site.Key = "meidoorn"
	refused(bot.ErrForeign, space) // it is another street group's by now
	room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Geen Space"}, buurtbot)
	refused(bot.ErrForeign, room)
}

func TestComingAndGoingInASpaceThatWasTakenOverIsTold(t *testing.T) {
	w := newWorld(t)
	w.poll()
	space := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Buurt", Space: true}, buurtbot)
	w.rule(space, "invite", 100)
	w.poll()
	if _, err := w.m.Adopt(t.Context(), bot.Site{Key: "kastanje", Kind: bot.SiteSpace}, space); err != nil {
		t.Fatal(err)
	}
	w.poll()
	w.in.empty()
	w.hs.Member(space, bo, ana, "join")
	w.hs.Member(space, ana, ana, "leave")
	w.poll()
	if got := w.events(); len(got) != 2 || got[0] != (bot.Came{}) || got[1] != (bot.WentOut{}) {
		t.Errorf("told: %v", got)
	}
}
