package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// begun is a player on Telegram in which Bea has become the administrator of a network that is not set up.
func begun(t *testing.T) (*player, *telegramStage) {
	t.Helper()
	p := open(t, transcript{about: "# cast: bea guest\n# bare: yes\n", lines: []string{"bea > hoi"}}, mode{telegram: true})
	for _, line := range []string{
		"! invite 7F3K9QRS7F3K9QRS7F3K9QRS7F role admin", "bea > /start 7F3K9QRS7F3K9QRS7F3K9QRS7F", "bea > [Ja, dat ben ik]",
		"bea > Bea",
	} {
		p.line(line)
	}
	return p, p.stage.(*telegramStage)
}

// A basic group becomes a supergroup when the bot is given rights there, which is what the guide asks for: the binding, the
// look at its rights and the test message follow it to its new id.
func TestAGroupMayBecomeASupergroupDuringTheSetUp(t *testing.T) {
	for name, migrateFirst := range map[string]bool{"before the bot has read the command": true, "after it": false} {
		t.Run(name, func(t *testing.T) {
			p, s := begun(t)
			defer p.close()
			const small = int64(-4242)
			s.server.AddGroup(botapi.Group{ID: small, Title: "klein", Type: "group", Members: []int64{s.ids["bea"]}})
			s.ids["klein"], s.names[small] = small, "klein"
			var super int64
			if migrateFirst {
				s.server.Say(s.ids["bea"], small, "/koppel coördinatoren")
				super = s.server.Migrate(small)
			} else {
				p.line("bea@klein > /koppel coördinatoren")
				super = s.server.Migrate(small)
			}
			s.ids["klein"], s.names[super] = super, "klein"
			for range 3 {
				p.check(s.PollOnce(p.ctx, p.inbox()))
				p.drain()
			}
			p.line("bea > /inrichten")
			p.line("bea > [Proefbericht sturen]")
			var heard bool
			for _, m := range s.server.Messages(super) {
				heard = heard || strings.Contains(m.Text, "Dit is een proef")
			}
			if !heard {
				t.Error("the supergroup did not get the test message")
			}
		})
	}
}

// The look at the bot's rights is a real one: a member that may not write, then an administrator with every right.
func TestTheGuideSeesTheRightsThatTheBotHas(t *testing.T) {
	p, s := begun(t)
	defer p.close()
	p.lacks = nil // ask the adapter
	p.restart()
	desk := s.ids["desk"]
	s.server.Demote(s.ids["bea"], desk)
	s.server.Forbid(desk, botapi.Deny{Text: true})
	read := func(want string) {
		t.Helper()
		var said []string
		for _, m := range s.server.Messages(s.ids["bea"]) {
			said = append(said, m.Text)
		}
		if !strings.Contains(strings.Join(said[max(0, len(said)-2):], "\n"), want) {
			t.Errorf("the administrator does not read %q, but:\n%s", want, strings.Join(said, "\n---\n"))
		}
	}
	p.line("bea@desk > /koppel coördinatoren")
	read("Ik mag hier niet schrijven")
	s.server.Promote(s.ids["bea"], desk, botapi.Rights{Pin: true})
	p.line("bea > [Opnieuw nakijken]")
	read("Ik mag hier geen berichten van anderen weghalen")
	s.server.Promote(s.ids["bea"], desk, botapi.AllRights())
	p.line("bea > [Opnieuw nakijken]")
	read("De groep van de politie")
}
