package flows_test

import (
	"html"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// A word that is typed to do what cannot be undone means nothing else: it is no command and leads out of no question, in
// whatever language.
func TestWordsThatAreTypedMeanNothingElse(t *testing.T) {
	texts := textsOf(t)
	taken := map[string]string{}
	for _, lang := range texts.Languages() {
		for _, key := range texts.Keys(lang) {
			if strings.HasPrefix(key, "command.") || strings.HasPrefix(key, "form.") && strings.HasSuffix(key, ".words") {
				for word := range strings.SplitSeq(texts.Text(lang, key), ",") {
					taken[bot.Folded(word)] = key
				}
			}
		}
	}
	if len(taken) < 50 {
		t.Fatalf("only %d words are taken", len(taken))
	}
	for _, lang := range texts.Languages() {
		for _, key := range []string{
			"leave.word", "alert.word.send", "alert.word.retract", "ladder.word.suspension", "ladder.word.removal",
		} {
			if !texts.Has(lang, key) {
				continue
			}
			word := bot.Folded(texts.Text(lang, key))
			if other := taken[word]; other != "" || word == "" || len(strings.Fields(word)) > 2 {
				t.Errorf("%s %s: %q is %q already, or no word", lang, key, word, other)
			}
		}
	}
}

// On Matrix no tap leaves the network: the word does, in the person's own language, and other short words are told it.
func TestLeavingOnMatrixTakesTheWord(t *testing.T) {
	texts := textsOf(t)
	for lang, word := range map[string]string{"nl": "vergeet mij", "tr": "“beni unut”", "ar": "انسني", "fr": "Oublie moi.", "de": "!Vergiss mich"} {
		q := openQuarter(t, transcript{about: "# cast: bea admin; ana resident Kastanje " + lang + "\n"})
		ana, who := q.on.rooms["ana"], q.on.account("ana")
		says := func(said string) string {
			q.on.text(ana, who, said)
			return q.news()
		}
		says("!stop")
		for _, said := range []string{texts.Text(lang, "leave.yes"), "1", "7", "ja", "!ja", "nee hoor"} {
			if told := says(said); !strings.Contains(told, texts.Text(lang, "leave.word")) {
				t.Errorf("%s: %s is answered with %s", lang, said, told)
			}
		}
		q.on.react(ana, who, q.on.offers[len(q.on.offers)-1].event, "1\uFE0F\u20E3")
		q.expect(q.news(), texts.Text(lang, "leave.word"))
		gone := html.UnescapeString(texts.Text(lang, "leave.done", "network", "BIN De Vlier", "emergency", "112"))
		if told := says(word); !strings.Contains(told, strings.SplitN(gone, "\n", 2)[0]) {
			t.Errorf("%s: %q is answered with %s", lang, word, told)
		}
	}
}
