package main

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/locales"
)

// What fits on the first screen beside the rules of the bot.
const (
	mostOwnRules   = 4
	longestOwnRule = 120 // characters
	longestAnswers = 200 // characters of who answers, and of whom to ask
)

// The ages between which a minimum can be meant, in years.
const (
	youngestAge = 12
	oldestAge   = 25
)

// termsOf are the terms that are configured for a network.
func (c Config) termsOf(n civic.Network) civic.Terms {
	var terms civic.Terms
	for _, t := range c.Terms {
		if t.Network != n.Name && (t.Network != "" || n.Name != c.Network.Name) {
			continue
		}
		terms = civic.Terms{Age: t.MinimumAge, Controller: t.Controller, Contact: t.Contact, More: t.More}
		for _, r := range t.Rules {
			if terms.Rules == nil {
				terms.Rules = map[string][]string{}
			}
			terms.Rules[r.Language] = r.Lines
		}
	}
	return terms
}

// terms notes every mistake in what people are to agree to.
func (l *loader) terms() {
	if len(l.config.Terms) == 0 {
		return
	}
	texts, err := locales.Load()
	if err != nil {
		l.wrong("terms", "%s", err)
		return
	}
	seen := map[string]bool{}
	for i, t := range l.config.Terms {
		key, name := item("terms", i), t.Network
		if name == "" {
			name = l.config.Network.Name
		}
		if seen[name] {
			l.wrong(key, "the terms of %s are there twice", quote(name))
		}
		seen[name] = true
		l.termsOf(key, t)
		l.ownRules(key+".rules", t, texts.Languages())
	}
}

func (l *loader) termsOf(key string, t TermsConfig) {
	if t.MinimumAge != 0 && (t.MinimumAge < youngestAge || t.MinimumAge > oldestAge) {
		l.wrong(key+".minimum_age", "%d is no age from which people may join: %d to %d", t.MinimumAge, youngestAge, oldestAge)
	}
	if u, err := url.Parse(t.More); t.More != "" && (err != nil || !web(u)) {
		l.wrong(key+".more", "%s is no address such as https://bin.example.org/privacy", quote(t.More))
	}
	l.oneLine(key+".controller", t.Controller, longestAnswers)
	l.oneLine(key+".contact", t.Contact, longestAnswers)
}

// oneLine notes words that do not fit on one line.
func (l *loader) oneLine(key, words string, longest int) {
	switch n := utf8.RuneCountInString(words); {
	case n > longest:
		l.wrong(key, "this is too long: at most %d characters fit, these are %d", longest, n)
	case strings.ContainsAny(words, "\n\r"):
		l.wrong(key, "this goes on one line")
	}
}

// ownRules notes mistakes in a network's own house rules. Every language of the first network has as many of them.
func (l *loader) ownRules(key string, t TermsConfig, spoken []string) {
	var languages []string
	for i, r := range t.Rules {
		at := item(key, i)
		switch {
		case !slices.Contains(spoken, r.Language):
			l.wrong(at, "%s is not spoken by the bot; there is %s", quote(r.Language), strings.Join(spoken, ", "))
		case slices.Contains(languages, r.Language):
			l.wrong(at, "%s is there twice", quote(r.Language))
		case len(r.Lines) == 0 || len(r.Lines) > mostOwnRules:
			l.wrong(at, "a network has 1 to %d house rules of its own, so that people read them; these are %d", mostOwnRules,
				len(r.Lines))
		case len(r.Lines) != len(t.Rules[0].Lines):
			l.wrong(at, "these are %d rules, and %d in %s", len(r.Lines), len(t.Rules[0].Lines), t.Rules[0].Language)
		}
		languages = append(languages, r.Language)
		for j, line := range r.Lines {
			under := item(at+".lines", j)
			if civic.Blank(line) {
				l.wrong(under, "words are needed here")
			}
			l.oneLine(under, line, longestOwnRule)
		}
	}
	if t.Network != "" && t.Network != l.config.Network.Name || len(languages) == 0 {
		return
	}
	for _, lang := range l.config.Network.Languages {
		if !slices.Contains(languages, lang) {
			l.wrong(key, "the rules in the language %s are missing", lang)
		}
	}
}
