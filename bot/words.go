package bot

import "strings"

// wordList is a list of what people may type, as it stands in a text: "ja, graag, ja hoor".
type wordList struct {
	words  []string // in their order
	all    map[string]bool
	firsts map[string]bool // the first word of each
	plain  map[string]bool // as plainWords makes them
}

// listName is where a list stands: a text in a language, or else in that of the network, in the words of its country.
type listName struct{ lang, own, key, profile string }

// wordList gives a list in a language. Each is parted once.
func (t *Turn) wordList(lang, key string) *wordList {
	name := listName{lang, t.ownLang(), key, t.Network.Profile}
	if known, ok := t.engine.lists.Load(name); ok {
		return known.(*wordList) //nolint:forcetypeassert // nothing else is kept there
	}
	list := &wordList{all: map[string]bool{}, firsts: map[string]bool{}, plain: map[string]bool{}}
	for words := range strings.SplitSeq(t.In(lang, key), ",") {
		if words = strings.TrimSpace(words); words == "" {
			continue
		}
		first, _, _ := strings.Cut(words, " ")
		list.words = append(list.words, words)
		list.all[words], list.firsts[first], list.plain[plainWords(words)] = true, true, true
	}
	t.engine.lists.Store(name, list)
	return list
}

// Words gives the list that a text is in the turn's language, in lower case and in its order. It is everybody's: it must not be
// changed.
func (t *Turn) Words(key string) []string { return t.wordList(t.Lang(), key).words }

// OneOf reports whether words, in lower case as every list is, are one of the list that a text is, in a language that is spoken
// in this chat.
func (t *Turn) OneOf(key, words string) bool {
	for _, lang := range t.Languages() {
		if t.wordList(lang, key).all[words] {
			return true
		}
	}
	return false
}

// BeginsOneOf reports whether a word is the first of one of such a list.
func (t *Turn) BeginsOneOf(key, word string) bool {
	for _, lang := range t.Languages() {
		if t.wordList(lang, key).firsts[word] {
			return true
		}
	}
	return false
}
