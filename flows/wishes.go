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

const (
	wishesKind = "wishes" // the card on which a person sees and changes what they want to hear: "wishes/PERSON"
	pauseKind  = "pause"
)

// pauseDays are the pauses that are offered; the last is for who does not know yet, and ends after a year.
var pauseDays = []int{7, 14, 28, longestPause}

const longestPause = 365

// Wishes lets members say how much they want to hear, take a pause, and move.
func Wishes() bot.Feature {
	return bot.Feature{
		Name:  "wishes",
		Flows: []bot.Flow{moving()},
		Cards: []bot.Card{{Kind: wishesKind, Render: wishesCard}},
		Commands: []bot.CommandSpec{
			{Name: "voorkeuren", Needs: civic.SetWishes, Do: showWishes},
			{Name: "pauze", Needs: civic.SetWishes, Do: askPause},
			{Name: "verhuisd", Needs: civic.SetWishes, Flow: movingForm},
		},
		Actions: []bot.Action{
			{Name: "wishes.urgent", Needs: civic.SetWishes, On: onSelf, Do: wish(func(w *civic.Wishes) { w.Urgent = !w.Urgent })},
			{Name: "wishes.nearby", Needs: civic.SetWishes, On: onSelf, Do: wish(func(w *civic.Wishes) { w.Nearby = !w.Nearby })},
			{Name: "wishes.quiet", Needs: civic.SetWishes, On: onSelf, Do: wish(nextQuiet)},
			{Name: "wishes.digest", Needs: civic.SetWishes, On: onSelf, Do: wish(func(w *civic.Wishes) { w.Digest = !w.Digest })},
			{Name: "wishes.pause", Needs: civic.SetWishes, On: onSelf, Do: pauseWished},
			{Name: "pause.set", Needs: civic.SetWishes, On: onSelf, Do: pausePressed},
			{Name: "pause.end", Needs: civic.SetWishes, On: onSelf, Do: endPause},
		},
		Keys: []string{
			"wishes.urgent.on", "wishes.urgent.off", "wishes.nearby.on", "wishes.nearby.off",
			"wishes.digest.on", "wishes.digest.off",
		},
	}
}

// showWishes shows what the person wants to hear, with a button for each wish.
func showWishes(ctx context.Context, t *bot.Turn, _ string) error {
	about := bot.About(wishesKind, t.Actor.ID)
	m, err := wishesCard(ctx, t, t.Lang(), strconv.FormatInt(t.Actor.ID, 10))
	if err != nil {
		return err
	}
	m.About = about
	return t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Card: about, Message: m})
}

// wishesCard speaks the person's language, which the chat need not know.
func wishesCard(ctx context.Context, t *bot.Turn, _, id string) (bot.Message, error) {
	person, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return bot.Message{}, bot.ErrNotFound
	}
	m, err := t.Person(ctx, person)
	if err != nil {
		return bot.Message{}, err
	}
	lang := t.LangOf(m)
	pause := bot.Choice{Key: "pause", Label: t.In(lang, "wishes.pause")}
	away := t.In(lang, "wishes.no")
	if m.AwayAt(t.Now) {
		away = t.In(lang, "wishes.away", "date", pauseEnd(t, lang, m.Away))
		pause.Label = t.In(lang, "wishes.back")
	}
	return bot.Message{
		Text: t.In(lang, "wishes.card", "urgent", yesNo(t, lang, m.Urgent), "nearby", yesNo(t, lang, m.Nearby),
			"digest", yesNo(t, lang, m.Digest), "quiet", quietLabel(t, lang, m.Quiet), "away", away),
		Rows: bot.Rows(
			bot.Choice{Key: "urgent", Label: t.In(lang, "wishes.urgent."+onOff(m.Urgent))},
			bot.Choice{Key: "nearby", Label: t.In(lang, "wishes.nearby."+onOff(m.Nearby))},
			bot.Choice{Key: "digest", Label: t.In(lang, "wishes.digest."+onOff(m.Digest))},
			bot.Choice{Key: "quiet", Label: t.In(lang, "wishes.quiet")},
			pause,
		),
	}, nil
}

func yesNo(t *bot.Turn, lang string, yes bool) string {
	if yes {
		return t.In(lang, "wishes.yes")
	}
	return t.In(lang, "wishes.no")
}

func onOff(on bool) string {
	if on {
		return "off" // what the button does
	}
	return "on"
}

func quietLabel(t *bot.Turn, lang string, h civic.Hours) string {
	from, until := h.Span()
	if from == until {
		return t.In(lang, "wishes.no")
	}
	return t.In(lang, "wishes.hours", "from", from, "until", until)
}

// wish changes one wish and shows the card anew.
func wish(change func(*civic.Wishes)) func(context.Context, *bot.Turn, bot.Ref) error {
	return func(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
		change(&t.Actor.Wishes)
		if err := t.Tx.SaveMember(ctx, t.Actor, t.Now); err != nil {
			return err
		}
		if err := t.Answer(ctx, "wishes.saved"); err != nil {
			return err
		}
		return t.RefreshNow(ctx, bot.About(wishesKind, t.Actor.ID))
	}
}

// nextQuiet goes on to the next of the quiet hours that can be chosen.
func nextQuiet(w *civic.Wishes) {
	at := slices.Index(civic.QuietChoices, w.Quiet)
	w.Quiet = civic.QuietChoices[(at+1)%len(civic.QuietChoices)]
}

// askPause asks how long, takes a number of days, or offers to end the pause that runs.
func askPause(ctx context.Context, t *bot.Turn, args string) error {
	if t.Actor.AwayAt(t.Now) {
		return t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Message: bot.Message{
			Text:  t.T("pause.runs", "date", pauseEnd(t, t.Lang(), t.Actor.Away)),
			About: bot.About(pauseKind, t.Actor.ID), Rows: bot.Rows(bot.Choice{Key: "end", Label: t.T("pause.end")}),
		}})
	}
	first, _, _ := strings.Cut(strings.TrimSpace(args), " ")
	if days, err := strconv.Atoi(first); err == nil && days >= 1 && days <= longestPause {
		return pause(ctx, t, days)
	}
	var choices []bot.Choice
	for _, days := range pauseDays {
		label := t.T("pause.days", "count", days)
		if days == longestPause {
			label = t.T("pause.open")
		}
		choices = append(choices, bot.Choice{Key: "set:" + strconv.Itoa(days), Label: label})
	}
	return t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Message: bot.Message{
		Text: t.T("pause.ask", "emergency", t.Profile().Emergency), About: bot.About(pauseKind, t.Actor.ID),
		Rows: bot.Rows(choices...),
	}})
}

// pauseEnd is when a pause ends: a day, or when the person says so.
func pauseEnd(t *bot.Turn, lang string, end time.Time) string {
	const open = 300 * 24 * time.Hour // no pause with an end is that long
	if end.Sub(t.Now) > open {
		return t.In(lang, "pause.open.end")
	}
	return day(t, lang, end)
}

func pauseWished(ctx context.Context, t *bot.Turn, _ bot.Ref) error { return askPause(ctx, t, "") }

func pausePressed(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	days, err := strconv.Atoi(r.Arg)
	if err != nil || !slices.Contains(pauseDays, days) {
		return bot.Refuse("press.old")
	}
	return pause(ctx, t, days)
}

// pause keeps every alert away until the morning after so many days.
func pause(ctx context.Context, t *bot.Turn, days int) error {
	year, month, date := t.Now.In(zone(t)).Date()
	if err := awayUntil(ctx, t, time.Date(year, month, date+days, 0, 0, 0, 0, zone(t))); err != nil {
		return err
	}
	if err := t.Refresh(ctx, bot.About(wishesKind, t.Actor.ID)); err != nil {
		return err
	}
	return t.Say(ctx, "pause.done", "date", pauseEnd(t, t.Lang(), t.Actor.Away))
}

// awayUntil stores until when the person is away, in every network of which they are a member: who is on holiday is on
// holiday from all of them.
func awayUntil(ctx context.Context, t *bot.Turn, end time.Time) error {
	networks, err := t.Tx.Belongs(ctx, t.Actor.ID)
	if err != nil {
		return err
	}
	for _, n := range networks {
		m, err := t.Tx.MemberIn(ctx, t.Actor.ID, n)
		if err != nil {
			return err
		}
		m.Away = end
		if err := t.Tx.SaveMember(ctx, m, t.Now); err != nil {
			return err
		}
	}
	t.Actor.Away = end
	return nil
}

func endPause(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	if err := awayUntil(ctx, t, time.Time{}); err != nil {
		return err
	}
	if err := t.Refresh(ctx, bot.About(wishesKind, t.Actor.ID)); err != nil {
		return err
	}
	return t.Say(ctx, "pause.ended")
}
