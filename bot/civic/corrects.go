package civic

import "regexp"

var (
	correcting = regexp.MustCompile(`(?i)\b(?:bedoel|bedoelde|sorry|oeps|verkeerd|verkeerde|vergist|klopt niet|` +
		`meant|wrong|mistake|oops)\b`)
	denying = regexp.MustCompile(`(?i)\b(?:niet|not)\b`)
)

// Corrects reports whether words put something right that was said before; again tells that they name that once more, as "niet de
// Kastanjelaan maar de Kastanjehof" does. In Dutch and English.
func Corrects(text string, again bool) bool {
	return correcting.MatchString(text) || again && denying.MatchString(text)
}
