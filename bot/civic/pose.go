package civic

import (
	"regexp"
	"strings"
	"unicode"
)

// The words by which police are called in the languages of residents, as they stand at the head of an alert.
const (
	policeWords = `(?:p[ ._-]?o[ ._-]?l[ ._-]?i[ ._-]?t[ ._-]?i[ ._-]?e|police|polizei|policja|polis|полиция|поліція|الشرطة|شرطة)`
	lineHead    = `(?m)^[^\p{L}\n]*`
)

var (
	// posed finds a line that begins as the heading of an alert does, or words that say who speaks.
	posed = regexp.MustCompile(lineHead + `(?:de |the )?` + policeWords + `\s*(?:$|[·:|–—!.;…-])` +
		`|\b(?:wij van de politie|namens de politie|hier de politie|dit is de politie|burgernet|nl-alert|be-alert)\b` +
		`|\bpolitie[ -]?(?:bericht|alarm|alert|waarschuwing)\b|\bpolice[ -](?:alert|warning)\b` +
		`|\b(?:this is the police|on behalf of the police)\b`)
	// commaed finds a line that begins with the police and a comma; who else is named makes it a list.
	commaed = regexp.MustCompile(lineHead + policeWords + `\s*,[^\S\n]*(.*)`)
	// listed is how a list goes on.
	listed = regexp.MustCompile(`^(?:de |het |the )?[\p{L}-]+(?:,| en | and | & )`)
	// shouted finds the police in capitals where a line or sentence begins; with others named it is a list.
	shouted = regexp.MustCompile(`(?:` + lineHead + `|[.!?]\s+)(?:POLITIE|POLICE|POLIZEI)\b(?:\s+(EN|AND|&)\b)?`)
)

// Poses reports whether a text speaks as the police, or as an alarm of the authorities, also with letters that only look like
// theirs. Who is not police may not send it: the bot alone says who sent a message (feature E54).
func Poses(text string) bool {
	for _, as := range []map[rune]rune{nil, letterAlike(false), letterAlike(true)} {
		if looked := undisguised(text, as); posing(looked) {
			return true
		}
	}
	return false
}

func posing(text string) bool {
	small := strings.ToLower(text)
	if posed.MatchString(small) {
		return true
	}
	for _, m := range commaed.FindAllStringSubmatch(small, -1) {
		if !listed.MatchString(m[1]) {
			return true
		}
	}
	for _, m := range shouted.FindAllStringSubmatch(text, -1) {
		if m[1] == "" {
			return true
		}
	}
	return false
}

// letterAlike are the letters of [alike], and its figures where they are asked for; what ends a heading stays as it is.
func letterAlike(figures bool) map[rune]rune {
	as := map[rune]rune{}
	for r, to := range alike {
		if unicode.IsLetter(r) || figures && r != '!' && r != '|' {
			as[r] = to
		}
	}
	return as
}

// undisguised is a text without accents and without what cannot be seen, with each letter put in the place that as says; capitals
// stay capitals.
func undisguised(text string, as map[rune]rune) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.In(r, unicode.Cf, unicode.Mn) {
			return -1
		}
		small := unicode.ToLower(r)
		upper := small != r
		if small = unadorned(small, as); upper {
			return unicode.ToUpper(small)
		}
		return small
	}, text)
}
