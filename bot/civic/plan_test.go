package civic

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
			{Person: tom, Chat: chatTom, Group: g1, Street: kastanjelaan, Wishes: Wishes{Urgent: true}},
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

// Nobody is skipped in a street group that has no target, so a plan names such a group itself.
func TestAPlanNamesStreetGroupsWhereNobodyCanBeTold(t *testing.T) {
	w := vlierWorld()
	w.Targets = slices.DeleteFunc(w.Targets, func(target Target) bool { return target.Group == g2 })
	w.Members = map[AreaID]int{g1: 4, g2: 12, lindegroep: 3}
	for _, c := range []struct {
		where AreaID
		want  []AreaID
	}{{deVlier, []AreaID{g2}}, {g2, []AreaID{g2}}, {meidoornstraat, []AreaID{g2}}, {g1, nil}, {kastanjelaan, nil}} {
		if diff := cmp.Diff(c.want, NewPlan(urgent(c.where), NoticeAlarm, w).Unheard); diff != "" {
			t.Errorf("an alert to %d (-want +got):\n%s", c.where, diff)
		}
	}
	if got := NewPlan(urgent(g2), NoticeAllClear, w).Unheard; got != nil {
		t.Errorf("an all-clear follows its alarm: %v", got)
	}
}
