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
		{"dubbel > [Deze tekst gebruiken]", "Voor wie is dit?", ""},
		{"dubbel > BIN De Vlier en BIN De Berk", "‘BIN De Berk’ is een ander netwerk. Een bericht gaat naar één netwerk.", ""},
		{"dubbel > Kastanje en BIN De Els", "‘bin de els’ ken ik niet.", ""},
		{"dubbel > [Kastanje]", "Tot wanneer geldt dit?", ""},
		{"dubbel > [1 uur]", "Zo gaat het eruit", ""},
		{"dubbel > [Versturen]", "Weet je het zeker?", ""},
		{"dubbel > [Ja, versturen]", "kastanje < ⚠️", "berklaan"},
		{"dubbel > /netwerk", "[BIN De Berk]", ""},
		{"dubbel > [BIN De Berk]", "BIN De Berk", ""},
		{strings.ToLower(words), "gaslek", ""},
		{"dubbel > [Deze tekst gebruiken]", "Voor wie is dit?", "Vlier"},
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
