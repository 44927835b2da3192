package flows

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// How long an alert may hold. Its description of people is neutralised after 72 hours (domain §2.4), so it cannot hold
// any longer.
const (
	shortestAlert = 10 * time.Minute
	longestHold   = 72 * time.Hour
	usualHold     = 2 * time.Hour // of an alert from a case, unless its issuer changes it
)

// The choices of the question until when.
const (
	untilHour     = "1h"
	untilTwo      = "2h"
	untilEvening  = "evening"
	untilTomorrow = "tomorrow"
)

// The hours of the two choices that name one.
const (
	eveningHour  = 23
	tomorrowHour = 12
)

// lasting asks until when an alert holds: one of the buttons, or a time as people type it.
type lasting struct{}

// Name implements [bot.Step].
func (lasting) Name() string { return "until" }

// Optional implements [bot.Step].
func (lasting) Optional() bool { return false }

// Applies implements [bot.Step].
func (lasting) Applies(*alarm) bool { return true }

// Wants implements [bot.Step].
func (lasting) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Clear implements [bot.Step].
func (lasting) Clear(a *alarm) { a.Until = time.Time{} }

// Keys implements [bot.Step].
func (lasting) Keys(form string) []string { return []string{form + ".until.ask"} }

// Ask implements [bot.Step].
func (lasting) Ask(_ context.Context, t *bot.Turn, form string, a alarm) (bot.Message, error) {
	t = then(t, a.Planned)
	return bot.Message{Text: t.T(form + ".until.ask"), Rows: bot.Rows(holdChoices(t)...)}, nil
}

func holdChoices(t *bot.Turn) []bot.Choice {
	choices := []bot.Choice{
		{Key: untilHour, Label: t.T("alert.until.1h")},
		{Key: untilTwo, Label: t.T("alert.until.2h")},
	}
	if evening := onClock(t, 0, eveningHour); evening.After(t.Now.Add(2 * time.Hour)) {
		label := t.T("alert.until.evening", "time", raw(clock(t, t.Lang(), evening)))
		choices = append(choices, bot.Choice{Key: untilEvening, Label: label})
	}
	label := t.T("alert.until.tomorrow", "time", raw(clock(t, t.Lang(), onClock(t, 1, tomorrowHour))))
	return append(choices, bot.Choice{Key: untilTomorrow, Label: label})
}

// Take implements [bot.Step].
func (lasting) Take(_ context.Context, t *bot.Turn, in bot.Input, a *alarm) error {
	if in.Media != nil {
		return bot.Refuse("media." + string(in.Media.Kind))
	}
	t = then(t, a.Planned)
	key := in.Choice
	choices := holdChoices(t)
	if n, err := strconv.Atoi(strings.TrimSpace(in.Text)); err == nil && n >= 1 && n <= len(choices) {
		key = choices[n-1].Key
	}
	until, ok := chosenHold(t, key)
	if !ok {
		until, ok = parseUntil(untilWordsOf(t), in.Text, t.Now.In(zone(t)))
	}
	if !ok {
		return bot.Refuse("alert.until.unclear")
	}
	if err := checkHold(t, until); err != nil {
		return err
	}
	a.Until = until
	return nil
}

// checkHold refuses an end that has passed, is too near or too far away.
func checkHold(t *bot.Turn, until time.Time) error {
	switch {
	case until.Before(t.Now.Add(shortestAlert)):
		return bot.Refuse("alert.until.soon", "time", moment(t, t.Lang(), until))
	case until.After(t.Now.Add(longestHold)):
		return bot.Refuse("alert.until.far", "hours", int(longestHold/time.Hour))
	}
	return nil
}

func chosenHold(t *bot.Turn, key string) (time.Time, bool) {
	switch key {
	case untilHour:
		return rounded(t.Now.Add(time.Hour)), true
	case untilTwo:
		return rounded(t.Now.Add(2 * time.Hour)), true
	case untilEvening:
		return onClock(t, 0, eveningHour), true
	case untilTomorrow:
		return onClock(t, 1, tomorrowHour), true
	}
	return time.Time{}, false
}

// onClock is a whole hour on the network's clock, so many days from today.
func onClock(t *bot.Turn, days, hour int) time.Time {
	now := t.Now.In(zone(t))
	return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, zone(t))
}

// rounded is the time, or the next one that can be said in fives of minutes.
func rounded(at time.Time) time.Time {
	const five = 5 * time.Minute
	if whole := at.Truncate(five); !whole.Equal(at) {
		return whole.Add(five)
	}
	return at
}

// untilWords are the words that a typed time may hold.
type untilWords struct{ today, tomorrow, in, until, hours, minutes, days []string }

func untilWordsOf(t *bot.Turn) untilWords {
	const key = "alert.until.words."
	return untilWords{
		today: t.Words(key + "today"), tomorrow: t.Words(key + "tomorrow"), in: t.Words(key + "in"),
		until: t.Words(key + "until"), hours: t.Words(key + "hours"), minutes: t.Words(key + "minutes"),
		days: t.Words(key + "days"),
	}
}

var timePiece = regexp.MustCompile(`\d{1,2}[.:uh]\d{2}|\d{1,4}|\p{L}+`)

// typedTime is what the pieces of a typed time come down to; -1 is not said.
type typedTime struct {
	day, hour, minute, number int
	relative, absolute        bool
	unit                      time.Duration
}

// parseUntil reads a time as people type it: "23.00", "tot 23 uur", "2 uur", "over 90 minuten", "over een half uur",
// "morgen 12:00". The time is on now's clock and after now, except one that is said to be today's. A few hours are a
// length of time; more than six are a time of the day.
func parseUntil(words untilWords, text string, now time.Time) (time.Time, bool) {
	const longest = 60 // bytes; nobody needs more to tell a time
	if len(text) > longest {
		return time.Time{}, false
	}
	typed := typedTime{day: -1, hour: -1, number: -1}
	for _, piece := range timePiece.FindAllString(civic.Figures(text), -1) {
		if !typed.take(words, piece) {
			return time.Time{}, false
		}
	}
	return typed.after(now)
}

// take understands one piece; false when it has no place.
func (s *typedTime) take(words untilWords, piece string) bool {
	number, err := strconv.Atoi(piece)
	switch {
	case err == nil && s.number < 0 && s.hour < 0:
		s.number = number
	case strings.ContainsAny(piece, ".:uh") && piece[0] <= '9' && s.hour < 0 && s.number < 0:
		cut := strings.IndexAny(piece, ".:uh")
		s.hour, _ = strconv.Atoi(piece[:cut])
		s.minute, _ = strconv.Atoi(piece[cut+1:])
	case slices.Contains(words.today, piece):
		s.day = 0
	case slices.Contains(words.tomorrow, piece):
		s.day = 1
	case slices.Contains(words.in, piece):
		s.relative = true
	case slices.Contains(words.until, piece):
		s.absolute = true
	case slices.Contains(words.hours, piece):
		s.unit = time.Hour
	case slices.Contains(words.minutes, piece):
		s.unit = time.Minute
	case slices.Contains(words.days, piece):
		s.unit = 24 * time.Hour
	default:
		return false
	}
	return true
}

// after is the time that was meant.
func (s *typedTime) after(now time.Time) (time.Time, bool) {
	const fewHours = 6
	length := s.unit != 0 && (s.unit != time.Hour || s.relative || !s.absolute && s.day < 0 && s.number <= fewHours)
	switch {
	case s.number > 0 && length:
		return rounded(now.Add(time.Duration(s.number) * s.unit)), true
	case s.number >= 100 && s.unit == 0:
		s.hour, s.minute = s.number/100, s.number%100
	case s.number >= 0 && (s.unit == 0 || s.unit == time.Hour):
		s.hour = s.number
	}
	if s.relative || s.hour < 0 || s.hour > 24 || s.minute > 59 || s.hour == 24 && s.minute > 0 {
		return time.Time{}, false
	}
	at := time.Date(now.Year(), now.Month(), now.Day()+max(s.day, 0), s.hour, s.minute, 0, 0, now.Location())
	if s.day < 0 && !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, s.hour, s.minute, 0, 0, now.Location())
	}
	return at, true
}
