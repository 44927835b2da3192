package flows_test

import (
	"fmt"
	"strings"
	"testing"
)

// A list of tips stands in private where a room cannot be reached: whose role is over reads in it nothing of what comes next.
func TestAListOfTipsIsClosedWhenTheRoleOfItsReaderIsOver(t *testing.T) {
	for room, who := range map[string]string{"desk": "rachid", "bureau": "piet"} {
		t.Run(who, func(t *testing.T) {
			const many, later = 30, 5
			var cast, names []string
			for i := range many {
				names = append(names, fmt.Sprintf("r%d", i))
				cast = append(cast, names[i]+" resident Kastanje")
			}
			p := open(t, transcript{about: "# paced: yes\n# at: 2025-10-14 14:00\n# cast: " + strings.Join(cast, "; ") +
				"; rachid network_coordinator; mirjam police; piet police\n"}, mode{})
			p.lines("piet > hoi", "rachid > hoi", "! room "+room+" gone",
				"mirjam > /oproep Wie zag de scooter bij het bushokje aan de Kastanjelaan?", "mirjam > [Deze tekst gebruiken]",
				"mirjam > [Nu]", "mirjam > [Kastanje]", "mirjam > [2 uur]", "mirjam > [Versturen]", "mirjam > [Ja, versturen]")
			p.pass("2m later")
			everybody := strings.Join(names, "+") + " > "
			p.lines(everybody+"/start zag-A-????", everybody+"[Het is al voorbij]",
				everybody+"Ik zag een scooter wegrijden van de Kastanjelaan.", everybody+"[Vandaag]", everybody+"[Overslaan]")
			p.said()
			if got := tipsRead(p, who, names[:many-later]); !strings.Contains(got, "wachten nog") {
				t.Fatalf("there is no list, so nothing is shown: %s", got)
			}
			p.check(p.endRoles(who))
			got := tipsRead(p, who, names[many-later:])
			if strings.Contains(got, "scooter") || !strings.Contains(got, "Dit hoort niet meer bij jou") {
				t.Errorf("whose role is over reads:\n%s", got)
			}
			p.close()
		})
	}
}

// tipsRead lets people send what they saw within a minute or two, and gives what somebody reads meanwhile.
func tipsRead(p *player, who string, by []string) string {
	p.t.Helper()
	var said []string
	for _, name := range by {
		said = append(said, p.line(name+" > [Versturen]")...)
		p.pass("2s later")
		said = append(said, p.said()...)
	}
	p.pass("21s later")
	said = append(said, p.said()...)
	var read []string
	for _, s := range said {
		if chatOf(s) == who {
			read = append(read, s)
		}
	}
	return strings.Join(read, "\n")
}
