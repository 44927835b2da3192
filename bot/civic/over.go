package civic

import "slices"

// notOver are words by which something that was before is still going on, or begins again.
var notOver = []string{
	"nu", "nou", "nog", "weer", "ook", "steeds", "opnieuw", "vanavond", "vannacht", "sinds", "straks",
	"now", "again", "still", "also", "too", "since", "tonight", "keep", "keeps",
	"encore", "toujours", "aussi", "maintenant", "depuis", "noch", "wieder", "auch", "jetzt", "seit", "immer",
	"znowu", "nadal", "ciagle", "jeszcze", "teraz", "hala", "simdi", "yine", "tekrar",
}

// wasWords are words by which somebody tells of what was.
var wasWords = []string{"was", "waren", "gebeurd", "gebeurde", "were", "happened", "etait", "war", "waren", "bylo", "oldu"}

// weekdays are days that may have been and may come.
var weekdays = []string{
	"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
}

// LongOver is when something was that an answer to "is it happening now" says to be over, longer ago than a moment: "dat was
// gisteren". It is empty when the words tell no such time, or of danger, or that it goes on.
func LongOver(answer string) When {
	u := Understand(answer, nil)
	if u.Emergency || u.When != EarlierDay && u.When != Earlier {
		return ""
	}
	const short = 5 // words; who says more tells something else
	words := plainWordsOf(answer)
	has := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	was := has(wasWords)
	if has(notOver) || !was && (len(words) > short || has(weekdays)) {
		return ""
	}
	return u.When
}
