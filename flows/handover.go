package flows

import (
	"context"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// partnerDeed is something that a partner does with a case; arg is what was chosen with it.
type partnerDeed func(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, arg string) error

// handoverDeeds is what a partner may do with one press. "read" is the word that a recall or correction was read.
var handoverDeeds = map[string]partnerDeed{
	"accept": accept, "plan": plan, "return": giveBack, "done": partnerDone, "read": recallRead,
	"again": partnerAgain,
}

// handoverActions are the buttons of the partner's card. Whoever accepts second reads who was first.
func handoverActions() []bot.Action {
	var actions []bot.Action
	for name, do := range handoverDeeds {
		if name == "done" || name == "return" {
			do = wordless(do)
		}
		actions = append(actions, bot.Action{
			Name: handoverKind + "." + name, Needs: civic.WorkCase, Decides: name != "accept" && name != "read",
			On: onHandover, Do: byPartner(do),
		})
	}
	return actions
}

// wordless is a deed that is done by a press: the words of an earlier line do not go with it, which were meant neither for
// the reporter, as those with "done" are, nor as a reason.
func wordless(do partnerDeed) partnerDeed {
	return func(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, arg string) error {
		h.Words = ""
		return do(ctx, t, c, h, arg)
	}
}

// onHandover finds the case behind a partner's card.
func onHandover(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	r.ID, _ = handoverRef(r.ID)
	return onCase(ctx, t, r)
}

// byPartner loads how the case stands with the partner whose card it is, and refuses whoever is not of that partner.
func byPartner(do partnerDeed) func(context.Context, *bot.Turn, bot.Ref) error {
	return func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
		id, partner := handoverRef(r.ID)
		c, err := caseOf(ctx, t, id)
		if err != nil {
			return err
		}
		if c.Subject.Bars(t.Actor) {
			return unknownRef(c.Ref)
		}
		if !t.Actor.Holds(partner, c.Scope(), t.Late()) {
			if err := t.Audit(ctx, "refused", string(civic.WorkCase), string(partner)); err != nil {
				return err
			}
			return bot.Refuse("refused.case.work")
		}
		h, err := handoverOf(ctx, t, c, partner)
		if err != nil {
			return err
		}
		return do(ctx, t, c, h, r.Arg)
	}
}

// accept is the word of a partner that they work on it. An emergency may reach the police before it was handed over.
func accept(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, _ string) error {
	switch {
	case h.Status == civic.Accepted:
		return accepted(ctx, t, c, h)
	case early(c, h):
		if c.Status.Path(civic.InTriage) == nil {
			return stands(t, c)
		}
		for _, s := range c.Status.Path(civic.InTriage) {
			if err := move(ctx, t, &c, s); err != nil {
				return err
			}
		}
		h.Began = t.Now
	case h.Status != civic.Forwarded && h.Status != civic.Planned:
		return stands(t, c)
	}
	h.Due = t.Now.Add(civic.PartnerWork(c.Urgency))
	if err := saveHandover(ctx, t, h, civic.Accepted); err != nil {
		return err
	}
	if err := settleCase(ctx, t, &c, "accepted"); err != nil {
		return err
	}
	if err := tellStep(ctx, t, c); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.accepted.now", "ref", c.Ref)
}

// beforePolice reports whether a case stands before the police from the first: an emergency, or what answers their alert.
func beforePolice(c civic.Case) bool { return c.Urgency == civic.Emergency || c.Alert != 0 }

// early reports whether the police see a case that was not handed over yet.
func early(c civic.Case, h civic.Handover) bool {
	return beforePolice(c) && h.Partner == civic.Police && !h.Open() && (c.Status == civic.Received || inCare(c.Status))
}

// theirs reports whether a partner works on a case, or may begin to.
func theirs(c civic.Case, h civic.Handover) bool {
	return withPartner(c) && h.Open() || early(c, h)
}

// accepted tells which colleague works on the case.
func accepted(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover) error {
	if h.By == t.Actor.ID {
		return t.Answer(ctx, "handover.accepted.yours", "ref", c.Ref)
	}
	name, err := colleague(ctx, t, t.Lang(), h.By)
	if err != nil {
		return err
	}
	return t.Answer(ctx, "handover.accepted.other", "ref", c.Ref, "name", name)
}

// planWeeks are the times for which a partner can plan something, and how many days away the last day of each is.
var planWeeks = []struct {
	name string
	days int
}{{"tomorrow", 1}, {"week", 7}, {"fortnight", 14}, {"month", 31}}

// plan says by when a partner will have done it; without a choice it asks.
func plan(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, arg string) error {
	if !h.Open() || !withPartner(c) {
		return stands(t, c)
	}
	for _, w := range planWeeks {
		if w.name == arg {
			return planFor(ctx, t, c, h, t.Morning(0).AddDate(0, 0, w.days-1))
		}
	}
	var choices []bot.Choice
	for _, w := range planWeeks {
		choices = append(choices, bot.Choice{Key: "plan:" + w.name, Label: t.T("handover.plan." + w.name)})
	}
	return t.Mail(ctx, choose(t, c, h, "handover.plan.ask", choices))
}

// planFor notes the day for which a partner planned it. It is reminded of it when the day is over.
func planFor(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, at time.Time) error {
	if early(c, h) { // the police plan what nobody handed over to them
		for _, s := range c.Status.Path(civic.InTriage) {
			if err := move(ctx, t, &c, s); err != nil {
				return err
			}
		}
		h.Began = t.Now
	}
	h.Planned = at
	h.Status, h.At, h.By, h.Due = civic.Planned, t.Now, t.Actor.ID, at.AddDate(0, 0, 1)
	if c.Status == civic.Forwarded { // the table knows no shorter way
		h.Status = civic.Accepted
		if err := t.Tx.SaveHandover(ctx, h); err != nil {
			return err
		}
		if err := settleCase(ctx, t, &c, "accepted"); err != nil {
			return err
		}
		h.Status = civic.Planned
	}
	if err := t.Tx.SaveHandover(ctx, h); err != nil {
		return err
	}
	if err := settleCase(ctx, t, &c, "planned"); err != nil {
		return err
	}
	if err := tellStep(ctx, t, c); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.planned", "ref", c.Ref, "day", day(t, t.Lang(), at))
}

// choose asks in the room for what a deed needs to know; only whoever pressed can answer.
func choose(t *bot.Turn, c civic.Case, h civic.Handover, key string, choices []bot.Choice) bot.Letter {
	return bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Person: t.Actor.ID, Message: bot.Message{
		Text: t.T(key, "ref", c.Ref), About: handoverAbout(c, h.Partner), Version: c.Version, Rows: bot.Rows(choices...),
	}}
}

// giveBack returns a case to the coordinators, with a reason; without one it asks.
func giveBack(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, arg string) error {
	if !h.Open() || !withPartner(c) {
		return stands(t, c)
	}
	if c.Subject != civic.SubjectNobody {
		chats, err := coordinatorsDesk.chats(ctx, t, c)
		if err != nil {
			return err
		}
		if len(chats) == 0 {
			return bot.Refuse("handover.apart", "ref", c.Ref)
		}
	}
	if slices.Contains(civic.ReturnReasons, civic.ReturnReason(arg)) {
		return giveBackFor(ctx, t, c, h, civic.ReturnReason(arg))
	}
	var choices []bot.Choice
	for _, reason := range civic.ReturnReasons {
		choices = append(choices, bot.Choice{Key: "return:" + string(reason), Label: t.T("handover.return." + string(reason))})
	}
	return t.Mail(ctx, choose(t, c, h, "handover.return.ask", choices))
}

func giveBackFor(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, reason civic.ReturnReason) error {
	h.Reason = reason
	h.Returns++
	if err := saveHandover(ctx, t, h, civic.InTriage); err != nil {
		return err
	}
	if err := settleCase(ctx, t, &c, "returned"); err != nil {
		return err
	}
	if err := tellReturned(ctx, t, c, h); err != nil {
		return err
	}
	if err := tellStep(ctx, t, c); err != nil {
		return err
	}
	if waits(c) {
		if err := watch(ctx, t, c); err != nil {
			return err
		}
	}
	return t.Answer(ctx, "handover.returned", "ref", c.Ref)
}

// tellReturned tells the case's coordinator why it came back. When the same partner gave it back often, the coordinators
// of the whole network decide what becomes of it.
func tellReturned(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover) error {
	with, err := partnersWith(ctx, t, c)
	if err != nil {
		return err
	}
	tell := func(person int64, key string) error {
		return tellCoordinator(ctx, t, c, person, func(lang string) bot.Message {
			return bot.Message{Text: t.In(lang, key, "ref", c.Ref, "partner", partnerName(t, lang, h.Partner),
				"count", h.Returns, "reason", returnReason(t, lang, h), "partners", partnerNames(t, lang, with))}
		})
	}
	key := "case.owner.returned"
	if withPartner(c) {
		key = "case.owner.returned.still"
	}
	if err := tell(c.Owner, key); err != nil || h.Returns < civic.MostReturns {
		return err
	}
	people, err := t.Tx.Holders(ctx, civic.NetworkCoordinator, c.Scope(), t.Now)
	if err != nil {
		return err
	}
	for _, person := range people {
		if err := tell(person, "handover.pingpong.decide"); err != nil {
			return err
		}
	}
	return nil
}

// partnersWith are the partners that still have a case.
func partnersWith(ctx context.Context, t *bot.Turn, c civic.Case) ([]civic.Role, error) {
	all, err := t.Tx.Handovers(ctx, c.ID)
	var with []civic.Role
	for _, h := range all {
		if h.Open() {
			with = append(with, h.Partner)
		}
	}
	return with, err
}

// returnReason is why a partner gave a case back, in its own words when there are some.
func returnReason(t *bot.Turn, lang string, h civic.Handover) string {
	if h.Words != "" {
		return h.Words
	}
	if h.Reason == "" {
		return ""
	}
	return t.In(lang, "handover.return."+string(h.Reason))
}

// partnerDone ends what a partner had to do. The case ends when no other partner is at it.
func partnerDone(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, _ string) error {
	if !h.Open() || !withPartner(c) {
		return stands(t, c)
	}
	if err := saveHandover(ctx, t, h, civic.Resolved); err != nil {
		return err
	}
	c.ReasonText = h.Words
	if err := settleCase(ctx, t, &c, "done"); err != nil {
		return err
	}
	if err := tellDone(ctx, t, c, h); err != nil {
		return err
	}
	err := tellCoordinator(ctx, t, c, c.Owner, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "case.owner.done", "ref", c.Ref, "partner", partnerName(t, lang, h.Partner))}
	})
	if err != nil {
		return err
	}
	return t.Answer(ctx, "handover.done", "ref", c.Ref)
}

// tellDone tells the reporters that a partner is ready, and, when nobody is left who is at it, that it is over.
func tellDone(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover) error {
	if !c.Status.Ended() {
		return tellStep(ctx, t, c)
	}
	return tellEnd(ctx, t, c, func(lang string) string {
		text := t.In(lang, "handover.told.done", "ref", c.Ref, "partner", partnerName(t, lang, h.Partner))
		if h.Words != "" {
			text += "\n" + wordsOfPartner(t, lang, h)
		}
		return text
	})
}

// wordsOfPartner is what a partner says to the reporters, and which partner says it.
func wordsOfPartner(t *bot.Turn, lang string, h civic.Handover) string {
	return t.In(lang, "handover.told.words", "partner", partnerName(t, lang, h.Partner), "text", h.Words)
}
