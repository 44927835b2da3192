package storage_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Each change of what people agree to is a version of its own, and those before it stay; what is stored again unchanged is
// none.
func TestEveryVersionOfTheTermsStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	in := build(t, s)
	var n civic.Network
	save := func(change func(*civic.Terms)) int {
		t.Helper()
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			networks, err := tx.Networks(ctx)
			if err != nil {
				return err
			}
			n = networks[0]
			change(&n.Agreed.Terms)
			return tx.SaveNetwork(ctx, &n)
		})
		return n.Agreed.Version
	}
	same := func(*civic.Terms) {}
	first := save(same)
	if profile, _ := civic.ProfileOf(n.Profile); first != profile.HouseRulesVersion || n.Agreed.At.IsZero() {
		t.Errorf("the first version is %d of %s", first, n.Agreed.At)
	}
	rules := map[string][]string{"nl": {"Stuur ’s nachts alleen wat haast heeft."}}
	got := []int{
		save(same), save(func(a *civic.Terms) { a.Rules = rules }), save(same),
		save(func(a *civic.Terms) { a.Age, a.Controller = 16, "Buurtraad BIN De Vlier" }),
	}
	if diff := cmp.Diff([]int{first, first + 1, first + 1, first + 2}, got); diff != "" {
		t.Error(diff)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		networks, err := tx.Networks(ctx)
		if err != nil {
			return err
		}
		want := civic.Agreement{
			Version: first + 2, At: networks[0].Agreed.At,
			Terms: civic.Terms{Age: 16, Rules: rules, Controller: "Buurtraad BIN De Vlier", BuiltIn: first},
		}
		if diff := cmp.Diff(want, networks[0].Agreed); diff != "" {
			t.Error(diff)
		}
		return nil
	})
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var stored int
	if err := db.QueryRow("SELECT count(*) FROM terms WHERE network = $1", int64(in.network)).Scan(&stored); err != nil || stored != 3 {
		t.Errorf("%d versions are stored, %v", stored, err)
	}
}
