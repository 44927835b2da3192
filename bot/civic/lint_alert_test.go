package civic

import (
	"slices"
	"testing"
)

// A text that somebody only tried with is stopped, and words that merely look like it are not (stories.md, edge case 28).
func TestATextLeftOverFromATestIsStopped(t *testing.T) {
	for text, want := range map[string]bool{
		"test, 123":                        true,
		"Test":                             true,
		"Test - test 123":                  true,
		"Dit is een test":                  true,
		"Dit is maar een testbericht.":     true,
		"this is only a test":              true,
		"asdfasdf":                         true,
		"De sirenes worden maandag getest": false,
		"In de wijk is een testlocatie afgezet, neem een andere weg.": false,
		"Er wordt ingebroken bij de teststraat.":                      false,
	} {
		hits := LintAlert(text)
		got := slices.ContainsFunc(hits, func(h Hit) bool { return h.Rule == LintTest })
		if got != want {
			t.Errorf("%q: %v", text, hits)
		}
	}
	if LintTest.Overridable(UrgentAlert) {
		t.Error("a test may be sent to a street")
	}
}
