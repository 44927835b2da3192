package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The choices of the question when it happened.
const (
	whenNow     = "now"
	whenQuarter = "quarter"
	whenHour    = "hour"
)

const (
	fineTime   = 5 * time.Minute     // nobody knows it any better
	longestAgo = 30 * 24 * time.Hour // nobody remembers what they saw before
)

// dating asks when it happened, or when somebody who is missing was seen last: one of the buttons, or a time as people type
// it. Information has no such time.
type dating[A any] struct {
	in   func(*A) *time.Time
	kind func(*A) civic.AlertKind
}

// Name implements [bot.Step].
func (dating[A]) Name() string { return "when" }

// Optional implements [bot.Step].
func (dating[A]) Optional() bool { return false }

// Applies implements [bot.Step].
func (d dating[A]) Applies(a *A) bool { return d.kind(a) != civic.InfoAlert }

// Wants implements [bot.Step].
func (dating[A]) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Clear implements [bot.Step].
func (d dating[A]) Clear(a *A) { *d.in(a) = time.Time{} }

// Keys implements [bot.Step].
func (dating[A]) Keys(string) []string { return []string{"alert.when.ask", "alert.when.missing.ask"} }

// Ask implements [bot.Step].
func (d dating[A]) Ask(_ context.Context, t *bot.Turn, _ string, a A) (bot.Message, error) {
	text := t.T("alert.when.ask")
	if d.kind(&a) == civic.MissingAlert {
		text = t.T("alert.when.missing.ask")
	}
	return bot.Message{Text: text, Rows: bot.Rows(whenChoices(t)...)}, nil
}

func whenChoices(t *bot.Turn) []bot.Choice {
	return []bot.Choice{
		{Key: whenNow, Label: t.T("alert.when.now")},
		{Key: whenQuarter, Label: t.T("alert.when.quarter")},
		{Key: whenHour, Label: t.T("alert.when.hour")},
	}
}

// Take takes one of the buttons, or a time that has been.
func (d dating[A]) Take(_ context.Context, t *bot.Turn, in bot.Input, a *A) error {
	if in.Media != nil {
		return bot.Refuse("media." + string(in.Media.Kind))
	}
	at, ok := chosenWhen(t, in)
	if !ok {
		at, ok = parsePast(weekdaysOf(t), pastWordsOf(t), in.Text, t.Now.In(zone(t)))
	}
	switch {
	case !ok:
		return bot.Refuse("alert.when.unclear")
	case at.After(t.Now):
		return bot.Refuse("alert.when.future")
	case t.Now.Sub(at) > longestAgo:
		return bot.Refuse("alert.when.old", "days", int(longestAgo/day24))
	}
	*d.in(a) = at
	return nil
}

// chosenWhen is the time of the button that was pressed, or whose label or number was typed.
func chosenWhen(t *bot.Turn, in bot.Input) (time.Time, bool) {
	key := in.Choice
	for i, c := range whenChoices(t) {
		if chosenLabel(in.Text, c, i+1) {
			key = c.Key
		}
	}
	ago, known := map[string]time.Duration{whenNow: 0, whenQuarter: 15 * time.Minute, whenHour: time.Hour}[key]
	return t.Now.Add(-ago).Truncate(fineTime), known
}

// chosenLabel reports whether a text is what a button says, or its number.
func chosenLabel(typed string, c bot.Choice, nth int) bool {
	typed = strings.TrimSpace(typed)
	return typed == strconv.Itoa(nth) || strings.EqualFold(typed, c.Label)
}

// happened is when it happened, as far as its first report tells: what was caught in the act. Zero = that is not known.
func happened(reports []civic.Report) time.Time {
	if len(reports) == 0 || reports[0].When != civic.Now && reports[0].When != civic.MinutesAgo {
		return time.Time{}
	}
	return reports[0].Filed.Truncate(fineTime)
}

// whenLine tells when it happened. It always names the day: an alert is read later than it is written, too.
func whenLine(t *bot.Turn, lang string, a civic.Alert) string {
	switch {
	case a.Happened.IsZero():
		return ""
	case a.Kind == civic.MissingAlert:
		return t.In(lang, "alert.say.when.missing", "day", day(t, lang, a.Happened), "time", clock(t, lang, a.Happened))
	}
	return t.In(lang, "alert.say.when", "day", day(t, lang, a.Happened), "time", clock(t, lang, a.Happened))
}

// withWhen is a text with the line that tells when it happened.
func withWhen(t *bot.Turn, lang, text string, a civic.Alert) string {
	if line := whenLine(t, lang, a); line != "" {
		return text + "\n" + line
	}
	return text
}

// pastWords are the words that a typed time in the past may hold.
type pastWords struct {
	untilWords

	yesterday, ago, around, now []string
}

func pastWordsOf(t *bot.Turn) pastWords {
	const key = "alert.when.words."
	return pastWords{
		untilWords: untilWordsOf(t), yesterday: t.Words(key + "yesterday"), ago: t.Words(key + "ago"),
		around: t.Words(key + "around"), now: t.Words(key + "now"),
	}
}

// parsePast reads a time that has been, as people type it: "21.45", "rond 21 uur", "gisteren 23.00", "zaterdag 22.30",
// "12-10 14.00", "2 uur geleden", "vijf minuten geleden". Without a day it is the last time that the clock said so.
func parsePast(weekdays [7][]string, words pastWords, text string, now time.Time) (time.Time, bool) {
	const longest = 60 // bytes; nobody needs more to tell a time
	if len(text) > longest {
		return time.Time{}, false
	}
	typed := pastTime{typedTime: typedTime{day: -1, hour: -1, number: -1}, back: -1}
	for piece := range strings.FieldsSeq(civic.Figures(text)) {
		if !typed.take(weekdays, words, strings.Trim(piece, ",;!?."), now) {
			return time.Time{}, false
		}
	}
	return typed.before(now)
}

// pastTime is what the pieces of a time that has been come down to.
type pastTime struct {
	typedTime

	back     int // days; -1 is not said
	ago, now bool
}

// take understands one piece; false when it has no place.
func (p *pastTime) take(weekdays [7][]string, words pastWords, piece string, now time.Time) bool {
	days, named := daysBack(weekdays, words, piece, now)
	switch {
	case named && p.back < 0:
		p.back = days
	case slices.Contains(words.now, piece):
		p.now = true
	case slices.Contains(words.ago, piece):
		p.ago = true
	case slices.Contains(words.around, piece):
	default:
		for _, part := range timePiece.FindAllString(piece, -1) {
			if !p.typedTime.take(words.untilWords, part) {
				return false
			}
		}
	}
	return true
}

// before is the time that was meant.
func (p *pastTime) before(now time.Time) (time.Time, bool) {
	said := p.hour >= 0 || p.number >= 0 || p.back >= 0
	switch {
	case p.now:
		return now.Truncate(fineTime), !said && !p.ago
	case p.day > 0 || p.relative:
		return time.Time{}, false
	case p.ago:
		return now.Add(-time.Duration(p.number) * p.unit).Truncate(fineTime), p.number > 0 && p.unit > 0 && p.back < 0
	case p.unit != 0 && p.unit != time.Hour:
		return time.Time{}, false
	case p.number >= 100:
		p.hour, p.minute = p.number/100, p.number%100
	case p.number >= 0:
		p.hour = p.number
	}
	if p.hour < 0 || p.hour > 23 || p.minute > 59 {
		return time.Time{}, false
	}
	at := time.Date(now.Year(), now.Month(), now.Day()-max(p.back, 0), p.hour, p.minute, 0, 0, now.Location())
	if p.back < 0 && p.day < 0 && at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()-1, p.hour, p.minute, 0, 0, now.Location())
	}
	return at, true
}

// daysBack is how many days ago a day was: yesterday, a day of the week, or a date like 24-10. One of the week is the last
// one; today's is today.
func daysBack(weekdays [7][]string, words pastWords, piece string, now time.Time) (int, bool) {
	if slices.Contains(words.yesterday, piece) {
		return 1, true
	}
	if ahead, ok := weekdayIn(weekdays, piece, now); ok {
		return (7 - ahead) % 7, true
	}
	d, month, ok := dayMonth(piece)
	if !ok {
		return 0, false
	}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	date := time.Date(now.Year(), month, d, 0, 0, 0, 0, time.UTC)
	if date.After(midnight) {
		date = date.AddDate(-1, 0, 0)
	}
	return int(midnight.Sub(date) / (24 * time.Hour)), true
}
