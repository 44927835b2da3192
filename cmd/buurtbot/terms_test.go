package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// The configuration says what people of each network agree to. A change is a new version of that network, and of no other.
func TestTermsAreConfiguredPerNetwork(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "berk.csv", "naam;groep;prefix\nKastanjelaan;Berk;BRK\n")
	begin := func(config string) map[string]civic.Agreement {
		t.Helper()
		write(t, "config.yaml", "network:\n  name: BIN De Vlier\n"+config)
		for _, args := range [][]string{{"import", "berk.csv", "--network", "BIN De Berk", "--profile", "be"}, {"import", "berk.csv"}} {
			if got := play(t, nil, args...); got.code != exitFine {
				t.Fatalf("%v: %+v", args, got)
			}
		}
		c, err := LoadConfig("", nil)
		if err != nil {
			t.Fatal(err)
		}
		agreed := map[string]civic.Agreement{}
		err = shell{ctx: t.Context()}.withStore(c, func(store *storage.Store) error {
			return store.Do(t.Context(), func(tx bot.Tx) error {
				networks, err := tx.Networks(t.Context())
				for _, n := range networks {
					agreed[n.Name] = n.Agreed
				}
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		return agreed
	}
	before := begin("")
	after := begin("terms:\n  - network: BIN De Berk\n    minimum_age: 16\n    controller: Buurtraad BIN De Berk\n    contact: privacy@berk.example\n" +
		"    more: https://berk.example/privacy\n    rules: [{language: nl, lines: [Geen berichten na tienen.]}]\n")
	if diff := cmp.Diff(before["BIN De Vlier"], after["BIN De Vlier"]); diff != "" {
		t.Errorf("another network changed: %s", diff)
	}
	want := civic.Terms{
		Age: 16, Controller: "Buurtraad BIN De Berk", Contact: "privacy@berk.example", More: "https://berk.example/privacy",
		Rules: map[string][]string{"nl": {"Geen berichten na tienen."}}, BuiltIn: before["BIN De Berk"].BuiltIn,
	}
	if diff := cmp.Diff(want, after["BIN De Berk"].Terms); diff != "" {
		t.Error(diff)
	}
	if got := after["BIN De Berk"].Version; got != before["BIN De Berk"].Version+1 {
		t.Errorf("version %d after %d", got, before["BIN De Berk"].Version)
	}
	first := begin("terms:\n  - minimum_age: 16\n")
	if first["BIN De Vlier"].Age != 16 || first["BIN De Berk"].Age != 0 {
		t.Errorf("terms without a name are the first network's: %+v", first)
	}
}

func TestEveryMistakeInTheTermsIsNamed(t *testing.T) {
	const both = "    rules:\n      - {language: nl, lines: [a]}\n      - {language: en, lines: [b]}\n"
	long := strings.Repeat("x", longestOwnRule+1)
	for name, c := range map[string]struct{ yaml, want string }{
		"age":         {"    minimum_age: 3\n", "terms[0].minimum_age: 3 is no age from which people may join"},
		"address":     {"    more: lees het bord\n", "is no address such as https://bin.example.org/privacy"},
		"long":        {"    controller: " + strings.Repeat("x", longestAnswers+1) + "\n", "this is too long: at most 200 characters fit, these are 201"},
		"lines":       {"    contact: \"a\\nb\"\n", "this goes on one line"},
		"twice":       {both + "  - minimum_age: 16\n", "are there twice"},
		"language":    {"    rules: [{language: xx, lines: [a]}]\n", `"xx" is not spoken by the bot`},
		"same":        {both + "      - {language: nl, lines: [a]}\n", "nl\" is there twice"},
		"none":        {"    rules: [{language: nl}]\n", "a network has 1 to 4 house rules of its own"},
		"many":        {"    rules: [{language: nl, lines: [a, b, c, d, e]}]\n", "these are 5"},
		"as many":     {"    rules: [{language: nl, lines: [a, b]}, {language: en, lines: [a]}]\n", "these are 1 rules, and 2 in nl"},
		"blank":       {"    rules: [{language: nl, lines: [\" \"]}]\n", "words are needed here"},
		"long rule":   {"    rules: [{language: nl, lines: [" + long + "]}]\n", "at most 120 characters fit, these are 121"},
		"not in all":  {"    rules: [{language: nl, lines: [a]}]\n", "the rules in the language en are missing"},
		"unknown key": {"    leeftijd: 16\n", "there is no such key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "config.yaml", "terms:\n  - network: Buurtbot\n"+c.yaml)
			if got := play(t, nil, "check"); got.code != exitConfig || !strings.Contains(got.err, c.want) || !strings.Contains(got.err, "config.yaml:") {
				t.Errorf("%+v, want %q", got, c.want)
			}
		})
	}
}
