package flows_test

import (
	"strings"
	"testing"
)

// What a case holds, each under a word that stands nowhere else.
var factWords = map[string]string{
	"story": "beklad", "name": "Fatima", "plate": "12-ABC-3", "note": "kanarienotitie", "message": "kanariebericht",
	"reason": "kanariereden",
}

// Who reads what of a case: its readers' cards, and what they read alone with the bot.
func TestWhoReadsWhatOfACase(t *testing.T) {
	p := open(t, transcript{about: "# cast: ana resident Kastanje; wim street_coordinator Kastanje; rachid network_coordinator;" +
		" mirjam police; noor municipality Kastanje; hugo housing Kastanje\n"}, mode{})
	defer p.close()
	last := map[string]string{}
	play := func(lines ...string) {
		t.Helper()
		for _, line := range lines {
			for _, said := range p.line(line) {
				if strings.Contains(said, "Vernieling\n") {
					last[chatOf(said)] = said
				}
			}
		}
	}
	check := func(step string, want map[string]string) {
		t.Helper()
		for reader, fields := range want {
			for field, word := range factWords {
				reads := strings.Contains(last[reader], word)
				if should := strings.Contains(" "+fields+" ", " "+field+" "); reads != should {
					t.Errorf("%s: %s reads the %s: %t, want %t\n%s", step, reader, field, reads, should, last[reader])
				}
			}
		}
	}
	play("ana > volgens mij heeft Fatima gisteren het bankje op de Kastanjelaan beklad", "ana > [Overslaan]", "ana > [Zo laten]",
		"ana > [Versturen]", "ana > [Aanvullen]", "ana > [Iets toevoegen]", "ana > Er stond een auto met kenteken 12-ABC-3",
		"wim@desk > [Opgepakt]", "wim@desk > [Notitie]", "wim > kanarienotitie", "wim@desk > [Doorzetten ▸ gemeente]",
		"noor > re: bericht: kanariebericht", "rachid@desk > [Doorzetten ▸ politie]")
	check("with partners", map[string]string{
		"desk": "story note message", "noor": "story", "bureau": "story name plate",
	})
	play("noor > re: terug: kanariereden", "rachid > /start read-KAS-????", "wim > /start read-KAS-????")
	check("given back by one", map[string]string{
		"desk": "story note reason", "noor": "", "bureau": "story name plate", "rachid": "story note reason", "wim": "story note reason",
	})
	play("mirjam@bureau > re: terug: niet van ons")
	check("given back by all", map[string]string{"desk": "story note reason", "noor": "", "bureau": ""})
}
