package civic

import (
	"slices"
	"strings"
)

// colourOf is the colour of the thing that a noun names, in its basic form: "witte bestelbus" and "bestelbus, witte" give
// "wit". Empty when none is named.
func colourOf(words []string, at int) string {
	if colour := colourBefore(words, at); colour != "" {
		return colour
	}
	return colourAfter(words, at)
}

// colourBefore is the colour that is named right before a noun.
func colourBefore(words []string, at int) string {
	var colours []string
	for i := at - 1; i >= 0 && at-i <= 3 && described()["adjective"][words[i]]; i-- {
		if described()["colour"][words[i]] {
			colours = append([]string{basicColour(words[i])}, colours...)
		}
	}
	return strings.Join(colours, " ")
}

// colourOfNoun is the colour after a noun that has none before it.
func colourOfNoun(words []string, at int) string {
	if colourBefore(words, at) != "" {
		return ""
	}
	return colourAfter(words, at)
}

// between are the words that may stand between a noun and its colour: "een auto, kleur rood", "de bus is wit".
var between = []string{",", "een", "is", "was", "kleur", "de", "het", "die", "dat", "a", "the", "colour", "color", "in", "it"}

// colourAfter is the colour that is named after a noun and does not belong to another: of "busje, witte schoenen" there is
// none. The make may stand between them.
func colourAfter(words []string, at int) string {
	const reach = 4 // words
	i := at + 1
	for i < len(words) && i-at <= reach && (slices.Contains(between, words[i]) || described()["make"][words[i]]) {
		i++
	}
	from := i
	for i < len(words) && i-from < 2 && described()["colour"][words[i]] {
		i++
	}
	if i == from || ofAnother(words, i) {
		return ""
	}
	var colours []string
	for _, w := range words[from:i] {
		colours = append(colours, basicColour(w))
	}
	return strings.Join(colours, " ")
}

// follows are the words that may stand after a colour without being its noun.
var follows = []string{
	",", "en", "of", "met", "van", "die", "dat", "in", "op", "aan", "reed", "rijdt", "staat", "stond", "kenteken",
	"nummerplaat", "and", "or", "with", "of", "that", "which", "on", "at", "is", "was", "plate",
}

// ofAnother reports whether the colour before a place in a text belongs to the noun at that place: an inflected one stands
// before its noun, "witte schoenen", and one that is not may, "zwart kenteken".
func ofAnother(words []string, at int) bool {
	if at >= len(words) || slices.Contains(follows, words[at]) {
		return false
	}
	inflected := basicColour(words[at-1]) != words[at-1]
	return inflected || looksField(words[at]) != "" || vehicleKind(words[at]) != ""
}

// basicColour is a colour as it stands by itself: "witte" is "wit", "donkerblauwe" is "donkerblauw".
func basicColour(word string) string {
	for _, shade := range []string{"donker", "licht"} {
		if rest, is := strings.CutPrefix(word, shade); is && rest != "" {
			return shade + basicColour(rest)
		}
	}
	if basic := inflections[word]; basic != "" {
		return basic
	}
	return word
}

// inflections are the colours that change before a Dutch noun.
var inflections = map[string]string{
	"zwarte": "zwart", "witte": "wit", "rode": "rood", "blauwe": "blauw", "groene": "groen", "grijze": "grijs",
	"gele": "geel", "bruine": "bruin", "paarse": "paars", "zilveren": "zilver", "gouden": "goud",
}

func inBrackets(words string) string {
	if words == "" {
		return ""
	}
	return " (" + words + ")"
}
