package civic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fitting is the word that is put, as what stands before asks for it: "der Mensch" and "zwei Menschen"; and with a capital
// where a sentence begins.
func (t *originText) fitting(m mention, put string) string {
	joins := origins().books[m.book].joins
	for _, back := range []int{1, 2} {
		i := m.first - back
		if i < 0 || !t.words[i+1].joined {
			break
		}
		if other := joins[t.words[i].plain+"_"+plainPhrase(m.to)]; other != "" {
			put = other
			break
		}
	}
	first, _ := utf8.DecodeRuneInString(t.text[t.words[m.first].from:])
	if unicode.IsUpper(first) && beginsSentence(t.text[:t.words[m.first].from]) {
		r, size := utf8.DecodeRuneInString(put)
		put = string(unicode.ToUpper(r)) + put[size:]
	}
	return put
}

func beginsSentence(before string) bool {
	before = strings.TrimRight(before, " \t")
	return before == "" || strings.ContainsAny(before[len(before)-1:], ".!?\n")
}

// withEnding takes in what Turkish parts from a name by an apostrophe: "Suriyeli'nin".
func (t *originText) withEnding(span *originSpan, end int) int {
	if origins().books[span.book].language != "tr" || end >= len(t.words) {
		return span.to
	}
	if gap := t.text[span.to:t.words[end].from]; gap != "'" && gap != "’" {
		return span.to
	}
	span.put += t.text[t.words[end].from:t.words[end].to]
	return t.words[end].to
}

// trimmedSpan widens words that go by what would be left over: a space, a comma before the end, empty brackets.
func trimmedSpan(text string, from, to int) (int, int) {
	before, after := strings.TrimRight(text[:from], " \t"), strings.TrimLeft(text[to:], " \t")
	end := after == "" || strings.ContainsRune(".!?;\n؟…", firstRune(after))
	switch last, size := utf8.DecodeLastRuneInString(before); {
	case last == '(' && strings.HasPrefix(after, ")"):
		return trimmedSpan(text, len(before)-size, len(text)-len(after)+1)
	case end && (last == ',' || last == '،'):
		return len(strings.TrimRight(before[:len(before)-size], " \t")), to
	case beginsSentence(before) && (firstRune(after) == ',' || firstRune(after) == '،'):
		after = strings.TrimLeft(after[utf8.RuneLen(firstRune(after)):], " \t")
	}
	last, _ := utf8.DecodeLastRuneInString(text[:from])
	if spaced := len(text) - len(after); spaced > to && !unicode.IsLetter(last) && !unicode.IsNumber(last) {
		return from, spaced
	}
	if end || after != "" && strings.ContainsRune(",،:)", firstRune(after)) {
		return len(before), to
	}
	return from, to
}

func firstRune(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}
