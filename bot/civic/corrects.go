package civic

import (
	"regexp"
	"strings"
)

var (
	correcting = regexp.MustCompile(`(?i)\b(?:bedoel|bedoelde|sorry|oeps|verkeerd|verkeerde|vergist|klopt niet|` +
		`eigenlijk|moet zijn|meant|wrong|mistake|oops|actually|should be)\b`)
	denying = regexp.MustCompile(`(?i)\b(?:niet|not)\b`)
	instead = regexp.MustCompile(`(?i)\b(?:niet|not)\b.*\b(?:maar|but)\b`)
)

// Corrects reports whether words put something right that was said before; again tells that they name that once more, as "niet de
// Kastanjelaan maar de Kastanjehof" does. In Dutch and English.
func Corrects(text string, again bool) bool {
	return correcting.MatchString(text) || again && denying.MatchString(text)
}

// WhenCorrected is the time that words put in the place of one that was told before: "het was niet gisteren maar vandaag",
// "sorry, vandaag". It is empty when they put none right. In Dutch and English.
func WhenCorrected(text string) When {
	if at := instead.FindStringIndex(text); at != nil {
		return Understand(strings.TrimSpace(text[at[1]:]), nil).When
	}
	if !correcting.MatchString(text) {
		return ""
	}
	return Understand(text, nil).When
}
