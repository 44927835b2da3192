package civic_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// A plate is read from anything: what comes out is a plate that reads as itself.
func FuzzParsePlate(f *testing.F) {
	for _, s := range []string{"XX-123-B", "1-ABC-234", "B MA 1234E", "WW 12345", strings.Repeat("A1-", 20), "\x00", "٣-٣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := civic.ParsePlate(s)
		if !ok {
			return
		}
		again, ok := civic.ParsePlate(p.Number)
		if !ok || again.Number != p.Number {
			t.Errorf("%q is %+v, which is %+v", s, p, again)
		}
	})
}

// What is understood of a text is the same twice, and words that it quotes stand in the text.
func FuzzUnderstand(f *testing.F) {
	for _, s := range []string{
		"Er rende net iemand weg uit de Kastanjelaan", "help!!!", "الحقوني", "Допоможіть", "5 min geleden", "\u202e112", "a\u0300\u0301",
	} {
		f.Add(s)
	}
	streets := []civic.Area{{ID: 1, Kind: civic.KindStreet, Name: "Kastanjelaan"}, {ID: 2, Kind: civic.KindStreet, Name: "Meidoornpad"}}
	f.Fuzz(func(t *testing.T, s string) {
		u := civic.Understand(s, streets)
		if v := civic.Understand(s, streets); v.Category != u.Category || v.Emergency != u.Emergency || v.When != u.When {
			t.Errorf("%+v, then %+v", u, v)
		}
		for _, h := range civic.Lint(s) {
			if !strings.Contains(s, h.Words) {
				t.Errorf("%s found %q, which is not there", h.Rule, h.Words)
			}
		}
	})
}

// A reference is read from whatever people type, and reads as itself.
func FuzzParseRef(f *testing.F) {
	for _, s := range []string{"KAS-7F3K", "kas 7f3k", "KAS–7F3K", "O0I1", "\u200bKAS-7F3K"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, ok := civic.ParseRef(s)
		if !ok {
			return
		}
		if again, ok := civic.ParseRef(ref); !ok || again != ref || !utf8.ValidString(ref) {
			t.Errorf("%q is %q, which is %q", s, ref, again)
		}
	})
}
