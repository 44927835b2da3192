package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// linkSaw begins the link under an alert by which somebody tells what they saw: "zag-A-7F3K".
const linkSaw = "zag-"

// linkAlarm begins the link from a partner's card by which police begin an alert: "alarm-KAS-7F3K".
const linkAlarm = "alarm-"

// alertLinks lead from a room to what is told or begun about an alert alone.
func alertLinks() []bot.LinkSpec {
	return []bot.LinkSpec{
		{Name: strings.TrimSuffix(linkSaw, "-"), Needs: civic.DraftReport, Do: openSawLink},
		{Name: strings.TrimSuffix(linkTip, "-"), Needs: civic.OpenCase, Do: openTip},
		{Name: strings.TrimSuffix(linkAlarm, "-"), Needs: civic.SendAlert, Flow: alertForm},
	}
}

// sawChoice begins what the form of a report is told about the alert it answers.
const sawChoice = "saw:"

// openSawLink begins a report that belongs to an alert. It is told here, in private, and never in the street room.
func openSawLink(ctx context.Context, t *bot.Turn, ref string) error {
	a, err := sawAlert(ctx, t, ref)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return t.Say(ctx, "alert.saw.unknown")
	case err != nil:
		return err
	case a.Drill:
		if err := t.Tx.AddReply(ctx, a.ID, t.Actor.ID, t.Now); err != nil {
			return err
		}
		if err := showAnew(ctx, t, a); err != nil {
			return err
		}
		return t.Say(ctx, "alert.saw.drill", "ref", a.Ref)
	case a.Over():
		return t.Say(ctx, "alert.saw.over", "ref", a.Ref)
	}
	return startReport(ctx, t, bot.Input{Choice: sawChoice + a.Ref})
}

// sawAlert is an alert that went to the streets of the person's network. What is no such alert, or is not sent, is as good as
// none.
func sawAlert(ctx context.Context, t *bot.Turn, typed string) (civic.Alert, error) {
	ref, ok := civic.ParseRef(typed)
	if !ok || t.Actor.Guest() {
		return civic.Alert{}, bot.ErrNotFound
	}
	a, err := t.Tx.AlertByRef(ctx, ref)
	if err != nil {
		return a, err
	}
	kept := a.Status == civic.AlertChecked || a.Status == civic.AlertQueued
	if kept || a.Network != t.Network.ID || a.Kind == civic.InfoAlert {
		return a, bot.ErrNotFound
	}
	return a, nil
}

// sawIt makes a draft an answer to an alert: the question whether somebody called comes first, and nobody is asked what
// sort of thing it is.
func sawIt(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) (bool, error) {
	ref, ok := strings.CutPrefix(in.Choice, sawChoice)
	if !ok {
		return false, nil
	}
	a, err := sawAlert(ctx, t, ref)
	if err != nil {
		return false, fmt.Errorf("answer to alert: %w", err)
	}
	d.Alert, d.AlertRef, d.Danger, d.Category = a.ID, a.Ref, true, civic.Other
	if a.Case == 0 {
		return true, nil
	}
	c, err := mergedCase(ctx, t, a.Case)
	if errors.Is(err, bot.ErrNotFound) {
		return true, nil
	}
	d.Category = c.Category
	return true, err
}

// sawFiled notes on the card of the alert that somebody told what they saw.
func sawFiled(ctx context.Context, t *bot.Turn, c civic.Case, reporter int64) error {
	if c.Alert == 0 || c.Subject != civic.SubjectNobody { // a count would tell an officer that there is such a case
		return nil
	}
	if err := t.Tx.AddReply(ctx, c.Alert, reporter, t.Now); err != nil {
		return err
	}
	if many, err := crowded(ctx, t, c); many || err != nil {
		return err // the card is brought up to date with the list
	}
	a, err := t.Tx.Alert(ctx, c.Alert)
	if err != nil {
		return fmt.Errorf("alert that %s answers: %w", c.Ref, err)
	}
	return showAnew(ctx, t, a)
}

// cardReplies counts on an alert's card who answered it; of a drill it tells how soon.
func cardReplies(ctx context.Context, t *bot.Turn, lang string, a civic.Alert) (string, error) {
	times, err := t.Tx.Replies(ctx, a.ID)
	if err != nil || len(times) == 0 {
		return "", err
	}
	if !a.Drill {
		return t.In(lang, "alert.card.replies", "count", len(times)), nil
	}
	after := func(at time.Time) string { return span(t, lang, at.Sub(a.Issued)) }
	return t.In(lang, "alert.card.drill", "count", len(times), "first", after(times[0]),
		"half", after(times[(len(times)-1)/2])), nil
}

// span says a length of time as one says it.
func span(t *bot.Turn, lang string, d time.Duration) string {
	switch {
	case d < time.Minute:
		return t.In(lang, "time.span.seconds", "count", int(d/time.Second))
	case d < time.Hour:
		return t.In(lang, "time.span.minutes", "count", int(d/time.Minute))
	}
	return t.In(lang, "time.span.hours", "count", int(d/time.Hour))
}

// answers says on a case's card that it answers an alert.
func (f *facts) answers(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Alert == 0 {
		return nil
	}
	a, err := t.Tx.Alert(ctx, c.Alert)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	f.state = append(f.state, t.In(f.lang, "case.card.alert", "ref", a.Ref))
	return nil
}

// tellAnswerers tells everybody who answered an alert how it ended, unless they are told as somebody who got the alert.
func tellAnswerers(ctx context.Context, t *bot.Turn, a civic.Alert, f follow) error {
	cases, err := t.Tx.CasesOn(ctx, a.ID)
	if err != nil {
		return err
	}
	told, err := t.Tx.Deliveries(ctx, a.ID, civic.NoticeAllClear, 1)
	if err != nil {
		return fmt.Errorf("deliveries of alert %s: %w", a.Ref, err)
	}
	known := map[int64]bool{}
	for _, d := range told {
		known[d.Person] = true
	}
	write := func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "alert.saw.outcome", "ref", a.Ref, "text", ending(t, lang, f))}
	}
	for _, c := range cases {
		reports, err := t.Tx.Reports(ctx, c.ID)
		if err != nil {
			return fmt.Errorf("answer %s: %w", c.Ref, err)
		}
		if err := tellOthers(ctx, t, reports, known, write); err != nil {
			return err
		}
	}
	return nil
}

// tellOthers tells those who reported, and are not known to be told already.
func tellOthers(
	ctx context.Context, t *bot.Turn, reports []civic.Report, known map[int64]bool, write func(lang string) bot.Message,
) error {
	for _, r := range reports {
		if r.Reporter == 0 || known[r.Reporter] {
			continue
		}
		known[r.Reporter] = true
		if _, err := t.Tell(ctx, r.Reporter, bot.LaneRoutine, write); err != nil {
			return err
		}
	}
	return nil
}
