package flows_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const houseRulesFile = "testdata/rules.golden"

// Who changes the house rules gives them a new number, so that members are asked again: the file holds a sum of the words
// beside the number that they had. A comma is no change of the rules, but members agree to words, and not to their meaning.
func TestChangedHouseRulesHaveANewVersion(t *testing.T) {
	texts := textsOf(t)
	profiles, err := civic.Profiles()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(profiles)) {
		for _, lang := range texts.Languages() {
			sum := sha256.Sum256([]byte(texts.Text(lang+"-"+strings.ToUpper(key), "rules.text")))
			fmt.Fprintf(&b, "%s %s version %d %s\n", key, lang, profiles[key].HouseRulesVersion, hex.EncodeToString(sum[:8]))
		}
	}
	if *update {
		if err := os.WriteFile(houseRulesFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(houseRulesFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the house rules have other words (-was +are). Raise house_rules_version in bot/civic/profiles.json, so that "+
			"members are asked again, and write the file anew:\n"+
			"go test -tags goolm ./flows -run TestChangedHouseRules -args -update\n%s", diff)
	}
}
