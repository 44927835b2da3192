package civic_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestTongueIsKnownByItsWords(t *testing.T) {
	for text, want := range map[string]string{
		"Bonjour":                             "fr",
		"Bonjour, il y a un vélo dans la rue": "fr",
		"AU SECOURS":                          "fr",
		"Guten Tag, die Straßenlampe ist aus": "de",
		"Guten Tag":                           "de",
		"Dzień dobry":                         "pl",
		"na ulicy jest dziura":                "pl",
		"Merhaba":                             "tr",
		"sokakta bir adam var":                "tr",
		"Привіт":                              "uk",
		"пожар в подъезде":                    "uk",
		"مرحبا":                               "ar",
		"hallo":                               "",
		"Kastanjelaan 12":                     "",
		"🔥🔥":                                  "",
		"":                                    "",
		"ok":                                  "",
		"Er staat een fiets in de straat":     "nl",
		"There is a bike in the street":       "en",
		"De buurman heet Привіт en woont hier": "nl",
	} {
		if got := civic.Tongue(text); got != want {
			t.Errorf("%q is in %q, want %q", text, got, want)
		}
	}
}

// What people write in Dutch is not taken for another language, but for English now and then: a wrong offer disturbs.
func TestTongueOfTheCorpora(t *testing.T) {
	for _, name := range []string{"categories_nl.txt", "categories_more_nl.txt", "categories_daily_nl.txt", "categories_last_nl.txt"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		all, wrong := 0, 0
		for line := range strings.Lines(string(raw)) {
			_, text, _ := strings.Cut(strings.TrimSpace(line), " ")
			if text == "" || line[0] == '#' {
				continue
			}
			all++
			if got := civic.Tongue(text); got != "nl" && got != "" {
				wrong++
				t.Logf("%s: %s", got, text)
			}
		}
		t.Logf("%s: %d of %d taken for another language", name, wrong, all)
		if 100*wrong > all {
			t.Errorf("%s: more than one in a hundred", name)
		}
	}
	for _, s := range spokenSentences(t) {
		known := 0
		for _, c := range s.danger {
			switch got := civic.Tongue(c.text); got {
			case s.language:
				known++
			case "":
			default:
				t.Logf("%s for %s: %s", got, s.language, c.text)
			}
		}
		t.Logf("%s: %d of %d known", s.language, known, len(s.danger))
		if 10*known < 8*len(s.danger) {
			t.Errorf("%s: fewer than eight in ten are known", s.language)
		}
	}
}
