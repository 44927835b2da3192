package flows

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// weekdaysOf gives the names of the days of the week, from Sunday.
func weekdaysOf(t *bot.Turn) [7][]string {
	var names [7][]string
	for i := range names {
		names[i] = t.Words("time.weekday.words." + strconv.Itoa(i))
	}
	return names
}

// parseDay reads a day and a time as people type them: "dinsdag 19.00", "di om 19 uur", "24-10 9.00", or what [parseUntil]
// reads. A day of the week is the next one; a date that has passed is next year's.
func parseDay(weekdays [7][]string, words untilWords, text string, now time.Time) (time.Time, bool) {
	var rest []string
	days, week := -1, false
	for piece := range strings.FieldsSeq(strings.ToLower(text)) {
		piece = strings.Trim(piece, ",;!")
		if d, named := weekdayIn(weekdays, piece, now); named && days < 0 {
			days, week = d, true
			continue
		}
		if d, ok := daysTo(piece, now); ok && days < 0 {
			days = d
			continue
		}
		rest = append(rest, piece)
	}
	if days < 0 {
		return parseUntil(words, text, now)
	}
	clock := strings.Join(rest, " ")
	if !strings.ContainsAny(clock, "0123456789") {
		return time.Time{}, false
	}
	typed := typedTime{day: -1, hour: -1, number: -1}
	for _, piece := range timePiece.FindAllString(clock, -1) {
		if !typed.take(words, piece) {
			return time.Time{}, false
		}
	}
	if typed.relative || typed.day >= 0 {
		return time.Time{}, false
	}
	typed.day, typed.absolute = days, true
	at, ok := typed.after(now)
	if ok && week && !at.After(now) {
		typed.day = 7
		return typed.after(now)
	}
	return at, ok
}

// weekdayIn is how many days there are to a day of the week.
func weekdayIn(weekdays [7][]string, piece string, now time.Time) (int, bool) {
	for i, names := range weekdays {
		if slices.Contains(names, piece) {
			return (i - int(now.Weekday()) + 7) % 7, true
		}
	}
	return 0, false
}

// daysTo is how many days there are to a date like 24-10 or 24/10.
func daysTo(piece string, now time.Time) (int, bool) {
	dayNumber, month, ok := dayMonth(piece)
	if !ok {
		return 0, false
	}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	date := time.Date(now.Year(), month, dayNumber, 0, 0, 0, 0, time.UTC)
	if date.Before(midnight) {
		date = date.AddDate(1, 0, 0)
	}
	return int(date.Sub(midnight) / (24 * time.Hour)), true
}

// dayMonth reads a date like 24-10 or 24/10.
func dayMonth(piece string) (int, time.Month, bool) {
	d, m, ok := strings.Cut(strings.ReplaceAll(piece, "/", "-"), "-")
	number, badDay := strconv.Atoi(d)
	month, badMonth := strconv.Atoi(m)
	if !ok || badDay != nil || badMonth != nil || month < 1 || month > 12 || number < 1 || number > 31 {
		return 0, 0, false
	}
	return number, time.Month(month), true
}
