package flows_test

import (
	"slices"
	"strings"
	"testing"
)

// inBoth sends the same alert to two networks; a second officer approves it in the second.
func inBoth(t *testing.T) *player {
	t.Helper()
	p := openTwo(t)
	t.Cleanup(p.close)
	for _, network := range []string{"BIN De Vlier", "BIN De Berk"} {
		p.lines("dubbel > /netwerk", "dubbel > ["+network+"]",
			"dubbel > /alarm Er is een gaslek in de Kastanjelaan. Blijf binnen.", "dubbel > [Deze tekst gebruiken]", "dubbel > [Nu]",
			"dubbel > [Kastanje]", "dubbel > [1 uur]", "dubbel > [Versturen]", "dubbel > [Ja, versturen]")
	}
	p.line("lien > /start")
	p.line("lien > [Goedkeuren]")
	p.pass("1m later")
	p.said()
	return p
}

// byChat gathers what was said, by the chat in which it was.
func byChat(said []string) map[string]string {
	heard := map[string]string{}
	for _, s := range said {
		heard[chatOf(s)] += s
	}
	return heard
}

// What is wrong in one network is as wrong in the other: one correction of who issued the alert reaches both, each in its own name,
// and nobody but the issuer reads of the other.
func TestOneCorrectionPutsTheSameAlertRightInBothNetworks(t *testing.T) {
	p := inBoth(t)
	p.lines("dubbel > /corrigeer")
	says(p, "Dit geldt meteen ook voor hetzelfde bericht in BIN De Vlier (A-", nil,
		"dubbel > Er is een gaslek in de Kastanjestraat. Blijf binnen.")
	heard := byChat(p.line("dubbel > [Correctie versturen]"))
	for room, other := range map[string]string{
		"kastanje": "Berk", "berklaan": "Vlier", "bureau": "Berk", "berkbureau": "Vlier", "lien": "Vlier", "mirjam": "Berk",
	} {
		if strings.Contains(heard[room], other) {
			t.Errorf("%s hears\n%s", room, heard[room])
		}
	}
	for _, room := range []string{"kastanje", "berklaan"} {
		for _, want := range []string{room + " < ⚠️ POLITIE", room + " = ⚠️ POLITIE", "gaslek in de Kastanjestraat"} {
			if !strings.Contains(heard[room], want) {
				t.Errorf("%s: want %q in\n%s", room, want, heard[room])
			}
		}
	}
	if n := strings.Count(heard["dubbel"], "De correctie van A-"); n != 2 {
		t.Errorf("the issuer hears of %d corrections:\n%s", n, heard["dubbel"])
	}
	p.pass("1m later")
	p.said()
	p.lines("dubbel > /afloop", "dubbel > [Loos alarm]", "dubbel > [Overslaan]")
	heard = byChat(p.line("dubbel > [Afloop versturen]"))
	if !strings.Contains(heard["kastanje"], "loos alarm") || !strings.Contains(heard["berklaan"], "loos alarm") {
		t.Errorf("after the correction the end is\n%v", heard)
	}
}

// Where only the time was wrong, only the time is put right, and in both networks.
func TestOneCorrectionOfTheTimeReachesBothNetworks(t *testing.T) {
	p := inBoth(t)
	p.lines("dubbel > /corrigeer", "dubbel > [Alleen het tijdstip]")
	says(p, "Dit geldt meteen ook voor hetzelfde bericht in BIN De Vlier (A-", nil, "dubbel > [Een uur geleden]")
	heard := byChat(p.line("dubbel > [Correctie versturen]"))
	for room, other := range map[string]string{"kastanje": "Berk", "berklaan": "Vlier"} {
		for _, want := range []string{"dat is aangepast. Nieuw:\n", "Wanneer: ", room + " = ⚠️ POLITIE"} {
			if !strings.Contains(heard[room], want) || strings.Contains(heard[room], other) {
				t.Errorf("%s: want %q and not %q in\n%s", room, want, other, heard[room])
			}
		}
		if notice, _, _ := strings.Cut(heard[room], room+" = "); strings.Contains(notice, "gaslek") {
			t.Errorf("%s reads the words again:\n%s", room, notice)
		}
	}
}

// A colleague corrects the alert of their own network. From then on the two say different things, so the issuer's next correction is
// about the one they name.
func TestAlertsThatSayDifferentThingsAreCorrectedApart(t *testing.T) {
	p := inBoth(t)
	p.lines("mirjam > /corrigeer", "mirjam > Er is een gaslek in de Kastanjestraat. Blijf binnen.")
	heard := byChat(p.line("mirjam > [Correctie versturen]"))
	if heard["berklaan"] != "" || !strings.Contains(heard["kastanje"], "Kastanjestraat") {
		t.Errorf("a colleague's correction is heard as\n%v", heard)
	}
	p.line("dubbel > /corrigeer")
	says(p, "Wie het bericht heeft, krijgt dit:", []string{"Dit geldt meteen ook"}, "dubbel > Er is een gaslek op het Schoolplein. Blijf binnen.")
	heard = byChat(p.line("dubbel > [Correctie versturen]"))
	if heard["kastanje"] != "" || !strings.Contains(heard["berklaan"], "Schoolplein") {
		t.Errorf("the issuer's correction is heard as\n%v", heard)
	}
}

// Who follows one alert in two networks has one card of it, which tells how far it is in each.
func TestOneCardFollowsTheSameAlertInBothNetworks(t *testing.T) {
	p := openTwo(t)
	t.Cleanup(p.close)
	write := func(network string) []string {
		p.lines("dubbel > /netwerk", "dubbel > ["+network+"]",
			"dubbel > /alarm Er is een gaslek in de Kastanjelaan. Blijf binnen.", "dubbel > [Deze tekst gebruiken]", "dubbel > [Nu]",
			"dubbel > [Kastanje]", "dubbel > [1 uur]", "dubbel > [Versturen]")
		return p.line("dubbel > [Ja, versturen]")
	}
	isCard := func(said string) bool {
		return strings.HasPrefix(said, "dubbel < A-") && strings.Contains(said, " · Alarm · ")
	}
	if said := write("BIN De Vlier"); !slices.ContainsFunc(said, isCard) {
		t.Errorf("there is no card:\n%v", said)
	}
	said := write("BIN De Berk")
	if slices.ContainsFunc(said, isCard) {
		t.Errorf("there is a second card:\n%v", said)
	}
	second := byChat(said)["dubbel"]
	for _, want := range []string{"Hetzelfde bericht in BIN De Berk (A-", "Wacht op een tweede agent", "Je volgt ze samen"} {
		if !strings.Contains(second, want) {
			t.Errorf("want %q in\n%s", want, second)
		}
	}
	p.line("lien > /start")
	heard := byChat(append(p.line("lien > [Goedkeuren]"), p.line("… 1m later")...))
	if !strings.Contains(heard["dubbel"], "Hetzelfde bericht in BIN De Berk") || strings.Count(heard["dubbel"], "1 van 1 bezorgd.") < 2 {
		t.Errorf("the card says\n%s", heard["dubbel"])
	}
	for room, other := range map[string]string{"bureau": "Berk", "berkbureau": "Vlier"} {
		if strings.Contains(heard[room], other) {
			t.Errorf("%s reads\n%s", room, heard[room])
		}
	}
}
