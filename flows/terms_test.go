package flows_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// agree gives a network other terms, as the configuration does.
func agree(p *player, side int, terms civic.Terms) {
	p.t.Helper()
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		n := networks[side]
		n.Agreed.Terms = terms
		return tx.SaveNetwork(p.ctx, &n)
	}))
}

// A network has terms of its own, which its people agree to when they join, and are asked about again when they change;
// those of another network read and agree to nothing of it.
func TestEachNetworkHasTermsOfItsOwn(t *testing.T) {
	p := openTwo(t)
	agree(p, 1, civic.Terms{
		Age: 16, Controller: "Buurtraad <De Berk>", Contact: "privacy@berk.example", More: "https://berk.example/privacy",
		Rules: map[string][]string{"nl": {"Stuur ’s nachts alleen wat haast heeft."}},
	})
	const own, none = "• Stuur ’s nachts alleen wat haast heeft.", "Je hebt nog niets gemeld."
	says(p, own, []string{"De Vlier"}, "joris > /start BERKLAAN")
	says(p, "Ben je 16 jaar of ouder?", []string{"18"}, "joris > [Ja, ik doe mee]")
	says(p, "Ben je 18 jaar of ouder?", []string{"16"}, "dirk > /start KASLAAN", "dirk > [Ja, ik doe mee]")

	says(p, own, nil, "bea > /meldingen")
	says(p, "Ik heb bewaard dat je akkoord ging", nil, "bea > [Ja, akkoord]")
	says(p, none, []string{"afspraken"}, "… 25h later", "ana > /meldingen")
	says(p, none, []string{"afspraken"}, "bea > /meldingen")

	says(p, "Buurtraad <De Berk>", []string{"Vlier"}, "bea > /privacy")
	says(p, "Vragen hierover? privacy@berk.example", nil, "bea > /privacy")
	says(p, "De hele tekst: https://berk.example/privacy", nil, "bea > /privacy")
	says(p, "Versie 3, sinds 14 oktober 2025.", nil, "bea > /privacy")
	says(p, "Versie 1, sinds 14 oktober 2025.", []string{"Berk", "Wie hiervoor instaat"}, "ana > /privacy")

	// Who answers for what is kept is something that people agree to as well.
	agree(p, 0, civic.Terms{Controller: "Gemeente Vlierdam"})
	says(p, "Wat ik bewaar en wie daarvoor instaat", []string{own}, "… 25h later", "ana > /meldingen")
	p.close()
}
