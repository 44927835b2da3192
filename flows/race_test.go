package flows_test

import (
	"flag"
	"strings"
	"testing"
)

// .ci/run has them press a thousand times (issue 6).
var instants = flag.Int("instants", 150, "how often two coordinators press in the same instant")

// Two coordinators press in the same instant: one takes the case, and the other reads who did.
func TestOfTwoPressesInOneInstantOneTakesTheCase(t *testing.T) {
	tr := transcript{about: "# cast: ana resident Kastanje; rachid network_coordinator; wim street_coordinator Kastanje\n"}
	p := open(t, tr, mode{})
	defer p.close()
	for _, line := range []string{
		"ana > De lamp op de Kastanjelaan is kapot", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]",
	} {
		p.line(line)
	}
	for i := range *instants {
		said := strings.Join(p.line("wim+rachid@desk > [Opgepakt]"), "")
		won := map[string]bool{
			"wim": strings.Contains(said, "wim@desk ~ Je hebt"), "rachid": strings.Contains(said, "rachid@desk ~ Je hebt"),
		}
		if won["wim"] == won["rachid"] || strings.Count(said, "heeft deze melding al opgepakt") != 1 {
			t.Fatalf("press %d: %s", i, said)
		}
		for who, has := range won {
			if has {
				p.line(who + "@desk > [Teruggeven]")
			}
		}
		p.line("… 1m later")
	}
}
