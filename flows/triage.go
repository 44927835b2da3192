package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Triage lets coordinators work on cases in their room, and police on those that are theirs.
func Triage() bot.Feature {
	return bot.Feature{
		Name:  "triage",
		Flows: []bot.Flow{queries(), answering(), closing(), noting(), puttingOff(), judging(), merging(), changing()},
		Cards: []bot.Card{
			{
				Kind: caseKind, Render: caseCard, Ref: caseName, Gather: cardGather,
				Reply:   &bot.ReplySpec{Needs: civic.TriageCase, On: onCase, Do: replyToCase},
				Readers: readBy(civic.TriageCase, caseScope), Barred: barredByCase, Closed: closedKey,
			},
			{Kind: followKind, Render: followCard},
			{Kind: queueKind, Render: queueCard},
			{
				Kind: handoverKind, Render: handoverCard, Ref: handoverName, Title: handoverTitle,
				Reply:   &bot.ReplySpec{Needs: civic.WorkCase, On: onHandover, Do: partnerLine},
				Readers: readersOfHandover, Barred: barredByHandover, Closed: closedKey,
			},
		},
		Links:   caseLinks(),
		Actions: slices.Concat(caseActions(), dossierActions(), handoverActions(), reporterActions()),
		Commands: []bot.CommandSpec{
			{Name: "open", Needs: civic.TriageCase, Where: bot.Anywhere, Do: openCases},
			{Name: "zoek", Needs: civic.TriageCase, Do: searchCases},
			{Name: "route", Needs: civic.TriageCase, Do: route},
			{Name: "wiezag", Needs: civic.FollowReport, Do: whoSaw},
			{Name: "cijfers", Needs: civic.SeeFigures, Do: figures},
		},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			claimTimer: claimEnds, waitTimer: climb, callsTimer: callTogether, laterTimer: comesBack, promiseTimer: promiseBroken,
			queueTimer: keepQueue, rushTimer: tellRush,
		},
		Jobs: []bot.Job{
			{Name: "handover.overdue", Spec: "0 9 * * 1,4", Each: true, Do: remindPartners},
			{Name: "queue", Spec: "1 0 * * *", Each: true, Do: keepQueues},
		},
		Keys: slices.Concat(triageKeys(), queueKeys(), cannedKeys()),
	}
}

// deed is something that is done to a case.
type deed func(ctx context.Context, t *bot.Turn, c civic.Case) error

// caseDeeds is what a coordinator may do with one press.
var caseDeeds = map[string]deed{
	"take": take, "reopen": reopen, "leave": leaveClosed, "release": release,
	"split": split,
}

// choiceDeeds is what a coordinator may do with one press that says to whom: "forward:police".
var choiceDeeds = map[string]func(arg string) deed{"forward": forwardTo, "fetch": fetchFrom}

// caseActions are the buttons of the card. Taking is no decision about what the card shows: who comes second reads who
// was first.
func caseActions() []bot.Action {
	var actions []bot.Action
	for name, do := range caseDeeds {
		actions = append(actions, bot.Action{
			Name: caseKind + "." + name, Needs: civic.TriageCase, Decides: name != "take", On: onCase, Do: on(uncovered(do)),
		})
	}
	for name, choose := range choiceDeeds {
		actions = append(actions, bot.Action{
			Name: caseKind + "." + name, Needs: civic.TriageCase, Decides: true, On: onCase,
			Do: func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
				return on(uncovered(choose(r.Arg)))(ctx, t, r)
			},
		})
	}
	return actions
}

// reporterActions are the buttons of those who reported.
func reporterActions() []bot.Action {
	return []bot.Action{
		{Name: caseKind + ".again", Needs: civic.FollowReport, Own: true, On: onCase, Do: on(again)},
		{Name: caseKind + ".verdict", Needs: civic.FollowReport, Own: true, On: onCase, Do: judge},
		{Name: followKind + ".mute", Needs: civic.FollowReport, Own: true, On: onFollow, Do: mute},
		{Name: seenKind + ".name", Needs: civic.FollowReport, Own: true, On: onCase, Do: giveName},
		{Name: questionKind + ".answer", Needs: civic.FollowReport, Own: true, On: onQuestion, Do: answerNow},
	}
}

// on loads the case that an action is about.
func on(do deed) func(context.Context, *bot.Turn, bot.Ref) error {
	return func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
		c, err := caseOf(ctx, t, r.ID)
		if err != nil {
			return err
		}
		return do(ctx, t, c)
	}
}

// uncovered keeps a case that is hidden from street coordinators (domain §5.3) to those who may read it.
func uncovered(do deed) deed {
	return func(ctx context.Context, t *bot.Turn, c civic.Case) error {
		if err := readable(ctx, t, c); err != nil {
			return err
		}
		return do(ctx, t, c)
	}
}

// readable refuses who may not read a case, and notes that it was tried.
func readable(ctx context.Context, t *bot.Turn, c civic.Case) error {
	needs := toRead(c)
	switch {
	case c.Subject.Bars(t.Actor):
		return unknownRef(c.Ref)
	case t.May(needs, c.Scope()):
		return nil
	}
	if has, err := holdsCase(ctx, t, c); has || err != nil {
		return err
	}
	return refusedRead(ctx, t, needs)
}

func refusedRead(ctx context.Context, t *bot.Turn, needs civic.Permission) error {
	if err := t.Audit(ctx, "refused", string(needs), ""); err != nil {
		return err
	}
	return bot.Refuse("refused." + string(needs))
}

// toRead is what it takes to read a case.
func toRead(c civic.Case) civic.Permission {
	if c.Sensitive() {
		return civic.ReadSensitive
	}
	return civic.ReadCase
}

// mayRead reports whether the person may read a case.
func mayRead(t *bot.Turn, c civic.Case) bool {
	return !c.Subject.Bars(t.Actor) && t.May(toRead(c), c.Scope())
}

// take makes the presser the owner of a case. Who comes second reads who was first.
func take(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Owner != 0 && inCare(c.Status) {
		return takenBy(ctx, t, c)
	}
	if !c.Status.May(civic.InTriage) && c.Status != civic.InTriage || withPartner(c) {
		return stands(t, c)
	}
	c.Owner = t.Actor.ID
	if err := intoTriage(ctx, t, &c); err != nil {
		return err
	}
	if err := tellStep(ctx, t, c); err != nil {
		return err
	}
	return t.Answer(ctx, "case.taken.now", "ref", c.Ref)
}

// withPartner reports whether a partner has a case; it is fetched back, not taken from under their hands.
func withPartner(c civic.Case) bool {
	return c.Status == civic.Forwarded || c.Status == civic.Accepted || c.Status == civic.Planned
}

// takenBy tells who has the case.
func takenBy(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Owner == t.Actor.ID {
		return t.Answer(ctx, "case.taken.yours", "ref", c.Ref)
	}
	name, err := ownerOf(ctx, t, t.Lang(), c)
	if err != nil {
		return err
	}
	return t.Answer(ctx, "case.taken.other", "ref", c.Ref, "name", name)
}

// inCare reports whether a coordinator works on a case that stands like this.
func inCare(s civic.Status) bool {
	return s == civic.InTriage || s == civic.InfoRequested || s == civic.InfoReceived
}

// stands refuses a move by telling how the case stands.
func stands(t *bot.Turn, c civic.Case) error {
	return bot.Refuse("case.move.refused", "ref", c.Ref, "status", t.T("case.status."+string(c.Status)))
}

// intoTriage brings a case among those that coordinators work on; one that is there gets its new owner.
func intoTriage(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	if c.Status == civic.InTriage {
		return saveCase(ctx, t, c, string(civic.InTriage))
	}
	return move(ctx, t, c, civic.InTriage)
}

// mayDecide refuses what can be done with a case only while coordinators have it.
func mayDecide(t *bot.Turn, c civic.Case) error {
	if c.Status == civic.Received || inCare(c.Status) {
		return nil
	}
	return stands(t, c)
}

// inHand brings a case into triage before something is done to it that only follows from there. Whoever does it first
// has taken the case.
func inHand(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	if err := mayDecide(t, *c); err != nil {
		return err
	}
	if c.Owner == 0 {
		c.Owner = t.Actor.ID
	}
	if c.Status == civic.InTriage {
		return nil
	}
	return move(ctx, t, c, civic.InTriage)
}

// reopen takes an ended case up again.
func reopen(ctx context.Context, t *bot.Turn, c civic.Case) error {
	path := []civic.Status{civic.ReopenRequested, civic.Reopened, civic.InTriage}
	if c.Status == civic.ReopenRequested {
		path = path[1:]
	}
	c.Owner, c.Reason, c.ReasonText = t.Actor.ID, "", ""
	if err := promise(ctx, t, &c); err != nil {
		return err
	}
	for _, to := range path {
		if err := move(ctx, t, &c, to); err != nil {
			return err
		}
	}
	if err := tellReporters(ctx, t, c, "case.told.reopened"); err != nil {
		return err
	}
	return t.Answer(ctx, "case.reopened", "ref", c.Ref)
}

// leaveClosed ends a case again whose reporter asked for more.
func leaveClosed(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if err := move(ctx, t, &c, c.Reason.Status()); err != nil {
		return err
	}
	if err := tellReporters(ctx, t, c, "case.told.stays_closed"); err != nil {
		return err
	}
	return t.Answer(ctx, "case.stays_closed", "ref", c.Ref)
}

// again is the reporter's word that it is not over.
func again(ctx context.Context, t *bot.Turn, c civic.Case) error {
	own, err := reportedBy(ctx, t, c, t.Actor.ID)
	if err != nil {
		return err
	}
	if !own {
		return bot.Refuse("press.other")
	}
	if !c.Status.May(civic.ReopenRequested) {
		return t.Answer(ctx, "case.again.already", "ref", c.Ref)
	}
	if err := tooOften(t, c); err != nil {
		return err
	}
	if err := askAgain(ctx, t, c, "case.owner.again"); err != nil {
		return err
	}
	return t.Say(ctx, "case.again.done", "ref", c.Ref)
}

// askAgain brings a case before whoever decides whether it is taken up once more; its owner reads key.
func askAgain(ctx context.Context, t *bot.Turn, c civic.Case, key string, args ...any) error {
	c.Again++
	if err := move(ctx, t, &c, civic.ReopenRequested); err != nil {
		return err
	}
	if err := tellOwner(ctx, t, c, key, args...); err != nil {
		return err
	}
	return takenUp(ctx, t, &c)
}

// reportedBy reports whether a person is among the reporters of a case.
func reportedBy(ctx context.Context, t *bot.Turn, c civic.Case, person int64) (bool, error) {
	reports, err := t.Tx.Reports(ctx, c.ID)
	for _, r := range reports {
		if r.Reporter == person {
			return true, err
		}
	}
	return false, err
}
