package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
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

// Who lives in a street goes where it goes, and that is told: to whoever imports, as a number that names nobody, and by the
// bot to each of them.
func TestAnImportTellsHowManyComeToAnotherStreetGroup(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "list.csv", "naam;groep;prefix\nKastanjelaan;Kastanje;KAS\nMeidoornpad;Meidoorn;MEI\n")
	play(t, nil, "import", "list.csv")
	inStore(t, func(ctx context.Context, tx bot.Tx) error {
		for i := range 5 {
			m, err := person(ctx, tx, fmt.Sprint("bewoner", i))
			if err != nil {
				return err
			}
			areas, err := tx.Areas(ctx, m.Network)
			if err != nil {
				return err
			}
			street := areas[slices.IndexFunc(areas, func(a civic.Area) bool { return a.Name == "Kastanjelaan" })]
			m.Standing, m.Street, m.Group = civic.StandingActive, street.ID, street.Parent
			if err := tx.SaveMember(ctx, m, time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	write(t, "list.csv", "naam;groep;prefix\nKastanjelaan;Meidoorn;MEI\n")
	for _, args := range [][]string{{"import", "list.csv", "--dry-run"}, {"import", "list.csv"}} {
		if got := play(t, nil, args...); !strings.Contains(got.out, "members in another street group now: 5") {
			t.Errorf("%v: %+v", args, got)
		}
	}
	inStore(t, func(ctx context.Context, tx bot.Tx) error {
		timers, err := tx.Timers(ctx, "brought", "")
		if len(timers) != 5 {
			t.Errorf("%d of 5 members will be told", len(timers))
		}
		return err
	})
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

// Landmarks come as points of the map. What is wrong with one is told, and the rest is taken.
func TestLandmarksAreImportedOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	feature := func(properties, kind, coordinates string) string {
		return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":%q,"coordinates":%s}}`, properties, kind, coordinates)
	}
	point := func(properties string, lon, lat float64) string {
		return feature(properties, "Point", fmt.Sprintf("[%f,%f,3]", lon, lat))
	}
	file := func(features ...string) {
		features = append(features, feature(`"name":"Kastanje"`, "Polygon", "[[[5.60,51.60],[5.62,51.60],[5.62,51.61],[5.60,51.61],[5.60,51.60]]]"),
			feature(`"highway":"residential","name":"Kastanjelaan"`, "LineString", "[[5.601,51.605],[5.604,51.605]]"),
			feature(`"highway":"residential","name":"Meidoornpad"`, "LineString", "[[5.611,51.605],[5.614,51.605]]"))
		write(t, "map.geojson", `{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`)
	}
	shop := `"name":"Albert Heijn","short_name":"AH","shop":"supermarket"`
	file(point(shop, 5.602, 51.6051), point(shop, 5.602, 51.6052), point(shop, 5.612, 51.6051), point(`"name":"Meidoornpad","amenity":"bench"`, 5.613, 51.605),
		point(`"name":"Ver Weg"`, 5.7, 51.7), point(`"shop":"kiosk"`, 5.602, 51.605), point(`"name":"Vlierdam","place":"town"`, 5.602, 51.605))
	dry := play(t, nil, "import", "map.geojson", "--dry-run")
	for _, want := range []string{
		"and landmarks: 5", "left out: 1 points without a name", "left out: 1 points that are a town, a stop or a part of a road",
		"new: 3 landmarks: Albert Heijn (Kastanjelaan), Albert Heijn (Meidoornpad), Meidoornpad (Meidoornpad)",
		"look at: landmarks at no street of the network, and left out: Ver Weg",
		"look at: several landmarks of one name; the bot asks at which street: Albert Heijn",
		"look at: landmarks that are called as a street is; the street is meant: Meidoornpad", "nothing was changed",
	} {
		if !strings.Contains(dry.out, want) {
			t.Errorf("%q is missing in %+v", want, dry)
		}
	}
	if first := play(t, nil, "import", "map.geojson"); first.out != strings.ReplaceAll(dry.out, "This was a dry run: nothing was changed.\n", "") {
		t.Errorf("the dry run told something else: %+v", first)
	}
	if again := play(t, nil, "import", "map.geojson"); strings.Contains(again.out, "new:") || strings.Contains(again.out, "changed:") ||
		!strings.Contains(again.out, "as it was: 6") {
		t.Errorf("%+v", again)
	}
	if got := play(t, nil, "understand", "glas bij meidornpad"); !strings.Contains(got.out, `"street":"Meidoornpad"`) {
		t.Errorf("%+v", got)
	}
	if got := play(t, nil, "understand", "glas bij de AH"); !strings.Contains(got.out, `"street":null`) || !strings.Contains(got.out, "landmark Albert Heijn (Kastanjelaan)") {
		t.Errorf("two of a name: %+v", got)
	}
	file(point(shop+`,"alt_name":"Appie;Appie Vlierdam"`, 5.6021, 51.6051))
	later := play(t, nil, "import", "map.geojson")
	for _, want := range []string{
		"changed: landmark Albert Heijn: other names, another place, at Kastanjelaan",
		"not in the file, and kept: landmark Albert Heijn, landmark Meidoornpad",
	} {
		if !strings.Contains(later.out, want) {
			t.Errorf("%q is missing in %+v", want, later)
		}
	}
	if got := play(t, nil, "understand", "glas voor de appie vlierdam"); !strings.Contains(got.out, `"street":"Kastanjelaan"`) {
		t.Errorf("by another name: %+v", got)
	}
	file(point(`"name":"Nergens"`, 0, 0))
	if got := play(t, nil, "import", "map.geojson"); got.code != exitFailed || !strings.Contains(got.err, "Nergens has the place [0 0], which is no longitude and latitude") {
		t.Errorf("%+v", got)
	}
}
