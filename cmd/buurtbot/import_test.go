package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// mapOf is a map of a town as OpenStreetMap has one: square street groups, and in them streets of several pieces.
func mapOf(groups, streets int) string {
	var features []string
	piece := func(properties, kind, coordinates string) {
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":%q,"coordinates":%s}}`,
			properties, kind, coordinates))
	}
	const side = 0.01 // degrees
	const across = 8
	for g := range groups {
		west, south := 5.5+side*float64(g%across), 51.5+side*float64(g/across)
		piece(fmt.Sprintf(`"name":"Groep %c%c"`, 'A'+g/26, 'A'+g%26), "Polygon", fmt.Sprintf("[[[%[1]f,%[2]f],[%[3]f,%[2]f],[%[3]f,%[4]f],[%[1]f,%[4]f],[%[1]f,%[2]f]]]",
			west, south, west+side, south+side))
	}
	for s := range streets {
		g, nth := s%groups, s/groups
		west, south := 5.5+side*float64(g%across), 51.5+side*float64(g/across)
		for part := range 3 {
			var points []string
			for i := range 7 {
				lon := west + side*(0.05+0.3*float64(part)+0.05*float64(i))
				lat := south + side*(0.05+0.9*float64(nth)/float64(streets/groups+1)) + 0.00002*float64(i%2)
				points = append(points, fmt.Sprintf("[%f,%f]", lon, lat))
			}
			piece(fmt.Sprintf(`"@id":"way/%d","highway":"residential","surface":"asphalt","name":"Straat %d"`, s*10+part, s), "LineString",
				"["+strings.Join(points, ",")+"]")
		}
	}
	return `{"type":"FeatureCollection","generator":"overpass-ide","features":[` + strings.Join(features, ",\n") + "]}"
}

func TestImportTellsWhatItDoesAndADryRunDoesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "list.csv", "naam;groep;prefix\nKastanjelaan;Kastanje;KAS\nMeidoornpad;Meidoorn;MEI\n")
	dry := play(t, nil, "import", "list.csv", "--dry-run")
	if dry.code != exitFine || !strings.Contains(dry.out, "new: 1 street in Kastanje: Kastanjelaan") ||
		!strings.Contains(dry.out, "nothing was changed") {
		t.Fatalf("%+v", dry)
	}
	first := play(t, nil, "import", "list.csv")
	if first.code != exitFine || first.out != strings.ReplaceAll(dry.out, "This was a dry run: nothing was changed.\n", "") {
		t.Errorf("the dry run told something else: %+v", first)
	}
	again := play(t, nil, "import", "list.csv")
	if again.code != exitFine || strings.Contains(again.out, "new:") || !strings.Contains(again.out, "as it was: 4") {
		t.Errorf("%+v", again)
	}
	write(t, "list.csv", "naam;groep;prefix\nKastanjelaan;Meidoorn;MEI\n")
	later := play(t, nil, "import", "list.csv")
	for _, want := range []string{
		"changed: street Kastanjelaan: from Kastanje to Meidoorn",
		"not in the file, and kept: street Meidoornpad in Meidoorn, street group Kastanje",
		"look at: street groups without a street: Kastanje",
	} {
		if !strings.Contains(later.out, want) {
			t.Errorf("%q is missing in %+v", want, later)
		}
	}
	if got := play(t, nil, "check"); !strings.Contains(got.out, "the audit trail holds with 2 entries") {
		t.Errorf("%+v", got)
	}
}

func TestAnImportThatCannotBeSaysWhyAndChangesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "list.csv", "naam;groep;prefix\nKastanjelaan;Kastanje;KAS\nMeidoornpad;;MEI\n")
	got := play(t, nil, "import", "list.csv")
	if got.code != exitFailed || !strings.Contains(got.err, "list.csv was not imported:\nline 3: \"Meidoornpad\" has no street group") {
		t.Errorf("%+v", got)
	}
	if got := play(t, nil, "import", "nowhere.csv"); got.code != exitFailed || !strings.Contains(got.err, "nowhere.csv cannot be read") {
		t.Errorf("%+v", got)
	}
	if got := play(t, nil, "import"); got.code != exitUse {
		t.Errorf("%+v", got)
	}
	big, err := os.Create("big.csv")
	if err != nil {
		t.Fatal(err)
	}
	if err := big.Truncate(100<<20 + 1); err != nil {
		t.Fatal(err)
	}
	_ = big.Close()
	if got := play(t, nil, "import", "big.csv"); got.code != exitFailed || !strings.Contains(got.err, "larger than 100 MB") {
		t.Errorf("%+v", got)
	}
}

func TestTheConfigurationHasTheLastWordOnAStreetThatAnImportMoved(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "config.yaml", "network: {name: BIN De Vlier}\nareas:\n"+
		"  - {name: Kastanje, code: KASTANJE1, prefix: KAS, streets: [{name: Kastanjelaan}, {name: Kerkstraat}]}\n"+
		"  - {name: Meidoorn, code: MEIDOORN1, prefix: MEI, streets: [{name: Meidoornpad}, {name: Kerkstraat}]}\n")
	write(t, "list.csv", "naam;groep\nKastanjelaan;Meidoorn\n")
	got := play(t, nil, "import", "list.csv")
	if !strings.Contains(got.out, "from Kastanje to Meidoorn") || !strings.Contains(got.out, "has the last word at every start: Kastanjelaan") {
		t.Fatalf("%+v", got)
	}
	write(t, "list.csv", "naam;groep\nKastanjelaan;Kastanje\n")
	if got := play(t, nil, "import", "list.csv"); !strings.Contains(got.out, "as it was: 2") {
		t.Errorf("the street is not back where the configuration has it: %+v", got)
	}
}

func TestATownOf2000StreetsIsImported(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "town.geojson", mapOf(40, 2000))
	got := play(t, nil, "import", "town.geojson")
	if got.code != exitFine || !strings.Contains(got.out, "new: 50 streets in Groep AA") {
		t.Fatalf("%+v", got)
	}
}

func BenchmarkImportOf2000Streets(b *testing.B) {
	b.Chdir(b.TempDir())
	if err := os.WriteFile("town.geojson", []byte(mapOf(40, 2000)), 0o600); err != nil {
		b.Fatal(err)
	}
	for n := 0; b.Loop(); n++ {
		environ := []string{fmt.Sprintf("BUURTBOT_STORAGE_PATH=town%d.db", n)}
		var out, errs strings.Builder
		if code := execute(b.Context(), []string{"import", "town.geojson"}, environ, &out, &errs); code != exitFine {
			b.Fatal(errs.String())
		}
	}
}
