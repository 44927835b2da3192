package locales

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Default is the language of a text that a person's own language lacks; it is always there.
const Default = "nl"

//go:embed *.yaml staff.txt
var embedded embed.FS

// Texts is what can be said; it never changes after it was loaded and may be used by several goroutines.
type Texts struct {
	languages map[string]*tongue
	staff     staff
}

// tongue is one language.
type tongue struct {
	tag     language.Tag
	written map[string]*text   // as the file has it
	counted map[string]counted // what is said by number, by what the keys of its plural forms have in common
}

// counted is a text for each plural form.
type counted map[plural.Form]*text

// Load gives the texts that are built into the program; they are read once. An error names the file and the line.
func Load() (*Texts, error) { return built() }

var built = sync.OnceValues(func() (*Texts, error) { return LoadFS(embedded) })

// LoadFS reads every .yaml file at the top of fsys; the name of a file is its language, BCP 47. An error names the file
// and the line. [Default] must be among the files. A file staff.txt says which texts a language for residents lacks.
func LoadFS(fsys fs.FS) (*Texts, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("texts: %w", err)
	}
	t := &Texts{languages: map[string]*tongue{}}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("texts: %w", err)
		}
		lang := strings.TrimSuffix(path.Base(name), ".yaml")
		if t.languages[lang], err = parse(lang, data); err != nil {
			return nil, fmt.Errorf("texts: %s%w", name, err)
		}
	}
	if t.languages[Default] == nil {
		return nil, fmt.Errorf("texts: there is no %s.yaml", Default)
	}
	if t.staff, err = readStaff(fsys); err != nil {
		return nil, err
	}
	return t, nil
}

// Text says something: the text of key in lang, else in the language that lang is a variety of, else in [Default], else
// the key itself in brackets. Args are name, value, name, value; a string is escaped for HTML unless it is an [HTML] (or
// has such a method), numbers are written in digits, and the number called "count" chooses the plural form. A
// placeholder without an argument stays as it is written.
func (t *Texts) Text(lang, key string, args ...any) string {
	base, _, _ := strings.Cut(lang, "-")
	for _, l := range [...]string{lang, base, Default} {
		if tongue := t.languages[l]; tongue != nil {
			if said := tongue.choose(key, args); said != nil {
				return said.fill(args, dictionary{t, lang, base})
			}
		}
	}
	return "[" + key + "]"
}

// Has reports whether the text exists in exactly this language; a text with plural forms exists under what they have in
// common.
func (t *Texts) Has(lang, key string) bool {
	tongue := t.languages[lang]
	return tongue != nil && tongue.has(key)
}

// Languages lists what is spoken, BCP 47: [Default] first, the others in the order of the alphabet. A variety, such as the
// Dutch of Belgium, is part of its language and not listed.
func (t *Texts) Languages() []string {
	others := maps.Clone(t.languages)
	maps.DeleteFunc(others, func(lang string, _ *tongue) bool { return lang == Default || t.baseOf(lang) != "" })
	return append([]string{Default}, slices.Sorted(maps.Keys(others))...)
}

// Varieties lists the varieties of languages that have words of their own, BCP 47: "nl-BE". Each has only the texts that
// differ from its language.
func (t *Texts) Varieties() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(t.languages)), func(lang string) bool { return t.baseOf(lang) == "" })
}

// baseOf is the language that lang is a variety of; empty when it is none.
func (t *Texts) baseOf(lang string) string {
	base, _, isVariety := strings.Cut(lang, "-")
	if !isVariety || t.languages[base] == nil {
		return ""
	}
	return base
}

// Keys lists the keys of a language as its file has them, plural forms one by one, in the order of the alphabet.
func (t *Texts) Keys(lang string) []string {
	tongue := t.languages[lang]
	if tongue == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(tongue.written))
}
