package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// What harms people is stopped at the last door as well, however it came into an alert: a list of words grows after a text was
// written, and a correction that keeps the text says it again.
func TestWhatHarmsPeoplePassesInNoCorrection(t *testing.T) {
	for text, hit := range map[string]string{
		"Een Poolse man met een rode jas brak in. Doe de deur op slot.": "iets over afkomst of geloof: Poolse",
		"De dief liep weg met een rode jas. Doe de deur op slot.":       "een beschuldiging: dief",
		"Pak hem als je hem ziet. Hij heeft een rode jas.":              "een oproep om zelf iets te doen: Pak hem",
	} {
		p := aboutToWarn(t)
		p.line("mirjam > [Ja, versturen]")
		p.pass("1m later")
		p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
			a, err := tx.AlertByRef(p.ctx, p.refs["A"])
			if err != nil {
				return err
			}
			a.Text, a.KeptWhy, a.KeptUntil = text, "getuigen gezocht", a.Until
			return tx.SaveAlert(p.ctx, &a)
		}))
		says(p, hit, []string{"kastanje <", "kastanje =", "meidoorn <"}, "mirjam > /corrigeer", "mirjam > [Alleen het tijdstip]",
			"mirjam > [Een kwartier geleden]", "mirjam > [Correctie versturen]")
		said := strings.Join(p.line("mirjam > Er is ingebroken. Doe de deur op slot."), "")
		if !strings.Contains(said, "Wie het bericht heeft, krijgt dit:") {
			t.Errorf("what is fair is stopped:\n%s", said)
		}
	}
}
