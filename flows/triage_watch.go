package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The timers of a case. They are stored with the case's change, so one that runs out while the program is down rings
// once when it is up again.
const (
	claimTimer = "case.claim" // ref: case
	waitTimer  = "case.waits" // ref: case and rung, "17/0"
)

// How long a claim holds after the last deed (feature D35).
const (
	urgentClaim = 2 * time.Hour
	calmClaim   = 24 * time.Hour
)

// rung says who is called when nobody has taken a case for so long.
type rung struct {
	after time.Duration
	roles []civic.Role // whoever of them may know of the case
}

// The ladders of feature D40. Who is called at everybody's rung can do something about the case; after it only police.
var (
	binco        = []civic.Role{civic.Deputy, civic.StreetCoordinator, civic.NetworkCoordinator}
	urgentLadder = []rung{
		{10 * time.Minute, []civic.Role{civic.Deputy}}, {20 * time.Minute, binco}, {30 * time.Minute, []civic.Role{civic.Police}},
	}
	calmLadder = []rung{{day24, []civic.Role{civic.Deputy}}, {3 * day24, binco}}
)

const everybody = 1 // the rung of all coordinators, on either ladder

func ladderOf(c civic.Case) []rung {
	if c.Urgency == civic.Emergency {
		return urgentLadder
	}
	return calmLadder
}

func rungRef(c civic.Case, n int) string { return fmt.Sprintf("%d/%d", c.ID, n) }

// waits reports whether a case wants a coordinator to take it up.
func waits(c civic.Case) bool {
	switch c.Status {
	case civic.Received, civic.ReopenRequested:
		return true
	case civic.Reopened, civic.InTriage, civic.InfoRequested, civic.InfoReceived:
		return c.Owner == 0
	case civic.Forwarded, civic.Accepted, civic.Planned, civic.Snoozed, civic.Resolved, civic.Closed, civic.Duplicate,
		civic.Withdrawn:
	}
	return false
}

// watch begins to count from now how long a case waits. When nobody was shown the case who may work on it, whoever can be
// called is called at once.
func watch(ctx context.Context, t *bot.Turn, c civic.Case) error {
	seen, err := someoneSees(ctx, t, c)
	if err != nil {
		return err
	}
	for n, r := range ladderOf(c) {
		after := r.after
		if n == 0 && !seen {
			after = 0
		}
		if err := t.WakeIn(ctx, waitTimer, rungRef(c, n), after); err != nil {
			return err
		}
	}
	return nil
}

// someoneSees reports whether the card of a case stands before somebody who may read what it is about.
func someoneSees(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	shown, err := coordinatorsDesk.chats(ctx, t, c)
	if err != nil || len(shown) == 0 || !c.Sensitive() {
		return len(shown) > 0, err
	}
	people, err := t.Tx.Holders(ctx, civic.NetworkCoordinator, c.Scope(), t.Now)
	if err == nil {
		people, err = unbarred(ctx, t, c, people)
	}
	return len(people) > 0, err
}

// keepTime lets the claim on a case begin anew after a deed, and ends the waiting once somebody has it.
func keepTime(ctx context.Context, t *bot.Turn, c civic.Case) error {
	ref := strconv.FormatInt(c.ID, 10)
	var err error
	if c.Owner != 0 && inCare(c.Status) {
		err = t.WakeIn(ctx, claimTimer, ref, claimLife(c))
	} else {
		err = t.Tx.Sleep(ctx, claimTimer, ref)
	}
	if err != nil || waits(c) {
		return err
	}
	return rest(ctx, t, c)
}

// claimLife is how long a claim holds; while a question is with the reporter, nobody else could do more, unless it presses.
func claimLife(c civic.Case) time.Duration {
	switch {
	case c.Urgency == civic.Emergency:
		return urgentClaim
	case c.Status == civic.InfoRequested:
		return answerDays * day24
	}
	return calmClaim
}

// timed loads the case of a timer; false when there is none any more.
func timed(ctx context.Context, t *bot.Turn, id string) (civic.Case, bool, error) {
	c, err := caseOf(ctx, t, id)
	if errors.Is(err, bot.ErrNotFound) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	return c, true, t.Settle(ctx, c.Network)
}

// claimEnds frees a case with which nothing was done for long, or ends the waiting for an answer.
func claimEnds(ctx context.Context, t *bot.Turn, ref string) error {
	c, ok, err := timed(ctx, t, ref)
	if !ok || c.Owner == 0 || !inCare(c.Status) {
		return err
	}
	if c.Status == civic.InfoRequested {
		if err := move(ctx, t, &c, civic.InTriage); err != nil {
			return err
		}
		if c.Urgency != civic.Emergency {
			return tellOwner(ctx, t, c, "case.owner.unanswered", "days", answerDays)
		}
	}
	if err := tellOwner(ctx, t, c, "case.owner.expired"); err != nil {
		return err
	}
	return free(ctx, t, &c, "claim_expired")
}

// free takes a case from its owner and looks for another.
func free(ctx context.Context, t *bot.Turn, c *civic.Case, what string) error {
	c.Owner = 0
	if err := saveCase(ctx, t, c, what); err != nil {
		return err
	}
	return watch(ctx, t, *c)
}

// climb calls the people of a rung, and when none of them can be reached those of the next one. When many cases came at once,
// their people are called for all of them together.
func climb(ctx context.Context, t *bot.Turn, ref string) error {
	id, step, _ := strings.Cut(ref, "/")
	n, err := strconv.Atoi(step)
	if err != nil {
		return fmt.Errorf("rung %q: %w", ref, err)
	}
	c, ok, err := timed(ctx, t, id)
	if !ok || !waits(c) || overtaken(t, c, n) {
		return err
	}
	if waiting, err := gather(ctx, t, c, n); waiting || err != nil {
		return err
	}
	return callUp(ctx, t, []civic.Case{c}, n)
}

// overtaken reports whether the rung of everybody is due as well, which calls the people of this one with the others: after
// a downtime the timers of several rungs run out together, and nobody is to be called twice for it.
func overtaken(t *bot.Turn, c civic.Case, n int) bool {
	if n >= everybody {
		return false
	}
	ladder := ladderOf(c)
	began := t.Due.Add(-ladder[n].after)
	return !t.Now.Before(began.Add(ladder[everybody].after))
}

// rest ends the calling.
func rest(ctx context.Context, t *bot.Turn, c civic.Case) error {
	for n := range ladderOf(c) {
		if err := t.Tx.Sleep(ctx, waitTimer, rungRef(c, n)); err != nil {
			return err
		}
	}
	return nil
}
