package civic

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// LintRule names a rule about what does not belong in a message to a whole street (domain §5.7). It is also the key of
// the rule's text.
type LintRule string

// The rules.
const (
	LintName      LintRule = "name"
	LintPlate     LintRule = "plate"
	LintAddress   LintRule = "address"
	LintPhone     LintRule = "phone"
	LintEmail     LintRule = "email"
	LintIBAN      LintRule = "iban"
	LintID        LintRule = "id" // number of a citizen: BSN, or rijksregisternummer
	LintOrigin    LintRule = "origin"
	LintOnlyLooks LintRule = "only_looks"
	LintAccuse    LintRule = "accuse"
	LintVigilante LintRule = "vigilante"
	LintAbsence   LintRule = "absence"
	LintForwarded LintRule = "forwarded"
	LintChild     LintRule = "child" // a minor who can be known by it
	LintHealth    LintRule = "health"
	LintFace      LintRule = "face" // a picture with a person in it
	LintTest      LintRule = "test" // words of somebody who only tries; of alerts only
)

// LintRules lists the rules in the order in which hits are told.
var LintRules = []LintRule{
	LintName, LintPlate, LintAddress, LintEmail, LintIBAN, LintID, LintPhone, LintOrigin, LintOnlyLooks, LintAccuse,
	LintVigilante, LintAbsence, LintForwarded, LintChild, LintHealth, LintFace, LintTest,
}

// Code is the rule's name as domain §5.7 writes it: "LINT_NAME".
func (r LintRule) Code() string { return "LINT_" + strings.ToUpper(string(r)) }

// Never reports whether nobody may leave in what the rule finds, because it harms people: words of origin, accusations,
// and calls to act against somebody.
func (r LintRule) Never() bool { return r == LintOrigin || r == LintAccuse || r == LintVigilante }

// Overridable reports whether police may leave in what the rule finds, with a reason and for a time: a plate, a description
// of somebody, and a picture (issue 7); in an alert for somebody who is missing also their name.
func (r LintRule) Overridable(kind AlertKind) bool {
	switch r {
	case LintPlate, LintOnlyLooks, LintChild, LintHealth, LintFace:
		return true
	case LintName:
		return kind == MissingAlert
	case LintAddress, LintPhone, LintEmail, LintIBAN, LintID, LintOrigin, LintAccuse, LintVigilante, LintAbsence,
		LintForwarded, LintTest, noRealNumber:
	}
	return false
}

// Hit is something that a rule found.
type Hit struct {
	Rule  LintRule
	Words string // as they stand in the text; empty = the text as a whole
	from  int
	to    int
}

//go:embed lint.txt
var lintText string

// lintPatterns is lint.txt, by rule.
var lintPatterns = sync.OnceValue(func() map[LintRule][]pattern {
	patterns := map[LintRule][]pattern{}
	for line := range strings.SplitSeq(lintText, "\n") {
		rule, written, ok := strings.Cut(line, ": ")
		if ok && !strings.HasPrefix(line, "#") {
			patterns[LintRule(rule)] = append(patterns[LintRule(rule)], mustPattern(written))
		}
	}
	return patterns
})

// Lint tells what in a text does not belong in a message to a whole street, in the order of [LintRules]. It is a help and
// no judge: it may see what is not there and miss what is.
func Lint(text string) []Hit { return slices.Clone(linted.at(text)) }

var linted = rememberedWith(func(text string) []Hit { return lookAt(text, false).lint() }, space[Hit])

// lint is [Lint] of a text that was looked at.
func (l looked) lint() []Hit {
	var hits []Hit
	text, lower := l.text, folded(l.text)
	for _, rule := range LintRules {
		switch rule {
		case LintOrigin:
			hits = append(hits, l.originHits()...)
		case LintOnlyLooks:
			switch {
			case l.onlyOrigin():
				hits = append(hits, Hit{Rule: rule, to: len(text)})
			case l.onlyAppearance():
				hits = append(hits, Hit{Rule: rule}) // no sentence is wrong; one is missing
			}
		case LintName, LintPlate, LintAddress, LintPhone, LintEmail, LintIBAN, LintID, LintAccuse, LintVigilante, LintAbsence,
			LintForwarded, LintChild, LintHealth, LintFace:
			hits = append(hits, newHits(hits, foundBy(rule, text, lower))...)
		case LintTest, noRealNumber:
		}
	}
	return slices.DeleteFunc(hits, func(h Hit) bool { return h.Rule == noRealNumber })
}

// LintAlert tells what in the text of an alert does not belong there: all that [Lint] finds, a part of the world, and a
// country in front of a plate. A coordinator may read in a report that a plate was foreign; a street that reads it looks at
// people (story S09).
func LintAlert(text string) []Hit {
	hits := Lint(text)
	hits = append(hits, newHits(hits, plateOrigins(text))...)
	hits = append(hits, newHits(hits, regionHits(text))...)
	return append(hits, newHits(hits, foundBy(LintTest, text, folded(text)))...)
}

// UnlintedAlert is the text without the sentences in which [LintAlert] finds something; it may be empty.
func UnlintedAlert(text string) string { return without(text, LintAlert(text)) }

var region = regexp.MustCompile(`(?i)\b(?:oost|zuid|noord|west|midden)-(?:europe|afrika|azia|amerika)\p{L}*`)

// regionHits finds parts of the world that people are said to come from.
func regionHits(text string) []Hit {
	var hits []Hit
	for _, at := range region.FindAllStringIndex(text, -1) {
		hits = append(hits, Hit{Rule: LintOrigin, Words: text[at[0]:at[1]], from: at[0], to: at[1]})
	}
	return hits
}

var regionOfPeople = regexp.MustCompile(`(?i)\b(?:oost|zuid|noord|west|midden)-?(?:europe|afrika|azia|amerika)\p{L}*` +
	`(?:\s+(?:uitziende|ogende|sprekende))?\s+(\p{L}+)`)

// regionsOfPeople finds parts of the world that stand before a word for people, or for how they look or speak.
func regionsOfPeople(text, lower string) []Hit {
	parts := []string{"europe", "afrika", "azia", "amerika"}
	if !slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(lower, part) }) {
		return nil
	}
	var hits []Hit
	for _, at := range regionOfPeople.FindAllStringSubmatchIndex(text, -1) {
		next := strings.ToLower(text[at[2]:at[3]])
		if looks()["person"][next] || next == "uiterlijk" || next == "accent" {
			from := at[0]
			words := strings.TrimSpace(text[from:at[2]])
			hits = append(hits, Hit{Rule: LintOrigin, Words: words, from: from, to: from + len(words)})
		}
	}
	return hits
}

// plateOrigins finds a country in front of a word for a plate.
func plateOrigins(text string) []Hit {
	plates := []string{"plaat", "platen", "kenteken", "kentekens", "nummerplaat", "nummerplaten", "plate", "plates", "number"}
	var hits []Hit
	pieces, from, to := piecesOf(text), 0, 0
	for i, word := range pieces {
		from, to = to, to+len(word)
		next := ""
		if i+2 < len(pieces) {
			next = strings.ToLower(pieces[i+2])
		}
		if looks()["origin"][strings.ToLower(word)] && slices.Contains(plates, next) {
			hits = append(hits, Hit{Rule: LintOrigin, Words: word, from: from, to: to})
		}
	}
	return hits
}

// noRealNumber marks what has the shape of an account number and cannot be one; it is no telephone number either.
const noRealNumber LintRule = ""

// foundBy is what a rule of patterns finds; names are looked up as well.
func foundBy(rule LintRule, text, lower string) []Hit {
	hits := patternHits(rule, text, lower)
	if rule == LintName {
		hits = append(hits, newHits(hits, nameHits(text))...)
	}
	return hits
}

// newHits leaves out what was found before under another name: an account number reads like a telephone number.
func newHits(before, hits []Hit) []Hit {
	var fresh []Hit
	for _, h := range hits {
		known := func(b Hit) bool { return b.Words != "" && b.from < h.to && h.from < b.to }
		if !slices.ContainsFunc(before, known) && !slices.ContainsFunc(fresh, known) {
			fresh = append(fresh, h)
		}
	}
	return fresh
}

// Unlinted is the text without the sentences in which [Lint] finds something; it may be empty.
func Unlinted(text string) string { return without(text, Lint(text)) }

// sign is a character without which a rule of numbers or addresses finds nothing; looking for it spares most texts the
// slow patterns. Empty = there is none. A plate may be told in part, but never without a digit.
func (r LintRule) sign() string {
	switch r {
	case LintPlate, LintAddress, LintPhone, LintIBAN, LintID:
		return "0123456789"
	case LintEmail:
		return "@"
	case noRealNumber, LintName, LintOrigin, LintOnlyLooks, LintAccuse, LintVigilante, LintAbsence, LintForwarded, LintChild,
		LintHealth, LintFace, LintTest:
	}
	return ""
}

func patternHits(rule LintRule, text, lower string) []Hit {
	if sign := rule.sign(); sign != "" && !strings.ContainsAny(text, sign) {
		return nil
	}
	var hits []Hit
	for _, pattern := range lintPatterns()[rule] {
		for _, at := range pattern.in(text, lower) {
			words := text[at[0]:at[1]]
			switch {
			case meant(rule, words, text[at[1]:]):
				hits = append(hits, Hit{Rule: rule, Words: words, from: at[0], to: at[1]})
			case rule == LintIBAN:
				hits = append(hits, Hit{Rule: noRealNumber, Words: words, from: at[0], to: at[1]})
			}
		}
	}
	return hits
}

// meant reports whether what looks like a hit is one, given what follows it.
func meant(rule LintRule, words, after string) bool {
	switch rule {
	case LintAddress:
		return !timeFollows.MatchString(after)
	case LintID:
		return citizen(words)
	case LintIBAN:
		return account(words)
	case LintPlate:
		return plateLike(words)
	case LintAbsence:
		return !strings.HasPrefix(strings.TrimSpace(after), "gekomen") && !strings.HasPrefix(strings.TrimSpace(after), "komen")
	case LintName:
		return !firmFollows.MatchString(after)
	case noRealNumber, LintPhone, LintEmail, LintOrigin, LintOnlyLooks, LintAccuse, LintVigilante, LintForwarded, LintChild,
		LintHealth, LintFace, LintTest:
		// Their patterns say it all.
	}
	return true
}

// timeFollows finds that the number before it was an hour: "Molenpad 23.00", "Molenpad 23 uur".
var timeFollows = regexp.MustCompile(`(?i)^(?:[.:]\d|\s*(?:uur|u|h|am|pm|o'clock)\b)`)

// firmFollows finds that the name before it is that of a firm: "heet Knip en Co".
var firmFollows = regexp.MustCompile(`(?i)^\s+(?:(?:en|&|and)\s+(?:co|zn|zonen|sons)|b\.?v|v\.?o\.?f|ltd)\b`)

// plateLike reports whether the words can be a plate: a whole one, or part of one after a word that says so.
func plateLike(words string) bool {
	if strings.ContainsAny(words, ":, ") && len(strings.Fields(words)) > 1 && len(words) > len("XXX-XX 9999E") {
		return true // the word for a plate stands before it
	}
	_, ok := ParsePlate(words)
	return ok && (strings.ContainsAny(words, "- ") || !monthOrReference(words))
}

// monthOrReference reports whether letters and digits that run together are rather a house number with a word.
func monthOrReference(words string) bool { return strings.Trim(words, "0123456789") == "" }

// account reports whether an account number is real by the remainder of 97 (ISO 13616), and of a length that there is.
func account(words string) bool {
	bare := strings.ToUpper(strings.Join(strings.Fields(words), ""))
	if len(bare) < 15 || len(bare) > 34 {
		return false
	}
	sum := 0
	for _, c := range bare[4:] + bare[:4] {
		switch {
		case c >= '0' && c <= '9':
			sum = (sum*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			sum = (sum*100 + int(c-'A') + 10) % 97
		}
	}
	return sum == 1
}

// citizen reports whether the digits can be the number of a citizen: by the elf proof of the Dutch BSN, or by the
// remainder of 97 of the Belgian rijksregisternummer, with the 2 in front for who was born after 1999.
func citizen(words string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0'
		}
		return -1
	}, words)
	if len(digits) == 11 {
		born, born2000, check := remainder(digits[:9], 0), remainder(digits[:9], 2), remainder(digits[9:], 0)
		return 97-born == check || 97-born2000 == check
	}
	if len(digits) == 8 {
		digits = "\x00" + digits
	}
	sum := -int(digits[8])
	for i := range 8 {
		sum += (9 - i) * int(digits[i])
	}
	return sum != 0 && sum%11 == 0
}

// remainder is the number that the digits make after first, modulo 97.
func remainder(digits string, first int) int {
	n := first
	for i := range len(digits) {
		n = (n*10 + int(digits[i])) % 97
	}
	return n
}

// originHits are what the text says of origin, in each language of the bot.
func (l looked) originHits() []Hit {
	var hits []Hit
	for _, s := range l.origins {
		words := strings.TrimSpace(l.text[s.from:s.to])
		hits = append(hits, Hit{Rule: LintOrigin, Words: words, from: s.from, to: s.from + len(words)})
	}
	return hits
}

// ownedAt reports whether the word at a place is judged by another language's rules, see [originText.owns].
func ownedAt(read func() (*originText, bool), from int) bool {
	t, shared := read()
	return shared && t.owns(from)
}

// dutchOrigins finds what a text says of origin in Dutch and English; words that another language has as well are left to
// that one in a text of its own.
func dutchOrigins(text string, kinds []originKind, things bool) []Hit {
	var hits []Hit
	read := sync.OnceValues(func() (*originText, bool) { return readOrigins(text, kinds) }) // few texts need it
	pieces, from, to := piecesOf(text), 0, 0
	for i, word := range pieces {
		from, to = to, to+len(word)
		of := things && looks()["origin"][strings.ToLower(word)] || !things && ofOrigin(pieces, i)
		if of && !ownedAt(read, from) {
			hits = append(hits, Hit{Rule: LintOrigin, Words: word, from: from, to: to})
		}
	}
	return hits
}

var sentenceEnd = regexp.MustCompile(`[^\n]+?(?:[.!?]+(?:\s+|$)|\n+|$)|\n+`)

// without leaves out the sentences that a hit touches.
func without(text string, hits []Hit) string {
	var kept strings.Builder
	for _, at := range sentenceEnd.FindAllStringIndex(text, -1) {
		touched := slices.ContainsFunc(hits, func(h Hit) bool { return h.from < at[1] && at[0] < h.to })
		if !touched {
			kept.WriteString(text[at[0]:at[1]])
		}
	}
	return strings.TrimSpace(kept.String())
}

// Redacted is the text with the words of the hits replaced by the mark; hits of no words change nothing.
func Redacted(text string, hits []Hit, mark string) string {
	var kept strings.Builder
	at := 0
	sorted := slices.SortedFunc(slices.Values(hits), func(a, b Hit) int { return a.from - b.from })
	for _, h := range sorted {
		if h.Words == "" || h.from < at || h.to > len(text) {
			continue
		}
		kept.WriteString(text[at:h.from] + mark)
		at = h.to
	}
	return kept.String() + text[at:]
}
