package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// An alert is for one network. The same words in another one are an alert to more than one network, so a second officer looks
// along there; of the first network that officer hears nothing.
func TestTheSameAlertInASecondNetworkNeedsASecondOfficer(t *testing.T) {
	p := openTwo(t)
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		for _, who := range []string{"dubbel", "lien"} {
			if _, err := tx.Identify(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: who}); err != nil {
				return err
			}
		}
		return nil
	}))
	const words = "dubbel > /alarm Er is een gaslek in de Kastanjelaan. Blijf binnen."
	for _, step := range []struct{ line, says, not string }{
		{"dubbel > /netwerk", "[BIN De Vlier] [BIN De Berk]", ""},
		{"dubbel > [BIN De Vlier]", "BIN De Vlier", ""},
		{words, "gaslek", ""},
		{"dubbel > [Deze tekst gebruiken]", "Wanneer is of was het?", ""},
		{"dubbel > [Nu]", "Voor wie is dit?", ""},
		{"dubbel > BIN De Vlier en BIN De Berk", "‘BIN De Berk’ is een ander netwerk. Een bericht gaat naar één netwerk.", ""},
		{"dubbel > Kastanje en BIN De Els", "‘bin de els’ ken ik niet.", ""},
		{"dubbel > [Kastanje]", "Tot wanneer geldt dit?", ""},
		{"dubbel > [1 uur]", "Zo gaat het eruit", ""},
		{"dubbel > [Versturen]", "Weet je het zeker?", ""},
		{"dubbel > [Ja, versturen]", "kastanje < ⚠️", "berklaan"},
		{"dubbel > /netwerk", "[BIN De Berk]", ""},
		{"dubbel > [BIN De Berk]", "BIN De Berk", ""},
		{strings.ToLower(words), "gaslek", ""},
		{"dubbel > [Deze tekst gebruiken]", "Wanneer is of was het?", "Vlier"},
		{"dubbel > [Nu]", "Voor wie is dit?", "Vlier"},
		{"dubbel > [Kastanje]", "Tot wanneer geldt dit?", "Vlier"},
		{"dubbel > [1 uur]", "Zo gaat het eruit", "Vlier"},
		{"dubbel > [Versturen]", "Weet je het zeker?", "Vlier"},
		{"dubbel > [Ja, versturen]", "• hetzelfde bericht gaat naar meer dan één netwerk", "berklaan <"},
		{"lien > [Goedkeuren]", "berklaan < ⚠️", "Vlier"},
	} {
		said := strings.Join(p.line(step.line), "")
		if !strings.Contains(said, step.says) || step.not != "" && strings.Contains(said, step.not) {
			t.Errorf("%s: want %q and not %q in\n%s", step.line, step.says, step.not, said)
		}
	}
	p.close()
}

// An alert that went to two networks ends in both by one outcome of who issued it: each network hears it about its own
// number and in its own name, and nobody but the issuer reads of the other.
func TestOneOutcomeEndsTheSameAlertInBothNetworks(t *testing.T) {
	p := openTwo(t)
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		_, err := tx.Identify(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: "dubbel"})
		return err
	}))
	const words = "dubbel > /alarm Er is een gaslek in de Kastanjelaan. Blijf binnen."
	for _, network := range []string{"BIN De Vlier", "BIN De Berk"} {
		p.lines("dubbel > /netwerk", "dubbel > ["+network+"]", words, "dubbel > [Deze tekst gebruiken]", "dubbel > [Nu]", "dubbel > [Kastanje]",
			"dubbel > [1 uur]", "dubbel > [Versturen]", "dubbel > [Ja, versturen]")
	}
	p.lines("lien > [Goedkeuren]", "dubbel > /afloop", "dubbel > [Loos alarm]")
	says(p, "Dit geldt meteen ook voor hetzelfde bericht in BIN De Vlier (A-", nil, "dubbel > [Overslaan]")
	heard := map[string]string{}
	for _, s := range p.line("dubbel > [Afloop versturen]") {
		heard[chatOf(s)] += s
	}
	for room, other := range map[string]string{
		"kastanje": "Berk", "berklaan": "Vlier", "bureau": "Berk", "berkbureau": "Vlier", "lien": "Vlier", "mirjam": "Berk",
	} {
		said := heard[room]
		if strings.Contains(said, other) || strings.HasSuffix(room, "laan") && !strings.Contains(said, "Het was loos alarm.") {
			t.Errorf("%s hears\n%s", room, said)
		}
	}
	if !strings.Contains(heard["kastanje"], "Het was loos alarm.") || strings.Count(heard["dubbel"], "De afloop van A-") != 2 {
		t.Errorf("heard is\n%v", heard)
	}
	p.pass("48h later")
	if said := strings.Join(p.said(), ""); strings.Contains(said, "afloop") {
		t.Errorf("the outcome is still owed:\n%s", said)
	}
	p.close()
}

// Who is police in one of the networks only ends the alert there, and reads nothing of the other.
func TestAColleagueEndsTheAlertOfTheirOwnNetworkAlone(t *testing.T) {
	p := openTwo(t)
	const words = "dubbel > /alarm Er is een gaslek in de Kastanjelaan. Blijf binnen."
	for _, network := range []string{"BIN De Vlier", "BIN De Berk"} {
		p.lines("dubbel > /netwerk", "dubbel > ["+network+"]", words, "dubbel > [Deze tekst gebruiken]", "dubbel > [Nu]", "dubbel > [Kastanje]",
			"dubbel > [1 uur]", "dubbel > [Versturen]", "dubbel > [Ja, versturen]")
	}
	p.lines("lien > [Goedkeuren]")
	says(p, "Zo gaat het eruit", []string{"Berk", "Dit geldt meteen ook"}, "mirjam > /afloop", "mirjam > [Loos alarm]", "mirjam > [Overslaan]")
	heard := byChat(p.line("mirjam > [Afloop versturen]"))
	if !strings.Contains(heard["kastanje"], "kastanje < ✅") || heard["berklaan"] != "" {
		t.Errorf("mirjam ends\n%v", heard)
	}
	for room, said := range heard {
		if room != "dubbel" && strings.Contains(said, "Berk") {
			t.Errorf("%s hears of another network\n%s", room, said)
		}
	}
	if !strings.Contains(heard["dubbel"], "Dat bericht loopt nog. Het kan met /afloop A-") {
		t.Errorf("the issuer follows the other one in\n%s", heard["dubbel"])
	}
	p.close()
}
