package flows

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// planLead is what people write before a day, and planWeek a week of the year.
var (
	planLead = regexp.MustCompile(`^(op|voor|uiterlijk|vóór|on|by|for|before|the)\s+`)
	planWeek = regexp.MustCompile(`^(?:in )?week (\d{1,2})$`)
)

// longestPlan is how far ahead a partner can plan.
const longestPlan = 366 * day24

// planOn plans for the day that a partner wrote: "3 december", "3-12", "morgen", "week 49".
func planOn(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, words string) error {
	if !theirs(c, h) {
		return stands(t, c)
	}
	at, ok := plannedDay(t, words)
	if !ok {
		return bot.Refuse("handover.words.when", "ref", c.Ref)
	}
	return planFor(ctx, t, c, h, at)
}

// plannedDay is the next day that is meant, at its beginning; false when none is, or when it is past or too far away.
func plannedDay(t *bot.Turn, words string) (time.Time, bool) {
	tomorrow := t.Morning(0)
	today := tomorrow.AddDate(0, 0, -1)
	words = strings.Trim(strings.Join(strings.Fields(strings.ToLower(words)), " "), " .!")
	words = strings.ReplaceAll(planLead.ReplaceAllString(words, ""), "-", "/")
	if m := planWeek.FindStringSubmatch(words); m != nil {
		n, _ := strconv.Atoi(m[1]) // digits, by the pattern
		return endOfWeek(n, today)
	}
	for _, lang := range []string{t.Lang(), "nl", "en"} {
		d, ok := dateOf(planWords(t, lang), words, today)
		if !ok || d.month == 0 {
			continue
		}
		for year := today.Year(); year <= today.Year()+1; year++ {
			if d.year != 0 && d.year != year {
				continue
			}
			if at, is := onDay(d, year, today); is && !at.Before(today) {
				return at, at.Sub(today) <= longestPlan
			}
		}
		return time.Time{}, false
	}
	return time.Time{}, false
}

// endOfWeek is the Friday of a week (ISO 8601), this year's or next year's.
func endOfWeek(n int, today time.Time) (time.Time, bool) {
	const friday = 4 // days after Monday
	if n < 1 || n > 53 {
		return time.Time{}, false
	}
	for year := today.Year(); year <= today.Year()+1; year++ {
		first := time.Date(year, time.January, 4, 0, 0, 0, 0, today.Location()) // always in week 1
		monday := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
		at := monday.AddDate(0, 0, 7*(n-1)+friday)
		if _, week := at.ISOWeek(); week == n && !at.Before(today) {
			return at, at.Sub(today) <= longestPlan
		}
	}
	return time.Time{}, false
}

// planWords are a language's words for days.
func planWords(t *bot.Turn, lang string) coverWords {
	list := func(key string) []string { return strings.Split(strings.ReplaceAll(t.In(lang, key), " ", ""), ",") }
	w := coverWords{today: list("cover.words.today"), tomorrow: list("cover.words.tomorrow")}
	for n := 1; n <= 12; n++ {
		w.months = append(w.months, strings.ToLower(t.In(lang, "time.month."+strconv.Itoa(n))))
	}
	return w
}
