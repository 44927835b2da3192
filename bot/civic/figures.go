package civic

import (
	"strconv"
	"strings"
)

// spokenSpans are lengths of time as they are said, the longer ones first, and in figures.
var spokenSpans = strings.NewReplacer(
	" drie kwartier ", " 45 minuten ", " een kwartier ", " 15 minuten ", " kwartier ", " 15 minuten ",
	" een half uur ", " 30 minuten ", " een halfuur ", " 30 minuten ", " half uur ", " 30 minuten ", " halfuur ", " 30 minuten ",
	" anderhalf uur ", " 90 minuten ",
	" three quarters of an hour ", " 45 minutes ", " a quarter of an hour ", " 15 minutes ",
	" quarter of an hour ", " 15 minutes ",
	" half an hour ", " 30 minutes ", " an hour and a half ", " 90 minutes ", " an hour ", " 1 hour ",
)

// Figures writes the small numbers of a text, and lengths of time that are said in words, in figures: "vijf minuten geleden" is
// "5 minuten geleden", "a quarter of an hour ago" is "15 minutes ago". It knows Dutch and English. What it does not know it
// leaves as it is, but in small letters and with single spaces.
func Figures(text string) string {
	said := spokenSpans.Replace(" " + strings.Join(strings.Fields(strings.ToLower(text)), " ") + " ")
	words := strings.Fields(said)
	for i, w := range words {
		if n := smallWords[w]; n > 0 {
			words[i] = strconv.Itoa(n)
		}
	}
	return strings.Join(words, " ")
}
