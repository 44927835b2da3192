package civic

import (
	"strings"
	"testing"
)

func TestOriginWordsAreWrittenRight(t *testing.T) {
	if _, err := readLore(); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"folk arabe":         "no name",
		"flok: arabe":        "unknown name",
		"folk/none: arab":    "unknown forms",
		"sides: folk":        "no pair",
		"join: der_menschen": "no pair",
	} {
		lore := &originLore{words: map[string][]sense{}, first: map[string]bool{}}
		if err := lore.read("xx", "\n"+line); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", line, err)
		}
	}
}
