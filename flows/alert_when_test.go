package flows

import (
	"testing"
	"time"
)

func TestParsePast(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	weekdays := [7][]string{{"zondag", "zo"}, {"maandag", "ma"}, {"dinsdag", "di"}, {"woensdag", "wo"}}
	words := pastWords{
		untilWords: testWords, yesterday: []string{"gisteren", "gisteravond"}, ago: []string{"geleden"},
		around: []string{"rond", "vannacht", "om"}, now: []string{"nu"},
	}
	now := time.Date(2025, 10, 14, 21, 57, 0, 0, zone) // a Tuesday
	for typed, want := range map[string]string{
		"21.45": "2025-10-14 21:45", "rond 21 uur": "2025-10-14 21:00", "23.00": "2025-10-13 23:00", "vandaag 23.00": "2025-10-14 23:00",
		"gisteren 23.00": "2025-10-13 23:00", "gisteravond om 23 uur.": "2025-10-13 23:00", "vannacht 3 uur": "2025-10-14 03:00",
		"zondag 22:30": "2025-10-12 22:30", "wo 9.00": "2025-10-08 09:00", "dinsdag 9.00": "2025-10-14 09:00",
		"12-10 14.00": "2025-10-12 14:00", "24-12 14.00": "2024-12-24 14:00", "2 uur geleden": "2025-10-14 19:55",
		"20 minuten geleden": "2025-10-14 21:35", "Vijf minuten geleden": "2025-10-14 21:50",
		"een half uur geleden": "2025-10-14 21:25", "om negen uur": "2025-10-14 09:00", "2130": "2025-10-14 21:30", "21u30": "2025-10-14 21:30", "nu": "2025-10-14 21:55",
		"morgen 9.00": "", "over 2 uur": "", "gisteren": "", "25.00": "", "24.00": "", "12.75": "", "20 minuten": "", "geleden": "",
		"2 geleden": "", "nu 21.00": "", "straks": "", "": "", "31-13 9.00": "", "gisteren zondag 9.00": "", "gisteren 2 uur geleden": "",
	} {
		got, ok := parsePast(weekdays, words, typed, now)
		said := ""
		if ok {
			said = got.In(zone).Format("2006-01-02 15:04")
		}
		if said != want {
			t.Errorf("parsePast(%q) = %q, want %q", typed, said, want)
		}
	}
}

// A time before the clock went back or forth is the hour that was typed.
func TestATimeThatHasBeenSurvivesTheChangeOfClocks(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	words := pastWords{untilWords: testWords, yesterday: []string{"gisteren"}}
	for _, now := range []time.Time{
		time.Date(2025, 10, 26, 12, 0, 0, 0, zone), time.Date(2026, 3, 29, 12, 0, 0, 0, zone),
	} {
		got, ok := parsePast([7][]string{}, words, "gisteren 22.00", now)
		if want := time.Date(now.Year(), now.Month(), now.Day()-1, 22, 0, 0, 0, zone); !ok || !got.Equal(want) {
			t.Errorf("from %v: %v, %v", now, got, ok)
		}
	}
}
