package locales_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

var (
	markup = regexp.MustCompile(`<[^>]+>`)
	filled = regexp.MustCompile(`\{[^}]*\}`)
	// A sentence ends with its mark, whatever closes behind it, or with its line. A colon or a semicolon goes on.
	sentences = regexp.MustCompile(`[.!?…]["”’)]*(?:\s+|$)|\n`)
	plainWord = regexp.MustCompile(`[\p{L}\p{N}’'-]+`)
)

// dutch is every Dutch text by its key, as the program reads it: what the bot says in the Netherlands, and what it says
// otherwise in Belgium. Everything that is said stands there, the questions of forms, the cards and the sentences from which
// an alert is made, because no text stands in code.
func dutch(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("nl*.yaml")
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	all := map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		if err := yaml.Unmarshal(raw, &texts); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for key, text := range texts {
			all[file+" "+key] = text
		}
	}
	return all
}

// sentencesOf are the lengths of the sentences of a text, in words. What is filled in counts as one word.
func sentencesOf(text string) map[string]int {
	text = filled.ReplaceAllString(markup.ReplaceAllString(text, ""), "X")
	lengths := map[string]int{}
	for _, sentence := range sentences.Split(text, -1) {
		lengths[sentence] = len(plainWord.FindAllString(sentence, -1))
	}
	return lengths
}

// Every Dutch text is easy to read (level B1, issue 5): at most fifteen words a sentence on average, and none over 22. Lists of
// words that people may type are no sentences.
func TestDutchIsPlain(t *testing.T) {
	const most, average = 22, 15
	texts, count, words := dutch(t), 0, 0
	if len(texts) < 1900 {
		t.Errorf("only %d texts were found", len(texts))
	}
	for key, text := range texts {
		if strings.HasSuffix(key, ".words") || strings.Contains(key, ".words.") {
			continue
		}
		for sentence, n := range sentencesOf(text) {
			if n > most {
				t.Errorf("%s: a sentence of %d words: %s", key, n, sentence)
			}
			if n > 3 { // less is a label
				count, words = count+1, words+n
			}
		}
	}
	if count == 0 || words > average*count {
		t.Errorf("%d words in %d sentences", words, count)
	}
	t.Logf("%d texts, %d sentences of %.1f words on average", len(texts), count, float64(words)/float64(max(1, count)))
}

func TestSentencesAreCountedAsTheyAreRead(t *testing.T) {
	for text, want := range map[string]int{
		"Bel {number}. Nu!": 2,
		"<b>Bel nu {emergency}.</b> Spreek niemand aan.":  3,
		"Druk op “Stoppen.” Dan stop ik":                  3,
		"een twee drie: vier vijf; zes":                   6,
		"{a} {b_c} ’s avonds\nen":                         4,
		"Dat duurt 2.5 uur, of e-mail foto’s naar {mail}": 10,
	} {
		longest := 0
		for _, n := range sentencesOf(text) {
			longest = max(longest, n)
		}
		if longest != want {
			t.Errorf("%q: the longest sentence has %d words, want %d", text, longest, want)
		}
	}
}
