package main

import (
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/flows"
)

// What the command prints tells who hears an alert now, later and not, and why; members are counted by their street group, and a
// few of them are not counted.
func TestThePlanIsPrintedAsItsSenderReadsIt(t *testing.T) {
	seven := time.Date(2025, 10, 15, 7, 0, 0, 0, time.UTC)
	group := func(area civic.AreaID) civic.Recipient {
		return civic.Recipient{Target: int64(area), Kind: civic.TargetGroup, Group: area, Chat: 90 + int64(area)}
	}
	members := func(area civic.AreaID, n int) []civic.Recipient {
		var all []civic.Recipient
		for i := range n {
			person := int64(area)*100 + int64(i)
			all = append(all, civic.Recipient{Target: 9, Kind: civic.TargetDirect, Group: area, Chat: person, Person: person})
		}
		return all
	}
	p := flows.Planned{
		Alert: civic.Alert{Ref: "A-7F3K", Status: civic.AlertQueued, Until: seven.Add(5 * time.Hour)},
		World: civic.World{Areas: map[civic.AreaID]civic.Area{
			2: {ID: 2, Name: "Kastanje"}, 3: {ID: 3, Name: "Meidoorn"}, 4: {ID: 4, Name: "Elzenstraat"},
		}},
		Plan: civic.Plan{
			Tell:  append([]civic.Recipient{group(2)}, members(3, 12)...),
			Later: map[civic.Recipient]time.Time{group(3): seven},
			Skip:  map[civic.Recipient]civic.Reason{group(4): civic.SkipUnreachable, members(4, 1)[0]: civic.SkipAway},
		},
		Dose:   civic.Dose{Count: 4, Group: 2},
		Second: []civic.SecondReason{civic.SecondReach},
	}
	var out strings.Builder
	shell{out: &out}.printPlan(p)
	const want = `A-7F3K, queued, until 2025-10-15T12:00:00Z
now    Kastanje, group
now    Meidoorn, members: 12
07:00  Meidoorn, group
not    Elzenstraat, members: fewer than 5: away
not    Elzenstraat, group: unreachable
dose   message 4 in 7 days, Kastanje
second officer: reach
`
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", &out, want)
	}
}
