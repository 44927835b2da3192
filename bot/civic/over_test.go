package civic_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Who is asked about danger and answers with a day says that it is over; who says that it goes on, or begins again, does not.
func TestAnAnswerThatItIsLongOver(t *testing.T) {
	for answer, want := range map[string]civic.When{
		"gisteren": civic.Earlier, "dat was gisteren": civic.Earlier, "nee joh, vorige week": civic.Earlier,
		"vanmorgen vroeg": civic.EarlierDay, "that was yesterday": civic.Earlier, "last week": civic.Earlier,
		"c'était hier soir": civic.Earlier, "das war gestern": civic.Earlier, "to było wczoraj": civic.Earlier,
		"geçen hafta":      civic.Earlier,
		"het was zaterdag": civic.Earlier, "dat is vorige week zaterdag gebeurd bij de bakker op de hoek": civic.Earlier,
		"Zaterdag ruimen we samen op, om 10.00 uur.": "", "zaterdag komt hij terug": "",
		"ik zag hem gisteren bij de school lopen met een tas": "",
		"gisteren ook al, en nu weer":                         "", "sinds gisteren": "", "nu": "", "net": "", "ik weet het niet": "",
		"gisteren zei hij dat hij me vermoordt en hij staat hier nu met een mes": "", "vannacht": "",
		"nog steeds, al sinds vanmorgen": "", "again since yesterday": "",
	} {
		if got := civic.LongOver(answer); got != want {
			t.Errorf("%s: %q, want %q", answer, got, want)
		}
	}
}
