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
