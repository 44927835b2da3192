package civic

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Ana wants information once a day, Bo at once.
func digestWorld(now time.Time) World {
	return World{
		Now:     now,
		Areas:   map[AreaID]Area{1: {ID: 1, Kind: KindNetwork, Network: 1}, 2: {ID: 2, Kind: KindGroup, Network: 1, Parent: 1}},
		Targets: []Target{{ID: 1, Group: 2, Kind: TargetDirect}},
		Listeners: []Listener{
			{Person: 1, Chat: 11, Group: 2, Wishes: Wishes{Digest: true}}, {Person: 2, Chat: 12, Group: 2},
		},
	}
}

func TestOnlyInformationWaitsForTheMessageOfTheDay(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2025, 10, day, hour, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		now    time.Time
		alert  Alert
		notice Notice
		want   time.Time // zero = at once
	}{
		"information":                 {at(14, 9), Alert{Kind: InfoAlert, Until: at(20, 9)}, NoticeAlarm, at(14, 18)},
		"at six":                      {at(14, 18), Alert{Kind: InfoAlert, Until: at(20, 9)}, NoticeAlarm, at(15, 18)},
		"at night, past quiet hours":  {at(14, 23), Alert{Kind: InfoAlert, Until: at(20, 9)}, NoticeAlarm, at(15, 18)},
		"over by then":                {at(14, 9), Alert{Kind: InfoAlert, Until: at(14, 17)}, NoticeAlarm, time.Time{}},
		"what was said is put right":  {at(14, 9), Alert{Kind: InfoAlert, Until: at(20, 9)}, NoticeCorrection, at(14, 18)},
		"what was said is taken back": {at(14, 9), Alert{Kind: InfoAlert, Until: at(20, 9)}, NoticeAllClear, time.Time{}},
		"danger":                      {at(14, 9), Alert{Kind: UrgentAlert, Until: at(20, 9)}, NoticeAlarm, time.Time{}},
		"danger at night":             {at(14, 23), Alert{Kind: UrgentAlert, Until: at(20, 9)}, NoticeAlarm, time.Time{}},
		"somebody is missing":         {at(14, 9), Alert{Kind: MissingAlert, Until: at(20, 9)}, NoticeAlarm, time.Time{}},
		"police ask what people saw":  {at(14, 9), Alert{Kind: AppealAlert, Until: at(20, 9)}, NoticeAlarm, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			w := digestWorld(c.now)
			c.alert.ID, c.alert.Areas = 7, []AreaID{1}
			if c.notice != NoticeAlarm {
				for _, l := range w.Listeners {
					w.Ledger = append(w.Ledger, Delivery{
						Alert: 7, Notice: NoticeAlarm, Target: 1, Person: l.Person, Chat: l.Chat, Status: DeliverySent,
					})
				}
			}
			p := NewPlan(c.alert, c.notice, w)
			ana := Recipient{Target: 1, Kind: TargetDirect, Group: 2, Chat: 11, Person: 1}
			if diff := cmp.Diff(c.want, p.Later[ana]); diff != "" {
				t.Errorf("when Ana hears it (-want +got):\n%s", diff)
			}
			if told := len(p.Tell) + len(p.Later); told != 2 || len(p.Skip) != 0 {
				t.Errorf("%d are told, skipped: %v", told, p.Skip)
			}
		})
	}
}
