package civic

import (
	"testing"
	"time"
)

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
		if end, quiet := (Hours{}).end(now.UTC(), zone); quiet {
			got = end.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.now, got, c.want)
		}
	}
	if _, quiet := (Hours{}).end(time.Date(2025, 1, 1, 23, 0, 0, 0, time.UTC), nil); !quiet {
		t.Error("without a zone the hours are those of UTC")
	}
}

func TestQuietHoursOfOnesOwn(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2025, 10, 14, hour, 30, 0, 0, time.UTC) }
	for _, c := range []struct {
		hours Hours
		hour  int
		end   time.Time // zero = not quiet
	}{
		{Hours{Own: true, From: 21, Until: 8}, 20, time.Time{}},
		{Hours{Own: true, From: 21, Until: 8}, 21, time.Date(2025, 10, 15, 8, 0, 0, 0, time.UTC)},
		{Hours{Own: true, From: 21, Until: 8}, 7, time.Date(2025, 10, 14, 8, 0, 0, 0, time.UTC)},
		{Hours{Own: true, From: 21, Until: 8}, 8, time.Time{}},
		{Hours{Own: true, From: 0, Until: 9}, 3, time.Date(2025, 10, 14, 9, 0, 0, 0, time.UTC)}, // who works until midnight
		{Hours{Own: true, From: 0, Until: 9}, 9, time.Time{}},
		{Hours{Own: true, From: 13, Until: 15}, 12, time.Time{}},
		{Hours{Own: true, From: 13, Until: 15}, 14, time.Date(2025, 10, 14, 15, 0, 0, 0, time.UTC)},
		{Hours{Own: true}, 0, time.Time{}},
		{Hours{Own: true}, 23, time.Time{}},
	} {
		end, quiet := c.hours.end(at(c.hour), time.UTC)
		if quiet != !c.end.IsZero() || !end.Equal(c.end) {
			t.Errorf("%+v at %d: %v, %t", c.hours, c.hour, end, quiet)
		}
	}
}

func TestPeopleHearWhatTheyWish(t *testing.T) {
	night := time.Date(2025, 10, 14, 21, 30, 0, 0, time.UTC)
	world := func(wishes Wishes) World {
		return World{
			Now: night, Zone: time.UTC, Unreachable: map[int64]bool{},
			Areas: map[AreaID]Area{
				1: {ID: 1, Network: 1, Kind: KindNetwork}, 2: {ID: 2, Parent: 1, Network: 1, Kind: KindGroup},
				3: {ID: 3, Parent: 2, Network: 1, Kind: KindStreet}, 4: {ID: 4, Parent: 2, Network: 1, Kind: KindStreet},
			},
			Targets:   []Target{{ID: 1, Group: 2, Kind: TargetDirect}},
			Listeners: []Listener{{Person: 7, Chat: 8, Group: 2, Street: 3, Wishes: wishes}},
		}
	}
	for name, c := range map[string]struct {
		wishes Wishes
		kind   AlertKind
		areas  []AreaID
		skip   Reason // empty = told
		later  bool
	}{
		"everything":               {Wishes{}, InfoAlert, []AreaID{2}, "", false},
		"nearby, to the group":     {Wishes{Nearby: true}, InfoAlert, []AreaID{2}, SkipNearbyOnly, false},
		"nearby, to the street":    {Wishes{Nearby: true}, InfoAlert, []AreaID{3, 4}, "", false},
		"nearby, urgent":           {Wishes{Nearby: true}, UrgentAlert, []AreaID{2}, "", false},
		"urgent only":              {Wishes{Urgent: true}, AppealAlert, []AreaID{3}, SkipUrgentOnly, false},
		"away, urgent":             {Wishes{Away: night.Add(time.Minute)}, UrgentAlert, []AreaID{3}, SkipAway, false},
		"back again":               {Wishes{Away: night}, UrgentAlert, []AreaID{3}, "", false},
		"quiet already":            {Wishes{Quiet: Hours{true, 21, 8}}, InfoAlert, []AreaID{2}, "", true},
		"quiet already, but alarm": {Wishes{Quiet: Hours{true, 21, 8}}, UrgentAlert, []AreaID{2}, "", false},
	} {
		p := NewPlan(Alert{ID: 1, Kind: c.kind, Areas: c.areas}, NoticeAlarm, world(c.wishes))
		if p.Skipped(c.skip) != len(p.Skip) || (len(p.Skip) == 1) != (c.skip != "") || (len(p.Later) == 1) != c.later {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// What is pressing comes in quiet hours and says in whose. When it was issued decides, so that what a second officer approves
// a few minutes later reads the same; a correction looks at the clock.
func TestWhatIsPressingKnowsWhoseQuietHoursItPierces(t *testing.T) {
	for name, c := range map[string]struct {
		a      Alert
		notice Notice
		at     time.Time
		want   int
	}{
		"in the evening":           {Alert{Kind: UrgentAlert, Issued: evening}, NoticeAlarm, evening, 0},
		"approved at night":        {Alert{Kind: UrgentAlert, Issued: evening}, NoticeAlarm, night, 0},
		"at night":                 {Alert{Kind: UrgentAlert, Issued: night}, NoticeAlarm, night, 1},
		"approved in the morning":  {Alert{Kind: UrgentAlert, Issued: night}, NoticeAlarm, night.Add(10 * time.Hour), 1},
		"a drill waits":            {Alert{Kind: UrgentAlert, Issued: night, Drill: true}, NoticeAlarm, night, 0},
		"information waits":        {Alert{Kind: InfoAlert, Issued: night}, NoticeAlarm, night, 0},
		"corrected at night":       {Alert{ID: 7, Kind: UrgentAlert, Issued: evening}, NoticeCorrection, night, 1},
		"corrected in the morning": {Alert{ID: 7, Kind: UrgentAlert, Issued: night}, NoticeCorrection, night.Add(10 * time.Hour), 0},
	} {
		w := vlierWorld()
		w.Now = c.at
		w.Ledger = []Delivery{{Alert: 7, Notice: NoticeAlarm, Nth: 1, Target: 2, Chat: chatG2, Status: DeliverySent}}
		c.a.Areas = []AreaID{g2}
		if p := NewPlan(c.a, c.notice, w); len(p.Pierced) != c.want {
			t.Errorf("%s: it pierces %v", name, p.Pierced)
		}
	}
}
