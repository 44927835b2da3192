package civic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPatternNeedsTheLongestWordsThatAreSure(t *testing.T) {
	for written, want := range map[string][]string{
		`\b(?:junks?|tuig)\b`:         {"junk", "tuig"},
		`\bpak (?:hem|haar)`:          {"pak "},
		`(?:uit|in) (?:groep|klas) x`: {"groep", "klas"},
		`[\w.]+@[\w-]+`:               {"@"},
		`(?:a|b?)`:                    nil,
		`\d{3}`:                       nil,
	} {
		if diff := cmp.Diff(want, mustPattern(written).needs); diff != "" {
			t.Errorf("%s: %s", written, diff)
		}
	}
}

// A pattern without regard to case takes the old long s and the sign of the kelvin for letters, so the words that it needs
// do so as well.
func TestPatternSeesEveryFormOfALetter(t *testing.T) {
	p := mustPattern(`kras`)
	for _, text := range []string{"kras", "KRAS", "\u212ara\u017f"} {
		if len(p.in(text, folded(text))) != 1 {
			t.Errorf("%q is not found", text)
		}
	}
}

// The words of the rules, put together in any way, are where a needed word might be missed.
func TestPatternIsNeverSparedWhereItMatches(t *testing.T) {
	words := piecesOf(lintText)
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, w := range rapid.SliceOfN(rapid.SampledFrom(words), 1, 30).Draw(t, "words") {
			text += w
		}
		for rule, patterns := range lintPatterns() {
			for _, p := range patterns {
				if diff := cmp.Diff(p.FindAllStringIndex(text, -1), p.in(text, folded(text))); diff != "" {
					t.Fatalf("%s: %s in %q: %s", rule, p, text, diff)
				}
			}
		}
	})
}
