package civic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
