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
		"POLITIE! Blijf binnen":                                       true,
		"Politie. Blijf binnen.":                                      true,
		"POLITIE, BIN De Vlier, Kastanje: blijf binnen":               true,
		"Politie, blijf allemaal binnen":                              true,
		"POLITIE BIN De Vlier":                                        true,
		"Doe de deur op slot. POLITIE: blijf binnen":                  true,
		"POLITIEALARM in de Kastanjelaan":                             true,
		"Politie-alarm: blijf binnen":                                 true,
		"Politiewaarschuwing voor de buurt":                           true,
		"РОLITIE · BIN De Vlier":                                      true, // the first two letters are Cyrillic
		"Р0LITIE: blijf binnen":                                       true,
		"P O L I T I E: blijf binnen":                                 true,
		"PO\u200bLITIE: blijf binnen":                                 true,
		"ＰＯＬＩＴＩＥ: blijf binnen":                                       true,
		"ПОЛІЦІЯ: не виходьте":                                        true,
		"POLIZEI! Bleiben Sie zu Hause":                               true,
		"POLITIE EN GEMEENTE RUIMEN OP":                               false,
		"Politie, gemeente en buurt ruimen zaterdag op.":              false,
		"Politie? Bel 0900-8844.":                                     false,
		"De politie, de brandweer en wij staan zaterdag op de markt.": false,
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
