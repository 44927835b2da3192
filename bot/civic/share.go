package civic

import "regexp"

// exactAge finds somebody's age, as a victim's is told: "een vrouw van 83", "een 83-jarige", "84 jaar oud". The words
// before it tell an impression, as one has of a stranger, from what is known: "ongeveer 30 jaar".
var exactAge = regexp.MustCompile(`(?i)` +
	`(\b(?:ongeveer|circa|ca\.?|rond(?: de)?|een jaar of|tussen de \d+ en|about|around|maybe)\s+)?` +
	`(?:\b\d{1,3}(?:-| )?(?:jarige?n?|jaar|years?[- ]old)\b` +
	`|\b(?:man|vrouw|dame|heer|mevrouw|meneer|oma|opa|slachtoffer|woman|lady|victim)\s*(?:van|of|aged|,|\()\s*\d{1,3}\b)`)

// Shareable is what of a reporter's words may be suggested for a whole street to read: the sentences that no rule minds,
// in which the reporter speaks neither of themselves nor of their neighbours, and that tell nobody's age. It may be empty.
func Shareable(text string) string {
	return without(text, append(append(Lint(text), patternHits("self", text, folded(text))...), ageHits(text)...))
}

func ageHits(text string) []Hit {
	var hits []Hit
	for _, at := range exactAge.FindAllStringSubmatchIndex(text, -1) {
		if at[2] < 0 { // no word of an impression before it
			hits = append(hits, Hit{Words: text[at[0]:at[1]], from: at[0], to: at[1]})
		}
	}
	return hits
}
