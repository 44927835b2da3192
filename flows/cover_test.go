package flows

import (
	"strings"
	"testing"
	"time"
)

// A period is read as people write it, in the year that they mean, and what is none is refused.
func TestAHolidayIsReadAsPeopleWriteIt(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	words := coverWords{
		months: strings.Fields("januari februari maart april mei juni juli augustus september oktober november december"),
		days:   []string{"dag", "dagen"}, weeks: []string{"week", "weken"}, today: []string{"vandaag"}, tomorrow: []string{"morgen"},
	}
	for _, c := range []struct{ today, typed, from, until, why string }{
		{"2026-06-01", "12-26 juli", "2026-07-12", "2026-07-26", ""},
		{"2026-06-01", "12 t/m 26 juli", "2026-07-12", "2026-07-26", ""},
		{"2026-06-01", " 12 JULI  tot en met 3 augustus ", "2026-07-12", "2026-08-03", ""},
		{"2026-06-01", "12/7-26/7", "2026-07-12", "2026-07-26", ""},
		{"2026-06-01", "12 jul", "2026-07-12", "2026-07-12", ""},
		{"2026-07-14", "12-26 juli", "2026-07-14", "2026-07-26", ""},
		{"2026-07-14", "tot 26 juli", "2026-07-14", "2026-07-26", ""},
		{"2026-07-14", "morgen - 26 juli", "2026-07-15", "2026-07-26", ""},
		{"2026-07-14", "2 weken", "2026-07-14", "2026-07-27", ""},
		{"2026-11-20", "28 december - 4 januari", "2026-12-28", "2027-01-04", ""},
		{"2027-01-02", "28 december - 4 januari", "2027-01-02", "2027-01-04", ""},
		{"2026-11-20", "12-26 juli", "2027-07-12", "2027-07-26", ""},
		{"2026-11-20", "12-26 juli 2027", "2027-07-12", "2027-07-26", ""},
		{"2026-08-05", "12-26 juli", "", "", "cover.past"},
		{"2026-11-20", "12-26 juli 2025", "", "", "cover.past"},
		{"2026-06-01", "1 juli - 28 februari", "", "", "cover.long"},
		{"2026-06-01", "999 dagen", "", "", "cover.how"},
		{"2026-06-01", "31-32 juli", "", "", "cover.how"},
		{"2026-06-01", "30 februari - 3 maart", "", "", "cover.how"},
		{"2026-06-01", "26-12 juli 2026", "", "", "cover.how"},
		{"2026-06-01", "12-26", "", "", "cover.how"},
		{"2026-06-01", "12-26-30 juli", "", "", "cover.how"},
		{"2026-06-01", "de hele zomer", "", "", "cover.how"},
		{"2026-06-01", "-", "", "", "cover.how"},
		{"2026-06-01", "0 juli - 0 augustus", "", "", "cover.how"},
	} {
		today, err := time.ParseInLocation(time.DateOnly, c.today, zone)
		if err != nil {
			t.Fatal(err)
		}
		a, why := coverPeriod(words, c.typed, today.Add(9*time.Hour))
		from, until := "", ""
		if why == "" {
			from, until = a.From.In(zone).Format(time.DateOnly), a.Until.Add(-time.Minute).In(zone).Format(time.DateOnly)
		}
		if from != c.from || until != c.until || why != c.why {
			t.Errorf("%s on %s: %s until %s %s, want %s until %s %s", c.typed, c.today, from, until, why, c.from, c.until, c.why)
		}
	}
}
