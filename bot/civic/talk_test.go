package civic_test

import (
	"os"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Each line is right: these are things that people said, and that were misunderstood once.
func TestWhatWasMisunderstoodOnceIsNotAgain(t *testing.T) {
	raw, err := os.ReadFile("testdata/talk.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(raw)) {
		want, words, is := strings.Cut(strings.TrimSpace(line), " | ")
		if !is || strings.HasPrefix(line, "#") {
			continue
		}
		lines++
		u := civic.Understand(words, nil)
		var got []string
		for _, said := range []string{string(u.Category), string(u.When), string(u.Source), string(u.Call)} {
			if said == "" {
				said = "-"
			}
			got = append(got, said)
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: got %s, want %s", words, got, want)
		}
	}
	if lines < 20 {
		t.Errorf("%d lines", lines)
	}
}
