package civic

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed cues.txt
var cueText string

// cues is read once; it is empty should the built-in cues be faulty, which a test rules out.
var cues = sync.OnceValue(func() *cueBook {
	book, err := parseCues(cueText)
	if err != nil {
		return newCueBook()
	}
	return book
})

// cueBook is everything cues.txt says.
type cueBook struct {
	whole  map[string][]int // pattern numbers, by the whole word
	begins map[string][]int // by how a word begins
	ends   map[string][]int // by how a word ends
	within []cuePart        // by what stands anywhere in a word
	near   map[byte][]cuePart
	number map[string]int // pattern numbers by how they are written
	lists  map[string][]string
	topics []string // "category burglary"
	signs  []cueSign
	at     [][]cueStart // by pattern: the phrases that begin with it
}

// cuePart is a piece of a word and its pattern.
type cuePart struct {
	text   string
	begins bool // a word may go on after it
	is     int
}

// cueSign is one line of cues: any of its phrases, and what it counts for its topic.
type cueSign struct {
	topic   int
	weight  int
	phrases []cuePhrase
}

// cueStart is where a phrase stands: of which sign, and which of its phrases.
type cueStart struct{ sign, phrase int }

// cuePhrase is words that must all be there, each of them one of some; with next, right after the one before. Words
// that must not be there stand in not.
type cuePhrase struct {
	words []cueWord
	not   []int
}

type cueWord struct {
	any  []int
	next bool
}

func newCueBook() *cueBook {
	return &cueBook{
		whole: map[string][]int{}, begins: map[string][]int{}, ends: map[string][]int{}, near: map[byte][]cuePart{},
		number: map[string]int{}, lists: map[string][]string{},
	}
}

// parseCues reads cues as cues.txt explains them.
func parseCues(text string) (*cueBook, error) {
	b := newCueBook()
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if err := b.line(strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("cues: line %d: %w", n+1, err)
		}
	}
	return b, nil
}

func (b *cueBook) line(line string) error {
	switch {
	case line == "":
		return nil
	case line[0] == '[':
		b.topics = append(b.topics, strings.Trim(line, "[]"))
		return nil
	case line[0] == '@' && strings.Contains(line, " = "):
		name, words, _ := strings.Cut(line, " = ")
		b.lists[name] = append(b.lists[name], strings.Fields(words)...)
		return nil
	case len(b.topics) == 0:
		return fmt.Errorf("a cue before any topic: %s", line)
	}
	fields := strings.Fields(line)
	weight, err := strconv.Atoi(fields[0])
	if err != nil || weight == 0 || len(fields) < 2 {
		return fmt.Errorf("%q is no weight and words", line)
	}
	sign := cueSign{topic: len(b.topics) - 1, weight: weight}
	for _, field := range fields[1:] {
		p, err := b.phrase(field)
		if err != nil {
			return err
		}
		sign.phrases = append(sign.phrases, p)
	}
	b.file(sign)
	return nil
}

// file keeps the sign, and notes each of its phrases under every pattern that the phrase begins with.
func (b *cueBook) file(sign cueSign) {
	n := len(b.signs)
	b.signs = append(b.signs, sign)
	for i, p := range sign.phrases {
		for _, is := range p.words[0].any {
			b.at[is] = append(b.at[is], cueStart{n, i})
		}
	}
}

// phrase reads "a+b_c!d": a and b, c right after b, no d.
func (b *cueBook) phrase(field string) (cuePhrase, error) {
	var p cuePhrase
	joint := byte('+')
	for rest := field; ; {
		end := strings.IndexAny(rest, "+_!")
		word := rest
		if end >= 0 {
			word = rest[:end]
		}
		all, err := b.patterns(word)
		if err != nil {
			return p, fmt.Errorf("%s: %w", field, err)
		}
		if joint == '!' {
			p.not = append(p.not, all...)
		} else {
			p.words = append(p.words, cueWord{any: all, next: joint == '_'})
		}
		if end < 0 {
			return p, nil
		}
		joint, rest = rest[end], rest[end+1:]
	}
}

// patterns reads "word", "be*", "*end", "*mid*" or "@list".
func (b *cueBook) patterns(word string) ([]int, error) {
	words := []string{word}
	if strings.HasPrefix(word, "@") {
		words = b.lists[word]
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("unknown list %s", word)
	}
	var all []int
	for _, w := range words {
		bare := strings.Trim(w, "*")
		if len(bare) < 1 || strings.ToLower(bare) != bare || strings.ContainsAny(bare, "*@") {
			return nil, fmt.Errorf("bad word %q", w)
		}
		all = append(all, b.pattern(w, plainLetters(bare)))
	}
	return all, nil
}

// pattern is the number of the pattern, new or known.
func (b *cueBook) pattern(written, bare string) int {
	if is, known := b.number[written]; known {
		return is
	}
	is := len(b.number)
	b.number[written] = is
	b.at = append(b.at, nil)
	begins, ends := strings.HasSuffix(written, "*"), strings.HasPrefix(written, "*")
	switch {
	case begins && ends:
		b.within = append(b.within, cuePart{text: bare, is: is})
		return is
	case begins:
		b.begins[bare] = append(b.begins[bare], is)
	case ends:
		b.ends[bare] = append(b.ends[bare], is)
		return is
	default:
		b.whole[bare] = append(b.whole[bare], is)
	}
	if len(bare) >= forgiveFrom {
		b.near[bare[0]] = append(b.near[bare[0]], cuePart{text: bare, begins: begins, is: is})
	}
	return is
}

// weigh adds up what a text says for each topic; the order is that of topics.
func (b *cueBook) weigh(heard heardText) []int {
	sums := make([]int, len(b.topics))
	done := make([]bool, len(b.signs))
	for _, patterns := range heard.known {
		for _, is := range patterns {
			for _, start := range b.at[is] {
				sign := &b.signs[start.sign]
				if !done[start.sign] && heard.says(sign.phrases[start.phrase]) {
					done[start.sign] = true
					sums[sign.topic] += sign.weight
				}
			}
		}
	}
	return sums
}
