package bot

import "strings"

// YesOrNo reports whether words, in a language that the bot speaks, say yes or no and nothing else: "ja hoor", "nope".
func (t *Turn) YesOrNo(words string) (yes, said bool) {
	typed := plainWords(words)
	if typed == "" {
		return false, false
	}
	for _, answer := range []struct {
		key string
		yes bool
	}{{"form.no.words", false}, {"form.yes.words", true}} {
		for _, lang := range t.Languages() {
			if t.wordList(lang, answer.key).plain[typed] {
				return answer.yes, true
			}
		}
	}
	return false, false
}

// chooseYesNo finds the option that words which say yes or no mean: the only one whose label begins so.
func (t *Turn) chooseYesNo(options []Option, in Input) (Option, bool) {
	yes, said := t.YesOrNo(in.Text)
	if !said {
		return Option{}, false
	}
	var found []Option
	for _, o := range options {
		first, _, _ := strings.Cut(plainWords(o.Label), " ")
		if is, answers := t.YesOrNo(first); answers && is == yes {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		return Option{}, false
	}
	return found[0], true
}
