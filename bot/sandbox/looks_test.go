package sandbox_test

import (
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
)

// colours reads the variables of colours.css, by light or by dark.
func colours(t *testing.T, dark bool) map[string]string {
	t.Helper()
	sheet := string(must(os.ReadFile("colours.css")))
	day, night, found := strings.Cut(sheet, "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("there are no colours for the dark")
	}
	all := map[string]string{}
	for _, part := range []string{day, night}[:map[bool]int{false: 1, true: 2}[dark]] {
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(part, -1) {
			all[m[1]] = m[2]
		}
	}
	return all
}

// luminance is how light a colour is, as WCAG 2.2 defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != 7 {
		t.Fatalf("%q is no colour", colour)
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(must(strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8))) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	low, high := luminance(t, a), luminance(t, b)
	if low > high {
		low, high = high, low
	}
	return (high + 0.05) / (low + 0.05)
}

func TestColoursCanBeToldApart(t *testing.T) {
	const text, edge = 4.5, 3.0 // WCAG 2.2 AA, 1.4.3 and 1.4.11
	pairs := []struct {
		least   float64
		on      string
		written string // with blanks between
	}{
		{text, "pane", "ink soft link brand on-choice"},
		{text, "ground", "ink soft"},
		{text, "log", "ink soft"},
		{text, "bot", "ink soft link"},
		{text, "mine", "ink soft link"},
		{text, "chip", "ink soft"},
		{text, "choice", "ink on-choice"},
		{text, "choice-high", "ink on-choice"},
		{text, "brand", "on-brand"},
		{text, "brand-high", "on-brand"},
		{text, "toast", "on-toast"},
		{text, "bad", "on-bad"},
		{text, "warn", "on-warn"},
		{text, "count", "on-count"},
		{text, "street", "on-land"},
		{text, "land", "on-land"},
		{text, "house", "on-land"},
		{edge, "pane", "edge focus brand"},
		{edge, "ground", "edge focus"},
		{edge, "log", "focus"},
		{edge, "bot", "focus"},
		{edge, "land", "pin focus"},
		{edge, "street", "pin"},
	}
	for _, face := range sandbox.Colours() {
		pairs = append(pairs, struct {
			least   float64
			on      string
			written string
		}{text, face, "on-face"})
	}
	for _, dark := range []bool{false, true} {
		all := colours(t, dark)
		for _, p := range pairs {
			for name := range strings.FieldsSeq(p.written) {
				if ratio := contrast(t, all[name], all[p.on]); ratio < p.least {
					t.Errorf("dark %v: %s on %s has a contrast of %.2f, below %.1f", dark, name, p.on, ratio, p.least)
				}
			}
		}
	}
}

// Colours stand in one file, where they are checked.
func TestOtherSheetsNameNoColour(t *testing.T) {
	for _, sheet := range []string{"style.css", "chat.css"} {
		text := string(must(os.ReadFile(sheet)))
		for _, found := range regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl`).FindAllString(text, -1) {
			t.Errorf("%s: %s", sheet, found)
		}
		known := colours(t, false)
		for _, m := range regexp.MustCompile(`var\(--([a-z-]+)\)`).FindAllStringSubmatch(text, -1) {
			if known[m[1]] == "" && !slices.Contains([]string{"touch", "gap", "round", "shade", "veil"}, m[1]) {
				t.Errorf("%s: --%s is set nowhere", sheet, m[1])
			}
		}
	}
}

func TestEveryTextOfThePageIsThere(t *testing.T) {
	texts, err := locales.Load()
	check(t, err)
	keys := sandbox.Keys()
	for _, lang := range []string{"nl", "en"} {
		for _, key := range keys {
			if !texts.Has(lang, key) {
				t.Errorf("%s: %s is missing", lang, key)
			}
		}
		for _, key := range texts.Keys(lang) {
			if strings.HasPrefix(key, "sandbox.") && !slices.Contains(keys, key) {
				t.Errorf("%s: %s is said nowhere", lang, key)
			}
		}
	}
}

// Every key that stands in the code is one of those that are listed.
func TestKeysAreListed(t *testing.T) {
	keys := sandbox.Keys()
	files, err := os.ReadDir(".")
	check(t, err)
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		code := string(must(os.ReadFile(f.Name())))
		for _, m := range regexp.MustCompile(`"(sandbox\.[a-z_.]*[a-z])"`).FindAllStringSubmatch(code, -1) {
			if !slices.Contains(keys, m[1]) {
				t.Errorf("%s: %s", f.Name(), m[1])
			}
		}
	}
}
