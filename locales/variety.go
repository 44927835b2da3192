package locales

import (
	"slices"
	"strings"
)

// wordPrefix begins the keys of words that countries have different ones for; a text names one as {plates}.
const wordPrefix = "word."

// dictionary finds words for placeholders that nobody fills in.
type dictionary struct {
	texts      *Texts
	lang, base string
}

// find is the word of this name; empty when there is none. A word is markup and has no placeholders itself.
func (d dictionary) find(name string) string {
	for _, l := range [...]string{d.lang, d.base, Default} {
		if tongue := d.texts.languages[l]; tongue != nil && tongue.written[wordPrefix+name] != nil {
			return tongue.written[wordPrefix+name].raw
		}
	}
	return ""
}

// isWord reports whether a placeholder is filled with a word of the country.
func (t *Texts) isWord(name string) bool { return t.languages[Default].written[wordPrefix+name] != nil }

// varieties checks what a country says in words of its own: only texts that its language has, with the same things filled
// in, and other words.
func (c *check) varieties(used []Use) {
	buttons := map[string]bool{}
	for _, use := range used {
		buttons[use.Key] = buttons[use.Key] || use.Button
	}
	for _, lang := range c.texts.Varieties() {
		base, tongue := c.texts.languages[c.texts.baseOf(lang)], c.texts.languages[lang]
		known := map[string]bool{}
		for key, written := range tongue.written {
			known[key] = true
			c.variety(lang, key, written, base.written[key])
			if buttons[key] {
				c.button(lang, key, written)
			}
		}
		c.every(lang, known)
	}
}

// variety checks one text against what its language says.
func (c *check) variety(lang, key string, written, usual *text) {
	switch {
	case usual == nil:
		c.report(lang, written.line, "%s: %s.yaml has no such text", key, c.texts.baseOf(lang))
	case usual.raw == written.raw:
		c.report(lang, written.line, "%s: %s.yaml says the same", key, c.texts.baseOf(lang))
	case !slices.Equal(written.names(), usual.names()):
		c.report(lang, written.line, "%s: filled in is %s, but in %s.yaml %s", key, braced(written.names()),
			c.texts.baseOf(lang), braced(usual.names()))
	}
}

// words checks that every word of a country stands in some text, and holds nothing to fill in.
func (c *check) words(seen map[string]map[string]bool) {
	for _, lang := range c.texts.Languages() {
		tongue, named := c.texts.languages[lang], map[string]bool{}
		for _, written := range tongue.written {
			for _, name := range written.names() {
				named[name] = true
			}
		}
		for key, written := range tongue.written {
			if name, isWord := strings.CutPrefix(key, wordPrefix); isWord {
				seen[lang][key] = named[name]
				if len(written.names()) > 0 {
					c.report(lang, written.line, "%s: a word holds nothing to fill in", key)
				}
			}
		}
	}
}
