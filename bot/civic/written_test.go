package civic_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestLanguageOfATextIsToldOrSaidToBeUnknown(t *testing.T) {
	for text, want := range map[string]string{
		"er ligt al dagen afval naast de container":                  "nl",
		"there is rubbish next to the container":                     "en",
		"obok kontenera od kilku dni leżą śmieci i nikt nie sprząta": "pl",
		"هناك قمامة بجانب الحاوية منذ أيام":                          "ar",
		"біля контейнера вже кілька днів лежить сміття":              "uk",
		"Nagkalat ang basag na salamin doon kagabi":                  civic.UnknownTongue,
		"コンテナの横にゴミがあります":                                             civic.UnknownTongue,
		"lamp kapot Kastanjelaan":                                    "",
		"12-ABC-3":                                                   "",
		"":                                                           "",
		"😀":                                                          "",
	} {
		if got := civic.WrittenIn(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Of the Dutch and the English corpus hardly a text is taken for one in an unknown language.
func TestTextsOfTheCorporaAreInAKnownLanguage(t *testing.T) {
	for _, file := range []string{"categories_nl.txt", "categories_more_nl.txt", "categories_en.txt"} {
		wrong, all := 0, 0
		for _, s := range samples(t, file, ": ") {
			all++
			if civic.WrittenIn(s.text) == civic.UnknownTongue {
				wrong++
			}
		}
		t.Logf("%s: %d of %d", file, wrong, all)
		if 50*wrong > all {
			t.Errorf("%s: %d of %d are taken for an unknown language", file, wrong, all)
		}
	}
}
