package civic_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// hamlet is a few streets, two of them alike.
var hamlet = []civic.Area{
	{ID: 1, Kind: civic.KindStreet, Name: "Kastanjelaan"},
	{ID: 2, Kind: civic.KindStreet, Name: "Kastanjestraat"},
	{ID: 3, Kind: civic.KindStreet, Name: "Molenpad"},
	{ID: 4, Kind: civic.KindStreet, Name: "Burgemeester van Loonstraat"},
	{ID: 5, Kind: civic.KindStreet, Name: "Dijk"},
}

func TestStreetIsFoundThroughMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"de lamp op de Kastanjelaan is kapot":              "Kastanjelaan",
		"lamp kastanje laan stuk":                          "Kastanjelaan",
		"op de kastanjelan staat een bus":                  "Kastanjelaan",
		"bij het moolenpad":                                "Molenpad",
		"burgemeester van loonstraat, hoek dijk":           "Burgemeester van Loonstraat,Dijk",
		"burgermeester van loonstaat":                      "Burgemeester van Loonstraat",
		"het is dijn schuld":                               "",
		"een molen en een pad":                             "",
		"kastanjelaan of kastanjestraat, ik weet het niet": "Kastanjelaan,Kastanjestraat",
		"":       "",
		"!!!":    "",
		"m p":    "",
		"😀 dijk": "Dijk",
	} {
		var got []string
		for _, s := range civic.StreetsIn(hamlet, text) {
			got = append(got, s.Name)
		}
		if diff := cmp.Diff(want, strings.Join(got, ",")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestOneMessageTellsSeveralThings(t *testing.T) {
	for text, want := range map[string]civic.Understanding{
		"sinds gisteren is de lamp op het molenpad stuk": {
			Category: civic.StreetFault, When: civic.Earlier, Streets: hamlet[2:3],
		},
		"mijn buurvrouw vertelde dat er vanmiddag drugs werden verkocht in de Kastanjestraat": {
			Category: civic.Drugs, When: civic.EarlierDay, Source: civic.SourceTold, Streets: hamlet[1:2],
		},
		"er klimt nu iemand over de schutting op de kastanjelaan": {
			Emergency: true, Call: civic.CallPolice, Category: civic.SuspiciousBehaviour, When: civic.Now, Streets: hamlet[:1],
		},
		"vlammen uit het dak op de dijk": {
			Emergency: true, Call: civic.CallFire, Category: civic.Fire, Streets: hamlet[4:],
		},
		"mijn buurman zegt dat hij niet meer wil leven": {Category: civic.WelfareConcern, Call: civic.CallSuicide},
		"er rijdt een busje langzaam rond in de Kastanjelaan": { // seen, and no talk that goes round
			Category: civic.SuspiciousVehicle, Streets: hamlet[:1],
		},
		"gisteren is het bankje op het Molenpad vernield, ze liepen weg richting Kastanjelaan": { // not where they went
			Category: civic.Vandalism, When: civic.Earlier, Streets: hamlet[2:3],
		},
		"mijn kat is weg": {Category: civic.OffTopic, Door: "pet"},
		"hallo":           {},
	} {
		got := civic.Understand(text, hamlet)
		got.Lint = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestBehaviourIsAskedWhenOnlyLooksAreTold(t *testing.T) {
	for text, want := range map[string]bool{
		"er loopt een donkere man door de straat":          true,
		"jongen met capuchon staat op de hoek":             true,
		"vreemd figuur hier, hoort hier niet":              true,
		"man met een blauwe jas voelt aan de deuren":       false,
		"man in een rode jas laadt fietsen in een busje":   false,
		"de lamp is kapot":                                 false,
		"mijn fiets is gestolen door een jongen met petje": false,
		"a man in a hoodie, never seen him before":         true,
	} {
		if got := civic.Understand(text, nil).Behave; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestEveryCueIsOfATopicThatExists(t *testing.T) {
	topics, err := civic.Topics()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, c := range civic.Categories {
		known["category "+string(c.Key)] = true
	}
	for _, d := range civic.Doors {
		known["off_topic "+d] = true
	}
	for _, w := range []civic.When{civic.Now, civic.MinutesAgo, civic.EarlierDay, civic.Earlier, "earlier_soft"} {
		known["when "+string(w)] = true
	}
	for _, s := range civic.Sources {
		known["source "+string(s)] = true
	}
	for _, c := range []civic.CallKind{civic.CallFire, civic.CallAmbulance, civic.CallSuicide, civic.CallViolence} {
		known["call "+string(c)] = true
	}
	for _, topic := range topics {
		if !known[topic] {
			t.Errorf("cues for %q", topic)
		}
		delete(known, topic)
	}
	for topic := range known {
		t.Errorf("no cues for %q", topic)
	}
}

func TestUnderstandingIsTheSameTwiceAndNeverFails(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom(strings.Fields(
		"man donkere jas fiets gestolen kat weg nu net buren muziek brand 12 ! . , Kastanjelaan kastanje laan \xff 😀")), 0, 30)
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(words.Draw(r, "words"), " ") + rapid.String().Draw(r, "more")
		if diff := cmp.Diff(civic.Understand(text, hamlet), civic.Understand(text, hamlet)); diff != "" {
			r.Fatal(diff)
		}
	})
}

// town is 120 streets, as a network may have.
func town() []civic.Area {
	var all []civic.Area
	for tree := range strings.FieldsSeq("Eiken Beuken Linden Kastanje Wilgen Populieren Esdoorn Iepen Elzen Berken Dennen Sparren") {
		for kind := range strings.FieldsSeq("laan straat weg pad hof plein dreef singel kade steeg") {
			all = append(all, civic.Area{ID: civic.AreaID(len(all) + 1), Kind: civic.KindStreet, Name: tree + kind})
		}
	}
	return all
}

// BenchmarkUnderstand reads the Dutch corpus against a town of 120 streets; a text must take less than 0.3 ms.
func BenchmarkUnderstand(b *testing.B) {
	texts, streets := samples(b, "categories_nl.txt", ": "), town()
	n := 0
	start := time.Now()
	for b.Loop() {
		civic.Forget()
		civic.Understand(texts[n%len(texts)].text, streets)
		n++
	}
	b.ReportMetric(float64(time.Since(start).Microseconds())/float64(n)/1000, "ms/text")
}

// Where the fire brigade and the ambulance have a number of their own, it is named for what they are called for, and to who may
// take their own life; the number of the police is for the rest.
func TestWhomToCallInDanger(t *testing.T) {
	for call, texts := range map[civic.CallKind][]string{
		civic.CallFire: {
			"er komt rook uit het dak", "het stinkt hier naar gas", "there is a fire next door", "il y a le feu chez les voisins",
		},
		civic.CallAmbulance: {
			"mijn man heeft een hartaanval", "mijn buurvrouw krijgt geen lucht", "baby stikt", "ze is bewusteloos",
			"een kind is van de trap gevallen en reageert niet", "hij is neergestoken en ligt op de grond",
			"someone collapsed in the street",
			"quelqu'un s'est évanoui dans la rue", "mein Vater atmet nicht", "ik wil er niet meer zijn", "ik ga mezelf van kant maken",
			"mijn dochter heeft een strip pillen geslikt", "mijn broer zegt dat hij zich gaat verhangen", "hij heeft zichzelf opgehangen",
			"ze heeft haar polsen doorgesneden", "my friend wants to end it all", "er is een ongeval gebeurd op het kruispunt",
		},
		civic.CallPolice: {
			"er wordt geschoten", "inbreker in huis help", "er zwaait iemand met een mes", "twee mannen zijn aan het vechten voor de deur",
			"there is a man with a gun", "un homme avec un couteau menace les gens",
		},
		"": {
			"er was gisteren een ambulance bij de buren", "de paaltjes die er niet meer zijn waren handig",
			"voordat er een ongeluk gebeurt moet die tegel recht",
		},
	} {
		for _, text := range texts {
			u := civic.Understand(text, nil)
			if u.Call != call || u.Emergency != (call != "") {
				t.Errorf("%q: %q, emergency %t", text, u.Call, u.Emergency)
			}
		}
	}
	be, _ := civic.ProfileOf("be")
	for call, want := range map[civic.CallKind]string{civic.CallPolice: "101", civic.CallFire: "112", civic.CallAmbulance: "112"} {
		if got := be.Number(call); got != want {
			t.Errorf("%s: %s, want %s", call, got, want)
		}
	}
}

// What was stolen, broken or loud is no emergency in other languages either, and its kind is known.
func TestCalmStoriesOfOtherLanguagesAreSorted(t *testing.T) {
	for category, texts := range map[civic.Category][]string{
		civic.Theft: {
			"quelqu'un a volé un colis devant ma porte", "mon vélo a été volé cette nuit", "ma voiture a été fracturée hier soir",
			"jemand hat ein Paket vor meiner Tür gestohlen", "wczoraj ktoś ukradł mój rower", "bisikletim dün çalındı",
		},
		civic.Blight:          {"il y a des déchets devant la porte", "przed drzwiami leżą śmieci"},
		civic.StreetFault:     {"le lampadaire est cassé"},
		civic.HousingNuisance: {"mon voisin met la musique trop fort", "komşu her akşam yüksek sesle müzik dinliyor"},
	} {
		for _, text := range texts {
			if u := civic.Understand(text, nil); u.Emergency || u.Category != category {
				t.Errorf("%q: %q, emergency %t", text, u.Category, u.Emergency)
			}
		}
	}
	for text, want := range map[string]civic.When{
		"mon vélo a été volé hier soir": civic.Earlier, "mein Fahrrad wurde gestern gestohlen": civic.Earlier,
	} {
		if u := civic.Understand(text, nil); u.When != want {
			t.Errorf("%q: %q", text, u.When)
		}
	}
}

// The Dutch "van" is no vehicle, and the English one is.
func TestDutchVanIsNoVehicle(t *testing.T) {
	for text, want := range map[string]civic.Category{
		"ik word gebeld door een onbekend nummer van mijn oude werk":    "",
		"de hond van de buren loopt heen en weer":                       "",
		"a strange white van is parked in front of every house":         civic.SuspiciousVehicle,
		"there is an unknown van driving slowly past the same house":    civic.SuspiciousVehicle,
		"een onbekende bus van een bedrijf rijdt langzaam door de wijk": civic.SuspiciousVehicle,
	} {
		if got := civic.Understand(text, nil).Category; got == civic.SuspiciousVehicle && want == "" || want != "" && got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// What people told in trial conversations, and was not understood then.
func TestStoriesOfTrialsAreUnderstood(t *testing.T) {
	for text, want := range map[string]civic.Category{
		"mijn buurman van 80 heeft al 3 dagen zijn gordijnen dicht, ik ben bang dat er iets is": civic.WelfareConcern,
		"ich möchte melden dass in der Kastanjelaan die Laterne kaputt ist":                     civic.StreetFault,
		"amai ze hebben weer zakken gesmeten op de hoek":                                        civic.Blight,
		"er breekt iemand in bij de buren":                                                      civic.Burglary,
	} {
		if got := civic.Understand(text, nil).Category; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
