package locales

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
)

// The limits of a text: what fits on a button of a phone, and what can be read at a glance (B1).
const (
	buttonLength   = 40 // characters
	sentenceLength = 22 // words
)

// Use is a text that the bot says somewhere.
type Use struct {
	Key      string
	Args     []string // the names it is given; nil when they are not known here
	Button   bool     // it stands on a button, where there is no markup and little room
	Optional bool     // it is asked for with Has, so a language may do without
}

// Check tells everything that is wrong with the texts, given all that are used: one that a language lacks, a plural form
// that is missing, placeholders that differ between languages or are never filled, markup beyond b, i, code and a or not
// closed, a button of over 40 characters, a text that nobody uses, an empty text, a Dutch sentence of over 22 words, a
// variety of a language that says the same as it or something else altogether. A language for residents lacks what only
// staff reads, and has no text of theirs. Each line names the file and the line where the text stands; nothing wrong is no
// lines.
func (t *Texts) Check(used []Use) []string {
	c := check{texts: t}
	seen := map[string]map[string]bool{} // by language: the keys that are used
	for _, lang := range t.Languages() {
		seen[lang] = map[string]bool{}
		for _, use := range used {
			c.use(lang, use, seen[lang])
		}
	}
	c.words(seen)
	for _, lang := range t.Languages() {
		c.every(lang, seen[lang])
	}
	c.placeholders()
	c.varieties(used)
	c.idle()
	slices.SortFunc(c.found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.words, b.words))
	})
	lines := make([]string, 0, len(c.found))
	for _, f := range slices.Compact(c.found) {
		lines = append(lines, f.String())
	}
	return lines
}

// check is a check in progress.
type check struct {
	texts *Texts
	found []finding
}

// finding is something wrong in a file; line 0 is no line of it.
type finding struct {
	file  string
	line  int
	words string
}

func (f finding) String() string {
	if f.line == 0 {
		return f.file + ".yaml: " + f.words
	}
	if f.file == staffFile {
		return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.words)
	}
	return fmt.Sprintf("%s.yaml:%d: %s", f.file, f.line, f.words)
}

func (c *check) report(lang string, line int, format string, args ...any) {
	c.found = append(c.found, finding{lang, line, fmt.Sprintf(format, args...)})
}

// use checks one use in one language and notes the written keys behind it.
func (c *check) use(lang string, use Use, seen map[string]bool) {
	tongue := c.texts.languages[lang]
	if !tongue.has(use.Key) {
		c.missing(lang, use, seen)
		return
	}
	for _, key := range tongue.keysOf(use.Key) {
		seen[key] = true
		written := tongue.written[key]
		if use.Args != nil {
			for _, name := range written.names() {
				if !slices.Contains(use.Args, name) && !c.texts.isWord(name) {
					c.report(lang, written.line, "%s: {%s} is never filled in", key, name)
				}
			}
		}
		if use.Button {
			c.button(lang, key, written)
		}
	}
	if tongue.written[use.Key] == nil {
		c.forms(lang, use.Key)
	}
}

// missing reports a text that is not there; forms without the general one are a message that is half written.
func (c *check) missing(lang string, use Use, seen map[string]bool) {
	if half := c.texts.languages[lang].keysOf(use.Key); len(half) > 0 && !slices.Contains(half, use.Key+".other") {
		for _, key := range half {
			seen[key] = true
		}
		c.report(lang, 0, "%s.other is missing", use.Key)
		return
	}
	if !use.Optional && !c.texts.lacks(lang, use.Key) {
		c.report(lang, 0, "%s is missing", use.Key)
	}
}

// forms checks that every plural form of the language is there, for numbers up to 200.
func (c *check) forms(lang, key string) {
	tongue := c.texts.languages[lang]
	needed := map[plural.Form]bool{}
	for n := range int64(200) {
		needed[formOf(tongue.tag, n)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(forms)) {
		if needed[forms[name]] && tongue.written[key+"."+name] == nil {
			c.report(lang, 0, "%s.%s is missing", key, name)
		}
	}
}

func (c *check) button(lang, key string, written *text) {
	if n := utf8.RuneCountInString(written.raw); n > buttonLength {
		c.report(lang, written.line, "%s: a button has room for %d characters, this has %d", key, buttonLength, n)
	}
	if strings.ContainsAny(written.raw, "<>&") {
		c.report(lang, written.line, "%s: there is no markup on a button", key)
	}
}

// heard reports whether a text is a list of what the program understands, which is no sentence that anybody reads.
func heard(key, raw string) bool {
	return strings.HasSuffix(key, ".words") && strings.Contains(raw, ",") && !strings.ContainsAny(raw, "{.")
}

// every checks what holds for each text of a language, whether or not it is used.
func (c *check) every(lang string, seen map[string]bool) {
	for key, written := range c.texts.languages[lang].written {
		if !seen[key] {
			c.report(lang, written.line, "%s: nobody uses this text", key)
		}
		if c.texts.lacks(lang, key) && c.texts.baseOf(lang) == "" {
			c.report(lang, written.line, "%s: only staff reads this, in %s", key, strings.Join(c.texts.Whole(), " or "))
		}
		if strings.TrimSpace(written.raw) == "" {
			c.report(lang, written.line, "%s: the text is empty", key)
		}
		for _, words := range markup(written.raw) {
			c.report(lang, written.line, "%s: %s", key, words)
		}
		if lang != "nl" && c.texts.baseOf(lang) != "nl" || heard(key, written.raw) {
			continue
		}
		for _, s := range longSentences(written.raw) {
			c.report(lang, written.line, "%s: a sentence of more than %d words: %s", key, sentenceLength, s)
		}
	}
}

// placeholders compares what is filled in with what the default language has.
func (c *check) placeholders() {
	first := c.texts.languages[Default]
	for _, lang := range c.texts.Languages()[1:] {
		tongue := c.texts.languages[lang]
		for _, key := range slices.Concat(slices.Collect(maps.Keys(tongue.written)), slices.Collect(maps.Keys(tongue.counted))) {
			if !first.has(key) || tongue.isForm(key) {
				continue // a form may do without what another has: "one report"
			}
			here, there := tongue.names(key), first.names(key)
			if !slices.Equal(here, there) {
				line := tongue.written[tongue.keysOf(key)[0]].line
				c.report(lang, line, "%s: filled in is %s, but in %s.yaml %s", key, braced(here), Default, braced(there))
			}
		}
	}
}
