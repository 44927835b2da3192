package flows

import (
	"testing"
	"time"
)

func TestParseDay(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	weekdays := [7][]string{
		{"zondag", "zo"},
		{"maandag", "ma"},
		{"dinsdag", "di"},
		{"woensdag", "wo"},
		{"donderdag", "do"},
		{"vrijdag", "vr"},
		{"zaterdag", "za"},
	}
	now := time.Date(2025, 10, 14, 21, 57, 1, 0, zone) // a Tuesday
	for typed, want := range map[string]string{
		"dinsdag 22.00": "2025-10-14 22:00", "di 19.00": "2025-10-21 19:00", "Woensdag om 9 uur": "2025-10-15 09:00",
		"ma 19:00": "2025-10-20 19:00", "zondag, 19.00 uur": "2025-10-19 19:00", "24-10 9.00": "2025-10-24 09:00",
		"24/10 om 19u30": "2025-10-24 19:30", "13-10 9.00": "2026-10-13 09:00", "morgen 9.00": "2025-10-15 09:00",
		"23.00": "2025-10-14 23:00", "zo 2.30": "2025-10-19 02:30", "zondag 26-10 9.00": "", "dinsdag": "", "31-13 9.00": "",
		"wo over 2 uur": "", "14-10 9.00": "2025-10-14 09:00", "wo morgen 9.00": "", "wo 25.00": "", "": "", "straks": "",
		"di di 19.00": "", //nolint:dupword // a weekday that was typed twice is no time
	} {
		got, ok := parseDay(weekdays, testWords, typed, now)
		said := ""
		if ok {
			said = got.In(zone).Format("2006-01-02 15:04")
		}
		if said != want {
			t.Errorf("parseDay(%q) = %q, want %q", typed, said, want)
		}
	}
}

// A planned time keeps the hour that was typed when the clock goes back or forth on the way.
func TestAPlannedHourSurvivesTheChangeOfClocks(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	weekdays := [7][]string{1: {"ma"}}
	for _, day := range []time.Time{
		time.Date(2025, 10, 25, 12, 0, 0, 0, zone), time.Date(2026, 3, 28, 12, 0, 0, 0, zone),
	} {
		got, ok := parseDay(weekdays, testWords, "ma 9.00", day)
		if !ok || got.In(zone).Format("Mon 15:04") != "Mon 09:00" {
			t.Errorf("from %v: %v, %v", day, got, ok)
		}
	}
}
