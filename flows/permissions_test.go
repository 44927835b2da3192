package flows_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/flows"
)

const permissionsFile = "testdata/permissions.golden"

// registered is everything that can be done, as the engine knows it.
func registered(t *testing.T) *bot.Engine {
	t.Helper()
	return flows.Bot(nil, textsOf(t), nil, flows.Options{})
}

// Who may do what is one table, and a change of it is a change of the file that shows it.
func TestPermissions(t *testing.T) {
	entries := registered(t).Entries()
	got := permissions(entries) + "\n" + reaches()
	t.Logf("%d things that can be done, for %d roles; %d lines tell who may and how far", len(entries), len(civic.Roles),
		strings.Count(got, "\n"))
	if *update {
		if err := os.WriteFile(permissionsFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(permissionsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), got); diff != "" {
		t.Errorf("who may do what has changed (-was +is). If that is meant, write %s anew:\n"+
			"go test -tags goolm ./flows -run TestPermissions -args -update\n%s", permissionsFile, diff)
	}
}

// permissions prints what is registered against the roles; x is allowed in an area where the role is held.
func permissions(entries []bot.Entry) string {
	slices.SortFunc(entries, func(a, b bot.Entry) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "kind\tname\tneeds")
	for _, role := range civic.Roles {
		fmt.Fprintf(w, "\t%s", role)
	}
	fmt.Fprintln(w)
	for _, e := range entries {
		fmt.Fprintf(w, "%s\t%s\t%s", e.Kind, e.Name, e.Needs)
		for _, role := range civic.Roles {
			fmt.Fprintf(w, "\t%s", mark(role, e.Needs))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func mark(role civic.Role, p civic.Permission) string {
	if holder(role, ownGroup).May(p, civic.Scope{Network: ownNetwork, Group: ownGroup}, tableTime) {
		return "x"
	}
	return "-"
}

// The areas of the tables: a network with two street groups, and another network.
const (
	ownNetwork civic.AreaID = iota + 1
	ownGroup
	otherGroup
	otherNetwork
	theirGroup
)

var tableTime = time.Date(2025, 10, 14, 20, 15, 0, 0, time.UTC)

// holder is somebody who holds a role in an area; a resident lives there.
func holder(role civic.Role, in civic.AreaID) civic.Member {
	switch role {
	case civic.Guest:
	case civic.Resident:
		return civic.Member{ID: 1, Network: ownNetwork, Group: ownGroup, Standing: civic.StandingActive}
	case civic.StreetCoordinator, civic.NetworkCoordinator, civic.Police, civic.Municipality, civic.Enforcement, civic.Housing,
		civic.Admin, civic.DPO, civic.Deputy:
		return civic.Member{ID: 1, Network: ownNetwork, Grants: []civic.Grant{{Role: role, Area: in}}}
	}
	return civic.Member{}
}

// reaches prints how far a permission goes for each role: what of a thing's place it takes in when the role is held in a
// street group, and when it is held in the network. x is allowed; a role that may not at all is left out.
func reaches() string {
	things := []civic.Scope{
		{Network: ownNetwork, Group: ownGroup},
		{Network: ownNetwork, Group: otherGroup},
		{Network: ownNetwork},
		{Network: otherNetwork, Group: theirGroup},
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "permission\trole\theld in\tthat street group\tanother\tthe network\tanother network")
	for _, p := range slices.Sorted(maps.Keys(civic.Grants)) {
		for _, role := range civic.Roles {
			if role != civic.Guest && slices.Contains(civic.Grants[p], civic.Guest) {
				break // what everybody may, everybody may everywhere
			}
			for _, in := range []civic.AreaID{ownGroup, ownNetwork} {
				where := map[civic.AreaID]string{ownGroup: "street group", ownNetwork: "network"}[in]
				if role == civic.Guest || role == civic.Resident {
					where = "-"
				}
				cells := ""
				for _, thing := range things {
					cell := "-"
					if holder(role, in).May(p, thing, tableTime) {
						cell = "x"
					}
					cells += "\t" + cell
				}
				if strings.Contains(cells, "x") {
					fmt.Fprintf(w, "%s\t%s\t%s%s\n", p, role, where, cells)
				}
				if where == "-" {
					break
				}
			}
		}
	}
	w.Flush()
	return b.String()
}

// Everything that can be done asks for a permission that somebody has.
func TestEverythingNeedsAPermission(t *testing.T) {
	for _, e := range registered(t).Entries() {
		if _, known := civic.Grants[e.Needs]; !known {
			t.Errorf("%s %s needs %q, which is in no row of civic.Grants: name a permission in Needs", e.Kind, e.Name, e.Needs)
		}
	}
}
