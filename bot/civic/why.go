package civic

import (
	"fmt"
	"slices"
	"strings"
)

// Because is why the bot takes something from a text: what it takes, and the words that say so.
type Because struct {
	// Of is "emergency", "category theft", "when earlier", "source seen_self", "call suicide", "street Molenpad", "lint name".
	Of    string
	Words []string
}

// String is the reason on a line: "category theft: fiets, gestolen".
func (r Because) String() string {
	if len(r.Words) == 0 {
		return r.Of
	}
	return r.Of + ": " + strings.Join(r.Words, ", ")
}

// Why explains what [Understand] takes from a text, in the order emergency, category, when, source, call, street, lint.
func Why(text string, streets []Area) []Because {
	u := Understand(text, streets)
	var all []Because
	if u.Emergency {
		all = append(all, Because{Of: "emergency", Words: dangerWords(text)})
	}
	all = append(all, topicReasons(text, u)...)
	for _, s := range u.Streets {
		all = append(all, Because{Of: "street " + s.Name})
	}
	for _, rule := range u.Lint {
		all = append(all, Because{Of: "lint " + string(rule), Words: hitWords(text, rule)})
	}
	if u.Behave {
		all = append(all, Because{Of: "needs_behaviour"})
	}
	return all
}

// topicReasons are the words behind each topic that was taken.
func topicReasons(text string, u Understanding) []Because {
	book := cues()
	heard := book.hear(text)
	sums := book.weigh(heard)
	taken := map[string]bool{
		"category " + string(u.Category): true, "off_topic " + u.Door: u.Category == OffTopic, "when " + string(u.When): true,
		"source " + string(u.Source): true, "call " + string(u.Call): true,
	}
	var all []Because
	for i, topic := range book.topics {
		kind, key, _ := strings.Cut(topic, " ")
		of := kind + " " + strings.TrimSuffix(key, "_soft")
		if !taken[of] || sums[i] < enoughSaid {
			continue
		}
		all = append(all, Because{Of: fmt.Sprintf("%s (%d)", of, sums[i]), Words: book.wordsFor(heard, i)})
	}
	if minutes, ok := heard.minutesAgo(); ok && minutes == u.When {
		all = append(all, Because{Of: "when " + string(minutes), Words: []string{"minutes"}})
	}
	return all
}

// wordsFor are the words of a text that count for a topic, each once, in the text's order.
func (b *cueBook) wordsFor(heard heardText, topic int) []string {
	counts := map[int]bool{}
	for _, sign := range b.signs {
		for _, p := range sign.phrases {
			if sign.topic != topic || !heard.says(p) {
				continue
			}
			for _, w := range p.words {
				for _, is := range w.any {
					counts[is] = true
				}
			}
		}
	}
	var words []string
	for i, w := range heard.words {
		if slices.ContainsFunc(heard.known[i], func(is int) bool { return counts[is] }) && !slices.Contains(words, w) {
			words = append(words, readable(w))
		}
	}
	return words
}

// dangerWords are the words of a text that sound like danger, as its sentences hold them.
func dangerWords(text string) []string {
	var words []string
	for number, heard := range emergencies().listen(text) {
		book := emergencies().books[number]
		for _, s := range heard {
			if s.points(book) >= enough {
				words = append(words, s.signs(book)...)
			}
		}
	}
	for _, sentence := range likeDanger(text) {
		words = append(words, resemblances().wordsOf(sentence)...)
	}
	return eachOnce(words)
}

// eachOnce is the words in their order, each once.
func eachOnce(words []string) []string {
	var once []string
	for _, w := range words {
		if !slices.Contains(once, w) {
			once = append(once, w)
		}
	}
	return once
}

// signs are the words of a sentence that sound like danger, as the rules have them.
func (s *sentence) signs(book *ruleBook) []string {
	var words []string
	for _, f := range s.find(book) {
		if f.kind < signAlarm || f.kind > signHint {
			continue
		}
		for _, at := range f.at {
			words = append(words, book.written[s.words[at].ids[0]])
		}
	}
	return words
}

// Hinted is the help line that a text asks for, whether or not it tells of danger as well; empty when it asks for none.
func Hinted(text string) CallKind { return hints.at(text) }

var hints = remembered(func(text string) CallKind {
	book := cues()
	call := book.best(book.weigh(book.hear(text))).call
	if call == "" {
		call = callIn(text)
	}
	switch call {
	case CallSuicide, CallViolence:
		return call
	case CallPolice, CallFire, CallAmbulance:
	}
	return ""
})

// hitWords are what a rule found.
func hitWords(text string, rule LintRule) []string {
	var words []string
	for _, h := range Lint(text) {
		if h.Rule == rule && h.Words != "" && !slices.Contains(words, h.Words) {
			words = append(words, h.Words)
		}
	}
	return words
}
