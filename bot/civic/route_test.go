package civic

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTheMostParticularRuleSaysWhereACaseBelongs(t *testing.T) {
	const network, group, street AreaID = 1, 2, 3
	c := Case{Network: network, Group: group, Street: street, Category: YouthNuisance}
	evening := time.Date(2025, 10, 14, 20, 15, 0, 0, time.UTC) // a Tuesday
	saturday := time.Date(2025, 10, 18, 12, 0, 0, 0, time.UTC)
	rules := []Rule{
		{ID: 1, Category: YouthNuisance, From: 18, Until: 8, Partners: []Role{Police}},
		{ID: 2, Area: group, Partners: []Role{Housing}},
		{ID: 3, Area: group, Weekend: true, Partners: []Role{Enforcement}},
		{ID: 4, Area: street, Category: Traffic, Partners: []Role{Police}},
		{ID: 5, Category: YouthNuisance, Area: street, From: 9, Until: 10, Partners: []Role{Municipality, Police}},
	}
	for name, test := range map[string]struct {
		rules []Rule
		c     Case
		at    time.Time
		want  int64
	}{
		"no rule: the category's row":      {nil, c, evening, 0},
		"by the hour, past midnight":       {rules[:1], c, evening, 1},
		"not at this hour":                 {rules[:1], c, saturday, 0},
		"a place counts more than a time":  {rules[:2], c, evening, 2},
		"on a Saturday":                    {rules, c, saturday, 3},
		"not of this category":             {rules[3:4], c, evening, 0},
		"a street counts more":             {rules, c, time.Date(2025, 10, 18, 9, 30, 0, 0, time.UTC), 5},
		"an hour ends before it is struck": {rules[4:], c, time.Date(2025, 10, 18, 10, 0, 0, 0, time.UTC), 0},
		"elsewhere":                        {rules[1:3], Case{Network: network, Group: 9, Category: YouthNuisance}, evening, 0},
	} {
		if got := Route(test.rules, test.c, test.at); got.ID != test.want {
			t.Errorf("%s: rule %d, not %d", name, got.ID, test.want)
		}
	}
	if diff := cmp.Diff([]Role{Municipality}, Route(nil, c, evening).Partners); diff != "" {
		t.Error(diff)
	}
	if got := Route(nil, Case{Category: Other}, evening).Partners; len(got) != 0 {
		t.Errorf("a case of no kind belongs to %v", got)
	}
}

func TestACaseStandsAsFarAsItsFurthestPartner(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2025, 10, 14, hour, 0, 0, 0, time.UTC) }
	for name, test := range map[string]struct {
		all  []Handover
		want Status
	}{
		"one has it":                {[]Handover{{Status: Forwarded}}, Forwarded},
		"one works, one has it":     {[]Handover{{Status: Forwarded}, {Status: Accepted}}, Accepted},
		"one planned, one has it":   {[]Handover{{Status: Planned}, {Status: Forwarded}}, Planned},
		"one works, one planned":    {[]Handover{{Status: Planned}, {Status: Accepted}}, Accepted},
		"one is ready, one is not":  {[]Handover{{Status: Resolved}, {Status: Forwarded}}, Forwarded},
		"both are ready":            {[]Handover{{Status: Resolved}, {Status: Resolved}}, Resolved},
		"one gave it back":          {[]Handover{{Status: InTriage}}, InTriage},
		"one gave it back, one not": {[]Handover{{Status: InTriage}, {Status: Planned}}, Planned},
		"ready, then given back": {[]Handover{
			{Status: Resolved, Began: at(8), At: at(9)}, {Status: InTriage, Began: at(8), At: at(10)},
		}, InTriage},
		"given back, then another dealt with it": {[]Handover{
			{Status: InTriage, Began: at(8), At: at(9)}, {Status: Resolved, Began: at(10), At: at(11)},
		}, Resolved},
	} {
		if got := HandoverStatus(test.all); got != test.want {
			t.Errorf("%s: %s, not %s", name, got, test.want)
		}
	}
}

func TestAPathIsMadeOfMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.SampledFrom(allStatuses).Draw(t, "from"), rapid.SampledFrom(allStatuses).Draw(t, "to")
		path := from.Path(to)
		at := from
		for i, next := range path {
			if !at.May(next) {
				t.Fatalf("%s to %s is no move", at, next)
			}
			if i < len(path)-1 && next.Ended() {
				t.Fatalf("the way from %s to %s ends a case at %s", from, to, next)
			}
			at = next
		}
		if path != nil && at != to {
			t.Fatalf("the way from %s to %s ends at %s", from, to, at)
		}
		if work := []Status{InTriage, Forwarded, Accepted, Planned}; path == nil && slices.Contains(work, from) && slices.Contains(work, to) {
			t.Fatalf("no way from %s to %s", from, to)
		}
	})
}
