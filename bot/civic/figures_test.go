package civic

import "testing"

func TestFigures(t *testing.T) {
	for said, want := range map[string]string{
		"Vijf minuten geleden": "5 minuten geleden", "een  uur geleden": "1 uur geleden", "kwartier geleden": "15 minuten geleden",
		"een kwartier geleden": "15 minuten geleden", "drie kwartier": "45 minuten", "over een half uur": "over 30 minuten",
		"halfuur geleden": "30 minuten geleden", "anderhalf uur geleden": "90 minuten geleden", "elf uur": "11 uur",
		"half an hour ago": "30 minutes ago", "a quarter of an hour ago": "15 minutes ago", "an hour ago": "1 hour ago",
		"in two hours": "in 2 hours", "gisteren 23.00": "gisteren 23.00", "": "", "éénmaal": "éénmaal",
	} {
		if got := Figures(said); got != want {
			t.Errorf("Figures(%q) = %q, want %q", said, got, want)
		}
	}
}
