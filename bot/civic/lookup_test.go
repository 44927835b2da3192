package civic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhatIsSoughtIsFoundHoweverItIsWritten(t *testing.T) {
	for _, c := range []struct {
		kind        SoughtKind
		words, text string
		want        string // the text with ■ in each place
	}{
		{SoughtName, "Jan de Vries", "Ik zag jan de vries lopen, en JAN  DE-VRIES ook.", "Ik zag ■ lopen, en ■ ook."},
		{SoughtName, "Jan de Vries", "Jan de Vriesen en Jan Vries en Marijan de Vries", "Jan de Vriesen en Jan Vries en Marijan de Vries"},
		{SoughtName, "José Ünal, Unal", "Jose Ünal woont er, Ünals broer ook, U\u0308nal zelf niet.", "■ woont er, ■ broer ook, ■ zelf niet."},
		{SoughtName, "Øster", "De hond van Oster.", "De hond van ■."},
		{SoughtName, "Гончар", "Тут був ГОНЧАР.", "Тут був ■."},
		{SoughtName, "Ng Wei", "Ng, Wei en Ng Wei", "■ en ■"},
		{SoughtPlate, "XX-999-X", "Een auto met XX999X, xx 999 x of 'XX-999-X'. Niet AXX-999-X.", "Een auto met ■, ■ of '■'. Niet AXX-999-X."},
		{SoughtPlate, "1-ABC-234", "kenteken 1abc234.", "kenteken ■."},
		{SoughtPhone, "06-12345678", "Bel 0612345678, +31 6 1234 5678 of 0031(0)6-12345678.", "Bel ■, +■ of ■."},
		{SoughtPhone, "+32 475 12 34 56", "Op 0475/12.34.56 en 0475/12.34.57.", "Op ■ en 0475/12.34.57."},
		{SoughtOther, "Kastanjelaan 12", "Bij kastanjelaan 12a en Kastanjelaan 12.", "Bij kastanjelaan 12a en ■."},
		{SoughtName, "Jan de Vries", "", ""},
	} {
		s := Sought{Kind: c.kind, Words: c.words}
		if diff := cmp.Diff(c.want, s.Without(c.text, "■")); diff != "" {
			t.Errorf("%s %q:\n%s", c.kind, c.words, diff)
		}
	}
}

func TestTooLittleIsNotSought(t *testing.T) {
	for s, want := range map[Sought]bool{
		{Kind: SoughtName, Words: "Li"}: false, {Kind: SoughtName, Words: "Lie"}: true, {Kind: SoughtName, Words: "Jan de Vries, J"}: false, {Kind: SoughtName, Words: " , ?"}: false,
		{Kind: SoughtName, Words: ""}: false, {Kind: SoughtPlate, Words: "XX-9"}: false, {Kind: SoughtPlate, Words: "XX-99"}: true, {Kind: SoughtPhone, Words: "00 12 34"}: false,
		{Kind: SoughtPhone, Words: "012 34 56"}: true, {Kind: SoughtPhone, Words: "een mobiel nummer"}: false, {Kind: SoughtOther, Words: "de Zwaan"}: true,
		{Kind: SoughtPlate, Words: "XX-999-X, YY-999-Y"}: true,
	} {
		if got := s.Enough(); got != want {
			t.Errorf("%+v: %t", s, got)
		}
	}
}

// Nothing is left of what was sought, and nothing else goes.
func TestWhatIsTakenOutIsNotFoundAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Sought{
			Kind:  rapid.SampledFrom(SoughtKinds).Draw(t, "kind"),
			Words: rapid.StringMatching(`[a-zé0-9, -]{3,12}`).Draw(t, "words"),
		}
		text := rapid.StringMatching(`[a-zé0-9, .-]{0,60}`).Draw(t, "before") + s.Words + rapid.String().Draw(t, "after")
		for _, at := range s.In(text) {
			before, found, after := Around(text, at, 20)
			if found == "" || len([]rune(before)) > 21 || len([]rune(after)) > 22 {
				t.Fatalf("around %v: %q %q %q", at, before, found, after)
			}
		}
		if left := s.In(s.Without(text, " ■ ")); len(left) > 0 {
			t.Fatalf("%q in %q", s.Words, s.Without(text, " ■ "))
		}
	})
}

// Every text that people write in a case is looked through, and what is taken out of a part is gone in the dossier.
func TestEveryPartOfADossierIsLookedThrough(t *testing.T) {
	name := "Jan de Vries"
	fresh := func() Dossier {
		return Dossier{
			Case: Case{ReasonText: name},
			Reports: []Report{
				{
					ID: 1, Text: "Ik zag " + name, Police: name, Place: Place{Words: "bij " + name}, Extra: []Told{{Label: "Wie?", Words: name}},
					Persons: []Person{{Distinctive: name, Top: "rood"}}, Vehicles: []Vehicle{{Occupants: name, Markings: "bus van " + name}},
				},
				{ID: 2, Kind: Addition, Text: "Het was " + name},
				{ID: 3, Text: "Niemand"},
			},
			Questions: []Question{{ID: 4, Text: "Was het " + name + "?", Answer: "Ja, " + name}},
			Notes:     []Note{{ID: 5, Text: name}},
			Handovers: []Handover{{Partner: Police, Words: name}},
		}
	}
	d, s := fresh(), Sought{Kind: SoughtName, Words: name}
	var keys []string
	for _, p := range d.Parts() {
		if len(p.Texts(s)) > 0 {
			keys = append(keys, p.Key)
		}
	}
	if diff := cmp.Diff([]string{"report1", "report2", "question4", "note5", "handover-police", "reason"}, keys); diff != "" {
		t.Error(diff)
	}
	for _, key := range keys {
		p, found := d.PartBy(key)
		if !found || !p.Redact(s, "■") || p.Redact(s, "■") {
			t.Errorf("%s: %t", key, found)
		}
	}
	for _, p := range d.Parts() {
		if left := p.Texts(s); left != nil {
			t.Errorf("%s: %v", p.Key, left)
		}
	}
	if got := d.Reports[0]; got.Vehicles[0].Markings != "bus van ■" || got.Persons[0].Top != "rood" {
		t.Errorf("%+v", got)
	}
	if _, found := d.PartBy("report9"); found {
		t.Error("a part that is not there was found")
	}
}

// A first name is cut out of what everybody reads, and kept for the police. Who asks by their whole name is found all the same.
func TestANameThatWasCutApartIsFoundWhole(t *testing.T) {
	for _, c := range []struct{ words, text, police, wantText, wantPolice string }{
		{"Jan de Vries", "Bij … de Vries is het kapot", "Jan", "Bij ■ is het kapot", "■"},
		{"Jan de Vries", "… zag …s de Vries", "Piet; Jan", "… zag …s de Vries", "Piet; Jan"},
		{"Jan de Vries", "… de Vries en … Smit", "Jan; Piet", "■ en … Smit", "■; Piet"},
		{"Jan de Vries", "… de Vries", "Piet", "… de Vries", "Piet"},
		{"Jan de Vries", "… liep weg", "Jan de Vries", "… liep weg", "■"},
		{"Jan Smit", "… liep weg", "Jan; Smit", "… liep weg", "■"},
	} {
		d := Dossier{Reports: []Report{{ID: 1, Text: c.text, Police: c.police}}}
		s, p := Sought{Kind: SoughtName, Words: c.words}, d.Parts()[0]
		found := len(p.Texts(s)) > 0
		if was := p.Redact(s, "■"); was != found || was != (c.text != c.wantText || c.police != c.wantPolice) {
			t.Errorf("%+v: %t, %t", c, found, was)
		}
		if r := d.Reports[0]; r.Text != c.wantText || r.Police != c.wantPolice {
			t.Errorf("%+v: %q, %q", c, r.Text, r.Police)
		}
	}
}
