package civic

import (
	"fmt"
	"testing"
)

// town is a world of groups street groups, half of them told one by one, with members people in all.
func town(groups, members int) World {
	w := World{Now: evening, Zone: amsterdam, Areas: map[AreaID]Area{1: {ID: 1, Network: 1, Kind: KindNetwork}}}
	for i := range groups {
		group := AreaID(1000 + i)
		w.Areas[group] = Area{ID: group, Parent: 1, Network: 1, Kind: KindGroup}
		w.Areas[group+100000] = Area{ID: group + 100000, Parent: group, Network: 1, Kind: KindStreet}
		target := Target{ID: int64(i + 1), Group: group, Kind: TargetDirect}
		if i%2 == 1 {
			target.Kind, target.Chat = TargetGroup, int64(i+1)
		}
		w.Targets = append(w.Targets, target)
	}
	for i := range members {
		group := AreaID(1000 + i%groups/2*2)
		w.Listeners = append(w.Listeners, Listener{
			Person: int64(i + 1), Chat: int64(100000 + i), Group: group, Street: group + 100000,
		})
	}
	return w
}

func TestTownIsPlannedWhole(t *testing.T) {
	p := NewPlan(Alert{ID: 7, Kind: UrgentAlert, Areas: []AreaID{1}}, NoticeAlarm, town(500, 5000))
	if len(p.Tell) != 250+5000 || len(p.Skip) != 0 {
		t.Errorf("%d told, %d skipped", len(p.Tell), len(p.Skip))
	}
}

func BenchmarkNewPlan(b *testing.B) {
	for _, size := range []struct{ groups, members int }{{3, 300}, {500, 5000}} {
		w := town(size.groups, size.members)
		a := Alert{ID: 7, Kind: UrgentAlert, Areas: []AreaID{1}}
		alarm := NewPlan(a, NoticeAlarm, w)
		heard := w
		heard.Ledger = deliver(a, alarm, DeliverySent)
		for notice, world := range map[Notice]World{NoticeAlarm: w, NoticeAllClear: heard} {
			b.Run(fmt.Sprintf("%s-%d-groups-%d-members", notice, size.groups, size.members), func(b *testing.B) {
				for b.Loop() {
					NewPlan(a, notice, world)
				}
				b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/plan")
				b.ReportMetric(float64(len(alarm.Tell)), "recipients")
			})
		}
	}
}
