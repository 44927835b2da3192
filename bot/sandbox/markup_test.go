package sandbox

import (
	"html/template"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestRenderKeepsFourTags(t *testing.T) {
	for text, want := range map[string]template.HTML{
		"<b>vet</b> en <i>schuin</i> &amp; <code>x</code>": "<b>vet</b> en <i>schuin</i> &amp; <code>x</code>",
		"<b>niet dicht <i>hier ook niet":                   "<b>niet dicht <i>hier ook niet</i></b>",
		"<b>kruis<i>lings</b></i>":                         "<b>kruis<i>lings</i></b>",
		"</b>los":                                          "los",
		`<img src=x onerror=alert(1)>leeg`:                 "leeg",
		`<b onclick="x()">vet</b>`:                         "<b>vet</b>",
		`<a href="javascript:x()">nee</a>`:                 "nee",
		`<a href=" JaVaScRiPt:x()">nee</a>`:                "nee",
		`<a href="data:text/html,x">nee</a>`:               "nee",
		`<a>nee</a>`:                                       "nee",
		`<a href="tel:112">bel</a>`:                        `<a href="tel:112" target="_blank" rel="noopener noreferrer">bel</a>`,
		`<a href="https://x.nl/?a=1&amp;b=2">ja</a>`:       `<a href="https://x.nl/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">ja</a>`,
		"<!-- weg -->1 < 2":                                "1 &lt; 2",
	} {
		if got := render(text); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

// Whatever is rendered, rendering it once more changes nothing, and no other tag is in it.
func TestRenderedTextIsRendered(t *testing.T) {
	pieces := []string{
		"<b>", "</b>", "<i>", "</i>", "<code>", "<script>", "</script>", "<", ">", "&", "&lt;", "\"", "'",
		"woord ", "<a href=tel:1>", "</a>", "<!--", "-->",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces"), "")
		once := render(text)
		if again := render(string(once)); again != once {
			t.Fatalf("%s becomes %s and then %s", text, once, again)
		}
		if strings.Contains(string(once), "<script") {
			t.Fatalf("%s becomes %s", text, once)
		}
	})
}

func TestCommandIsReadAsTelegramReadsIt(t *testing.T) {
	for text, want := range map[string]string{
		"/start": "start|", "/Start  KAS1 ": "start|KAS1", "/start\nKAS1": "start|KAS1",
		"/help@other_bot x": "help|x", "!alarm nu": "alarm|nu",
		"/alarm.": "alarm|.", "start": "", "/": "", "/é": "",
		"!1": "", "/a/b": "", "/startë": "",
		" /start": "", "/" + strings.Repeat("a", 33): "",
	} {
		name, args, is := command(text)
		got := ""
		if is {
			got = name + "|" + args
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Ana": "A", "Bo de Wit": "BW", "Émile": "É", "jan-piet": "JP", "R2 D2": "RD", "★": "",
	} {
		if got := initials(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func streetsAt(lines ...orb.LineString) []civic.Area {
	var all []civic.Area
	for _, l := range lines {
		all = append(all, civic.Area{Kind: civic.KindStreet, Name: "Kastanjelaan", Lines: civic.LinesOf(l)})
	}
	return all
}

// Every street lies within the drawing, and a pin set on the drawing is where the street is.
func TestTheDrawingHoldsEveryStreet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) orb.Point {
			return orb.Point{rapid.Float64Range(5.6, 5.7).Draw(t, "lon"), rapid.Float64Range(51.5, 51.6).Draw(t, "lat")}
		})
		line := rapid.Custom(func(t *rapid.T) orb.LineString {
			return orb.LineString(rapid.SliceOfN(point, 1, 5).Draw(t, "line"))
		})
		streets := streetsAt(rapid.SliceOfN(line, 1, 6).Draw(t, "streets")...)
		d := draw(streets)
		for i, s := range streets {
			for _, p := range s.Longest() {
				x, y := (p.Lon()-d.West)/d.LonEach, (d.North-p.Lat())/d.LatEach
				if x < mapMargin-1 || x > d.Width-mapMargin+1 || y < mapMargin-1 || y > d.Height-mapMargin+1 {
					t.Fatalf("%v of street %d is drawn at %.1f, %.1f", p, i, x, y)
				}
			}
		}
		if strings.Contains(d.Houses+d.Streets[0].Path, "NaN") {
			t.Fatal("something stands nowhere")
		}
	})
}

func TestNothingToDrawIsNoMap(t *testing.T) {
	if draw(streetsOf([]civic.Area{{Kind: civic.KindGroup}, {Kind: civic.KindStreet}})) != nil {
		t.Error("a map without a street")
	}
}
