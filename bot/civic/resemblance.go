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

// likeEnough is the resemblance from which a sentence counts as an emergency. The rules are the ones that let doubt count as
// danger; this one is set where sentences that nothing was learned from are told apart best.
const likeEnough = 0.35

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

// of is how like an emergency a sentence of these words is: above 0 rather one than not.
func (l resemblance) of(words []string) float64 {
	sum, n := 0.0, 0
	partsOf(words, func(part []byte) {
		sum += l.weights[string(part)]
		n++
	})
	if n == 0 {
		return l.bias
	}
	return l.bias + sum/math.Sqrt(float64(n))
}

// wordsOf are the words that make a sentence like an emergency.
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

// fewestWords is how many words a sentence has at least that is judged by resemblance: the name of a street resembles anything.
const fewestWords = 5

// likeDanger lists the sentences of a text, as words, that are like an emergency. It reads the first 4,096 characters.
func likeDanger(text string) [][]string {
	var like [][]string
	for sentence := range strings.FieldsFuncSeq(firstOf(text, listened), endsSentence) {
		words := tellingWords(sentence)
		if len(words) >= fewestWords && resemblances().of(words) >= likeEnough && !looksAlone(sentence) {
			like = append(like, words)
		}
	}
	return like
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

func endsSentence(r rune) bool { return strings.ContainsRune(".!?\n\r…\u2028\u2029", r) }

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
