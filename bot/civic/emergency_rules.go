package civic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// ruleKind is what a rule's words are a sign of. The order is that in which findings take their words: of two signs
// that share a word, the earlier kind has it.
type ruleKind int

// The kinds of rule; each is a section of emergency.txt, which explains them.
const (
	noRule ruleKind = iota
	calm
	timeJust
	timeNow
	signAlarm
	signActing
	signDeed
	signEvent
	signDone
	signHint
	timePast
	timeWas
	negation
	plain
	clauses
	prefixes
	callSuicide
	callViolence
	callFire
	callAmbulance
)

// sections names the kinds as emergency.txt does.
var sections = map[string]ruleKind{
	"calm": calm, "just": timeJust, "now": timeNow, "alarm": signAlarm, "acting": signActing, "deed": signDeed,
	"event": signEvent, "done": signDone, "hint": signHint, "past": timePast, "was": timeWas, "not": negation, "plain": plain,
	"and": clauses, "prefix": prefixes, "suicide": callSuicide, "violence": callViolence, "rescue": callFire,
	"ambulance": callAmbulance,
}

const (
	maxGap      = 6 // words that "*" stands for at most
	forgiveFrom = 6 // letters a word has at least to be forgiven a mistake
)

// wordID is a word the rules know; 0 is none.
type wordID int32

// slot is one place in a rule: any of some words, after a gap or not.
type slot struct {
	gap   bool
	words []wordID
}

// rule is a row of slots.
type rule struct {
	kind  ruleKind
	slots []slot
}

// ruleBook is everything emergency.txt says.
type ruleBook struct {
	language string // BCP 47; empty = Dutch and English
	ids      map[string]wordID
	names    []string // by wordID
	written  []string // by wordID, as the file has it
	starts   [][]int  // by wordID: the rules that begin with the word
	rules    []rule
	not      []wordID
	stems    map[string]wordID // how words begin, whatever follows
	ands     map[string]bool   // words that begin a clause of their own
	before   []string          // what may stand before a word in one with it, the longest first
}

// parseRules reads rules: "[section]", "@name = words", or one rule a line. In a rule, words are parted by spaces, "a|b"
// is a or b, "a~" is any word that begins with a, "*" is up to six words, and "@name" is any word of that name.
func parseRules(text string) (*ruleBook, error) {
	p := ruleParser{
		book: &ruleBook{
			ids: map[string]wordID{}, names: []string{""}, written: []string{""},
			starts: [][]int{nil}, stems: map[string]wordID{}, ands: map[string]bool{},
		},
		lists: map[string][]wordID{},
	}
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if err := p.line(strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("emergency rules: line %d: %w", n+1, err)
		}
	}
	return p.book, nil
}

// ruleParser reads rules line by line.
type ruleParser struct {
	book  *ruleBook
	kind  ruleKind
	lists map[string][]wordID
}

func (p *ruleParser) line(line string) error {
	switch {
	case line == "":
		return nil
	case line[0] == '[':
		p.kind = sections[strings.Trim(line, "[]")]
		if p.kind == noRule {
			return fmt.Errorf("unknown section %s", line)
		}
		return nil
	case line[0] == '@' && strings.Contains(line, "="):
		name, words, _ := strings.Cut(line, "=")
		list, err := p.words(strings.Join(strings.Fields(words), "|"))
		p.lists[strings.TrimSpace(name)] = list
		return err
	case p.kind == noRule:
		return fmt.Errorf("a rule before any section: %s", line)
	case p.kind == clauses || p.kind == prefixes:
		p.particles(strings.Fields(line))
		return nil
	case p.kind == negation || p.kind == plain:
		list, err := p.words(strings.Join(strings.Fields(line), "|"))
		if p.kind == negation {
			p.book.not = append(p.book.not, list...)
		}
		return err
	}
	return p.rule(line)
}

// particles takes words that are not looked up: those that part clauses, and what is written in one with a word.
func (p *ruleParser) particles(words []string) {
	for _, w := range words {
		if p.kind == clauses {
			p.book.ands[plainLetters(w)] = true
			continue
		}
		p.book.before = append(p.book.before, plainLetters(w))
	}
	slices.SortFunc(p.book.before, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}

// rule reads one rule and files it under each word it may begin with.
func (p *ruleParser) rule(line string) error {
	r := rule{kind: p.kind}
	gap := false
	for field := range strings.FieldsSeq(line) {
		if field == "*" {
			gap = true
			continue
		}
		words, err := p.words(field)
		if err != nil {
			return err
		}
		r.slots = append(r.slots, slot{gap: gap, words: words})
		gap = false
	}
	if gap || len(r.slots) == 0 || r.slots[0].gap {
		return fmt.Errorf("a gap at the edge of %q", line)
	}
	for _, id := range r.slots[0].words {
		p.book.starts[id] = append(p.book.starts[id], len(p.book.rules))
	}
	p.book.rules = append(p.book.rules, r)
	return nil
}

// words reads "a|b|@name".
func (p *ruleParser) words(field string) ([]wordID, error) {
	var ids []wordID
	for word := range strings.SplitSeq(field, "|") {
		switch {
		case word == "" || strings.ContainsAny(word, "*[]=") || strings.ToLower(word) != word:
			return nil, fmt.Errorf("word %q in %q", word, field)
		case word[0] == '@':
			list, known := p.lists[word]
			if !known {
				return nil, fmt.Errorf("unknown list %s", word)
			}
			ids = append(ids, list...)
		default:
			ids = append(ids, p.book.learn(word))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// learn gives the word its number.
func (b *ruleBook) learn(written string) wordID {
	word := plainLetters(strings.TrimSuffix(written, "~"))
	known := b.ids
	if strings.HasSuffix(written, "~") {
		known = b.stems
	}
	if id := known[word]; id != 0 {
		return id
	}
	id := wordID(len(b.names)) //nolint:gosec // a file of ours has no two billion words
	known[word] = id
	b.names = append(b.names, word)
	b.written = append(b.written, written)
	b.starts = append(b.starts, nil)
	return id
}

// finding is a rule that holds: of which kind, and which words of the sentence it goes by, in order.
type finding struct {
	kind ruleKind
	at   []int
}

// find lists every rule that holds in the sentence, by kind, then longest first.
func (s *sentence) find(book *ruleBook) []finding {
	var found []finding
	for i, w := range s.words {
		for _, id := range w.ids {
			if id == 0 {
				break
			}
			for _, n := range book.starts[id] {
				r := book.rules[n]
				if at, ok := s.match(r.slots, i); ok {
					slices.Reverse(at)
					found = append(found, finding{kind: r.kind, at: at})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(len(b.at), len(a.at)))
	})
	return found
}

// match reports whether the slots hold from word i on, and where, last word first. A gap does not reach beyond the clause.
func (s *sentence) match(slots []slot, i int) ([]int, bool) {
	reach := i
	if slots[0].gap {
		reach += maxGap
	}
	for ; i <= reach && i < len(s.words); i++ {
		if slots[0].gap && s.words[i].clause != s.words[i-1].clause {
			return nil, false
		}
		if !s.words[i].is(slots[0].words) {
			continue
		}
		if len(slots) == 1 {
			return []int{i}, true
		}
		if rest, ok := s.match(slots[1:], i+1); ok {
			return append(rest, i), true
		}
	}
	return nil, false
}
