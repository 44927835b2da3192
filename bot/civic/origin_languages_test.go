package civic_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// originLine is a sentence of testdata/origin_LANGUAGE.txt.
type originLine struct {
	sign  string
	text  string
	want  string   // as it reaches a card
	goes  []string // words that may not
	aside bool     // nothing was learned from it
}

var marked = regexp.MustCompile(`\[([^\]>]*)(?:>([^\]]*))?\]`)

// originLines reads the sentences of a file.
func originLines(t testing.TB, file string) []originLine {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []originLine
	for line := range strings.Lines(string(text)) {
		sign, marks, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || sign == "#" {
			continue
		}
		l := originLine{sign: sign, text: marked.ReplaceAllString(marks, "$1"), aside: len(all)%3 == 2}
		l.want = strings.Join(strings.Fields(marked.ReplaceAllString(marks, "$2")), " ")
		for _, m := range marked.FindAllStringSubmatch(marks, -1) {
			l.goes = append(l.goes, m[1])
		}
		all = append(all, l)
	}
	return all
}

// originTally counts what was right among lines.
type originTally struct{ origin, gone, whole, looks, asked, calm, wrong int }

// judge counts a sentence, and says what is amiss.
func (c *originTally) judge(l originLine) (amiss []string) {
	got, found := civic.WithoutOrigin(l.text)
	asked := civic.Understand(l.text, nil).Behave
	if len(l.goes) > 0 {
		c.origin++
		switch {
		case got == l.want:
			c.gone, c.whole = c.gone+1, c.whole+1
		case gone(got, l.goes):
			c.gone++
			amiss = append(amiss, "reads otherwise: "+got)
		default:
			amiss = append(amiss, "origin stays: "+got)
		}
	} else {
		c.calm++
		if found {
			c.wrong++
			amiss = append(amiss, "for nothing: "+got)
		}
	}
	switch {
	case l.sign == "?":
		c.looks++
		if asked {
			c.asked++
		} else {
			amiss = append(amiss, "behaviour is not asked")
		}
	case asked:
		c.wrong++
		amiss = append(amiss, "behaviour is asked")
	}
	return amiss
}

func gone(text string, words []string) bool {
	for _, w := range words {
		for part := range strings.FieldsSeq(strings.Trim(w, ",، .")) {
			if len([]rune(part)) > 3 && strings.Contains(text, part) {
				return false
			}
		}
	}
	return true
}

// In every language of residents no origin reaches a card, the sentence stays whole, who tells of nothing but looks is asked
// what was done, and streets, shops and food keep their names.
func TestOriginInEveryLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/origin_??.txt")
	if err != nil || len(files) != 6 {
		t.Fatal("languages are missing", err)
	}
	var all originTally
	for _, file := range files {
		var known, aside originTally
		language := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "origin_"), ".txt")
		for _, l := range originLines(t, file) {
			if l.aside {
				aside.judge(l)
				all.judge(l)
				continue
			}
			for _, amiss := range known.judge(l) {
				t.Errorf("%s: %s: %s", language, l.text, amiss)
			}
		}
		t.Logf("%s: known: %v", language, known)
		t.Logf("%s: set aside: %v", language, aside)
	}
	t.Logf("set aside in all: %v", all)
	if 100*all.gone < 95*all.origin || 100*all.asked < 85*all.looks || 20*all.wrong > all.origin+all.looks+all.calm {
		t.Error("it does not hold for sentences that were set aside")
	}
}

// String tells the figures.
func (c originTally) String() string {
	return fmt.Sprintf("%d of %d origins gone, %d as wanted; behaviour asked %d of %d times; %d wrong of %d without origin",
		c.gone, c.origin, c.whole, c.asked, c.looks, c.wrong, c.calm)
}
