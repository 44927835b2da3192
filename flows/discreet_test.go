package flows_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// told is something that was said in a transcript: where, and what.
type told struct{ where, text string }

var saidLine = regexp.MustCompile(`^(\w+)(@\w+)? [<=~] (.*)$`)

// said parts a transcript into what was said in it.
func (tr transcript) said() []told {
	var all []told
	open := false
	for _, line := range tr.lines {
		m := saidLine.FindStringSubmatch(line)
		switch {
		case m != nil:
			all = append(all, told{m[1], m[3]})
		case open && strings.HasPrefix(line, "  "):
			all[len(all)-1].text += "\n" + strings.TrimSpace(line)
		}
		open = m != nil || open && strings.HasPrefix(line, "  ")
	}
	return all
}

var castOne = regexp.MustCompile(`^(\w+) (resident|guest)\b`)

// residents are the people of a transcript who have no role but that of a resident, and are invited to none.
func (tr transcript) residents() []string {
	var all []string
	for one := range strings.SplitSeq(tr.header("cast"), ";") {
		m := castOne.FindStringSubmatch(strings.TrimSpace(one))
		if m != nil && !slices.ContainsFunc(tr.lines, func(line string) bool { return strings.HasPrefix(line, m[1]+" > /start (code)") }) {
			all = append(all, m[1])
		}
	}
	return all
}

var cardState = regexp.MustCompile(`(?m)^Nu: `)

// Whoever passes a card on, to whatever chat, passes on nothing of who reported (edge case 4): no card has the name of
// anybody who could have reported, unless that reporter gave it away.
func TestACardThatIsPassedOnNamesNoReporter(t *testing.T) {
	cards := 0
	for _, tr := range transcripts(t) {
		for _, s := range tr.said() {
			if !cardState.MatchString(s.text) {
				continue
			}
			cards++
			for _, name := range tr.residents() {
				named := regexp.MustCompile(`(?i)\b` + name + `\b`)
				given := regexp.MustCompile(`(?i)^Melder \d+ is ` + name + ` \(zelf doorgegeven\)\.$`)
				for line := range strings.SplitSeq(s.text, "\n") {
					if named.MatchString(line) && !given.MatchString(line) {
						t.Errorf("%s: a card in %s names %s: %s", tr.file, s.where, name, line)
					}
				}
			}
		}
	}
	if cards < 400 {
		t.Errorf("only %d cards were read", cards)
	}
}

var (
	casesWords = regexp.MustCompile(`(?i)\b(meldingen|melding|zaken|zaak|melders?|reports?|cases?|reporters?)\b`)
	casesCount = regexp.MustCompile(`\{(count|n|reports|cases|sum|total)\}`)
	casesSaid  = regexp.MustCompile(`(?i)\b\d+ (meldingen|melding|zaken|zaak|melders?)\b`)
	// The reader's own.
	ownSaid = regexp.MustCompile(`Je hebt dit uur al \d+ meldingen gedaan`)
)

// ownCounts are texts for residents that count reports: their own.
var ownCounts = []string{"own.words"}

// In a small street "1 case" tells who reported (edge case 25). So nobody without a role reads how many there are: no text
// for residents has such a number, and in no story does one stand in a resident's chat or in that of a street group.
func TestNobodyWithoutARoleReadsHowManyReportsThereAre(t *testing.T) {
	texts := textsOf(t)
	for _, lang := range []string{"nl", "en"} {
		raw, err := os.ReadFile("../locales/" + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		walked := 0
		for line := range strings.SplitSeq(string(raw), "\n") {
			m := textKey.FindStringSubmatch(line)
			if m == nil || texts.Staff(m[1]) {
				continue
			}
			walked++
			if casesWords.MatchString(m[2]) && casesCount.MatchString(m[2]) && !slices.Contains(ownCounts, m[1]) {
				t.Errorf("%s.yaml: %s tells residents a number of reports: %s", lang, m[1], m[2])
			}
		}
		if walked < 400 {
			t.Errorf("%s.yaml: only %d texts for residents were found", lang, walked)
		}
	}
	heard := 0
	for _, tr := range transcripts(t) {
		public := append(tr.residents(), "kastanje", "meidoorn", "kanaal", "berklaan")
		for _, s := range tr.said() {
			if !slices.Contains(public, s.where) {
				continue
			}
			heard++
			if n := casesSaid.FindString(ownSaid.ReplaceAllString(s.text, "")); n != "" {
				t.Errorf("%s: %s reads %q", tr.file, s.where, n)
			}
		}
	}
	if heard < 1000 {
		t.Errorf("only %d messages to residents were read", heard)
	}
}
