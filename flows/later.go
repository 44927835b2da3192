package flows

import (
	"context"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	laterForm  = "later"
	laterTimer = "case.later" // ref: case
	laterHour  = 9            // o'clock, when a case that was put off comes back
)

// laterDays is for how many days a case can be put off.
var laterDays = map[string]int{"tomorrow": 1, "days": 3, "week": 7, "month": 28}

// delay is a case that is being put off.
type delay struct {
	Ref   string `json:"ref"`
	Until string `json:"until,omitempty"`
}

// puttingOff asks until when a case can wait.
func puttingOff() bot.Form[delay] {
	return bot.Form[delay]{
		Name: laterForm, Needs: civic.TriageCase, Start: startDelay, Done: snooze,
		Scope: func(ctx context.Context, t *bot.Turn, d delay) (civic.Scope, error) { return scopeOf(ctx, t, d.Ref) },
		Steps: []bot.Step[delay]{
			about[delay]{
				bot.Pick("until", func(d *delay) *string { return &d.Until }, "tomorrow", "days", "week", "month"),
				func(d delay) string { return d.Ref },
			},
		},
	}
}

func startDelay(ctx context.Context, t *bot.Turn, in bot.Input) (delay, []string, error) {
	c, err := caseByRef(ctx, t, in.Args)
	if err == nil {
		err = delayable(ctx, t, c)
	}
	return delay{Ref: c.Ref}, nil, err
}

// delayable refuses what cannot be put off: an emergency, and what coordinators do not have.
func delayable(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if err := readable(ctx, t, c); err != nil {
		return err
	}
	if c.Urgency == civic.Emergency {
		return bot.Refuse("later.urgent", "ref", c.Ref)
	}
	return mayDecide(t, c)
}

// snooze puts a case away until the morning of a day. It stays with whoever put it off.
func snooze(ctx context.Context, t *bot.Turn, d delay) error {
	c, err := caseByRef(ctx, t, d.Ref)
	if err != nil {
		return err
	}
	if err := delayable(ctx, t, c); err != nil {
		return err
	}
	if err := inHand(ctx, t, &c); err != nil {
		return err
	}
	now := t.Now.In(zone(t))
	until := time.Date(now.Year(), now.Month(), now.Day()+laterDays[d.Until], laterHour, 0, 0, 0, zone(t))
	c.SnoozedTill = until
	if err := t.Wake(ctx, laterTimer, strconv.FormatInt(c.ID, 10), until); err != nil {
		return err
	}
	if err := move(ctx, t, &c, civic.Snoozed); err != nil {
		return err
	}
	return t.Say(ctx, "later.done", "ref", c.Ref, "until", moment(t, t.Lang(), until))
}

// comesBack brings a case back that was put off until now.
func comesBack(ctx context.Context, t *bot.Turn, ref string) error {
	c, ok, err := timed(ctx, t, ref)
	if !ok || c.Status != civic.Snoozed || c.SnoozedTill.After(t.Now) {
		return err
	}
	if err := move(ctx, t, &c, civic.InTriage); err != nil {
		return err
	}
	return tellOwner(ctx, t, c, "case.owner.back")
}

// mayRelease keeps a case with whoever has it, but for a coordinator of the whole network.
func mayRelease(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Owner == 0 || c.Owner == t.Actor.ID || t.Actor.Holds(civic.NetworkCoordinator, c.Scope(), t.Late()) {
		return nil
	}
	name, err := ownerOf(ctx, t, t.Lang(), c)
	if err != nil {
		return err
	}
	return bot.Refuse("case.release.other", "name", name)
}

// release gives a case back that one cannot go on with. A coordinator of the whole network may do it for somebody else,
// who fell ill.
func release(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Owner == 0 || !inCare(c.Status) {
		return stands(t, c)
	}
	if err := mayRelease(ctx, t, c); err != nil {
		return err
	}
	if err := tellOwner(ctx, t, c, "case.owner.released"); err != nil {
		return err
	}
	if err := free(ctx, t, &c, "released"); err != nil {
		return err
	}
	return t.Answer(ctx, "case.released", "ref", c.Ref)
}
