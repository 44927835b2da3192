package locales

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// What keeps Latin words and digits in order between words that run from right to left (UAX #9): an isolate in the
// direction of its own first letter, one from left to right, the end of either, and a mark that turns a line.
const (
	isolate    = "\u2068"
	isolateLTR = "\u2066"
	isolateEnd = "\u2069"
	turnRTL    = "\u200f"
)

var (
	codeSpan = regexp.MustCompile(`<code>.*?</code>`)
	anyTag   = regexp.MustCompile(`</?[a-z]+[^>]*>`)
	// filled is something filled in, or a time of two numbers.
	filled = regexp.MustCompile(`\{[a-z_]+\}(?:[:.]\{[a-z_]+\})*`)
	// latin is what is to be kept apart: a command with what follows it, or something filled in. What is joined to the
	// letter before it brings a space of its own, so it stays as it is.
	latin = regexp.MustCompile(`(^|[^\pL<])(/[a-z]+(?: \{[a-z_]+\})?|` + filled.String() + `)`)
)

// fromRight reports whether a language is written from right to left.
func fromRight(tag language.Tag) bool {
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo":
		return true
	}
	return false
}

// apart is a text of a language that runs from right to left, with what is filled in and commands isolated, so that a
// number, a street or a name does not turn the order of the words around it. What stands in <code> is to be copied and
// stays as it is.
func apart(raw string) string {
	lines := strings.Split(raw, "\n")
	for i, line := range lines {
		lines[i] = apartLine(line)
	}
	return strings.Join(lines, "\n")
}

func apartLine(line string) string {
	bare := anyTag.ReplaceAllString(codeSpan.ReplaceAllString(line, ""), "")
	if whole := filled.FindString(bare); whole != "" && whole == strings.TrimSpace(bare) {
		return line // alone in its line, it has the direction of its own words
	}
	var b strings.Builder
	if latin.MatchString(bare) && !strings.ContainsFunc(filled.ReplaceAllString(bare, ""), isRTL) {
		b.WriteString(turnRTL) // no word of its own tells the direction
	}
	from := 0
	for _, at := range codeSpan.FindAllStringIndex(line, -1) {
		b.WriteString(isolated(line[from:at[0]]) + line[at[0]:at[1]])
		from = at[1]
	}
	b.WriteString(isolated(line[from:]))
	return b.String()
}

func isolated(words string) string {
	return latin.ReplaceAllStringFunc(words, func(found string) string {
		at := strings.IndexAny(found, "/{")
		begin := isolate
		if found[at] == '/' {
			begin = isolateLTR
		}
		return found[:at] + begin + found[at:] + isolateEnd
	})
}

func isRTL(c rune) bool {
	return unicode.In(c, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko)
}
