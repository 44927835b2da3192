package flows

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var testWords = untilWords{
	today: []string{"vandaag", "vanavond"}, tomorrow: []string{"morgen"}, in: []string{"over"},
	until: []string{"tot", "om"},
	hours: []string{"uur", "uren", "u"}, minutes: []string{"minuten", "min"}, days: []string{"dag", "dagen"},
}

func TestParseUntil(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2025, 10, 14, 21, 57, 1, 0, zone)
	for typed, want := range map[string]string{
		"23.00": "14 23:00", "23:00": "14 23:00", "tot 23.00 uur": "14 23:00", "23u": "14 23:00",
		"23u30": "14 23:30", "23 uur": "14 23:00", "2300": "14 23:00", "Vanavond 23.00 uur": "14 23:00",
		"24.00": "15 00:00", "0.30": "15 00:30", "1 uur": "14 23:00", "2 uur": "15 00:00",
		"over 8 uur": "15 06:00", "over 90 minuten": "14 23:30", "30 min": "14 22:30", "over een half uur": "14 22:30",
		"twee uur": "15 00:00", "kwartier": "14 22:15",
		"tot 2 uur": "15 02:00", "8 uur": "15 08:00", "9.00": "15 09:00", "morgen 9.00": "15 09:00",
		"morgen 12 uur": "15 12:00", "morgen om 9": "15 09:00", "2 dagen": "16 22:00", "20.00": "15 20:00",
		"vandaag 20.00": "14 20:00", "tot: 23.00!": "14 23:00", "": "", "straks": "", "25.00": "",
		"23.60": "", "24.30": "", "morgen": "", "uur": "", "2 3": "", "1,5 uur": "", "over 23.00": "",
		"23.00 23.00": "", "-1": "15 01:00", "9999": "", "om": "", "😀": "",
	} {
		got, ok := parseUntil(testWords, typed, now)
		said := ""
		if ok {
			said = got.In(zone).Format("2 15:04")
		}
		if said != want {
			t.Errorf("parseUntil(%q) = %q, want %q", typed, said, want)
		}
	}
}

func TestParsedTimesComeAfterNowUnlessTheyAreSaidToBeTodays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	pieces := []string{"23", "7", "0", "23.00", "1:30", "uur", "min", "dagen", "morgen", "over", "tot", " ", "straks", "x"}
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(r, "pieces"), " ")
		now := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(r, "now"), 0).In(zone)
		if at, ok := parseUntil(testWords, text, now); ok && !at.After(now) {
			r.Fatalf("parseUntil(%q) at %v = %v", text, now, at)
		}
	})
}
