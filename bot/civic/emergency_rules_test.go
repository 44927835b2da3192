package civic

import (
	"strings"
	"testing"
)

func TestEmergencyRules(t *testing.T) {
	book, err := parseRules(emergencyText)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[ruleKind]int{}
	for _, r := range book.rules {
		kinds[r.kind]++
	}
	for name, kind := range sections {
		if kind != negation && kind != plain && kinds[kind] == 0 {
			t.Errorf("section [%s] has no rules", name)
		}
	}
	if len(book.not) == 0 {
		t.Error("section [not] is empty")
	}
}

func TestFaultyRules(t *testing.T) {
	for text, want := range map[string]string{
		"brand":              "before any section",
		"[fire]\nbrand":      "unknown section",
		"[alarm]\n@fire":     "unknown list",
		"[alarm]\n* brand":   "gap at the edge",
		"[alarm]\nbrand *":   "gap at the edge",
		"[alarm]\nBrand":     "word \"Brand\"",
		"[alarm]\na||b":      "word \"\"",
		"[alarm]\n\n\nx]":    "line 4",
		"@a = b*":            "word \"b*\"",
		"[not]\ngeen [niet]": "word \"[niet]\"",
	} {
		if _, err := parseRules(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("rules %q: %v; want %q", text, err, want)
		}
	}
}
