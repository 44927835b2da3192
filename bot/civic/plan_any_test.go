package civic

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyWorld draws a small, odd world: chats shared between targets, people in two groups, unknown areas.
func anyWorld(t *rapid.T) (Alert, World) {
	w := World{Areas: map[AreaID]Area{1: {ID: 1, Network: 1, Kind: KindNetwork}}, Zone: amsterdam, Unreachable: map[int64]bool{}}
	w.Now = evening.Add(time.Duration(rapid.IntRange(0, 24*60).Draw(t, "minute")) * time.Minute)
	for group := AreaID(2); group <= 4; group++ {
		w.Areas[group] = Area{ID: group, Parent: 1, Network: 1, Kind: KindGroup}
		w.Areas[group*10] = Area{ID: group * 10, Parent: group, Network: 1, Kind: KindStreet}
	}
	number := func(from, to int, label string) int64 { return int64(rapid.IntRange(from, to).Draw(t, label)) }
	kinds := rapid.SampledFrom([]TargetKind{TargetGroup, TargetChannel, TargetDirect})
	for id := range number(0, 6, "targets") {
		w.Targets = append(w.Targets, Target{
			ID: id + 1, Group: AreaID(number(2, 5, "group")), Kind: kinds.Draw(t, "kind"),
			Chat: number(0, 6, "chat"), Muted: rapid.Bool().Draw(t, "muted"),
		})
	}
	for range number(0, 12, "listeners") {
		person, group := number(1, 8, "person"), AreaID(number(2, 5, "group"))
		w.Listeners = append(w.Listeners, Listener{
			Person: person, Chat: number(0, 9, "private"), Group: group, Street: group * 10,
			Wishes: Wishes{
				Urgent: rapid.Bool().Draw(t, "urgent"), Nearby: rapid.Bool().Draw(t, "nearby"),
				Quiet: rapid.SampledFrom(QuietChoices).Draw(t, "quiet"), Away: w.Now.Add(time.Duration(number(-2, 1, "away")) * time.Hour),
			},
		})
	}
	statuses := rapid.SampledFrom([]DeliveryStatus{DeliveryPending, DeliverySent, DeliveryUnknown, DeliveryFailed, DeliverySuperseded})
	for range number(0, 8, "ledger") {
		w.Ledger = append(w.Ledger, Delivery{
			Alert: number(7, 8, "alert"), Notice: NoticeAlarm, Nth: 1, Target: number(1, 7, "target"),
			Person: number(0, 8, "person"), Chat: number(0, 9, "chat"), Status: statuses.Draw(t, "status"),
		})
	}
	for range number(0, 3, "unreachable") {
		w.Unreachable[number(1, 9, "gone")] = true
	}
	a := Alert{ID: 7, Kind: rapid.SampledFrom(AlertKinds).Draw(t, "alert kind")}
	a.Areas = rapid.SliceOfN(rapid.SampledFrom([]AreaID{1, 2, 3, 20, 30, 40, 99}), 0, 3).Draw(t, "areas")
	if rapid.Bool().Draw(t, "ends") {
		a.Until = w.Now.Add(time.Duration(number(1, 20, "hours")) * time.Hour)
	}
	return a, w
}

func TestEveryRecipientIsInExactlyOnePlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, w := anyWorld(t)
		notice := rapid.SampledFrom([]Notice{NoticeAlarm, NoticeCorrection, NoticeAllClear}).Draw(t, "notice")
		p := NewPlan(a, notice, w)
		places := map[Recipient]int{}
		for _, r := range p.Tell {
			places[r]++
		}
		for r := range p.Later {
			places[r]++
		}
		for r, why := range p.Skip {
			places[r]++
			if !slices.Contains(Reasons, why) {
				t.Fatalf("%v is skipped for %q", r, why)
			}
		}
		all := everybody(a, notice, w)
		if len(places) != len(all) {
			t.Fatalf("%d recipients, %d placed", len(all), len(places))
		}
		for _, r := range all {
			if places[r] != 1 {
				t.Fatalf("%v is in %d places", r, places[r])
			}
		}
	})
}

func TestNoChatIsToldTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, w := anyWorld(t)
		notice := rapid.SampledFrom([]Notice{NoticeAlarm, NoticeCorrection, NoticeAllClear}).Draw(t, "notice")
		chats, people := map[int64]int{}, map[int64]int{}
		for _, d := range w.Ledger {
			if d.Alert == a.ID && notice == NoticeAlarm && d.Status != DeliveryFailed {
				chats[d.Chat] = 1
				people[d.Person] = 1
			}
		}
		for range 3 { // as if the officer pressed Send again and again
			p := NewPlan(a, notice, w)
			for _, r := range append(slices.Clone(p.Tell), p.Waiting()...) {
				chats[r.Chat]++
				people[r.Person]++
				if chats[r.Chat] > 1 || r.Person != 0 && notice == NoticeAlarm && people[r.Person] > 1 {
					t.Fatalf("%v is told twice", r)
				}
			}
			w.Ledger = append(w.Ledger, deliver(a, p, DeliverySent)...)
		}
	})
}

func TestAllClearReachesExactlyTheAlarmedAndReachable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, w := anyWorld(t)
		want := map[int64]bool{}
		for _, d := range w.Ledger {
			heard := d.Status == DeliverySent || d.Status == DeliveryUnknown || d.Status == DeliveryPending
			if d.Alert == a.ID && heard && d.Chat != 0 && !w.Unreachable[d.Chat] {
				want[d.Chat] = true
			}
		}
		p := NewPlan(a, NoticeAllClear, w)
		got := map[int64]bool{}
		for _, r := range append(slices.Clone(p.Tell), p.Waiting()...) {
			got[r.Chat] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWhoeverCanBeReachedAndIsMeantIsToldSomewhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, w := anyWorld(t)
		a.Areas, a.Kind, w.Ledger = []AreaID{1}, UrgentAlert, nil
		p := NewPlan(a, NoticeAlarm, w)
		chats, people := map[int64]bool{}, map[int64]bool{0: false}
		for _, r := range p.Tell {
			chats[r.Chat], people[r.Person] = true, r.Person != 0
		}
		muted := map[int64]bool{}
		for _, target := range w.Targets {
			muted[target.ID] = target.Muted
		}
		away := map[int64]bool{}
		for _, l := range w.Listeners {
			away[l.Person] = away[l.Person] || l.AwayAt(w.Now)
		}
		for _, r := range everybody(a, NoticeAlarm, w) {
			silent := muted[r.Target] || away[r.Person] || r.Chat == 0 || w.Unreachable[r.Chat] || w.Areas[r.Group].Network != 1
			if !silent && !chats[r.Chat] && !people[r.Person] {
				t.Fatalf("%v hears nothing: %s", r, p.Skip[r])
			}
		}
	})
}
