package civic

import (
	"regexp"
	"strconv"
	"strings"
)

// twoOf parts a story about two people: "de een had een rode jas, de ander een blauwe trui".
var twoOf = []struct{ first, second *regexp.Regexp }{
	{regexp.MustCompile(`(?i)\bde (?:een|één|ene|eerste)\b`), regexp.MustCompile(`(?i)\bde (?:ander|andere|tweede)\b`)},
	{
		regexp.MustCompile(`(?i)\b(?:the first|(?:the )?one (?:had|has|wore|was|wears|with))\b`),
		regexp.MustCompile(`(?i)\bthe (?:other|second)\b`),
	},
}

// DescribeEach reads out of a story how each of several people looked, so that the clothes of one are not given to another. It
// is one person, as [DescribeStory] gives them, unless the story says "the one" and "the other" and tells of both.
func DescribeEach(text string) []Person {
	for _, two := range twoOf {
		from := two.first.FindStringIndex(text)
		if from == nil {
			continue
		}
		then := two.second.FindStringIndex(text[from[1]:])
		if then == nil {
			continue
		}
		both, _ := Describe(text[:from[0]])
		a, _ := Describe(text[from[0] : from[1]+then[0]])
		b, _ := Describe(text[from[1]+then[0]:])
		if a.Features() == 0 || b.Features() == 0 {
			continue
		}
		for _, p := range []*Person{&a, &b} {
			p.Gender, p.Age = one(p.Gender, both.Gender), one(p.Age, both.Age)
			p.Transport, p.Direction = one(p.Transport, both.Transport), one(p.Direction, both.Direction)
		}
		if a.Direction == "" { // they went off together
			a.Direction = b.Direction
		}
		return []Person{a, b}
	}
	if p, ok := DescribeStory(text); ok {
		return []Person{p}
	}
	return nil
}

var agesTold = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:van|was|is|ongeveer|zo'n) (?:een )?jaar of ([a-z]+|\d{1,2})\b`),
	regexp.MustCompile(`(?i)\b(?:van|rond de|ongeveer|circa|zo'n) (\d{1,2}) jaar\b`),
	regexp.MustCompile(`(?i)\b(?:about|around|aged) (\d{1,2}) years\b`),
	regexp.MustCompile(`(?i)\b(\d{1,2})[- ](?:jaar oud|jarige|years? old|year-old)\b`),
}

// AgeIn is the key of [Ages] that a text gives for somebody: "een jaar of dertig", "16 years old"; empty when it gives none.
func AgeIn(text string) string {
	for _, told := range agesTold {
		m := told.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		if age := ageOf(small(strings.ToLower(m[1]))); age != "" {
			return age
		}
	}
	return ""
}

// AgeAsked is the key of [Ages] that an answer gives, of somebody who was asked for an age: a number says it there. Up to six it
// is the number of a choice.
func AgeAsked(answer string) string {
	const choices = 6
	for _, w := range describedWords(answer) {
		if n, err := strconv.Atoi(w); err == nil && n > choices {
			return ageOf(n)
		}
		if n := small(w); n >= 10 {
			return ageOf(n)
		}
	}
	p, _ := Describe(answer)
	return p.Age
}

// ageOf is the key of [Ages] into which so many years fall.
func ageOf(years int) string {
	switch {
	case years <= 0 || years > 110:
		return ""
	case years < 12:
		return "child"
	case years < 18:
		return "12_17"
	case years <= 25:
		return "18_25"
	case years <= 40:
		return "26_40"
	case years <= 60:
		return "41_60"
	}
	return "60_up"
}
