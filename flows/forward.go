package flows

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// forwardTo hands a case to the partners that were chosen: "police+municipality".
func forwardTo(arg string) deed {
	return func(ctx context.Context, t *bot.Turn, c civic.Case) error {
		partners, err := chosenPartners(ctx, t, c, arg)
		if err != nil {
			return err
		}
		if !withPartner(c) {
			if err := mayDecide(t, c); err != nil {
				return err
			}
		}
		var fresh []civic.Role
		for _, p := range partners {
			open, err := forwardable(ctx, t, c, p)
			if err != nil {
				return err
			}
			if open {
				fresh = append(fresh, p)
			}
		}
		if len(fresh) == 0 {
			return stands(t, c)
		}
		return handOver(ctx, t, c, fresh)
	}
}

// chosenPartners reads what a button says; one from before there were several means whom the case belongs to.
func chosenPartners(ctx context.Context, t *bot.Turn, c civic.Case, arg string) ([]civic.Role, error) {
	if arg == "" {
		found, err := there(ctx, t, c)
		return found[:min(1, len(found))], err
	}
	var partners []civic.Role
	for p := range strings.SplitSeq(arg, "+") {
		if !slices.Contains(civic.Partners, civic.Role(p)) {
			return nil, bot.Refuse("press.old")
		}
		partners = append(partners, civic.Role(p))
	}
	return partners, nil
}

// forwardable reports whether a partner can get a case that it does not have. After it came back often, a coordinator of
// the whole network decides.
func forwardable(ctx context.Context, t *bot.Turn, c civic.Case, partner civic.Role) (bool, error) {
	h, err := handoverOf(ctx, t, c, partner)
	if err != nil || h.Open() {
		return false, err
	}
	if h.Returns >= civic.MostReturns && !t.Actor.Holds(civic.NetworkCoordinator, c.Scope(), t.Late()) {
		return false, bot.Refuse("handover.pingpong",
			"ref", c.Ref, "partner", partnerName(t, t.Lang(), partner), "count", h.Returns)
	}
	chats, err := partnerDesk(partner).chats(ctx, t, c)
	if err == nil && len(chats) == 0 && c.Subject == civic.SubjectPolice && partner == civic.Police {
		return false, bot.Refuse("handover.police", "ref", c.Ref)
	}
	if err == nil && len(chats) == 0 {
		return false, bot.Refuse("handover.nobody", "ref", c.Ref, "partner", partnerName(t, t.Lang(), partner),
			"word", t.T("partner.button."+string(partner)))
	}
	return true, err
}

func handOver(ctx context.Context, t *bot.Turn, c civic.Case, partners []civic.Role) error {
	if !withPartner(c) {
		if err := inHand(ctx, t, &c); err != nil {
			return err
		}
	}
	for _, p := range partners {
		if err := handTo(ctx, t, c, p); err != nil {
			return err
		}
	}
	if err := settleCase(ctx, t, &c, "forwarded"); err != nil {
		return err
	}
	for _, p := range partners {
		if err := partnerDesk(p).show(ctx, t, c); err != nil {
			return err
		}
	}
	if err := tellStep(ctx, t, c); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.sent", "ref", c.Ref, "partner", partnerNames(t, t.Lang(), partners))
}

// forwarded gives a case to the police that nobody handed over.
func forwarded(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	if err := handTo(ctx, t, *c, civic.Police); err != nil {
		return err
	}
	return settleCase(ctx, t, c, "forwarded")
}

// handTo notes that a partner has a case, and by when it is to say something.
func handTo(ctx context.Context, t *bot.Turn, c civic.Case, partner civic.Role) error {
	h, err := handoverOf(ctx, t, c, partner)
	if err != nil {
		return err
	}
	due, err := promiseOf(ctx, t, c, partner)
	if err != nil {
		return err
	}
	h.Began, h.Due, h.Planned, h.Reason, h.Words, h.Recall = t.Now, t.Now.Add(due), time.Time{}, "", "", ""
	return saveHandover(ctx, t, h, civic.Forwarded)
}

// promiseOf is within what time a partner says something about a case: as the rule promises that brings it there, or else
// as every partner does. An emergency waits for no promise.
func promiseOf(ctx context.Context, t *bot.Turn, c civic.Case, partner civic.Role) (time.Duration, error) {
	p, err := t.Tx.Partner(ctx, c.Network, partner)
	if err != nil {
		return 0, err
	}
	rule, err := ruleOf(ctx, t, c)
	switch {
	case c.Urgency == civic.Emergency:
	case rule.Within > 0 && slices.Contains(rule.Partners, partner):
		return rule.Within, err
	case p.Promise > 0:
		return p.Promise, err
	}
	return civic.PartnerPromise(partner, c.Urgency), err
}

// settleCase brings a case to where its partners have it, and its cards up to date. What names the change when the case
// itself stays where it is.
func settleCase(ctx context.Context, t *bot.Turn, c *civic.Case, what string) error {
	all, err := t.Tx.Handovers(ctx, c.ID)
	if err != nil {
		return err
	}
	to := civic.HandoverStatus(all)
	path := c.Status.Path(to)
	if path == nil {
		return stands(t, *c)
	}
	if len(path) == 0 {
		return saveCase(ctx, t, c, what)
	}
	if to == civic.Resolved {
		c.Reason = civic.ReasonDone
	}
	for _, s := range path {
		if err := move(ctx, t, c, s); err != nil {
			return fmt.Errorf("case %s with its partners: %w", c.Ref, err)
		}
	}
	return nil
}

// fetchFrom takes a case back from a partner that has not begun with it.
func fetchFrom(arg string) deed {
	return func(ctx context.Context, t *bot.Turn, c civic.Case) error {
		partner := civic.Role(arg)
		if arg == "" {
			partner = civic.Police
		}
		h, err := handoverOf(ctx, t, c, partner)
		if err != nil {
			return err
		}
		if h.Status != civic.Forwarded {
			return stands(t, c)
		}
		h.Words = "" // a note of the partner's is no reason of theirs
		if err := saveHandover(ctx, t, h, civic.InTriage); err != nil {
			return err
		}
		c.Owner = t.Actor.ID
		if err := settleCase(ctx, t, &c, "fetched"); err != nil {
			return err
		}
		if err := tellDeskOf(ctx, t, c, partner, "handover.desk.fetched"); err != nil {
			return err
		}
		if err := tellStep(ctx, t, c); err != nil {
			return err
		}
		if !withPartner(c) {
			return t.Answer(ctx, "handover.fetched", "ref", c.Ref)
		}
		with, err := partnersWith(ctx, t, c)
		if err != nil {
			return err
		}
		return t.Answer(ctx, "handover.fetched.still", "ref", c.Ref, "partner", partnerName(t, t.Lang(), partner),
			"partners", partnerNames(t, t.Lang(), with))
	}
}

// saveHandover stores where a case stands with a partner; once it has ended there, nothing is waited for.
func saveHandover(ctx context.Context, t *bot.Turn, h civic.Handover, status civic.Status) error {
	h.Status, h.At, h.By = status, t.Now, t.Actor.ID
	if !h.Open() {
		h.Due = time.Time{}
	}
	return t.Tx.SaveHandover(ctx, h)
}

// endHandovers ends what partners still have of a case that coordinators are ending. What proved false is called back
// from everybody who got it.
func endHandovers(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Reason == civic.ReasonFalse {
		if err := recall(ctx, t, c, "handover.recall.false"); err != nil {
			return err
		}
	}
	all, err := t.Tx.Handovers(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.Open() {
			if err := saveHandover(ctx, t, h, civic.Closed); err != nil {
				return err
			}
			if c.Reason == civic.ReasonFalse {
				continue // that was told
			}
			if err := tellDeskOf(ctx, t, c, h.Partner, "handover.desk.closed"); err != nil {
				return err
			}
		}
	}
	return nil
}
