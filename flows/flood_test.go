package flows_test

import (
	"fmt"
	"strings"
	"testing"
)

// A person who sends line after line is asked once to wait, and then read no more for a while. Danger is heard in the middle of
// that, and whatever is told of it.
func TestDangerIsHeardInAFlood(t *testing.T) {
	p := open(t, transcript{about: "# cast: ana resident Kastanje; rachid network_coordinator"}, mode{})
	defer p.close()
	var said []string
	for i := range 60 { // a second apart, which is three times what is read for long
		said = append(said, p.line(fmt.Sprintf("ana > de lantaarn is kapot, regel %d", i))...)
	}
	const wait = "ana < Je stuurt me veel berichten achter elkaar. Wacht een minuutje, dan lees ik weer mee." +
		" Bel bij gevaar altijd meteen 112.\n"
	if n := strings.Count(strings.Join(said, ""), wait); n != 1 || len(said) > 45 {
		t.Fatalf("they were asked to wait %d times, in %d answers", n, len(said))
	}
	hears(t, p, "brand!", "Bel nu 112.")
	for i := range 40 {
		hears(t, p, fmt.Sprintf("hij staat bij deur %d", i), "Ik heb het erbij gezet. Bel nu 112")
	}
	hears(t, p, "[Ja, ik heb gebeld]", "Twee korte vragen")
	hears(t, p, "Er komt rook uit het dak", "Waar is het?")
	if said := p.line("ana > Kastanjelaan"); !strings.Contains(strings.Join(said, ""), "bureau < 🔴 SPOED") {
		t.Errorf("the police do not read of it: %q", said)
	}
}

func hears(t *testing.T, p *player, words, want string) {
	t.Helper()
	if said := p.line("ana > " + words); !strings.HasPrefix(strings.Join(said, ""), "ana < "+want) {
		t.Fatalf("to %q ana reads %q, want %q", words, said, want)
	}
}

// Whoever says the very same words again and again is taken for a machine, and is answered once a minute: the words stand in the
// report.
func TestSameCryIsAnsweredOnceAMinute(t *testing.T) {
	p := open(t, transcript{about: "# cast: ana resident Kastanje"}, mode{})
	defer p.close()
	answers := 0
	for range 80 {
		answers += len(p.line("ana > help, brand!"))
	}
	if answers != 20+1 {
		t.Errorf("80 times the same within 80 seconds: %d answers, want 20 and one for each minute after", answers)
	}
}
