package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// handoverKind is the card of a case before the police: "handover/17", with the number of the case.
const handoverKind = "handover"

// handoverDeeds is what the police may do with one press.
var handoverDeeds = map[string]deed{"accept": accept, "return": giveBack, "done": partnerDone}

func handoverActions() []bot.Action {
	var actions []bot.Action
	for name, do := range handoverDeeds {
		actions = append(actions, bot.Action{
			Name: handoverKind + "." + name, Needs: civic.WorkCase, Decides: name != "accept", On: onCase, Do: on(uncovered(do)),
		})
	}
	return actions
}

// forward hands a case to the police.
func forward(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if err := mayDecide(t, c); err != nil {
		return err
	}
	chats, err := policeDesk.chats(ctx, t, c)
	if err != nil {
		return err
	}
	if len(chats) == 0 && c.Subject == civic.SubjectPolice {
		return bot.Refuse("handover.police", "ref", c.Ref)
	}
	if len(chats) == 0 {
		return bot.Refuse("handover.nobody", "ref", c.Ref)
	}
	if err := inHand(ctx, t, &c); err != nil {
		return err
	}
	if err := forwarded(ctx, t, &c); err != nil {
		return err
	}
	if err := policeDesk.show(ctx, t, c); err != nil {
		return err
	}
	if err := tellReporters(ctx, t, c, "case.told.forwarded"); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.sent", "ref", c.Ref)
}

// forwarded notes that the police have a case.
func forwarded(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	if err := handedOver(ctx, t, *c, civic.Forwarded); err != nil {
		return err
	}
	return move(ctx, t, c, civic.Forwarded)
}

func handedOver(ctx context.Context, t *bot.Turn, c civic.Case, status civic.Status) error {
	return t.Tx.SaveHandover(ctx, civic.Handover{Case: c.ID, Partner: civic.Police, By: t.Actor.ID, At: t.Now, Status: status})
}

// fetch takes a case back that the police have not begun with.
func fetch(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Status != civic.Forwarded {
		return stands(t, c)
	}
	if err := handedOver(ctx, t, c, civic.InTriage); err != nil {
		return err
	}
	c.Owner = t.Actor.ID
	if err := move(ctx, t, &c, civic.InTriage); err != nil {
		return err
	}
	if err := tellReporters(ctx, t, c, "case.told.returned"); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.fetched", "ref", c.Ref)
}

// accept is the word of the police that they work on it. An emergency may reach them before it was handed over. Who
// comes second reads who was first.
func accept(ctx context.Context, t *bot.Turn, c civic.Case) error {
	switch {
	case c.Status == civic.Accepted:
		return accepted(ctx, t, c)
	case early(c):
		if c.Status != civic.InTriage {
			if err := move(ctx, t, &c, civic.InTriage); err != nil {
				return err
			}
		}
		if err := forwarded(ctx, t, &c); err != nil {
			return err
		}
	case c.Status != civic.Forwarded:
		return stands(t, c)
	}
	if err := handedOver(ctx, t, c, civic.Accepted); err != nil {
		return err
	}
	if err := move(ctx, t, &c, civic.Accepted); err != nil {
		return err
	}
	if err := tellReporters(ctx, t, c, "case.told.accepted"); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.accepted.now", "ref", c.Ref)
}

// early reports whether the police see a case that was not handed over yet: an emergency, or what answers their alert.
func early(c civic.Case) bool {
	return (c.Urgency == civic.Emergency || c.Alert != 0) && (c.Status == civic.Received || inCare(c.Status))
}

// theirs reports whether the police work on a case, or may begin to.
func theirs(c civic.Case) bool {
	return c.Status == civic.Forwarded || c.Status == civic.Accepted || c.Status == civic.Planned || early(c)
}

// accepted tells which officer works on the case.
func accepted(ctx context.Context, t *bot.Turn, c civic.Case) error {
	by, err := acceptedBy(ctx, t, c)
	if err != nil {
		return err
	}
	if by == t.Actor.ID {
		return t.Answer(ctx, "handover.accepted.yours", "ref", c.Ref)
	}
	name, err := colleague(ctx, t, t.Lang(), by)
	if err != nil {
		return err
	}
	return t.Answer(ctx, "handover.accepted.other", "ref", c.Ref, "name", name)
}

// acceptedBy is the officer who works on a case; 0 when none does.
func acceptedBy(ctx context.Context, t *bot.Turn, c civic.Case) (int64, error) {
	h, err := policeHandover(ctx, t, c)
	if h.Status != civic.Accepted {
		return 0, err
	}
	return h.By, err
}

// policeHandover is how a case stands with the police; the zero Handover when they never had it.
func policeHandover(ctx context.Context, t *bot.Turn, c civic.Case) (civic.Handover, error) {
	all, err := t.Tx.Handovers(ctx, c.ID)
	for _, h := range all {
		if h.Partner == civic.Police {
			return h, err
		}
	}
	return civic.Handover{}, err
}

// giveBack returns a case to the coordinators.
func giveBack(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Subject != civic.SubjectNobody {
		back, err := coordinatorsDesk.chats(ctx, t, c)
		if err != nil {
			return err
		}
		if len(back) == 0 {
			return bot.Refuse("handover.apart", "ref", c.Ref)
		}
	}
	if err := handedOver(ctx, t, c, civic.InTriage); err != nil {
		return err
	}
	if err := move(ctx, t, &c, civic.InTriage); err != nil {
		return err
	}
	if err := tellReporters(ctx, t, c, "case.told.returned"); err != nil {
		return err
	}
	if err := tellOwner(ctx, t, c, "case.owner.returned"); err != nil {
		return err
	}
	if waits(c) {
		if err := watch(ctx, t, c); err != nil {
			return err
		}
	}
	return t.Answer(ctx, "handover.returned", "ref", c.Ref)
}

// partnerDone ends a case that the police dealt with.
func partnerDone(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if err := handedOver(ctx, t, c, civic.Resolved); err != nil {
		return err
	}
	c.Reason = civic.ReasonDone
	if err := move(ctx, t, &c, civic.Resolved); err != nil {
		return err
	}
	if err := tellEnd(ctx, t, c, "handover.told.done"); err != nil {
		return err
	}
	if err := tellOwner(ctx, t, c, "case.owner.done"); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.done", "ref", c.Ref)
}
