package flows

import (
	"strings"
	"unicode"

	"github.com/buurtbot/buurtbot/bot"
)

// idle is what is said to a question that answers nothing and tells nothing.
type idle string

const (
	idleThanks idle = "thanks"
	idleHere   idle = "here"  // whether anybody is there
	idleHurry  idle = "hurry" // that it takes too long
	idleCurse  idle = "curse"
)

// idleIn is what words say that tell nothing, in whatever language; empty when they may tell something. It goes by all of them:
// "gvd schiet nou op" is idle, and "gvd hij staat hier" is not.
func idleIn(t *bot.Turn, text string) idle {
	const most = 8 // words; who says more tells something
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && r != '\'' && r != '’' && r != '-'
	})
	if len(words) == 0 || len(words) > most {
		return ""
	}
	for _, said := range []struct {
		kind idle
		key  string
	}{
		{idleThanks, "report.thanks.words"},
		{idleHere, "report.idle.here.words"},
		{idleHurry, "report.idle.hurry.words"},
		{idleCurse, "report.idle.curse.words"},
	} {
		if saysOnly(t, said.key, words) {
			return said.kind
		}
	}
	return ""
}

// saysOnly reports whether words are some of a list and nothing else that tells something, such as "dank je wel hoor".
func saysOnly(t *bot.Turn, key string, words []string) bool {
	lists := []string{key, "report.idle.filler.words", "report.idle.curse.words"}
	some := false
	for len(words) > 0 {
		n := 0
		for i, list := range lists {
			if said := longestOf(t, list, words); said > n {
				n, some = said, some || i == 0
			}
		}
		if n == 0 {
			return false
		}
		words = words[n:]
	}
	return some
}

// longestOf is how many of the first words are one of a list, in whatever language: as many as can be.
func longestOf(t *bot.Turn, key string, words []string) int {
	if !t.BeginsOneOf(key, words[0]) { // most do not
		return 0
	}
	for n := len(words); n > 0; n-- {
		if t.OneOf(key, strings.Join(words[:n], " ")) {
			return n
		}
	}
	return 0
}

// answerIdle answers what is said to no question of a form.
func answerIdle(t *bot.Turn, in bot.Input) *bot.Refusal {
	kind := idleIn(t, in.Text)
	if kind == "" {
		return nil
	}
	return bot.Refuse("report.idle." + string(kind)).Above()
}

// idly answers what is said to no question of a report. What somebody shouted may be the answer to a question that has none of
// its own, and in danger only the number counts.
func (r reporting) idly(t *bot.Turn, in bot.Input, step string, d draft) *bot.Refusal {
	kind := idleIn(t, in.Text)
	switch {
	case kind == "" || kind == idleCurse && r.open(step, d):
		return nil
	case d.fast() && step == "called":
		return bot.Refuse("report.called.still", "emergency", d.number(t))
	case d.fast():
		return nil
	case step == "review":
		said, send := t.T("report.idle."+string(kind)), t.T("report.review.send")
		return bot.Refuse("report.idle.unsent", "said", said, "send", send).Above()
	}
	return bot.Refuse("report.idle." + string(kind)).Above()
}

// open reports whether a question of the police's own asks for words and has no buttons.
func (r reporting) open(step string, d draft) bool {
	for n := range r.asked[d.category()] {
		s := extraStep{r.asked, n}
		if q, is := s.question(&d); is && s.Name() == step {
			return len(q.Answers) == 0
		}
	}
	return false
}

func idleKeys() []string {
	var keys []string
	for _, kind := range []idle{idleThanks, idleHere, idleHurry, idleCurse} {
		keys = append(keys, "report.idle."+string(kind))
	}
	return append(keys, "report.idle.here.words", "report.idle.hurry.words", "report.idle.curse.words")
}
