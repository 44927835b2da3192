package civic_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestWithoutOrigin(t *testing.T) {
	for _, c := range []struct {
		text, want string
		only       bool
	}{
		{"Er loopt een donkere man door de straat, hoort hier niet", "Er loopt een man door de straat, hoort hier niet", true},
		{"hij belt overal aan met een map", "hij belt overal aan met een map", false},
		{"Twee Roemeense mannen voelen aan deuren", "Twee mannen voelen aan deuren", false},
		{"Een man met een zwarte jas en witte schoenen", "Een man met een zwarte jas en witte schoenen", false},
		{"buitenlands type staat op de hoek", "type staat op de hoek", true},
		{"A dark man walks here", "A man walks here", true},
		{"a black car drives round slowly", "a black car drives round slowly", false},
		{"", "", false},
	} {
		got, found := civic.WithoutOrigin(c.text)
		if got != c.want || found != (c.text != c.want) {
			t.Errorf("WithoutOrigin(%q) = %q, %v; want %q", c.text, got, found, c.want)
		}
		if only := civic.OnlyLooks(c.text); only != c.only {
			t.Errorf("OnlyLooks(%q) = %v", c.text, only)
		}
	}
}

func TestOriginNeverStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.SampledFrom([]string{"poolse", "Turk", "man", "loopt", "jas", ",", "moslims", "\n"})).Draw(t, "words")
		got, _ := civic.WithoutOrigin(strings.Join(words, " "))
		for _, word := range []string{"poolse", "Turk", "moslims"} {
			if strings.Contains(got, word) {
				t.Fatalf("%q is still in %q", word, got)
			}
		}
	})
}
