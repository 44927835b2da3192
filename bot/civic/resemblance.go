package civic

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// The rules in emergency.txt know what somebody thought of. What nobody thought of is often put in words that stand in known
// emergencies, or in parts of them; resemblance goes by those. resemblance.txt has what each part of a word counts, as
// learned from the sentences in testdata by a test, which writes the file with -args -learn. What was set aside there is
// never learned from.

//go:embed resemblance.txt
var resemblanceText string

// From which resemblance a text counts as an emergency, below which it is everyday life whatever the rules say of a word in
// it, and from which a sentence alone counts. They are set where texts that nothing was learned from are told apart best: by
// half of what is learned from, judged by the other half.
const (
	likeEnough    = -0.15
	plainlyCalm   = -1.2
	sentenceAlone = 1.0
)

// resemblance is what parts of sentences count for danger, and against it when it is less than 0.
type resemblance struct {
	weights map[string]float64
	bias    float64
}

// resemblances is read once; it is empty should the file be faulty, which a test rules out.
var resemblances = sync.OnceValue(func() resemblance {
	l, err := parseResemblance(resemblanceText)
	if err != nil {
		return resemblance{bias: -1}
	}
	return l
})

// parseResemblance reads lines of a weight in hundredths and the parts that have it; the part "." is a sentence as such.
func parseResemblance(text string) (resemblance, error) {
	l := resemblance{weights: map[string]float64{}}
	for n, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		hundredths, err := strconv.Atoi(fields[0])
		if err != nil {
			return l, fmt.Errorf("resemblance: line %d: %w", n+1, err)
		}
		for _, part := range fields[1:] {
			l.weights[part] = float64(hundredths) / 100
		}
	}
	l.bias = l.weights["."]
	return l, nil
}

// of is how like an emergency what was said is: above 0 rather one than not.
func (l resemblance) of(s saying) float64 {
	sum, n := 0.0, 0
	s.parts(func(part []byte) {
		sum += l.weights[string(part)]
		n++
	})
	return l.bias + sum/math.Sqrt(float64(n))
}

// wordsOf are the words that make what was said like an emergency.
func (l resemblance) wordsOf(words []string) []string {
	const counts = 0.5
	var telling []string
	for _, w := range words {
		sum := 0.0
		partsOf([]string{w}, func(part []byte) { sum += l.weights[string(part)] })
		if sum >= counts {
			telling = append(telling, w)
		}
	}
	return telling
}

// saying is a sentence, or a few, as it is compared with others.
type saying struct {
	words []string
	asks  bool // there is a question mark
	calls bool // there is an exclamation mark
}

func sayingOf(text string) saying {
	return saying{words: tellingWords(text), asks: strings.ContainsRune(text, '?'), calls: strings.ContainsRune(text, '!')}
}

// parts gives what a saying is compared by: that of its words, its marks, and whether it is short or long. At least one part is
// given.
func (s saying) parts(give func([]byte)) {
	partsOf(s.words, give)
	if s.asks {
		give([]byte("?"))
	}
	if s.calls {
		give([]byte("!"))
	}
	give([]byte(s.length()))
}

// length is the part for how many words there are.
func (s saying) length() string {
	switch n := len(s.words); {
	case n < 6:
		return "1-5"
	case n < 12:
		return "6-11"
	case n < 20:
		return "12-19"
	}
	return "20-"
}

// partsOf gives each word, each two that stand beside each other, and each piece of four or five letters with the edges of
// the word marked: a word that is written otherwise, or is put together with another, shares most of its pieces.
func partsOf(words []string, give func([]byte)) {
	var room [2*longestPart + 3]byte
	before := ""
	for _, w := range words {
		if len(w) > longestPart {
			w = ""
		}
		if w != "" {
			pieces(append(append(append(room[:0], '<'), w...), '>'), give)
		}
		if w != "" && before != "" {
			give(append(append(append(room[:0], before...), '_'), w...))
		}
		before = w
	}
}

// pieces gives the beginning "<word" of "<word>", which no shorter piece can be taken for, and its pieces.
func pieces(whole []byte, give func([]byte)) {
	give(whole[:len(whole)-1])
	for size := 4; size <= 5; size++ {
		for at := 0; at+size <= len(whole); at++ {
			give(whole[at : at+size])
		}
	}
}

// longestPart is how many letters a word has at most that parts are taken of.
const longestPart = 40

// How many words are judged by resemblance: at least, since the name of a street resembles anything, and at most as one saying,
// since a long story resembles all kinds of things.
const (
	fewestWords = 5
	wordsAtOnce = 40
)

// passage is a sentence of a text, and the text up to its end: what is said after it makes nothing less of an emergency.
type passage struct {
	sentence, so    string
	alone, together verdict
}

// passages are those of a text's first 4,096 characters.
var passages = rememberedWith(func(text string) []passage {
	var (
		all   []passage
		so    string
		words int
	)
	for _, sentence := range sentencesOf(firstOf(text, listened)) {
		s := sayingOf(sentence)
		p := passage{sentence: sentence, so: sentence, alone: s.verdict()}
		words += len(s.words)
		switch {
		case so == "":
			p.together = p.alone
		case words <= wordsAtOnce:
			p.so = so + "\n" + sentence
			p.together = sayingOf(p.so).verdict()
		}
		so = p.so
		all = append(all, p)
	}
	return all
}, func(all []passage) int {
	held := space(all)
	for _, p := range all {
		held += len(p.so)
	}
	return held
})

// plainlyEveryday reports whether a passage in Dutch or English resembles everyday life so much that a word that sounds like
// danger does not make it an emergency.
func (p passage) plainlyEveryday() bool {
	return p.alone.below(plainlyCalm) && p.together.below(plainlyCalm)
}

// likeDanger lists what of a text is like an emergency, as words: the text up to the end of a sentence, or a sentence that is so
// by itself.
func likeDanger(text string) [][]string {
	var like [][]string
	for _, p := range passages.at(text) {
		switch {
		case p.together.atLeast(likeEnough) && !looksAlone(p.so):
			like = append(like, tellingWords(p.so))
		case p.alone.atLeast(sentenceAlone) && !looksAlone(p.sentence):
			like = append(like, tellingWords(p.sentence))
		}
	}
	return like
}

// verdict is how like an emergency something is, if that can be judged.
type verdict struct {
	points float64
	judged bool
}

func (l verdict) atLeast(points float64) bool { return l.judged && l.points >= points }

func (l verdict) below(points float64) bool { return l.judged && l.points < points }

// verdict is how like an emergency it is; it is not judged when it is too short or too long.
func (s saying) verdict() verdict {
	if len(s.words) < fewestWords || len(s.words) > wordsAtOnce {
		return verdict{}
	}
	return verdict{resemblances().of(s), true}
}

// looksAlone reports whether a sentence tells of nothing but how somebody looks or where they come from.
func looksAlone(sentence string) bool {
	l := lookAt(sentence, false)
	return l.onlyAppearance() || l.onlyForeign()
}

// tellingWords are the words of a sentence without numbers and names of streets, which resemble anything, and without those
// of origin, belief and colour: danger is never told by where somebody comes from (domain D5), so nothing is learned of it.
func tellingWords(sentence string) []string {
	return slices.DeleteFunc(plainWordsOf(sentence), func(w string) bool {
		return looks()["origin"][w] || looks()["colour"][w] || origins().plainly(w) ||
			strings.ContainsAny(w, "0123456789") || streetEnd(w)
	})
}

// firstOf is the first characters of a text.
func firstOf(text string, characters int) string {
	if len(text) <= characters || utf8.RuneCountInString(text) <= characters {
		return text
	}
	n := 0
	for at := range text {
		if n == characters {
			return text[:at]
		}
		n++
	}
	return text
}
