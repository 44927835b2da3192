package civic

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The areas of BIN De Vlier.
const (
	deVlier        AreaID = 1
	g1, g2, g3     AreaID = 2, 3, 4
	kastanjelaan   AreaID = 21
	kastanjestraat AreaID = 22
	meidoornstraat AreaID = 31
	schoolplein    AreaID = 41
	terLinde       AreaID = 100
	lindegroep     AreaID = 101
)

// Its people, who are told one by one in G1.
const (
	wim   int64 = 500 + iota // Kastanjelaan
	sevda                    // Kastanjestraat
	tom                      // Kastanjelaan, urgent alerts only
	lies                     // Kastanjestraat, never spoke to the bot
)

// The chats.
const (
	chatG2, chatG3, chatLinde int64 = 902, 903, 904
	chatWim, chatSevda        int64 = 911, 912
	chatTom                   int64 = 913
)

// evening is Tuesday 14 October 2025, 21:56 in the network's zone; night is five minutes past ten.
var (
	amsterdam = time.FixedZone("CEST", 2*60*60)
	evening   = time.Date(2025, 10, 14, 21, 56, 0, 0, amsterdam)
	night     = evening.Add(9 * time.Minute)
)

// vlierWorld is the network: G1 by direct message, G2 a channel, G3 a group chat; another network beside it.
func vlierWorld() World {
	areas := map[AreaID]Area{
		deVlier:  {ID: deVlier, Network: deVlier, Kind: KindNetwork},
		terLinde: {ID: terLinde, Network: terLinde, Kind: KindNetwork},
	}
	for id, network := range map[AreaID]AreaID{g1: deVlier, g2: deVlier, g3: deVlier, lindegroep: terLinde} {
		areas[id] = Area{ID: id, Parent: network, Network: network, Kind: KindGroup}
	}
	for id, group := range map[AreaID]AreaID{kastanjelaan: g1, kastanjestraat: g1, meidoornstraat: g2, schoolplein: g3} {
		areas[id] = Area{ID: id, Parent: group, Network: deVlier, Kind: KindStreet}
	}
	return World{
		Now: evening, Zone: amsterdam, Areas: areas,
		Targets: []Target{
			{ID: 1, Group: g1, Kind: TargetDirect},
			{ID: 2, Group: g2, Kind: TargetChannel, Chat: chatG2},
			{ID: 3, Group: g3, Kind: TargetGroup, Chat: chatG3},
			{ID: 4, Group: lindegroep, Kind: TargetGroup, Chat: chatLinde},
		},
		Listeners: []Listener{
			{Person: wim, Chat: chatWim, Group: g1, Street: kastanjelaan},
			{Person: sevda, Chat: chatSevda, Group: g1, Street: kastanjestraat},
			{Person: tom, Chat: chatTom, Group: g1, Street: kastanjelaan, Urgent: true},
			{Person: lies, Group: g1, Street: kastanjestraat},
		},
	}
}

// name says whom a recipient is, for tables.
func name(r Recipient) string {
	people := map[int64]string{wim: "wim", sevda: "sevda", tom: "tom", lies: "lies"}
	groups := map[AreaID]string{g2: "G2", g3: "G3", lindegroep: "Linde"}
	if r.Person != 0 {
		return people[r.Person]
	}
	return groups[r.Group]
}

// words is a plan in words.
func words(p Plan) map[string]string {
	got := map[string]string{}
	for _, r := range p.Tell {
		got[name(r)] = "now"
	}
	for r, at := range p.Later {
		got[name(r)] = at.Format("Mon 15:04")
	}
	for r, why := range p.Skip {
		got[name(r)] = string(why)
	}
	return got
}

// deliver writes a plan into the ledger, everything with this status.
func deliver(a Alert, p Plan, status DeliveryStatus) []Delivery {
	var rows []Delivery
	for _, r := range append(slices.Clone(p.Tell), p.Waiting()...) {
		rows = append(rows, Delivery{
			Alert: a.ID, Notice: p.Notice, Nth: 1, Target: r.Target, Person: r.Person, Chat: r.Chat, Status: status,
		})
	}
	return rows
}

func urgent(areas ...AreaID) Alert {
	return Alert{ID: 7, Network: deVlier, Kind: UrgentAlert, Areas: areas, Until: evening.Add(time.Hour)}
}

func info(areas ...AreaID) Alert {
	return Alert{ID: 7, Network: deVlier, Kind: InfoAlert, Areas: areas}
}

func TestAlarmReachesWhoItIsFor(t *testing.T) {
	everybody := map[string]string{
		"wim": "now", "sevda": "now", "tom": "now", "lies": "no_private_chat", "G2": "now", "G3": "now",
		"Linde": "not_its_street",
	}
	nobody := map[string]string{}
	for who := range everybody {
		nobody[who] = "not_its_street"
	}
	with := func(base map[string]string, changes ...string) map[string]string {
		base = maps.Clone(base)
		for i := 0; i < len(changes); i += 2 {
			base[changes[i]] = changes[i+1]
		}
		return base
	}
	cases := []struct {
		name  string
		alert Alert
		world func(*World)
		want  map[string]string
	}{
		{"the network", urgent(deVlier), nil, everybody},
		{"a street, one by one", urgent(kastanjelaan), nil, with(nobody, "wim", "now", "tom", "now")},
		{"a street with a group chat", urgent(schoolplein), nil, with(nobody, "G3", "now")},
		{"a group and a street", urgent(g1, meidoornstraat), nil, with(everybody, "G3", "not_its_street")},
		{"a group and its network", urgent(g1, deVlier), nil, everybody},
		{"nowhere", urgent(), nil, nobody},
		{"an area that is not known", urgent(999), nil, nobody},
		{"information", info(deVlier), nil, with(everybody, "tom", "urgent_only")},
		{"a missing person", Alert{Kind: MissingAlert, Areas: []AreaID{deVlier}}, func(w *World) { w.Now = night }, everybody},
		{"muted", urgent(deVlier), func(w *World) { w.Targets[2].Muted = true }, with(everybody, "G3", "muted")},
		{
			"unreachable", urgent(deVlier),
			func(w *World) { w.Unreachable = map[int64]bool{chatG2: true, chatWim: true} },
			with(everybody, "G2", "unreachable", "wim", "unreachable"),
		},
		{"a channel that is not bound", urgent(deVlier), func(w *World) { w.Targets[1].Chat = 0 }, with(everybody, "G2", "unreachable")},
		{"urgent at night", urgent(deVlier), func(w *World) { w.Now = night }, everybody},
		{"information at night", info(deVlier), func(w *World) { w.Now = night }, with(everybody,
			"tom", "urgent_only", "wim", "Wed 07:00", "sevda", "Wed 07:00", "G2", "Wed 07:00", "G3", "Wed 07:00")},
		{"an appeal that is over by the morning", Alert{Kind: AppealAlert, Areas: []AreaID{g2}, Until: night.Add(time.Hour)}, func(w *World) { w.Now = night }, with(nobody, "G2", "over_by_then")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := vlierWorld()
			if c.world != nil {
				c.world(&w)
			}
			if diff := cmp.Diff(c.want, words(NewPlan(c.alert, NoticeAlarm, w))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlanIsInOrder(t *testing.T) {
	w := vlierWorld()
	want := NewPlan(urgent(deVlier), NoticeAlarm, w)
	slices.Reverse(w.Targets)
	slices.Reverse(w.Listeners)
	w.Targets = append(w.Targets, w.Targets[0])
	if diff := cmp.Diff(want, NewPlan(urgent(deVlier), NoticeAlarm, w)); diff != "" {
		t.Error(diff)
	}
	var order []string
	for _, r := range want.Tell {
		order = append(order, name(r))
	}
	if diff := cmp.Diff([]string{"wim", "sevda", "tom", "G2", "G3"}, order); diff != "" {
		t.Error(diff)
	}
}

func TestRepeatedPlanTellsNobodyTwice(t *testing.T) {
	for _, status := range []DeliveryStatus{DeliveryPending, DeliverySent, DeliveryUnknown, DeliverySuperseded} {
		w := vlierWorld()
		first := NewPlan(urgent(deVlier), NoticeAlarm, w)
		w.Ledger = deliver(urgent(deVlier), first, status)
		again := NewPlan(urgent(deVlier), NoticeAlarm, w)
		if len(again.Tell) != 0 || again.Skipped(SkipTold) != len(first.Tell) {
			t.Errorf("%s: %v", status, words(again))
		}
	}
}

func TestCrashInTheMiddleLeavesTheRest(t *testing.T) {
	w := vlierWorld()
	first := NewPlan(urgent(deVlier), NoticeAlarm, w)
	w.Ledger = deliver(urgent(deVlier), first, DeliverySent)[:2]
	rest := NewPlan(urgent(deVlier), NoticeAlarm, w)
	if diff := cmp.Diff(first.Tell[2:], rest.Tell); diff != "" {
		t.Error(diff)
	}
}

func TestFailedDeliveryMayBeTriedAgain(t *testing.T) {
	w := vlierWorld()
	first := NewPlan(urgent(deVlier), NoticeAlarm, w)
	w.Ledger = deliver(urgent(deVlier), first, DeliveryFailed)
	if diff := cmp.Diff(first.Tell, NewPlan(urgent(deVlier), NoticeAlarm, w).Tell); diff != "" {
		t.Error(diff)
	}
}

func TestLedgerOfAnotherAlertDoesNotCount(t *testing.T) {
	w := vlierWorld()
	first := NewPlan(urgent(deVlier), NoticeAlarm, w)
	other := urgent(deVlier)
	other.ID = 8
	w.Ledger = deliver(other, first, DeliverySent)
	if diff := cmp.Diff(first.Tell, NewPlan(urgent(deVlier), NoticeAlarm, w).Tell); diff != "" {
		t.Error(diff)
	}
	if p := NewPlan(urgent(deVlier), NoticeAllClear, w); len(p.Tell) != 0 {
		t.Errorf("all-clear of an alert nobody heard: %v", words(p))
	}
}

func TestPersonWithTwoWaysIsToldOnce(t *testing.T) {
	w := vlierWorld()
	w.Targets = append(w.Targets, Target{ID: 5, Group: g2, Kind: TargetDirect})
	w.Listeners = append(w.Listeners, Listener{Person: wim, Chat: 999, Group: g2, Street: meidoornstraat})
	p := NewPlan(urgent(deVlier), NoticeAlarm, w)
	if n := p.Skipped(SkipTwice); n != 1 {
		t.Errorf("%d skipped: %v", n, p.Skip)
	}
	w.Targets[0].Muted = true
	p = NewPlan(urgent(deVlier), NoticeAlarm, w)
	heard := slices.ContainsFunc(p.Tell, func(r Recipient) bool { return r.Person == wim })
	if !heard || p.Skipped(SkipTwice) != 0 {
		t.Errorf("one way is muted, the other must do: %v", p.Skip)
	}
}

func TestAllClearGoesToExactlyTheAlarmed(t *testing.T) {
	a := info(deVlier)
	w := vlierWorld()
	row := func(target, person, chat int64, status DeliveryStatus) Delivery {
		return Delivery{Alert: a.ID, Notice: NoticeAlarm, Nth: 1, Target: target, Person: person, Chat: chat, Status: status}
	}
	w.Ledger = []Delivery{
		row(1, wim, chatWim, DeliverySent),
		row(1, sevda, chatSevda, DeliverySuperseded),
		row(1, tom, chatTom, DeliveryUnknown), // and wants urgent alerts only
		row(2, 0, chatG2, DeliveryFailed),
		row(3, 0, chatG3, DeliveryPending),
	}
	w.Targets[2].Muted = true
	for _, notice := range []Notice{NoticeAllClear, NoticeCorrection} {
		want := map[string]string{
			"wim": "now", "sevda": "never_got_the_alarm", "tom": "now", "lies": "never_got_the_alarm",
			"G2": "never_got_the_alarm", "G3": "now", "Linde": "never_got_the_alarm",
		}
		if diff := cmp.Diff(want, words(NewPlan(a, notice, w))); diff != "" {
			t.Errorf("%s: %s", notice, diff)
		}
	}
}

func TestAllClearFollowsTheAlarmToWhereItWent(t *testing.T) {
	a := urgent(deVlier)
	w := vlierWorld()
	w.Ledger = deliver(a, NewPlan(a, NoticeAlarm, w), DeliverySent)
	w.Listeners = w.Listeners[1:]            // Wim moved away
	w.Targets = w.Targets[:2]                // G3's group chat is no target any more
	w.Targets[1].Chat = 999                  // and G2 was given another channel
	w.Areas = map[AreaID]Area{}              // whatever the areas are now
	a.Areas = []AreaID{kastanjestraat, 9999} // and whatever the alert says
	chats := map[int64]bool{}
	p := NewPlan(a, NoticeAllClear, w)
	for _, r := range p.Tell {
		chats[r.Chat] = true
	}
	want := map[int64]bool{chatWim: true, chatSevda: true, chatTom: true, chatG2: true, chatG3: true}
	if diff := cmp.Diff(want, chats); diff != "" {
		t.Error(diff)
	}
	if why := p.Skip[Recipient{Target: 2, Kind: TargetChannel, Group: g2, Chat: 999}]; why != SkipNeverAlarmed {
		t.Errorf("the new channel: %q", why)
	}
}

func TestEachCorrectionIsToldOnce(t *testing.T) {
	a := urgent(deVlier)
	w := vlierWorld()
	w.Ledger = deliver(a, NewPlan(a, NoticeAlarm, w), DeliverySent)
	alarmed := len(w.Ledger)
	for nth := 1; nth <= 3; nth++ {
		w.Nth = nth
		p := NewPlan(a, NoticeCorrection, w)
		if len(p.Tell) != alarmed {
			t.Fatalf("correction %d goes to %d of %d", nth, len(p.Tell), alarmed)
		}
		rows := deliver(a, p, DeliverySent)
		for i := range rows {
			rows[i].Nth = nth
		}
		w.Ledger = append(w.Ledger, rows...)
		if p = NewPlan(a, NoticeCorrection, w); len(p.Tell) != 0 {
			t.Fatalf("correction %d goes out twice: %v", nth, words(p))
		}
	}
}

func TestAllClearReachesWhoHeardTheCorrectionOnly(t *testing.T) {
	a := urgent(g2)
	w := vlierWorld()
	w.Ledger = []Delivery{
		{Alert: a.ID, Notice: NoticeAlarm, Nth: 1, Target: 2, Chat: chatG2, Status: DeliverySuperseded},
		{Alert: a.ID, Notice: NoticeCorrection, Nth: 1, Target: 2, Chat: chatG2, Status: DeliverySent},
	}
	if got := words(NewPlan(a, NoticeAllClear, w))["G2"]; got != "now" {
		t.Error(got)
	}
}

func TestQuietHoursEndAtSevenByTheNetworksClock(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Skip("this machine has no time zones: ", err)
	}
	cases := []struct{ now, want string }{
		{"2025-10-14 21:59", ""},
		{"2025-10-14 22:00", "2025-10-15T07:00:00+02:00"},
		{"2025-10-14 00:00", "2025-10-14T07:00:00+02:00"},
		{"2025-10-14 06:59", "2025-10-14T07:00:00+02:00"},
		{"2025-10-14 07:00", ""},
		{"2025-10-25 23:30", "2025-10-26T07:00:00+01:00"}, // the clock goes back
		{"2026-03-28 23:30", "2026-03-29T07:00:00+02:00"}, // and forth
		{"2025-12-31 23:30", "2026-01-01T07:00:00+01:00"},
	}
	for _, c := range cases {
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if end, quiet := quietEnd(now.UTC(), zone); quiet {
			got = end.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.now, got, c.want)
		}
	}
	if _, quiet := quietEnd(time.Date(2025, 1, 1, 23, 0, 0, 0, time.UTC), nil); !quiet {
		t.Error("without a zone the hours are those of UTC")
	}
}

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
			Person: person, Chat: number(0, 9, "private"), Group: group, Street: group * 10, Urgent: rapid.Bool().Draw(t, "urgent"),
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
		for _, r := range everybody(a, NoticeAlarm, w) {
			silent := muted[r.Target] || r.Chat == 0 || w.Unreachable[r.Chat] || w.Areas[r.Group].Network != 1
			if !silent && !chats[r.Chat] && !people[r.Person] {
				t.Fatalf("%v hears nothing: %s", r, p.Skip[r])
			}
		}
	})
}

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
