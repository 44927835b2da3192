package flows_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Sixty people answer an alert within two minutes: neither room gets more writes in any minute than its platform bears, and
// each tip has its card or stands, counted, in the list.
func TestARushOfTipsFitsTheRoomsAndLosesNothing(t *testing.T) {
	const many, bears = 60, 18
	var cast, names []string
	for i := range many {
		names = append(names, fmt.Sprintf("r%d", i))
		cast = append(cast, names[i]+" resident Kastanje")
	}
	p := open(t, transcript{about: "# paced: yes\n# at: 2025-10-14 14:00\n# cast: " + strings.Join(cast, "; ") +
		"; rachid network_coordinator; mirjam police\n"}, mode{})
	for _, line := range []string{
		"/oproep Wie zag de scooter bij het bushokje aan de Kastanjelaan?", "[Deze tekst gebruiken]", "[Nu]", "[Kastanje]", "[2 uur]",
		"[Versturen]", "[Ja, versturen]",
	} {
		p.line("mirjam > " + line)
	}
	p.pass("2m later")
	p.said()
	everybody := strings.Join(names, "+") + " > "
	for _, line := range []string{
		"/start zag-A-????", "[Het is al voorbij]", "Ik zag een scooter wegrijden van de Kastanjelaan.", "[Vandaag]", "[Overslaan]",
	} {
		p.line(everybody + line)
	}
	writes, cards := map[string][]time.Time{}, 0
	note := func(said []string) {
		for _, s := range said {
			if chat := chatOf(s); chat == "bureau" || chat == "desk" {
				writes[chat] = append(writes[chat], p.now)
			}
			if strings.HasPrefix(s, "bureau < KAS-") {
				cards++
			}
		}
	}
	for _, name := range names {
		note(p.line(name + " > [Versturen]"))
		p.pass("2s later")
		note(p.said())
	}
	p.pass("21s later")
	last := p.said()
	note(last)
	for chat, times := range writes {
		for i, at := range times {
			if i+bears < len(times) && times[i+bears].Sub(at) < time.Minute {
				t.Errorf("%s: more than %d writes in the minute from %s", chat, bears, at.Format(time.TimeOnly))
				break
			}
		}
	}
	waiting := fmt.Sprintf("Deze %d wachten nog", many-cards)
	if text := strings.Join(last, "\n"); cards == 0 || strings.Count(text, waiting) != 2 {
		t.Errorf("%d tips have a card, and the lists say in the end:\n%s", cards, text)
	}
	t.Logf("%d tips: %d cards, %d writes to the police, %d to coordinators", many, cards, len(writes["bureau"]), len(writes["desk"]))
	p.close()
}
