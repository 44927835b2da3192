package civic_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestADeedIsToldInWhateverWords(t *testing.T) {
	for _, text := range []string{
		"hij hengelt met een ijzerdraadje door brievenbussen", "voelt aan deuren", "kijkt bij mensen naar binnen", "belt overal aan",
		"hij zwerft al een uur om mijn huis", "loopt heen en weer langs de auto's", "is aan het slempen", "staat te pissen tegen mijn hek",
		"ze gluren", "loopt steeds rond het schooltje", "hij klopt op ramen", "he pees against the wall", "fumbling with locks",
		"il essaie les portes", "chodzi i szarpie klamki", "يجرّب فتح الأبواب", "смикає двері",
	} {
		if !civic.TellsDeed(text, hamlet) {
			t.Errorf("%q tells of no deed", text)
		}
	}
	for _, text := range []string{
		"", "...", "ja maar je weet wel", "gewoon zo'n type", "hij hoort hier niet", "er loopt een man met een zwarte jas",
		"hij staat daar maar op de hoek van de Kastanjelaan", "een Marokkaan, je snapt me wel", "dat klopt toch niet",
		"man van rond de 30 met een rode pet", "hij kijkt raar", "I don't trust him", "he is just standing there", "er klopt iets niet",
		"weet ik niet", "er staat een jongen in de Kastanjestraat",
	} {
		if civic.TellsDeed(text, hamlet) {
			t.Errorf("%q tells of a deed", text)
		}
	}
}

// What people write of matters that are no question of looks tells of something that happened, in every line of the corpora.
func TestNoReportOfTheCorporaLacksADeed(t *testing.T) {
	n := 0
	for _, file := range []string{
		"categories_nl.txt", "categories_more_nl.txt", "categories_last_nl.txt", "categories_en.txt", "categories_daily_nl.txt",
		"categories_street_nl.txt", "categories_street_en.txt", "danger_categories_nl.txt",
	} {
		for _, s := range samples(t, file, ": ") {
			n++
			if s.want != string(civic.Other) && !civic.TellsDeed(s.text, nil) && !civic.Understand(s.text, nil).Behave {
				t.Errorf("%s: %q tells of no deed", s.want, s.text)
			}
		}
	}
	t.Logf("%d lines", n)
}
