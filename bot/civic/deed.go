package civic

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// TellsDeed reports whether words say something that somebody does (domain D5). It says no only when every word is one that
// is known to tell nothing of the kind: of being, walking, standing and looking, of how somebody looks and what one thinks
// of that, and of the streets; one other word lets a text through. So what people do in words that nobody thought of counts,
// and so does every language but Dutch and English.
func TellsDeed(text string, streets []Area) bool {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) {
		return true
	}
	streets = StreetsIn(streets, text)
	text = sayingNothing.ReplaceAllString(text, " ")
	return slices.ContainsFunc(plainWordsOf(text), func(w string) bool { return !idleWord(w) && !ofStreet(streets, w) })
}

// sayingNothing are turns of speech whose words would say something by themselves: "klopt niet" knocks on no door.
var sayingNothing = regexp.MustCompile(`(?i)\b(?:(?:het|er|dat|dit|iets) klopt(?: er)?(?: iets)?|klopt (?:het |er |dat |iets )*` +
	`(?:gewoon |echt |helemaal )?niet|klopt van geen kanten|rond de \d+|doesn.t feel right|` +
	`(?:looks?|feels?|feel) (?:off|wrong))\b`)

// idleWord reports whether a word tells nothing that somebody does.
func idleWord(w string) bool {
	if len(w) < 3 || strings.Trim(w, "0123456789") == "" || streetEnd(w) {
		return true
	}
	for _, set := range []string{"idle", "look", "person", "origin", "colour", "article"} {
		if looks()[set][w] {
			return true
		}
	}
	return false
}

// ofStreet reports whether a word belongs to the name of one of the streets.
func ofStreet(streets []Area, w string) bool {
	return slices.ContainsFunc(streets, func(s Area) bool { return slices.Contains(plainWordsOf(s.Name), w) })
}
