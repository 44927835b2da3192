package flows_test

import (
	"strings"
	"testing"
)

// asked plays a story in which a second officer is asked, up to their first answer.
func asked(t *testing.T, file string) *player {
	t.Helper()
	tr := readTranscript(t, "testdata/"+file)
	p := open(t, tr, mode{})
	t.Cleanup(p.close)
	for _, line := range tr.script() {
		if strings.HasSuffix(line, "> [Goedkeuren]") {
			return p
		}
		p.line(line)
	}
	t.Fatalf("%s: nobody is asked", file)
	return nil
}

// An officer approves what they read and nothing else. A request that was made before something changed shows what is not true
// any more; its button sends nothing, however often it is pressed.
func TestAnOlderRequestApprovesNothingThatCameLater(t *testing.T) {
	p := asked(t, "alert-second-changes.txtar")
	s := p.stage.(*localStage)
	old := s.buttons["piet Goedkeuren"]
	p.line("piet > [Goedkeuren]")
	newer := s.buttons["piet Goedkeuren"]
	if newer == old {
		t.Fatal("piet is not asked anew")
	}
	for range 2 {
		s.buttons["piet Goedkeuren"] = old
		says(p, "piet ~ Er is iets veranderd sinds de vraag over A-", []string{"kastanje <"}, "piet > old: [Goedkeuren]")
		if s.buttons["piet Goedkeuren"] == old {
			t.Error("piet does not read what there is to approve now")
		}
	}
	s.buttons["piet Goedkeuren"] = newer
	says(p, "kastanje < ⚠️ POLITIE", nil, "piet > old: [Goedkeuren]")
}

// Nothing goes in the name of somebody who is no officer any more, whoever approves it.
func TestNothingIsApprovedForWhoIsNoOfficerAnyMore(t *testing.T) {
	p := asked(t, "alert-second.txtar")
	p.line("! role mirjam ends")
	said := strings.Join(p.line("piet > [Goedkeuren]"), "")
	for _, want := range []string{
		"piet ~ A-42WG gaat niet weg: wie het schreef, werkt niet meer in deze rol.",
		"mirjam < A-42WG is niet verstuurd: wie het klaarzette, mag dat nu niet meer versturen.",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
	if strings.Contains(said, "kastanje <") {
		t.Errorf("the street reads\n%s", said)
	}
	says(p, "is al beslist", []string{"kastanje <"}, "piet > [Goedkeuren]")
}

// What waits for a second officer was told to nobody. Who takes it back takes nothing else back with it: reporters and streets
// hear nothing, the officer who was asked hears that it is over, and its request does nothing any more.
func TestWhatWaitsForASecondOfficerIsTakenBackInSilence(t *testing.T) {
	p := asked(t, "alert-second-changes.txtar")
	p.lines("mirjam > /intrekken A-????", "mirjam > [Overslaan]")
	heard := map[string]string{}
	for _, s := range p.line("mirjam > [Intrekken]") {
		heard[chatOf(s)] += s
	}
	if !strings.Contains(heard["mirjam"], "A-T61X gaat niet weg.") ||
		!strings.Contains(heard["piet"], "Mirjam heeft A-T61X ingetrokken voordat het wegging.") {
		t.Errorf("the officers read\n%v", heard)
	}
	if heard["ana"]+heard["kastanje"] != "" {
		t.Errorf("the street and the reporter read\n%s%s", heard["ana"], heard["kastanje"])
	}
	says(p, "is al beslist", []string{"kastanje <"}, "piet > [Goedkeuren]")
	p.pass("20m later")
	if said := strings.Join(p.said(), ""); strings.Contains(said, "A-T61X") {
		t.Errorf("afterwards\n%s", said)
	}
}

// The same alert is out in another network and waits here for a second officer. Who takes back the one that waits does not take
// back the one that is out.
func TestTakingBackWhatWaitsLeavesTheSameAlertElsewhere(t *testing.T) {
	p := openTwo(t)
	t.Cleanup(p.close)
	const words = "dubbel > /alarm Er is een gaslek in de Kastanjelaan. Blijf binnen."
	for _, network := range []string{"BIN De Vlier", "BIN De Berk"} {
		p.lines("dubbel > /netwerk", "dubbel > ["+network+"]", words, "dubbel > [Deze tekst gebruiken]", "dubbel > [Nu]", "dubbel > [Kastanje]",
			"dubbel > [1 uur]", "dubbel > [Versturen]", "dubbel > [Ja, versturen]")
	}
	says(p, "Zo gaat het eruit", []string{"Dit geldt meteen ook"}, "dubbel > /intrekken A-????", "dubbel > [Overslaan]")
	says(p, "gaat niet weg", []string{"kastanje <"}, "dubbel > [Intrekken]")
}
