package flows_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// What we put into an officer's mouth is nothing that a rule minds, leaves room for what happened where, and is told from
// every other text of its kind by how it begins: so is its language found.
func TestTextsThatAlertsBeginWithAreFit(t *testing.T) {
	texts, seen := textsOf(t), 0
	for _, lang := range texts.Languages() {
		begun := map[string][]string{}
		for _, key := range texts.Keys("nl") {
			if !strings.HasPrefix(key, "alert.template.") {
				continue
			}
			seen++
			text := texts.Text(lang, key)
			if hits := civic.LintAlert(text); len(hits) > 0 {
				t.Errorf("%s %s: %v in %q", lang, key, hits, text)
			}
			if n := utf8.RuneCountInString(text); n > 200 {
				t.Errorf("%s %s has %d characters", lang, key, n)
			}
			kind := strings.Split(key, ".")[2]
			for _, other := range begun[kind] {
				if strings.HasPrefix(text, other) || strings.HasPrefix(other, text) {
					t.Errorf("%s: %q and %q begin alike", lang, text, other)
				}
			}
			begun[kind] = append(begun[kind], text)
		}
		for _, kind := range civic.AlertKinds {
			if len(begun[string(kind)]) == 0 {
				t.Errorf("%s: no text for %s", lang, kind)
			}
		}
	}
	if seen < 8*13 {
		t.Errorf("only %d texts were looked at", seen)
	}
}
