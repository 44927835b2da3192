package civic

import (
	"regexp"
	"strings"
)

// Plate is a number plate, or the part of one that somebody saw. It is never searched by (domain §2.1).
type Plate struct {
	Country string // ISO 3166: NL, BE, DE or PL; empty when it may be of several
	Number  string // in capitals, with the dashes and spaces of its country
}

// shape is how a country writes plates: in is the shape with 9 for a digit and X for a letter, without what parts them;
// parts are the lengths between dashes.
type shape struct {
	country string
	parts   string // "99-XXX-9"
}

// shapes are the plates of the Netherlands (RDW, sidecodes 1 to 14) and of Belgium (since 2010, and the two before).
var shapes = func() map[string]shape {
	all := map[string]shape{}
	for _, s := range []shape{
		{"NL", "XX-99-99"},
		{"NL", "99-99-XX"},
		{"NL", "99-XX-99"},
		{"NL", "XX-99-XX"},
		{"NL", "XX-XX-99"},
		{"NL", "99-XX-XX"},
		{"NL", "99-XXX-9"},
		{"NL", "9-XXX-99"},
		{"NL", "XX-999-X"},
		{"NL", "X-999-XX"},
		{"NL", "XXX-99-X"},
		{"NL", "X-99-XXX"},
		{"NL", "9-XX-999"},
		{"NL", "999-XX-9"},
		{"BE", "9-XXX-999"},
		{"BE", "XXX-999"},
		{"BE", "999-XXX"},
	} {
		all[strings.ReplaceAll(s.parts, "-", "")] = s
	}
	return all
}()

// longestPlate is how many bytes an answer to "which plate" has at most; more is no plate.
const longestPlate = 40

var (
	german = regexp.MustCompile(`^([A-ZÄÖÜ]{1,3})-([A-Z]{1,2}) ?([1-9]\d{0,3})([EH]?)$`)
	polish = regexp.MustCompile(`^([A-Z]{2,3}) ?(\d{5}|\d{4}[A-Z]|\d{3}[A-Z]{2}|\d[A-Z]\d{3}|\d[A-Z]{2}\d{2}|\d{2}[A-Z]{2})$`)
	// plateWords may stand before a plate.
	plateWords = regexp.MustCompile(`(?i)^(?:(?:belgische?|duitse?|poolse?|een|de|het|kenteken|nummerplaat|plaat|is|was)[\s:]+)*`)
	plateSpace = regexp.MustCompile(`\s+`)
)

// ParsePlate reads an answer to "which plate": of the Netherlands, Belgium, Germany or Poland, in any way of writing. It
// is false for what has no shape of these countries, such as part of a plate.
func ParsePlate(words string) (Plate, bool) {
	if len(words) > longestPlate {
		return Plate{}, false
	}
	rest := plateWords.ReplaceAllString(strings.TrimSpace(words), "")
	written := plateSpace.ReplaceAllString(strings.ToUpper(rest), " ")
	if m := german.FindStringSubmatch(written); m != nil {
		return Plate{"DE", m[1] + "-" + m[2] + " " + m[3] + m[4]}, true
	}
	bare := plateMarks.Replace(written)
	if s, known := shapes[shapeOf(bare)]; known {
		return Plate{s.country, dashed(bare, s.parts)}, true
	}
	if m := polish.FindStringSubmatch(written); m != nil {
		return Plate{"PL", m[1] + " " + m[2]}, true
	}
	return Plate{}, false
}

// shapeOf writes 9 for digits and X for letters; empty when there is anything else.
func shapeOf(bare string) string {
	s := make([]byte, 0, len(bare))
	for i := range len(bare) {
		switch c := bare[i]; {
		case c >= '0' && c <= '9':
			s = append(s, '9')
		case c >= 'A' && c <= 'Z':
			s = append(s, 'X')
		default:
			return ""
		}
	}
	return string(s)
}

// dashed puts the dashes of the parts into the plate.
func dashed(bare, parts string) string {
	var b strings.Builder
	n := 0
	for i := range len(parts) {
		if parts[i] == '-' {
			b.WriteByte('-')
			continue
		}
		b.WriteByte(bare[n])
		n++
	}
	return b.String()
}

// ParsePartialPlate reads part of a plate that somebody remembers: two to nine letters and digits, at least one of them a
// digit or all of them capitals, with or without dashes. The country is known only where the shape is whole.
func ParsePartialPlate(words string) (Plate, bool) {
	if len(words) > longestPlate {
		return Plate{}, false
	}
	if p, whole := ParsePlate(words); whole {
		return p, true
	}
	rest := plateWords.ReplaceAllString(strings.TrimSpace(words), "")
	written := partialNoise.ReplaceAllString(rest, "")
	m := partial.FindString(strings.ToUpper(written))
	if m == "" || m != strings.ToUpper(written) {
		return Plate{}, false
	}
	bare := partialMarks.Replace(m)
	digits := strings.ContainsAny(bare, "0123456789")
	if len(bare) < 2 || len(bare) > 9 || !digits && (written != strings.ToUpper(written) || len(bare) > 3) {
		return Plate{}, false
	}
	return Plate{Number: strings.TrimSpace(plateSpace.ReplaceAllString(m, " "))}, true
}

var (
	// plateMarks and partialMarks stand between the characters of a plate, or for one that nobody saw.
	plateMarks   = strings.NewReplacer("-", "", " ", "", ".", "")
	partialMarks = strings.NewReplacer("-", "", " ", "", "…", "", ".", "", "?", "", "*", "")
	// partialNoise is what people say round the part that they know.
	partialNoise = regexp.MustCompile(
		`(?i)\b(?:iets|met|begint|eindigt|op|deel|ongeveer|something|with|starts|ends|part)\b[\s:]*`)
	partial = regexp.MustCompile(`^[A-Z0-9ÄÖÜ?*….\- ]+$`)
)
