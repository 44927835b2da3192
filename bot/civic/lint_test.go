package civic_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestLint(t *testing.T) {
	for text, want := range map[string][]civic.LintRule{
		"": nil,
		"Let op een man met een blauwe jas, hij voelt aan deuren.":          nil,
		"Rond 21.45 uur was er een poging tot inbraak aan de Kastanjelaan.": nil,
		"Zie je iets? Bel 112. Geen spoed: 0900-8844 of 0800-7000.":         nil,
		"Te voet richting Molenpad 23.00 uur":                               nil,
		"Op het Schoolplein 22 uur, drie mannen":                            nil,
		"Zie KAS-7F3K en A-7F3K van 14-10-2025":                             nil,
		"Hij heet Jan":                                                      {civic.LintName},
		"mevrouw van der Velden is haar tas kwijt":                          {civic.LintName},
		"Hij heet ons welkom":                                               nil,
		"een bus met kenteken XX-999-X":                                     {civic.LintPlate},
		"kenteken 12-abc-3":                                                 {civic.LintPlate},
		"Belgische plaat 1-ABC-123":                                         {civic.LintPlate},
		"een bus AB123C":                                                    {civic.LintPlate},
		"Kastanjelaan 12":                                                   {civic.LintAddress},
		"bij de Kastanjelaan, nummer 12a":                                   {civic.LintAddress},
		"op huisnummer 9":                                                   {civic.LintAddress},
		"bel 06-12345678":                                                   {civic.LintPhone},
		"bel +31 6 12 34 56 78":                                             {civic.LintPhone},
		"mail jan@example.org":                                              {civic.LintEmail},
		"op NL91 ABNA 0417 1643 00":                                         {civic.LintIBAN},
		"bsn 111222333":                                                     {civic.LintID},
		"nummer in het systeem 111222334":                                   nil,
		"rijksregister 85.07.30-033.28":                                     {civic.LintID},
		"rijksregister 85.07.30-033.29":                                     nil,
		"Twee Roemeense mannen voelen aan deuren":                           {civic.LintOrigin},
		"Er loopt een donkere man":                                          {civic.LintOrigin, civic.LintOnlyLooks},
		"Een man met een zwarte jas":                                        {civic.LintOnlyLooks},
		"Een man met een zwarte jas trekt aan een poort":                    nil,
		"twee mannen met pet, zij zijn hier nooit eerder gezien":            {civic.LintOnlyLooks},
		"op NL91 ABNA 0417 1643 01":                                         nil,
		"op BE68 5390 0754 7034 en DE89370400440532013000":                  {civic.LintIBAN, civic.LintIBAN},
		"op FR12 3456 7890 1234 5678":                                       nil,
		"kenteken KLE-AB 123":                                               {civic.LintPlate},
		"plaat WX 12345":                                                    {civic.LintPlate},
		"maandag 12-12-2026":                                                nil,
		"een Audi A3 of een 206":                                            nil,
		"Sint Jan is een feest":                                             nil,
		"in de Jan van Goyenstraat":                                         nil,
		"Kees van de Lindelaan":                                             {civic.LintName},
		"ik zag fatima":                                                     {civic.LintName},
		"Roos is kapot":                                                     nil,
		"ik zag Roos weglopen":                                              {civic.LintName},
		"het zoontje van de bakker":                                         {civic.LintChild},
		"kinderen spelen op straat":                                         nil,
		"ik heb een foto van de man":                                        {civic.LintFace},
		"ik heb een foto van de kuil":                                       nil,
		"sla hem in elkaar":                                                 {civic.LintVigilante},
		"de Turkse bakker is open":                                          nil,
		"zijn broer heeft schizofrenie":                                     {civic.LintHealth},
		"het meisje is niet thuis gekomen":                                  nil,
		"die junk staat er weer":                                            {civic.LintAccuse},
		"KOPIEER EN PLAK dit":                                               {civic.LintForwarded},
		"De dief rent weg":                                                  {civic.LintAccuse},
		"Bij diefstal doe je aangifte":                                      nil,
		"Pak hem als je hem ziet":                                           {civic.LintVigilante},
		"Spreek hem niet aan":                                               nil,
		"de bewoners zijn tot zondag weg":                                   {civic.LintAbsence},
		"De buren zijn op vakantie":                                         {civic.LintAbsence},
		"DOORGESTUURD delen aub":                                            {civic.LintForwarded, civic.LintForwarded},
		"een verwarde man op straat":                                        {civic.LintHealth},
		"A thief, house number 3, call +32 470 12 34 56":                    {civic.LintAddress, civic.LintPhone, civic.LintAccuse},
	} {
		var got []civic.LintRule
		for _, h := range civic.Lint(text) {
			got = append(got, h.Rule)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Lint(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func TestUnlintedLeavesOutWholeSentences(t *testing.T) {
	for text, want := range map[string]string{
		"Let op een man met een rugzak. Hij was bij nr. 12. Bel 112.": "Let op een man met een rugzak. Bel 112.",
		"De buren zijn op vakantie!!\nLet op je achterpad.":           "Let op je achterpad.",
		"Hij heet Jan":     "",
		"Blijf binnen.":    "Blijf binnen.",
		"Donkere man hier": "",
	} {
		if got := civic.Unlinted(text); got != want {
			t.Errorf("Unlinted(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestShareableKeepsTheReporterOut(t *testing.T) {
	const told = "er klimt nu iemand over de schutting bij de buren op de kastanjelaan!! die zijn op vakantie\n" +
		"man, donkerblauwe jas, witte schoenen, rugzak. rende richting molenpad"
	const want = "man, donkerblauwe jas, witte schoenen, rugzak. rende richting molenpad"
	if got := civic.Shareable(told); got != want {
		t.Errorf("Shareable = %q, want %q", got, want)
	}
}

func TestShareableLeavesOutWhatMayNotLeaveACase(t *testing.T) {
	for told, want := range map[string]string{
		"Een vrouw van 83 is beroofd. De dader rende weg.":                   "De dader rende weg.",
		"Een 83-jarige is beroofd. De dader rende weg.":                      "De dader rende weg.",
		"Het slachtoffer is 84 jaar oud. De dader rende weg.":                "De dader rende weg.",
		"A woman aged 83 was robbed. The robber ran off.":                    "The robber ran off.",
		"Een man van ongeveer 30 jaar met een rode jas rent weg.":            "Een man van ongeveer 30 jaar met een rode jas rent weg.",
		"Ze zijn op vakantie. De dader rende weg.":                           "De dader rende weg.",
		"Bij Kastanjelaan 12 is ingebroken. De dader rende weg.":             "De dader rende weg.",
		"Het kenteken is 12-ABC-3. De dader rende weg.":                      "De dader rende weg.",
		"Mevrouw Jansen zag het. De dader rende weg.":                        "De dader rende weg.",
		"Een groep van 30 mensen staat bij de bushalte en gooit met stenen.": "Een groep van 30 mensen staat bij de bushalte en gooit met stenen.",
	} {
		if got := civic.Shareable(told); got != want {
			t.Errorf("Shareable(%q) = %q, want %q", told, got, want)
		}
	}
}

func TestUnlintedTextHasNothingLeftToFind(t *testing.T) {
	parts := []string{
		"Hij heet Jan", "Kastanjelaan 12", "nr. 12", "dief", ".", "! ", "? ", "\n", " ", "een man", "XX-999-X", "donkere man",
		"06-12345678", "op vakantie", "rent", "Bel 112", ",",
	}
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 12).Draw(r, "parts"), " ")
		left := civic.Unlinted(text)
		told := strings.Fields(text)
		for word := range strings.FieldsSeq(left) {
			at := slices.Index(told, word)
			if at < 0 {
				r.Fatalf("Unlinted(%q) = %q makes up or moves %q", text, left, word)
			}
			told = told[at+1:]
		}
		rules := func(hits []civic.Hit) (all []civic.LintRule) {
			for _, h := range hits {
				all = append(all, h.Rule)
			}
			return all
		}
		before := rules(civic.Lint(text))
		for _, rule := range rules(civic.Lint(left)) {
			if rule != civic.LintOnlyLooks && !slices.Contains(before, rule) {
				r.Fatalf("Unlinted(%q) = %q has a %s that was not there", text, left, rule)
			}
		}
	})
}

func TestRedactedTextKeepsAllButTheHits(t *testing.T) {
	for text, want := range map[string]string{
		"dat is Sjaak, bel 06-12345678 maar": "dat is …, bel … maar",
		"de lamp is kapot":                   "de lamp is kapot",
		"er loopt een donkere man":           "er loopt een … man",
		"":                                   "",
	} {
		if got := civic.Redacted(text, civic.Lint(text), "…"); got != want {
			t.Errorf("Redacted(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzLint(f *testing.F) {
	f.Add("Hij heet Jan, Kastanjelaan 12")
	f.Add("\xff\n\n. 12")
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range civic.Lint(text) {
			if !strings.Contains(text, h.Words) {
				t.Errorf("Lint(%q) found %q, which is not in it", text, h.Words)
			}
		}
		if left := civic.Unlinted(text); len(left) > len(text) {
			t.Errorf("Unlinted(%q) grew to %q", text, left)
		}
		civic.Shareable(text)
	})
}

func BenchmarkLint(b *testing.B) {
	const story = "Man van een jaar of 30 in een zwarte jas voelde aan drie auto's, rende daarna weg richting het plein bij de bakker"
	for b.Loop() {
		civic.Forget()
		civic.Lint(story)
	}
}
