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

// What stands beside the story is parted as the story is: answers, how somebody looked, a vehicle, which way they went, and
// what a coordinator is answered.
func TestNamesAndPlatesBesideTheStoryAreForThePolice(t *testing.T) {
	tr := readTranscript(t, "testdata/report-beside.txtar")
	chat := strings.Join(tr.lines, "\n")
	_, chat, _ = strings.Cut(chat, "ana > [Versturen]")
	for _, secret := range []string{"Sjaak", "Fatima", "Dennis", "Ahmed", "Kevin", "12-ABC-3", "34-DEF-5", "06-12345678"} {
		read := map[string]bool{}
		reader := ""
		for line := range strings.SplitSeq(chat, "\n") {
			if line != "" && line[0] != ' ' {
				reader, _, _ = strings.Cut(line, " ")
			}
			if strings.Contains(line, secret) {
				read[reader] = true
			}
		}
		if !read["bureau"] || read["desk"] || read["wim"] {
			t.Errorf("%s is read by %v, and should be by the police", secret, read)
		}
	}
}
