package storage_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// A list has exactly the cases that its reader may work on and read, and none that may be about them: the rule in SQL is
// the rule of civic.
func TestAListHasWhatItsReaderMaySee(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	var other civic.Area
	var cases []civic.Case
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		other = civic.Area{Parent: in.network, Network: in.network, Kind: civic.KindGroup, Name: "Meidoorn", Code: "MEI1"}
		if err := tx.SaveArea(ctx, &other); err != nil {
			return err
		}
		places := []civic.Scope{{Group: in.group, Street: in.street}, {Group: in.group}, {Group: other.ID}, {}}
		for i, place := range places {
			for j, subject := range append([]civic.Subject{civic.SubjectNobody}, civic.Subjects...) {
				for k, category := range []civic.Category{civic.Theft, civic.Drugs} {
					for _, alert := range []int64{0, 1} {
						c := civic.Case{
							Ref: fmt.Sprintf("KAS-%d%d%d%d", i, j, k, alert), Network: in.network, Group: place.Group, Street: place.Street,
							Status: civic.Received, Category: category, Urgency: civic.Normal, Created: noon, Changed: noon,
							Subject: subject, Alert: alert,
						}
						if err := tx.CreateCase(ctx, &c); err != nil {
							return err
						}
						cases = append(cases, c)
					}
				}
			}
		}
		return nil
	})
	areas := []civic.AreaID{in.network, in.group, in.street, other.ID, 0, 99}
	rapid.Check(t, func(r *rapid.T) {
		m := civic.Member{ID: 1, Network: in.network}
		for range rapid.IntRange(0, 3).Draw(r, "roles") {
			g := civic.Grant{Role: rapid.SampledFrom(civic.Roles[2:]).Draw(r, "role"), Area: rapid.SampledFrom(areas).Draw(r, "area")}
			if rapid.Bool().Draw(r, "ended") {
				g.Until = noon
			}
			m.Grants = append(m.Grants, g)
		}
		want := map[string]bool{}
		for _, c := range cases {
			reads := !c.Sensitive() || m.May(civic.ReadSensitive, c.Scope(), noon)
			if m.May(civic.TriageCase, c.Scope(), noon) && reads && !c.Subject.Bars(m) {
				want[c.Ref] = true
			}
		}
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			open, err := tx.OpenCases(ctx, civic.Queue{Network: in.network, Reader: m.Reader(noon)}, 1000)
			if err != nil {
				return err
			}
			found, err := tx.FindCases(ctx, civic.Search{Network: in.network, Reader: m.Reader(noon)}, 1000)
			for name, list := range map[string][]civic.Case{"open": open, "found": found} {
				if len(list) != len(want) {
					r.Fatalf("%s: %d cases, want %d", name, len(list), len(want))
				}
				if i := slices.IndexFunc(list, func(c civic.Case) bool { return !want[c.Ref] }); i >= 0 {
					r.Fatalf("%s: %s may not be seen", name, list[i].Ref)
				}
			}
			return err
		})
	})
}
