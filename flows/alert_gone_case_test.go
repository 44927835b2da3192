package flows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// An alert that waits goes with the report from which its words came; its issuer hears so at once.
func TestAnAlertThatWaitsGoesWithItsReport(t *testing.T) {
	p := asked(t, "alert-second-changes.txtar")
	p.line("ana > /intrekken")
	says(p, "mirjam < De melding van zaak KAS-EA7C is ingetrokken. Daarom gaat dit bericht niet weg.", []string{"kastanje <"},
		"ana > [Toch intrekken]")
	says(p, "is al beslist", []string{"kastanje <"}, "piet > [Goedkeuren]")
}

// Of an alert that is out its issuer decides what becomes of it when the report is withdrawn.
func TestTheIssuerOfALiveAlertHearsThatItsReportIsWithdrawn(t *testing.T) {
	p := asked(t, "alert-second-changes.txtar")
	p.lines("piet > [Goedkeuren]", "piet > [Goedkeuren]", "ana > /intrekken")
	said := strings.Join(p.line("ana > [Toch intrekken]"), "")
	for _, want := range []string{"De melder van zaak KAS-EA7C heeft de melding ingetrokken. Klopt je bericht A-T61X", "[Afloop melden]"} {
		if !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
	if strings.Contains(said, "kastanje <") {
		t.Errorf("the street reads\n%s", said)
	}
}

// Who sends an alert alone reads once what changed since they wrote it, and sends that.
func TestWhatChangedIsShownBeforeAnAlertIsSentAlone(t *testing.T) {
	p := asked(t, "alert-second-changes.txtar")
	p.lines("… 10m later", "mirjam > [Levensgevaar: nu sturen]")
	says(p, "mirjam < Er is iets veranderd sinds je A-T61X schreef", []string{"kastanje <"}, "mirjam > A-T61X")
	says(p, "kastanje < ⚠️ POLITIE", nil, "mirjam > [Levensgevaar: nu sturen]", "mirjam > A-T61X")
}

// alone plays what an officer sends alone, in other words and for two hours.
func alone(t *testing.T, words string) *player {
	t.Helper()
	tr := readTranscript(t, "testdata/alert-second-alone.txtar")
	p := open(t, tr, mode{})
	t.Cleanup(p.close)
	p.lines("piet > /start", "mirjam > /alarm "+words, "mirjam > [Deze tekst gebruiken]", "mirjam > [Toch zo laten]",
		"mirjam > [Nu]", "mirjam > [Kastanje]", "mirjam > [2 uur]", "mirjam > Getuigen zagen deze bus wegrijden.", "mirjam > [1 uur]",
		"mirjam > [Versturen]", "mirjam > [Ja, versturen]")
	return p
}

// What police left in for an hour does not go after that hour.
func TestNothingGoesAloneThatMayNotStandAnyMore(t *testing.T) {
	p := alone(t, "Er is iemand meegenomen in de Kastanjelaan. Zoek een bus met kenteken XX-999-X.")
	p.lines("… 70m later", "mirjam > [Levensgevaar: nu sturen]")
	says(p, "Er is iets veranderd sinds je A-", []string{"kastanje <", "XX-999-X"}, "mirjam > A-????")
	says(p, "kastanje < ⚠️ POLITIE", []string{"XX-999-X"}, "mirjam > [Levensgevaar: nu sturen]", "mirjam > A-????")

	p = alone(t, "Zoek een bus met kenteken XX-999-X, er is iemand meegenomen in de Kastanjelaan.")
	p.lines("… 70m later", "mirjam > [Levensgevaar: nu sturen]")
	says(p, "mocht maar voor een tijd blijven staan", []string{"kastanje <"}, "mirjam > A-????")
}

// Nobody waits ten minutes for a colleague who closed their chat with the bot.
func TestNobodyWaitsForAColleagueWhoCannotBeReached(t *testing.T) {
	tr := readTranscript(t, "testdata/alert-second-alone.txtar")
	p := open(t, tr, mode{})
	t.Cleanup(p.close)
	for _, line := range tr.script() {
		if line == "mirjam > [Ja, versturen]" {
			break
		}
		p.line(line)
	}
	p.line("piet > (blocks)")
	says(p, "[Levensgevaar: nu sturen]", []string{"aan 1 van je collega’s"}, "mirjam > [Ja, versturen]")
}

// An alert that a second officer approved, and that was taken back afterwards, was told all the same.
func TestAnApprovedAlertThatIsTakenBackWasTold(t *testing.T) {
	p := asked(t, "alert-second-changes.txtar")
	p.lines("piet > [Goedkeuren]", "piet > [Goedkeuren]", "… 1m later", "mirjam > /intrekken A-T61X", "mirjam > [Overslaan]")
	said := strings.Join(p.line("mirjam > [Intrekken]"), "")
	if !strings.Contains(said, "Bericht aan de buurt A-T61X, 14.00 uur: afgesloten.") {
		t.Errorf("the case says\n%s", said)
	}
}

// The outcome is owed by more than one officer: when the issuer cannot be reached, or says nothing for three mornings, all police
// are asked.
func TestAnOutcomeIsAskedOfAllPoliceWhenTheIssuerIsSilent(t *testing.T) {
	for _, blocked := range []bool{false, true} {
		p := open(t, transcript{about: "# cast: ana resident Kastanje; mirjam police; piet police\n# at: 2025-10-14 14:00\n"}, mode{})
		t.Cleanup(p.close)
		p.lines("piet > /start", "mirjam > /alarm Er is een gaslek. Blijf binnen en doe ramen en deuren dicht.",
			"mirjam > [Deze tekst gebruiken]", "mirjam > [Nu]", "mirjam > [Heel BIN De Vlier]", "mirjam > [1 uur]", "mirjam > [Versturen]",
			"mirjam > [Ja, versturen]")
		if blocked {
			p.line("mirjam > (blocks)")
		}
		p.said()
		mornings := 0
		for range 5 {
			said := strings.Join(p.line("… 24h later"), "")
			if strings.Contains(said, "piet < Goedemorgen. De afloop van A-") {
				break
			}
			mornings++
		}
		if want := map[bool]int{false: 3, true: 0}[blocked]; mornings != want {
			t.Errorf("blocked %v: all police are asked after %d mornings", blocked, mornings)
		}
	}
}

// What is being taken away is taken away, also when the outcome comes while that is still on its way.
func TestTheOutcomeDoesNotStopWhatIsBeingTakenAway(t *testing.T) {
	tr := readTranscript(t, "testdata/alert-photo-over.txtar")
	p := open(t, tr, mode{})
	t.Cleanup(p.close)
	for _, line := range tr.script() {
		if strings.HasPrefix(line, "… 2h5m") {
			break
		}
		p.line(line)
	}
	later := sandbox.Failure{Remedy: bot.Later, After: 10 * time.Minute}
	p.line("… 2h1m later")
	p.stage.(*localStage).FailNext(later, later, later, later)
	p.line("… 2m later")
	p.line("piet > /afloop")
	p.lines("piet > [Terecht]", "piet > [Overslaan]")
	p.line("piet > [Afloop versturen]")
	gone := map[string]bool{}
	for range 4 {
		for _, s := range p.line("… 15m later") {
			if strings.Contains(s, "weggehaald. De afloop staat") {
				gone[chatOf(s)] = true
			}
		}
	}
	if !gone["kastanje"] || !gone["kees"] {
		t.Errorf("taken away is %v", gone)
	}
}
