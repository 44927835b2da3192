package locales_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	textLine  = regexp.MustCompile(`^([a-z0-9_.]+): (.*)$`)
	markup    = regexp.MustCompile(`<[^>]+>`)
	sentences = regexp.MustCompile(`[.!?:;]\s|\n`)
	plainWord = regexp.MustCompile(`[\p{L}\p{N}{}’-]+`)
)

// Every Dutch text is easy to read (level B1, issue 5): at most fifteen words a sentence on average, and none over 22. A
// colon, a semicolon and a new line end a sentence as well. Lists of words that people may type are no sentences.
func TestDutchIsPlain(t *testing.T) {
	const most, average = 22, 15
	raw, err := os.ReadFile("nl.yaml")
	if err != nil {
		t.Fatal(err)
	}
	count, words := 0, 0
	for line := range strings.SplitSeq(string(raw), "\n") {
		m := textLine.FindStringSubmatch(line)
		if m == nil || strings.HasSuffix(m[1], ".words") || strings.Contains(m[1], ".words.") {
			continue
		}
		text := markup.ReplaceAllString(strings.ReplaceAll(strings.Trim(m[2], `"`), `\n`, "\n"), "")
		for _, sentence := range sentences.Split(text, -1) {
			n := len(plainWord.FindAllString(sentence, -1))
			if n > most {
				t.Errorf("%s: a sentence of %d words: %s", m[1], n, sentence)
			}
			if n > 3 { // less is a label
				count, words = count+1, words+n
			}
		}
	}
	if count == 0 || words > average*count {
		t.Errorf("%d words in %d sentences", words, count)
	}
	t.Logf("%d sentences of %.1f words on average", count, float64(words)/float64(max(1, count)))
}
