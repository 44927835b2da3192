package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// A second network comes with a list of its streets, in its own country, and nothing of the first changes.
func TestAnImportMakesAnotherNetwork(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "berk.csv", "naam;groep;prefix\nKastanjelaan;Berk;BRK\n")
	run := func(code int, says string, args ...string) {
		t.Helper()
		if got := play(t, nil, args...); got.code != code || !strings.Contains(got.out+got.err, says) {
			t.Errorf("%v: %+v, want %d and %q", args, got, code, says)
		}
	}
	run(exitFine, "This was a dry run", "import", "berk.csv", "--network", "BIN De Berk", "--profile", "be", "--dry-run")
	run(exitUse, "there is no network", "invite", "--role", "admin", "--network", "BIN De Berk")
	run(exitFine, "network: BIN De Berk", "import", "berk.csv", "--network", "BIN De Berk", "--profile", "be", "--timezone", "Europe/Brussels",
		"--languages", "nl")
	run(exitFine, "as it was: 2", "import", "berk.csv", "--network", "BIN De Berk")
	run(exitFine, "is admin", "invite", "--role", "admin", "--network", "BIN De Berk")
	run(exitFine, "joins as a resident of Kastanjelaan", "invite", "--street", "Kastanjelaan", "--network", "BIN De Berk")
	run(exitUse, "is not nl or be", "import", "berk.csv", "--network", "BIN De Eik", "--profile", "fr")
	run(exitUse, "is no time zone", "import", "berk.csv", "--network", "BIN De Eik", "--timezone", "Europe/Vlierdam")
	run(exitUse, "is not spoken", "import", "berk.csv", "--network", "BIN De Eik", "--languages", "xx")
	run(exitUse, "stands in the configuration", "import", "berk.csv", "--profile", "be")
	run(exitUse, "is no telephone number", "import", "berk.csv", "--network", "BIN De Berk", "--police", "de wijkagent")
	run(exitFailed, "BIN De Berk: no number of the police", "check")
	run(exitFine, "network: BIN De Berk", "import", "berk.csv", "--network", "BIN De Berk", "--police", "02 123 45 67")
	run(exitFine, "02 123 45 67 for the police without hurry", "check")

	c, err := LoadConfig("", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = shell{ctx: t.Context()}.withStore(c, func(store *storage.Store) error {
		return store.Do(t.Context(), func(tx bot.Tx) error {
			networks, err := tx.Networks(t.Context())
			for _, n := range networks {
				areas, failed := tx.Areas(t.Context(), n.ID)
				if failed != nil {
					return failed
				}
				line := []string{n.Name, n.Profile, n.Zone.String(), strings.Join(n.Languages, " ")}
				for _, a := range areas[1:] {
					line = append(line, a.Name)
				}
				got = append(got, strings.Join(line, ", "))
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		c.Network.Name + ", nl, Europe/Amsterdam, nl en", "BIN De Berk, be, Europe/Brussels, nl, Berk, Kastanjelaan",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if made, err := filepath.Glob("*.db"); err != nil || len(made) != 1 {
		t.Errorf("databases %v, %v", made, err)
	}
}
