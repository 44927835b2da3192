package main

import (
	"strings"
	"testing"
)

// What is exported is imported into another bot, and exported there the same.
func TestWhatIsExportedIsImportedElsewhere(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "first.yaml", "storage:\n  path: first/bin.db\nareas: []\n")
	write(t, "second.yaml", "storage:\n  path: second/bin.db\nareas: []\n")
	write(t, "list.csv", "naam;groep;prefix\nKastanjelaan;Kastanje;KAS\nMeidoornpad;Meidoorn;MEI\n")
	write(t, "map.geojson", `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"Kastanje"},"geometry":{"type":"Polygon","coordinates":[[[5.6,51.6],[5.61,51.6],[5.61,51.61],[5.6,51.6]]]}},
{"type":"Feature","properties":{"name":"Kastanjelaan","group":"Kastanje"},"geometry":{"type":"LineString","coordinates":[[5.601,51.601],[5.602,51.6015]]}},
{"type":"Feature","properties":{"name":"Albert Heijn","also":"AH;Appie"},"geometry":{"type":"Point","coordinates":[5.6015,51.601]}}]}`)
	run := func(config string, args ...string) string {
		t.Helper()
		got := play(t, nil, append(args, "--config", config)...)
		if got.code != exitFine {
			t.Fatalf("%v: %+v", args, got)
		}
		return got.out
	}
	run("first.yaml", "import", "list.csv")
	run("first.yaml", "import", "map.geojson")
	list, drawn := run("first.yaml", "export"), run("first.yaml", "export", "--map")
	for _, want := range []string{"naam;groep;prefix\n", "Kastanjelaan;Kastanje;KAS\n", "Meidoornpad;Meidoorn;MEI\n"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	write(t, "list2.csv", list)
	write(t, "map2.geojson", drawn)
	run("second.yaml", "import", "list2.csv")
	run("second.yaml", "import", "map2.geojson")
	if again := run("second.yaml", "export"); again != list {
		t.Errorf("the list came back as\n%s\nand was\n%s", again, list)
	}
	if again := run("second.yaml", "export", "--map"); again != drawn || !strings.Contains(drawn, "AH;Appie") {
		t.Errorf("the map came back as\n%s\nand was\n%s", again, drawn)
	}
}

func TestExportOfAFreshBotAndOfAnUnknownNetwork(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.yaml", "areas:\n  - name: =Hof\n    code: HOF1\n    prefix: HOF\n    streets: [{name: Hofweg, code: HW}]\n")
	got := play(t, nil, "export", "--config", "c.yaml")
	if got.code != exitFine || got.out != "naam;groep;prefix\nHofweg;'=Hof;HOF\n" {
		t.Errorf("a fresh one: %+v", got)
	}
	got = play(t, nil, "export", "--network", "Elders", "--config", "c.yaml")
	if got.code != exitUse || !strings.Contains(got.err, "there is no network") {
		t.Errorf("an unknown one: %+v", got)
	}
}
