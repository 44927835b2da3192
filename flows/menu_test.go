package flows_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/flows"
)

// Every menu is one that Telegram takes, and that residents can read: no command of staff, no markup, and the same in each
// language.
func TestMenusHoldWhatResidentsCanDo(t *testing.T) {
	texts, err := sharedTexts()
	if err != nil {
		t.Fatal(err)
	}
	menus := flows.Menus(texts, "nl")
	if len(menus) != len(texts.Languages())+1 {
		t.Fatalf("%d menus", len(menus))
	}
	name := regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	for _, m := range menus {
		seen := map[string]bool{}
		for _, l := range m.Lines {
			if n := utf8.RuneCountInString(l.What); !name.MatchString(l.Name) || seen[l.Name] || n < 1 || n > 256 ||
				strings.ContainsAny(l.What, "<>&{}") {
				t.Errorf("%q: %+v", m.Language, l)
			}
			seen[l.Name] = true
		}
		if len(seen) != len(menus[0].Lines) {
			t.Errorf("%q has %d commands, and not %d", m.Language, len(seen), len(menus[0].Lines))
		}
	}
	in := map[string]bool{}
	for _, l := range menus[0].Lines {
		in[l.Name] = true
	}
	for word, want := range map[string]bool{
		"melden": true, "meldingen": true, "stop": true, "help": true, "privacy": true, "taal": true,
		"alarm": false, "open": false, "ops": false, "koppel": false, "rollen": false, "zoek": false, "netwerk": false,
	} {
		if in[word] != want {
			t.Errorf("/%s is in the menu: %t", word, in[word])
		}
	}
	t.Logf("%+v", menus[0].Lines)
}
