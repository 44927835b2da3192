package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// A group that the bot may not write to leaves dead letters. The administrator sees where they were going, not what they
// say, and lets them go once the group is open again.
func TestAnAdministratorLetsADeadLetterGo(t *testing.T) {
	p := open(t, transcript{about: "# cast: bea admin; ana resident Kastanje nl\n", lines: []string{"bea > hoi", "ana > hoi"}}, mode{telegram: true})
	defer p.close()
	s := p.stage.(*telegramStage)
	said := func(where string) string {
		var all []string
		for _, m := range s.server.Messages(s.ids[where]) {
			all = append(all, m.Text)
		}
		return strings.Join(all, "\n---\n")
	}
	p.line("bea > /ops")
	if got := said("bea"); !strings.Contains(got, "Er ligt niets.") {
		t.Errorf("with nothing set aside she reads:\n%s", got)
	}
	desk := s.ids["desk"]
	s.server.Fail(botapi.Fault{Method: "sendMessage", Chat: desk, Kind: botapi.Puzzled})
	for _, line := range []string{
		"ana > De lamp op de Kastanjelaan is kapot", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]", "bea > /ops",
	} {
		p.line(line)
	}
	got := said("bea")
	if !strings.Contains(got, "Niet bezorgd") || !strings.Contains(got, "MESSAGE_TOO_ODD") || strings.Contains(got, "lamp") {
		t.Errorf("of a dead letter she reads:\n%s", got)
	}
	if got := said("desk"); strings.Contains(got, "lamp") {
		t.Fatalf("the coordinators read it all the same:\n%s", got)
	}
	p.line("bea > [Opnieuw proberen]")
	if got := said("desk"); !strings.Contains(got, "De lamp op de Kastanjelaan is kapot") {
		t.Errorf("after another try the coordinators read:\n%s", got)
	}
	p.line("bea > /ops")
	if got := said("bea"); !strings.HasSuffix(got, "Er ligt niets. Alles is verwerkt en bezorgd.") {
		t.Errorf("in the end she reads:\n%s", got)
	}
}
