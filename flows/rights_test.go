package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
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
