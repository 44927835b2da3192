package flows

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

var (
	coverDash = regexp.MustCompile(`\s*(?:–|—|-|t/m|\btm\b|\btot en met\b|\btot\b|\buntil\b|\bthrough\b|\bto\b)\s*`)
	coverDay  = regexp.MustCompile(`^(\d{1,2})(?:[ /.]+(\p{L}+|\d{1,2}))?(?:[ /.]+(\d{4}))?$`)
	coverSpan = regexp.MustCompile(`^(\d{1,2}) +(\p{L}+)$`)
)

// coverWords are the words of a language for dates.
type coverWords struct {
	months, days, weeks, today, tomorrow []string
}

func coverWordsOf(t *bot.Turn) coverWords {
	w := coverWords{
		days: t.Words("cover.words.days"), weeks: t.Words("cover.words.weeks"),
		today: t.Words("cover.words.today"), tomorrow: t.Words("cover.words.tomorrow"),
	}
	for n := 1; n <= 12; n++ {
		w.months = append(w.months, strings.ToLower(t.T("time.month."+strconv.Itoa(n))))
	}
	return w
}

// dated is a day as people write it; what is 0 was not said.
type dated struct{ day, month, year int }

const (
	longestCover = 183 // days
	lately       = 60  // days: a period that ended within them was meant as it is, and is over
)

// coverPeriod reads a period as people write it: "12-26 juli", "12 juli t/m 3 augustus", "28 december - 4 januari",
// "12/7-26/7", "tot 26 juli", "2 weken". The second value is the key of why it cannot be taken; empty = it can.
func coverPeriod(w coverWords, words string, at time.Time) (civic.Absence, string) {
	words = strings.Join(strings.Fields(strings.ToLower(words)), " ")
	today := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	if days := spanned(w, words); days > 0 {
		return limited(today, today.AddDate(0, 0, days), at)
	}
	sides := coverDash.Split(words, -1)
	if len(sides) > 2 {
		return civic.Absence{}, "cover.how"
	}
	last, ok := dateOf(w, sides[len(sides)-1], today)
	first := last
	if ok && len(sides) == 2 {
		if first, ok = dateOf(w, sides[0], today); sides[0] == "" {
			first, ok = dated{today.Day(), int(today.Month()), today.Year()}, true
		}
	}
	if first.month == 0 {
		first.month = last.month
	}
	if !ok || first.month == 0 || last.month == 0 {
		return civic.Absence{}, "cover.how"
	}
	return placed(first, last, today, at)
}

// spanned reads "10 dagen" or "2 weken".
func spanned(w coverWords, words string) int {
	m := coverSpan.FindStringSubmatch(words)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // digits
	switch {
	case slices.Contains(w.days, m[2]):
		return n
	case slices.Contains(w.weeks, m[2]):
		return n * 7
	}
	return 0
}

// dateOf reads a day: a number with a month or without, today or tomorrow.
func dateOf(w coverWords, side string, today time.Time) (dated, bool) {
	for i, said := range [][]string{w.today, w.tomorrow} {
		if slices.Contains(said, side) {
			at := today.AddDate(0, 0, i)
			return dated{at.Day(), int(at.Month()), at.Year()}, true
		}
	}
	m := coverDay.FindStringSubmatch(side)
	if m == nil {
		return dated{}, false
	}
	var d dated
	d.day, _ = strconv.Atoi(m[1])
	d.year, _ = strconv.Atoi(m[3])
	if m[2] == "" {
		return d, true
	}
	if n, err := strconv.Atoi(m[2]); err == nil {
		d.month = n
		return d, n >= 1 && n <= 12
	}
	const shortest = 3 // letters of a month
	for i, name := range w.months {
		if len(m[2]) >= shortest && strings.HasPrefix(name, m[2]) {
			d.month = i + 1
			return d, true
		}
	}
	return d, false
}

// placed finds the year that was meant: the period that runs or comes next, over the end of a year if need be.
func placed(first, last dated, today, now time.Time) (civic.Absence, string) {
	turns := first.month > last.month // over the end of a year
	switch {
	case first.month == last.month && first.day > last.day:
		return civic.Absence{}, "cover.how"
	case last.year != 0 && first.year == 0 && turns:
		first.year = last.year - 1
	case last.year != 0 && first.year == 0:
		first.year = last.year
	}
	year := first.year
	if year == 0 {
		year = today.Year() - 1
	}
	for ; year <= today.Year()+1; year++ {
		from, ok1 := onDay(first, year, today)
		until, ok2 := onDay(last, year, today)
		if last.year == 0 && turns {
			until, ok2 = onDay(last, year+1, today)
		}
		if last.year != 0 {
			until, ok2 = onDay(last, last.year, today)
		}
		if !ok1 || !ok2 || until.Before(from) {
			return civic.Absence{}, "cover.how"
		}
		over := today.Sub(until)
		switch {
		case over <= 0:
			return limited(from, until.AddDate(0, 0, 1), now)
		case over < lately*day24, first.year != 0:
			return civic.Absence{}, "cover.past"
		}
	}
	return civic.Absence{}, "cover.past"
}

func limited(from, until, now time.Time) (civic.Absence, string) {
	if from.Before(now) {
		from = now
	}
	if until.Sub(from) > longestCover*day24 {
		return civic.Absence{}, "cover.long"
	}
	return civic.Absence{From: from, Until: until}, ""
}

// onDay is the day in a year; false when there is no such day.
func onDay(d dated, year int, like time.Time) (time.Time, bool) {
	at := time.Date(year, time.Month(d.month), d.day, 0, 0, 0, 0, like.Location())
	return at, at.Day() == d.day && int(at.Month()) == d.month
}
