package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// A group in which the bot may not speak keeps what it is to read. It reads it at once when the bot is given the right, and
// not when the next attempt would have been.
func TestAnAlertThatWaitsForARightGoesWhenItIsGiven(t *testing.T) {
	p := open(t, transcript{}, mode{telegram: true})
	defer p.close()
	s := p.stage.(*telegramStage)
	s.server.Forbid(s.ids["kastanje"], botapi.Deny{Text: true})
	const alert = "drie mensen proberen autodeuren aan de Kastanjelaan."
	reads := func(said []string) bool {
		for _, line := range said {
			if strings.HasPrefix(line, "kastanje <") && strings.Contains(line, alert) {
				return true
			}
		}
		return false
	}
	for _, line := range []string{
		"mirjam > /alarm", "mirjam > Let op: " + alert, "mirjam > [Nu]", "mirjam > [Kastanje]", "mirjam > [2 uur]",
		"mirjam > [Versturen]", "mirjam > [Ja, versturen]", "… 2m later",
	} {
		if reads(p.line(line)) {
			t.Fatal("the alert was read in a group where the bot may not speak")
		}
	}
	before := p.now
	s.server.Promote(s.ids["rachid"], s.ids["kastanje"], botapi.AllRights())
	p.check(s.PollOnce(p.ctx, p.inbox()))
	p.drain()
	if !reads(p.said()) {
		t.Errorf("%v after the right was given the group has not read the alert", p.now.Sub(before))
	}
}

// So it is in a room whose levels keep the bot silent. What else is to be said there does not wait longer for it.
func TestAnAlertThatWaitsForALevelGoesWhenItIsGiven(t *testing.T) {
	const alert = "drie mensen proberen autodeuren aan de Kastanjelaan."
	r := newTeller(t,
		"mirjam > /alarm", "mirjam > Let op: "+alert, "mirjam > [Nu]", "mirjam > [Kastanje]", "mirjam > [2 uur]", "mirjam > [Versturen]",
	)
	room := r.s.rooms["kastanje"]
	levels := func(speak int) {
		r.fake.State(room, matrixfake.User("rachid"), "m.room.power_levels", map[string]any{
			"users": map[string]any{matrixfake.User("rachid"): 100}, "events_default": speak,
		})
	}
	reads := func() (times int) {
		for _, words := range r.bodies(room) {
			if strings.Contains(words, alert) {
				times++
			}
		}
		return times
	}
	levels(50)
	r.lines("mirjam > [Ja, versturen]", "… 2m later")
	if n := reads(); n != 0 {
		t.Fatalf("the alert was read %d times in a room where the bot may not speak", n)
	}
	before := r.now
	levels(0)
	r.check(r.s.poll(r.ctx, r.store))
	r.drain()
	if n := reads(); n != 1 {
		t.Errorf("%v after the right was given the room has read the alert %d times", r.now.Sub(before), n)
	}
}
