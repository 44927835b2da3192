package civic

import (
	"strings"
	"testing"
)

func TestEmergencyRules(t *testing.T) {
	text, err := emergencyFiles.ReadFile("emergency.txt")
	if err != nil {
		t.Fatal(err)
	}
	book, err := parseRules(string(text))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[ruleKind]int{}
	for _, r := range book.rules {
		kinds[r.kind]++
	}
	for name, kind := range sections {
		if kind < negation && kinds[kind] == 0 {
			t.Errorf("section [%s] has no rules", name)
		}
	}
	if len(book.not) == 0 {
		t.Error("section [not] is empty")
	}
}

func TestFaultyRules(t *testing.T) {
	for text, want := range map[string]string{
		"brand":              "before any section",
		"[fire]\nbrand":      "unknown section",
		"[alarm]\n@fire":     "unknown list",
		"[alarm]\n* brand":   "gap at the edge",
		"[alarm]\nbrand *":   "gap at the edge",
		"[alarm]\nBrand":     "word \"Brand\"",
		"[alarm]\na||b":      "word \"\"",
		"[alarm]\n\n\nx]":    "line 4",
		"@a = b*":            "word \"b*\"",
		"[not]\ngeen [niet]": "word \"[niet]\"",
	} {
		if _, err := parseRules(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("rules %q: %v; want %q", text, err, want)
		}
	}
}

// Each language has a file of rules that can be read, with rules for danger and for both help lines, and one for Dutch and
// English before them.
func TestRulesOfEveryLanguage(t *testing.T) {
	files, err := emergencyFiles.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := emergencyFiles.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		book, err := parseRules(string(text))
		if err != nil {
			t.Errorf("%s: %v", f.Name(), err)
			continue
		}
		kinds := map[ruleKind]bool{}
		for _, r := range book.rules {
			kinds[r.kind] = true
		}
		for _, kind := range []ruleKind{
			signAlarm, calm, timePast, timeNow, timeJust, callSuicide, callViolence, callFire, callAmbulance,
		} {
			if f.Name() != "emergency.txt" && !kinds[kind] {
				t.Errorf("%s: nothing of kind %d", f.Name(), kind)
			}
		}
	}
	if got := len(emergencies().books); got != len(files) || files[0].Name() != "emergency.txt" {
		t.Errorf("%d books of %d files", got, len(files))
	}
}

// A word is known by its letters: without accents, marks and what draws it out, in any script.
func TestWordsOfOtherScriptsAreKnown(t *testing.T) {
	book, err := parseRules("[prefix]\nو ال\n[alarm]\nحريق\nпожар~\npożar~\n")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"حريق": true, "والحريق": false, "وحريق": true, "الحريق، بسرعة": true, "حـــريق": true, "حَرِيق": true, "طريق": false,
		"Пожары": true, "пожаром!": true, "пажар": false, "POŻARU": true, "pozaru": true, "pozory": false,
	} {
		found := false
		for _, s := range shelfOf(book).listen(text)[0] {
			found = found || s.points(book) >= enough
		}
		if found != want {
			t.Errorf("%s: %v", text, found)
		}
	}
}

// A long word is known with one letter less, more or other, or with two swapped, but for its first letter; in each book of its own.
func TestOneMistakeIsForgiven(t *testing.T) {
	const right = "inbreker"
	written := []string{right}
	for i := 1; i < len(right); i++ {
		written = append(written, right[:i]+right[i+1:], right[:i]+"x"+right[i:], right[:i]+"x"+right[i+1:])
		if i+1 < len(right) {
			written = append(written, right[:i]+right[i+1:i+2]+right[i:i+1]+right[i+2:])
		}
	}
	dutch, err := parseRules("[alarm]\n" + right + "\n")
	if err != nil {
		t.Fatal(err)
	}
	other, err := parseRules("[alarm]\nbrand\ninbrekers\n")
	if err != nil {
		t.Fatal(err)
	}
	books := shelfOf(other, dutch)
	for _, word := range written {
		if heard := books.listen(word)[1][0]; heard.points(dutch) < enough {
			t.Errorf("%s is not known", word)
		}
	}
	for _, word := range []string{"xnbreker", "inbxexer", "nbreker", "inbre"} {
		if heard := books.listen(word)[1][0]; heard.points(dutch) > 0 {
			t.Errorf("%s is known", word)
		}
	}
	if heard := books.listen("inbrekers")[0][0]; heard.points(other) < enough {
		t.Error("a word that is right in one book is not known there")
	}
}
