package civic

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed signalement.txt
var signalementText string

// described is signalement.txt as sets, by the name before the colon.
var described = sync.OnceValue(func() map[string]map[string]bool { return wordSets(signalementText) })

// fieldOf is the field of a signalement that each noun belongs to.
var fieldOf = sync.OnceValue(func() map[string]string {
	fields := map[string]string{}
	for name, words := range described() {
		field, is := strings.CutPrefix(name, "person.")
		for w := range words {
			if is {
				fields[w] = field
			}
		}
	}
	return fields
})

// kindOf is the kind of vehicle that each noun means.
var kindOf = sync.OnceValue(func() map[string]string {
	kinds := map[string]string{}
	for name, words := range described() {
		kind, is := strings.CutPrefix(name, "vehicle.")
		for w := range words {
			if is {
				kinds[w] = kind
			}
		}
	}
	return kinds
})

// looksField is the field that a word belongs to; compound nouns by their end, "winterjas". Empty when there is none.
func looksField(word string) string { return endOf(fieldOf(), word) }

func vehicleKind(word string) string { return endOf(kindOf(), word) }

// endOf looks a word up, or the longest end of it that is known and has four letters or more.
func endOf(known map[string]string, word string) string {
	if key := known[word]; key != "" {
		return key
	}
	for i := 1; len(word)-i >= 4; i++ {
		if key := known[word[i:]]; key != "" {
			return key
		}
	}
	return ""
}
