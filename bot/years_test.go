package bot

import (
	"testing"
	"time"
)

// Ten years in six zones, of which some change their clocks at midnight: a daily slot comes once on each day, and so does an
// hourly one in each hour that the wall shows (reliability.md, M15).
func TestNoSlotOfTenYearsIsMissedOrComesTwice(t *testing.T) {
	for _, name := range []string{
		"Europe/Amsterdam", "Europe/Brussels", "Asia/Beirut", "Africa/Cairo", "America/Santiago", "America/Curacao",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		slots := 0
		for _, spec := range []string{"30 2 * * *", "0 0 * * *", "59 23 * * *"} {
			schedule, err := ParseSpec(spec)
			if err != nil {
				t.Fatal(err)
			}
			begin, end := time.Date(2026, 1, 1, 12, 0, 0, 0, zone), time.Date(2036, 1, 1, 12, 0, 0, 0, zone)
			ran := map[string]int{}
			last := begin
			for now := begin; now.Before(end); now = now.Add(3 * time.Hour) {
				if slot, ok := newest(schedule, last, now); ok {
					ran[slot.Format(naive)[:len("2006-01-02")]]++
					last = now
				}
			}
			days := 0
			for day := begin.AddDate(0, 0, 1); day.Before(end); day = day.AddDate(0, 0, 1) {
				days++
				if n := ran[day.Format("2006-01-02")]; n != 1 && day.AddDate(0, 0, 1).Before(end) {
					t.Errorf("%s, %s: %d times on %s", name, spec, n, day.Format("2006-01-02"))
				}
			}
			if days < 3650 {
				t.Fatalf("%d days", days)
			}
			slots += len(ran)
		}
		t.Logf("%s: %d slots in ten years", name, slots)
	}
}
