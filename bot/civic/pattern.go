package civic

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// pattern is a regular expression that is only tried on a text in which it can match: most texts have none of the words
// that it needs, and to look for these costs a hundredth of trying it.
type pattern struct {
	*regexp.Regexp
	needs []string // one of them stands in every text that matches, see folded; nil = not known
}

// mustPattern reads a pattern, without regard to case; one that can't be read is a mistake in the program and panics.
func mustPattern(written string) pattern {
	tree, err := syntax.Parse("(?i)"+written, syntax.Perl)
	if err != nil {
		panic(err)
	}
	return pattern{regexp.MustCompile("(?i)" + written), needsOf(tree)}
}

// in finds all places where the pattern matches; lower is the text as [folded] gives it.
func (p pattern) in(text, lower string) [][]int {
	if p.needs != nil && !slices.ContainsFunc(p.needs, func(word string) bool { return strings.Contains(lower, word) }) {
		return nil
	}
	return p.FindAllStringIndex(text, -1)
}

// folded is the text as words are looked for in it: in small letters, and what counts as the same letter as one.
func folded(text string) string { return strings.Map(fold, text) }

// fold is the smallest of a letter's forms that a pattern without regard to case takes for the same.
func fold(r rune) rune {
	if r < unicode.MaxASCII {
		return unicode.ToLower(r)
	}
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return unicode.ToLower(least)
}

// needsOf finds words of which one stands in all that matches, the longest that there are: of two parts in a row either
// will do, of a choice each branch must have some.
func needsOf(re *syntax.Regexp) []string {
	if re.Op == syntax.OpLiteral {
		return []string{strings.Map(fold, string(re.Rune))}
	}
	if re.Op == syntax.OpCapture || re.Op == syntax.OpPlus {
		return needsOf(re.Sub[0])
	}
	if re.Op == syntax.OpConcat {
		return best(re.Sub)
	}
	if re.Op == syntax.OpAlternate {
		return all(re.Sub)
	}
	return nil // it may match without any letter that is known
}

// best is what the part needs whose shortest word is the longest.
func best(parts []*syntax.Regexp) (most []string) {
	for _, part := range parts {
		if needs := needsOf(part); shortest(needs) > shortest(most) {
			most = needs
		}
	}
	return most
}

// all is what the branches need together; nil when one needs nothing that is known.
func all(branches []*syntax.Regexp) (words []string) {
	for _, branch := range branches {
		needs := needsOf(branch)
		if needs == nil {
			return nil
		}
		words = append(words, needs...)
	}
	return words
}

// shortest is the length of the shortest of the words; 0 when there are none.
func shortest(words []string) int {
	least := 0
	for _, w := range words {
		if least == 0 || len(w) < least {
			least = len(w)
		}
	}
	return least
}

// piecesOf cuts a text into words and what stands between them, in turn: letters and digits make a word.
func piecesOf(text string) []string {
	var cut []string
	from, inWord := 0, false
	for i, r := range text {
		word := unicode.IsLetter(r) || unicode.IsNumber(r)
		if word != inWord && i > from {
			cut = append(cut, text[from:i])
			from = i
		}
		inWord = word
	}
	if from < len(text) {
		cut = append(cut, text[from:])
	}
	return cut
}
