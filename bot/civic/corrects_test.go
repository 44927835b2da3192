package civic_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestWhatIsPutRightIsHeard(t *testing.T) {
	for _, c := range []struct {
		text        string
		again, want bool
	}{
		{"het is niet de Kastanjelaan maar de Kastanjehof", true, true},
		{"hij woont niet in de Kastanjehof", false, false},
		{"oeps ik bedoelde de Kastanjestraat", false, true},
		{"sorry, I meant the Dijk", false, true},
		{"actually it was the Meidoornpad", false, true},
		{"het was eigenlijk op het Meidoornpad", false, true},
		{"en hij liep daarna de Kastanjestraat in", false, false},
		{"ook in de Kastanjehof en de Kastanjelaan ligt er een", true, false},
	} {
		if got := civic.Corrects(c.text, c.again); got != c.want {
			t.Errorf("%s: %t", c.text, got)
		}
	}
}

// A time that is put right counts; one that is only told besides does not.
func TestATimeIsPutRight(t *testing.T) {
	for text, want := range map[string]civic.When{
		"het was niet gisteren maar vandaag": civic.EarlierDay, "sorry, het was gisteren": civic.Earlier,
		"not yesterday but this morning":          civic.EarlierDay,
		"ik heb niet gezien wie het gisteren was": "", "gisteren ook": "", "niet de Kastanjelaan maar de Kastanjehof": "",
	} {
		if got := civic.WhenCorrected(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
