package survey_test

import (
	"errors"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/survey"
	"github.com/buurtbot/buurtbot/locales"
)

// dutch is the profile of a network in the Netherlands.
func dutch(t testing.TB) civic.Profile {
	t.Helper()
	p, ok := civic.ProfileOf("nl")
	if !ok {
		t.Fatal("no profile nl")
	}
	return p
}

// read understands a file that has no mistake.
func read(t testing.TB, text string) survey.Survey {
	t.Helper()
	s, err := survey.Read("", []byte(text), dutch(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// network is what is known before: the root, and what a file brought in.
func network(t testing.TB, files ...string) []civic.Area {
	t.Helper()
	known := []civic.Area{{ID: 1, Network: 1, Kind: civic.KindNetwork, Name: "BIN De Vlier", Prefix: "BIN"}}
	for _, text := range files {
		plan, err := compare(known, read(t, text))
		if err != nil {
			t.Fatal(err)
		}
		known = after(known, plan)
	}
	return known
}

func compare(known []civic.Area, s survey.Survey) (survey.Plan, error) {
	codes := map[string]bool{}
	for _, a := range known {
		codes[a.Code] = true
	}
	return survey.Compare(known, codes, s)
}

// after is the network with the plan's changes.
func after(known []civic.Area, plan survey.Plan) []civic.Area {
	all := append([]civic.Area{}, known...)
	for _, change := range plan.Changes {
		a := change.Area
		if a.ID == 0 {
			a.ID = civic.AreaID(len(all) + 1)
			for _, g := range all {
				if a.Kind == civic.KindStreet && a.Parent == 0 && g.Kind == civic.KindGroup && g.Name == change.Group {
					a.Parent = g.ID
				}
			}
			all = append(all, a)
			continue
		}
		for i := range all {
			if all[i].ID == a.ID {
				all[i] = a
			}
		}
	}
	return all
}

// english gives the words of remarks.
func english(key string, args ...any) string {
	texts, err := locales.Load()
	if err != nil {
		return err.Error()
	}
	return html.UnescapeString(texts.Text("en", key, args...))
}

// findings are what somebody should look at, as lines.
func findings(p survey.Plan) string {
	var lines []string
	for _, f := range p.Findings {
		lines = append(lines, f.In(english))
	}
	return strings.Join(lines, "\n")
}

// told are the changes as lines.
func told(p survey.Plan) []string {
	var lines []string
	for _, c := range p.Changes {
		words := survey.Together(c.News, english)
		if c.New {
			words = "new"
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s: %s", c.Area.Kind, c.Area.Name, words)))
	}
	return lines
}

// feature is a piece of a map.
func feature(properties, kind, coordinates string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":%q,"coordinates":%s}}`, properties, kind, coordinates)
}

func collection(features ...string) string {
	return "{\"type\":\"FeatureCollection\",\"features\":[\n" + strings.Join(features, ",\n") + "\n]}"
}

func line(name, coordinates string) string {
	return feature(fmt.Sprintf(`"highway":"residential","name":%q`, name), "LineString", coordinates)
}

// square is a border from west to east, one hundredth of a degree high.
func square(name string, west, east float64) string {
	return feature(fmt.Sprintf(`"name":%q`, name), "Polygon",
		fmt.Sprintf("[[[%[1]v,51.60],[%[2]v,51.60],[%[2]v,51.61],[%[1]v,51.61],[%[1]v,51.60]]]", west, east))
}

const list = "naam;groep;prefix\nKastanjelaan;Kastanje;KAS\nMeidoornpad;Meidoorn;MEI\n"

func TestAListIsReadHoweverASpreadsheetWroteIt(t *testing.T) {
	want := read(t, list)
	for name, text := range map[string]string{
		"commas and English": "Name,Group,Prefix\nKastanjelaan,Kastanje,KAS\nMeidoornpad,Meidoorn,MEI\n",
		"tabs":               strings.ReplaceAll(list, ";", "\t"),
		"byte order mark":    "\ufeff" + list,
		"carriage returns":   strings.ReplaceAll(list, "\n", "\r\n"),
		"quotes":             "naam;groep;prefix\n\"Kastanjelaan\";\"Kastanje\";\"KAS\"\nMeidoornpad;Meidoorn;MEI",
		"other order":        "prefix;naam;groep\nkas;Kastanjelaan;Kastanje\nmei;Meidoornpad;Meidoorn\n",
		"empty lines":        "naam;groep;prefix\nKastanjelaan;Kastanje;KAS\nMeidoornpad;Meidoorn;MEI\n;;\n\n",
	} {
		got := read(t, text)
		if diff := cmp.Diff(want.Groups, got.Groups); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(want.Streets, got.Streets); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, text := range map[string]string{
		"Windows-1252": "naam;groep\nCaf\xe9straat;Kastanje\n",
		"UTF-16":       "\xff\xfen\x00a\x00a\x00m\x00;\x00g\x00r\x00o\x00e\x00p\x00\n\x00C\x00a\x00f\x00\xe9\x00s\x00t\x00r\x00a\x00a\x00t\x00;\x00K\x00a\x00s\x00t\x00a\x00n\x00j\x00e\x00\n\x00",
		"UTF-8":        "naam;groep\nCaféstraat;Kastanje\n",
		"in two parts": "naam;groep\nCafe\u0301straat;Kastanje\n",
	} {
		if got := read(t, text); len(got.Streets) != 1 || got.Streets[0].Name != "Caféstraat" {
			t.Errorf("%s: %+v", name, got.Streets)
		}
	}
}

func TestAFileThatCannotBeReadIsToldWithItsPlaceAndItsRemedy(t *testing.T) {
	lane := line("Kastanjelaan", "[[5.601,51.605],[5.602,51.605]]")
	for name, c := range map[string]struct{ text, want string }{
		"empty":              {" \n", "the file is empty"},
		"spreadsheet":        {"PK\x03\x04\x00", "Save as, CSV UTF-8"},
		"gzip":               {"\x1f\x8b\x08", "Unpack it first"},
		"xml":                {"<osm/>", "Export it as GeoJSON"},
		"zero byte":          {"naam;groep\nA\x00;B\n", "line 2 holds a zero byte"},
		"mixed encodings":    {"naam;groep\nCaféstraat;K\nCaf\xe9pad;K\n", "line 3 is not UTF-8, and other lines are"},
		"no encoding":        {"naam;groep\nCaf\x81;K\n", "line 2 is neither UTF-8 nor Windows-1252"},
		"spoilt before":      {"naam;groep\nCafÃ©straat;K\n", "line 2: the name \"CafÃ©straat\" was spoilt by a wrong encoding"},
		"no header":          {"Kastanjelaan;Kastanje;KAS\n", "The first line must be naam;groep;prefix"},
		"column twice":       {"naam;naam;groep\n", "two columns name"},
		"only a header":      {"naam;groep;prefix\n", "there is no street in the list"},
		"no name":            {"naam;groep\n;Kastanje\n", "line 2: the street has no name"},
		"no group":           {"naam;groep\nKastanjelaan;\n", `line 2: "Kastanjelaan" has no street group`},
		"prefix":             {"naam;groep;prefix\nA;B;K1\n", `line 2: the prefix "K1" is not 2 to 5 letters`},
		"two prefixes":       {"naam;groep;prefix\nA;Kastanje;KAS\nB;Kastanje;KST\n", "line 3: the prefix of Kastanje is KST here and KAS in line 2"},
		"two streets":        {"naam;groep\nKerkstraat;Erp\nKerkstraat;Keldonk\n", "line 3: Kerkstraat is in Keldonk here and in Erp in line 2"},
		"its remedy":         {"naam;groep\nKerkstraat;Erp\nKerkstraat;Keldonk\n", "put the village behind it: Kerkstraat (Keldonk)"},
		"long name":          {"naam;groep\n" + strings.Repeat("lang", 30) + ";B\n", "line 2: the name"},
		"open quote":         {"naam;groep\n\"Kastanjelaan;B\nC;D\n", "line 2: the quote that opens in this line is never closed"},
		"bare quote":         {"naam;groep\nKast\"anje;B\n", "line 2: a quote stands in the middle of a name"},
		"broken JSON":        {"{\n\"type\": \"FeatureCollection\",\n  \"features\": [,]}", "line 3, column 16"},
		"cut off":            {collection(lane)[:120], "the file ends in the middle, in line 2"},
		"line cut off":       {lane + "\n" + lane[:40], "line 2 is no whole JSON"},
		"overpass":           {`{"version":0.6,"elements":[]}`, "choose Export, GeoJSON"},
		"topojson":           {`{"type":"Topology"}`, "this is TopoJSON"},
		"bare shape":         {`{"type":"Point","coordinates":[5,51]}`, `the type is "Point"`},
		"no features":        {`{"type":"FeatureCollection","features":[]}`, "there is no feature"},
		"features no list":   {`{"type":"FeatureCollection","features":{}}`, "features is no list"},
		"nothing named":      {collection(feature("", "LineString", "[[5.6,51.6],[5.7,51.6]]")), "no named street and no named border"},
		"other coordinates":  {`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::28992"}},"features":[]}`, "the coordinates are EPSG:28992"},
		"metres":             {collection(line("Kastanjelaan", "[[155000,463000],[155010,463000]]")), "feature 1 (line 2): Kastanjelaan has the place"},
		"swapped":            {collection(lane, line("Meidoornpad", "[[51.605,5.601],[51.605,5.602]]")), "feature 2 (line 3): Meidoornpad has its coordinates the wrong way round"},
		"swapped border":     {collection(feature(`"name":"Kastanje"`, "Polygon", "[[[51.6,5.6],[51.6,5.7],[51.7,5.7],[51.6,5.6]]]")), "the wrong way round"},
		"words for numbers":  {collection(line("Kastanjelaan", `[["5.6","51.6"],["5.7","51.6"]]`)), "the coordinates cannot be read: a string stands where it does not belong"},
		"too flat":           {collection(line("Kastanjelaan", "[5.6,51.6]")), "the coordinates cannot be read"},
		"no feature":         {collection(`"Kastanjelaan"`), "this is no feature"},
		"crossing border":    {collection(feature(`"name":"Kastanje"`, "Polygon", "[[[5.60,51.60],[5.61,51.61],[5.61,51.60],[5.60,51.61],[5.60,51.60]]]")), "crosses itself at latitude 51.60500, longitude 5.60500"},
		"border of 2 points": {collection(feature(`"name":"Kastanje"`, "Polygon", "[[[5.60,51.60],[5.61,51.61],[5.60,51.60]]]")), "less than three corners"},
		"border, no name":    {collection(feature(``, "Polygon", "[[[5.60,51.60],[5.61,51.61],[5.61,51.60],[5.60,51.60]]]")), "a border without a name"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := survey.Read("", []byte(c.text), dutch(t))
			var mistakes survey.Mistakes
			if !errors.As(err, &mistakes) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want %q, got %v", c.want, err)
			}
		})
	}
}

func TestATooLargeFileIsRefused(t *testing.T) {
	_, err := survey.Read("", make([]byte, survey.MostBytes+1), dutch(t))
	if err == nil || !strings.Contains(err.Error(), "larger than 100 MB") {
		t.Error(err)
	}
}

func TestPiecesOfAStreetAreOneStreet(t *testing.T) {
	text := collection(
		square("Kastanje", 5.60, 5.61),
		line("Kastanjelaan", "[[5.602,51.605],[5.603,51.605]]"),
		feature(`"highway":"residential","name":"Meidoornpad"`, "MultiLineString", "[[[5.604,51.602],[5.604,51.603]],[[5.604,51.603],[5.604,51.604]]]"),
		line("Kastanjelaan", "[[5.601,51.605],[5.602,51.605]]"),
		line("Kastanjelaan", "[[5.601,51.605],[5.602,51.605]]"), // from an extract that overlaps
		feature(`"highway":"pedestrian","area":"yes","name":"Marktplein"`, "Polygon", "[[[5.606,51.606],[5.607,51.606],[5.607,51.607],[5.606,51.606]]]"),
		feature(`"waterway":"stream","name":"De Aa"`, "LineString", "[[5.601,51.605],[5.602,51.605]]"),
		feature(`"highway":"motorway","name":"Maas en Waalweg"`, "LineString", "[[5.601,51.605],[5.602,51.605]]"),
		feature(`"building":"yes","name":"Raadhuis"`, "Polygon", "[[[5.606,51.606],[5.607,51.606],[5.607,51.607],[5.606,51.606]]]"),
	)
	plan, err := compare(network(t), read(t, text))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"group Kastanje: new", "street Kastanjelaan: new", "street Meidoornpad: new", "street Marktplein: new"}
	if diff := cmp.Diff(want, told(plan)); diff != "" {
		t.Error(diff)
	}
	lines := orb.MultiLineString{{{5.601, 51.605}, {5.602, 51.605}}, {{5.602, 51.605}, {5.603, 51.605}}}
	if diff := cmp.Diff(lines, plan.Changes[1].Area.Lines); diff != "" {
		t.Error(diff)
	}
}

func TestFeaturesMayStandInALineEach(t *testing.T) {
	text := square("Kastanje", 5.60, 5.61) + "\n" + line("Kastanjelaan", "[[5.601,51.605],[5.602,51.605]]") + "\n"
	for _, file := range []string{text, "\x1e" + strings.ReplaceAll(text, "\n{", "\n\x1e{")} {
		if s := read(t, file); len(s.Streets) != 1 || len(s.Groups) != 1 {
			t.Errorf("%+v", s)
		}
	}
}

func TestASecondImportChangesNothing(t *testing.T) {
	whole := collection(
		square("Kastanje", 5.60, 5.61), square("Meidoorn", 5.61, 5.62),
		feature(`"kind":"network"`, "Polygon", "[[[5.60,51.60],[5.62,51.60],[5.62,51.61],[5.60,51.61],[5.60,51.60]]]"),
		line("Kastanjelaan", "[[5.601,51.605],[5.602,51.605]]"), line("Meidoornpad", "[[5.611,51.605],[5.612,51.605]]"),
		line("Lange Dijk", "[[5.605,51.603],[5.615,51.603]]"),
	)
	for _, text := range []string{list, whole} {
		plan, err := compare(network(t, text), read(t, text))
		if err != nil || len(plan.Changes) != 0 || plan.Same == 0 || len(plan.Missing) != 0 {
			t.Errorf("%v, %+v", err, plan)
		}
	}
}

func TestALaterImportChangesWhatChangedAndKeepsWhatItDoesNotName(t *testing.T) {
	before := network(t, list)
	plan, err := compare(before, read(t, "naam;groep;prefix\nkastanjelaan;Meidoorn;MDN\nMeidoornhof;Meidoorn;MDN\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"group Meidoorn: prefix MDN instead of MEI",
		"street kastanjelaan: is written so, and no more Kastanjelaan, from Kastanje to Meidoorn",
		"street Meidoornhof: new",
	}
	if diff := cmp.Diff(want, told(plan)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"street group Kastanje", "street Meidoornpad in Meidoorn"}, plan.Missing); diff != "" {
		t.Error(diff)
	}
	if plan.Changes[1].Area.ID != before[2].ID && plan.Changes[1].Area.ID != before[3].ID {
		t.Errorf("the street that moved is another one: %+v", plan.Changes[1].Area)
	}
}

func TestAMapGivesLinesToTheStreetsOfAList(t *testing.T) {
	known := network(t, list)
	plan, err := compare(known, read(t, collection(line("KASTANJELAAN", "[[5.601,51.605],[5.602,51.605]]"), line("Elders", "[[5.7,51.7],[5.71,51.7]]"))))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"street KASTANJELAAN: is written so, and no more Kastanjelaan, line"}
	if diff := cmp.Diff(want, told(plan)); diff != "" {
		t.Error(diff)
	}
	for _, finding := range []string{"in no street group, and left out", "without a line, so no pin finds them: Meidoornpad"} {
		if !strings.Contains(findings(plan), finding) {
			t.Errorf("%q is missing in %q", finding, findings(plan))
		}
	}
}

func TestWhatLooksWrongIsToldAndTheImportGoesOn(t *testing.T) {
	text := collection(
		square("Kastanje", 5.600, 5.610), square("Meidoorn", 5.609, 5.620), square("Leeg", 5.630, 5.640),
		feature(`"soort":"netwerk"`, "Polygon", "[[[5.60,51.60],[5.64,51.60],[5.64,51.61],[5.60,51.61],[5.60,51.60]]]"),
		line("Lange Dijk", "[[5.601,51.603],[5.618,51.603]]"),
		line("Kerkstraat", "[[5.601,51.605],[5.602,51.605]]"), line("Kerkstraat", "[[5.618,51.609],[5.619,51.609]]"),
		line("Kastanjelaan", "[[5.603,51.606],[5.604,51.606]]"), line("Kastanjestraat", "[[5.603,51.607],[5.604,51.607]]"),
		line("Burg. Vlierstraat", "[[5.603,51.608],[5.604,51.608]]"), line("Burgemeester Vlierstraat", "[[5.612,51.608],[5.613,51.608]]"),
		line("1e Dwarsweg", "[[5.603,51.604],[5.604,51.604]]"), line("2e Dwarsweg", "[[5.605,51.604],[5.606,51.604]]"),
		line("Ver Weg", "[[5.70,51.65],[5.71,51.65]]"),
	)
	plan, err := compare(network(t), read(t, text))
	if err != nil {
		t.Fatal(err)
	}
	found := findings(plan)
	for _, want := range []string{
		"Lange Dijk: ", " lie in Meidoorn; it belongs to Kastanje",
		"Kastanje and Meidoorn overlap: about ", " of the network lie in no street group, such as near 51.6",
		"in no street group, and left out. Draw the borders wider, or put them in a list with their street group: Ver Weg",
		"street groups without a street: Leeg",
		"several streets of one name; the bot asks which street group is meant: Kerkstraat (2)",
		"perhaps one street written in two ways: Burg. Vlierstraat / Burgemeester Vlierstraat",
		"Kastanjelaan / Kastanjestraat",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("%q is missing in\n%s", want, found)
		}
	}
	if strings.Contains(found, "1e Dwarsweg /") {
		t.Errorf("1e and 2e Dwarsweg are two streets:\n%s", found)
	}
	again, err := compare(after(network(t), plan), read(t, text))
	if err != nil || len(again.Changes) != 0 {
		t.Errorf("%v: %v", err, told(again))
	}
}

func TestAKnownStreetStaysWherePartOfItLies(t *testing.T) {
	street := line("Grensweg", "[[5.602,51.605],[5.618,51.605]]")
	known := network(t, collection(square("Kastanje", 5.60, 5.61), street), collection(square("Meidoorn", 5.61, 5.62)))
	for name, c := range map[string]struct {
		border float64 // between the two
		want   []string
	}{
		"most of it lies elsewhere": {5.606, []string{"group Kastanje: another border", "group Meidoorn: another border"}},
		"all of it lies elsewhere": {5.601, []string{
			"group Kastanje: another border", "group Meidoorn: another border", "street Grensweg: from Kastanje to Meidoorn",
		}},
	} {
		plan, err := compare(known, read(t, collection(square("Kastanje", 5.60, c.border), square("Meidoorn", c.border, 5.62), street)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, told(plan)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAStreetGroupThatNobodyKnowsIsAMistake(t *testing.T) {
	text := collection(feature(`"name":"Kastanjelaan","groep":"Kastanje"`, "LineString", "[[5.601,51.605],[5.602,51.605]]"))
	_, err := compare(network(t), read(t, text))
	if err == nil || !strings.Contains(err.Error(), `there is no street group "Kastanje"`) {
		t.Error(err)
	}
	if plan, err := compare(network(t, list), read(t, text)); err != nil || len(plan.Changes) != 1 {
		t.Errorf("%v, %v", err, told(plan))
	}
}

func TestCodesAndPrefixesAreEachTakenOnce(t *testing.T) {
	text := "naam;groep\nBurgemeester van Houtstraat;Kastanje\nBurgemeester v. Houtstraat;Kastanje\nÉén;Kastelen\nKastanje;Kast\n"
	known := network(t, text)
	codes, prefixes := map[string]bool{}, map[string]bool{}
	for _, a := range known[1:] {
		if codes[a.Code] || len(a.Code) < 2 || len(a.Code) > 12 {
			t.Errorf("%s has the code %q", a.Name, a.Code)
		}
		codes[a.Code] = true
		if a.Kind == civic.KindGroup && (prefixes[a.Prefix] || len(a.Prefix) < 2) {
			t.Errorf("%s has the prefix %q", a.Name, a.Prefix)
		}
		prefixes[a.Prefix] = true
	}
	if !codes["BVHOUTSTRAAT"] || !codes["EEN"] {
		t.Errorf("%v", codes)
	}
	if _, err := compare(network(t, list), read(t, "naam;groep;prefix\nA-straat;Nieuw;KAS\n")); err == nil ||
		!strings.Contains(err.Error(), "the prefix KAS is that of") {
		t.Error(err)
	}
}

func FuzzNoFileBreaksTheReader(f *testing.F) {
	f.Add(list)
	f.Add(collection(square("Kastanje", 5.60, 5.61), line("Kastanjelaan", "[[5.601,51.605],[5.602,51.605]]")))
	f.Add("\x1e{}\n")
	f.Add("{\"type\":\"Feature\"}\n[")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := survey.Read("", []byte(text), dutch(t))
		if err != nil {
			return
		}
		if _, err := compare(network(t), s); err != nil && err.Error() == "" {
			t.Error("a mistake without words")
		}
	})
}
