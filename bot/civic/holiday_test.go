package civic

import (
	"testing"
	"time"
)

func TestEasterIsWhereTheCalendarsHaveIt(t *testing.T) {
	for _, want := range []string{
		"2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28",
		"2030-04-21", "2038-04-25",
	} {
		date, err := time.Parse(time.DateOnly, want)
		if err != nil {
			t.Fatal(err)
		}
		if got := easter(date.Year()).Format(time.DateOnly); got != want {
			t.Errorf("easter of %d is %s, want %s", date.Year(), got, want)
		}
	}
}

func TestNobodyWorksOnAHolidayOfTheirCountry(t *testing.T) {
	for _, c := range []struct {
		profile, day string
		want         bool
	}{
		{"nl", "2025-10-14", true},
		{"nl", "2025-10-18", false},
		{"nl", "2025-10-19", false},
		{"nl", "2025-12-25", false},
		{"nl", "2025-12-26", false},
		{"be", "2025-12-26", true},
		{"nl", "2026-04-27", false},
		{"be", "2026-04-27", true},
		{"nl", "2026-04-06", false},
		{"be", "2026-04-06", false},
		{"nl", "2026-05-14", false},
		{"nl", "2026-05-25", false},
		{"be", "2026-07-21", false},
		{"nl", "2026-07-21", true},
		{"be", "2025-11-11", false},
		{"nl", "2025-11-11", true},
		{"be", "2026-05-01", false},
		{"nl", "2026-05-01", true},
		{"nl", "2026-01-01", false},
		{"be", "2026-01-01", false},
	} {
		p, ok := ProfileOf(c.profile)
		day, err := time.Parse(time.DateOnly, c.day)
		if !ok || err != nil {
			t.Fatal(c, err)
		}
		if got := p.Working(day); got != c.want {
			t.Errorf("%s works on %s: %v, want %v", c.profile, c.day, got, c.want)
		}
	}
}

func TestAHolidayThatIsNoneIsAFaultOfTheProfile(t *testing.T) {
	p, _ := ProfileOf("nl")
	for _, bad := range []string{"", "13-01", "easter+x", "kerst"} {
		p.Holidays = []string{bad}
		if p.check() == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
