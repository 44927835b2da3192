package flows

import "testing"

func TestSentencesBeginWithACapital(t *testing.T) {
	for text, want := range map[string]string{
		"man, rugzak. rende weg":            "Man, rugzak. Rende weg.",
		"ze riepen hulp! toen was het stil": "Ze riepen hulp! Toen was het stil.",
		"ca. tien mensen bij nr. twaalf":    "Ca. tien mensen bij nr. twaalf.",
		"om 21.45 uur. 2 mannen":            "Om 21.45 uur. 2 mannen.",
		"één regel\n\nen nog één?":          "Één regel.\nEn nog één?",
		"":                                  "",
	} {
		if got := sentences("nl", text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
	if got := capitals("tr", "iletildi."); got != "İletildi." {
		t.Errorf("Turkish begins with %q", got)
	}
}
