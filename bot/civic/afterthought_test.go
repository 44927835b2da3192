package civic

import (
	"testing"
	"time"
)

func TestWhatIsSaidSoonAfterAReportBearsOnItOrNot(t *testing.T) {
	streets := []Area{
		{ID: 1, Kind: KindStreet, Name: "Kastanjelaan"}, {ID: 2, Kind: KindStreet, Name: "Marktstraat"},
	}
	burglary := Case{Category: Burglary, Street: 1, Urgency: Emergency}
	stolen := Case{Category: Theft, Street: 1, Urgency: Normal}
	for _, c := range []struct {
		on   Case
		text string
		want Bearing
	}{
		{burglary, "hij had een koevoet", BearsOn},
		{burglary, "ze rijden nu weg richting station", BearsOn},
		{burglary, "ze rijden nu weg richting de Marktstraat", BearsOn},
		{burglary, "zwarte BMW, 12-ABC-3", BearsOn},
		{burglary, "er rijdt een verdacht busje rond, kenteken 12-ABC-3", BearsOn},
		{burglary, "het was op de Kastanjelaan bij de flat", BearsOn},
		{burglary, "o ja, en hij had een rode pet", BearsOn},
		{burglary, "hij staat nu op de Marktstraat", MayBear},
		{burglary, "op de Marktstraat staat een auto in brand", BearsNot},
		{burglary, "er is ook een fiets gestolen", MayBear},
		{burglary, "ze zijn weg met mijn fiets", BearsOn},
		{burglary, "de lamp in de straat is kapot", BearsNot},
		{burglary, "er ligt grofvuil bij de containers", BearsNot},
		{burglary, "ik ben mijn kat kwijt", BearsNot},
		{burglary, "er staat een inbreker bij de buren", BearsOn},
		{burglary, "he had a crowbar", BearsOn},
		{burglary, "they are driving away now", BearsOn},
		{burglary, "er hatte ein Brecheisen und eine rote Mütze", BearsOn},
		{burglary, "il avait un pied de biche", BearsOn},
		{burglary, "miał czerwoną czapkę", BearsOn},
		{burglary, "kırmızı şapkası vardı", BearsOn},
		{burglary, "він мав червону шапку", BearsOn},
		{burglary, "كان يحمل عتلة", BearsOn},
		{Case{Category: Other, Street: 1, Urgency: Emergency}, "er wordt ingebroken bij de buren", MayBear},
		{Case{Category: Other}, "op de Marktstraat", BearsOn},
		{Case{Category: StreetFault, Street: 1}, "o ja, het is lantaarnpaal 12", BearsOn},
		{Case{Category: StreetFault, Street: 1}, "er wordt ingebroken bij de buren", BearsNot},
		{Case{Category: StreetFault, Street: 1}, "er ligt grofvuil naast de containers", BearsNot},
		{stolen, "o ja, hij had een rode pet", BearsOn},
		{stolen, "er rijdt een verdacht busje rond", BearsOn},
		{stolen, "er wordt ingebroken bij de buren", BearsNot},
		{burglary, "", BearsOn},
	} {
		if got := c.on.Bearing(c.text, streets); got != c.want {
			u := Understand(c.text, streets)
			t.Errorf("%q on %s: %s, want %s (%s, behave %t)", c.text, c.on.Category, got, c.want, u.Category, u.Behave)
		}
	}
}

func TestWhatWasToldIsFreshForTheQuarterOfAnHourOfBeingCaught(t *testing.T) {
	p, ok := ProfileOf("nl")
	if !ok {
		t.Fatal("no profile nl")
	}
	told := time.Date(2025, 10, 14, 21, 47, 0, 0, time.UTC)
	for after, want := range map[time.Duration]bool{
		0: true, 15 * time.Minute: true, 15*time.Minute + time.Second: false, -time.Second: false,
	} {
		if p.StillFresh(told, told.Add(after)) != want {
			t.Errorf("after %s: want %t", after, want)
		}
	}
}

func TestWhatOnlyThePoliceReadIsPutBackForWhoWroteIt(t *testing.T) {
	for want, r := range map[string]Report{
		"hij had een koevoet":           {Text: "hij had een koevoet"},
		"De bus had 12-ABC-3.":          {Text: "De bus had ….", Police: "12-ABC-3"},
		"Jan reed in 12-ABC-3 weg":      {Text: "… reed in … weg", Police: "Jan, 12-ABC-3"},
		"Hij reed weg.\n12-ABC-3":       {Text: "Hij reed weg.", Police: "12-ABC-3"},
		"… en nog eens … reed weg\nJan": {Text: "… en nog eens … reed weg", Police: "Jan"},
	} {
		if got := r.Whole(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAStoryWithItsOwnPlaceOrTimeStandsAlone(t *testing.T) {
	streets := []Area{{ID: 1, Kind: KindStreet, Name: "Kastanjelaan"}}
	for text, want := range map[string]bool{
		"er staat een man op de Kastanjelaan":      true,
		"gisteren is er graffiti gespoten":         true,
		"er is graffiti gespoten":                  false,
		"gisteren ook":                             false,
		"o ja, hij had een rode pet":               false,
		"hij staat er weer, op de Kastanjelaan":    false,
		"ze fietsten weg richting de Kastanjelaan": false,
		"": false,
	} {
		if got := StandsAlone(text, streets); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}
