package flows_test

import (
	"strings"
	"testing"
)

// A word is that of one command, in whatever language it is written: everybody may give a command in each of them, so a
// word of two would be either, as it falls out.
func TestNoWordBelongsToTwoCommands(t *testing.T) {
	texts := textsOf(t)
	owner := map[string]string{}
	take := func(word, command, where string) {
		if other := owner[word]; other != "" && other != command {
			t.Errorf("/%s is /%s and, in %s, /%s", word, other, where, command)
		}
		owner[word] = command
	}
	var commands []string
	for _, key := range texts.Keys("nl") {
		if command, is := strings.CutPrefix(key, "command."); is {
			commands = append(commands, command)
			take(command, command, "all languages")
		}
	}
	for _, lang := range append(texts.Languages(), texts.Varieties()...) {
		for _, command := range commands {
			if !texts.Has(lang, "command."+command) {
				continue
			}
			for word := range strings.SplitSeq(texts.Text(lang, "command."+command), ",") {
				take(strings.ToLower(strings.TrimSpace(word)), command, lang)
			}
		}
	}
	if len(commands) < 35 || len(owner) < 100 {
		t.Errorf("only %d commands with %d words were found", len(commands), len(owner))
	}
}
