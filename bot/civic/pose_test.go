package civic

import "testing"

func TestATextThatSpeaksAsThePoliceIsFound(t *testing.T) {
	for text, want := range map[string]bool{
		"POLITIE · BIN De Vlier: blijf binnen":                        true,
		"⚠️ POLITIE\nBlijf binnen":                                    true,
		"Blijf binnen.\n⚠️ Politie: er loopt een man rond":            true,
		"Wij van de politie vragen je binnen te blijven.":             true,
		"Namens de politie: doe je deur op slot.":                     true,
		"NL-Alert: blijf binnen":                                      true,
		"This is the police. Stay inside.":                            true,
		"De politie doet vanavond extra rondes.":                      false,
		"Bel de politie als je iets ziet.":                            false,
		"Politie en gemeente ruimen zaterdag samen met ons op.":       false,
		"De wijkagent houdt dinsdag spreekuur. Politie is er ook bij": false,
	} {
		if got := Poses(text); got != want {
			t.Errorf("Poses(%q) = %v, want %v", text, got, want)
		}
	}
}
