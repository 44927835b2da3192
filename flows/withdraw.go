package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const withdrawForm = "withdraw"

// regret is a report that its reporter wants back.
type regret struct {
	Ref  string `json:"ref,omitempty"`
	Sure string `json:"sure,omitempty"`
}

const (
	sureYes = "yes"
	sureNo  = "no"
)

// withdrawal takes a report back: nobody needs a reason for that.
func withdrawal() bot.Form[regret] {
	return bot.Form[regret]{
		Name: withdrawForm, Needs: civic.FollowReport, Start: startWithdrawal, Done: withdraw,
		Steps: []bot.Step[regret]{
			bot.PickFrom("which", func(r *regret) *string { return &r.Ref }, withdrawables),
			bot.Pick("sure", func(r *regret) *string { return &r.Sure }, sureYes, sureNo),
		},
	}
}

// regrets asks whether the person's newest report is to be taken back; false when they have none to take back.
func regrets(ctx context.Context, t *bot.Turn) (bool, error) {
	const fresh = 24 * time.Hour // words such as "never mind" are about what was just said
	options, err := withdrawables(ctx, t, regret{})
	if err != nil || len(options) == 0 {
		return false, err
	}
	c, err := t.Tx.CaseByRef(ctx, options[0].Key)
	if err != nil || t.Now.Sub(c.Created) > fresh {
		return false, err
	}
	return true, t.Begin(ctx, withdrawForm, bot.Input{Args: c.Ref})
}

// startWithdrawal finds the report that is meant; the only one there is needs no name.
func startWithdrawal(ctx context.Context, t *bot.Turn, in bot.Input) (regret, []string, error) {
	options, err := withdrawables(ctx, t, regret{})
	if err != nil {
		return regret{}, nil, err
	}
	if in.Args != "" {
		ref, ok := civic.ParseRef(in.Args)
		if !ok || !slices.ContainsFunc(options, func(o bot.Option) bool { return o.Key == ref }) {
			return regret{}, nil, bot.Refuse("withdraw.unknown", "ref", civic.Clean(in.Args, 40))
		}
		return regret{Ref: ref}, []string{"which"}, nil
	}
	switch len(options) {
	case 0:
		return regret{}, nil, bot.Refuse("withdraw.none")
	case 1:
		return regret{Ref: options[0].Key}, []string{"which"}, nil
	}
	return regret{}, nil, nil
}

// withdrawables lists the person's reports that can still be taken back, newest first.
func withdrawables(ctx context.Context, t *bot.Turn, _ regret) ([]bot.Option, error) {
	cases, err := ownCases(ctx, t)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, c := range cases {
		if withdrawable(c) {
			label := t.T("withdraw.which.option", "ref", c.Ref, "category", categoryLabel(t, t.Lang(), c.Category))
			options = append(options, bot.Option{Key: c.Ref, Label: label})
		}
	}
	return options, nil
}

// withdrawable reports whether a case is still open.
func withdrawable(c civic.Case) bool { return !c.Status.Ended() && c.Status != civic.ReopenRequested }

// withdraw erases what was told, or, where a partner has it already, asks for it to be stopped.
func withdraw(ctx context.Context, t *bot.Turn, r regret) error {
	if r.Sure != sureYes {
		return t.Say(ctx, "withdraw.stays", "ref", r.Ref)
	}
	c, err := t.Tx.CaseByRef(ctx, r.Ref)
	if errors.Is(err, bot.ErrNotFound) || err == nil && !withdrawable(c) {
		return bot.Refuse("withdraw.late", "ref", r.Ref)
	}
	if err != nil {
		return err
	}
	if err := unask(ctx, t, c); err != nil {
		return err
	}
	if alone, err := onlyReporter(ctx, t, c); err != nil || !alone {
		return errors.Join(err, withdrawPart(ctx, t, c))
	}
	if err := t.Tx.EraseReports(ctx, c.ID); err != nil {
		return err
	}
	if err := alertsGone(ctx, t, c); err != nil {
		return err
	}
	if c.Status.May(civic.Withdrawn) {
		return withdrawWhole(ctx, t, c)
	}
	if err := recall(ctx, t, c, "withdraw.recall"); err != nil {
		return err
	}
	if err := nobodyWaits(ctx, t, c); err != nil {
		return err
	}
	if err := errors.Join(saveCase(ctx, t, &c, deedRecalled), expunge(ctx, t, c)); err != nil {
		return err
	}
	return t.Say(ctx, "withdraw.recalled", "ref", c.Ref)
}

// withdrawWhole ends a case that no partner works on. Whoever saw it all the same, as the police see an emergency from the first
// and a partner a case that came back, is asked to stop.
func withdrawWhole(ctx context.Context, t *bot.Turn, c civic.Case) error {
	saw, err := holders(ctx, t, c)
	if err != nil {
		return err
	}
	if len(saw) > 0 {
		if err := recall(ctx, t, c, "withdraw.recall"); err != nil {
			return err
		}
	}
	if err := errors.Join(move(ctx, t, &c, civic.Withdrawn), expunge(ctx, t, c)); err != nil {
		return err
	}
	return t.Say(ctx, "withdraw.done", "ref", c.Ref)
}

// unask drops an answer about a report that is taken back, which was set aside for that: its question is gone.
func unask(ctx context.Context, t *bot.Turn, c civic.Case) error {
	s, err := t.Tx.ParkedSession(ctx, t.Chat.ID, "")
	if err != nil || s == nil || s.Form != answerForm {
		return err
	}
	var r reply
	if err := json.Unmarshal(s.Answers, &r); err != nil {
		return fmt.Errorf("answer about %s: %w", c.Ref, err)
	}
	q, err := t.Tx.Question(ctx, r.Question)
	if err != nil && !errors.Is(err, bot.ErrNotFound) || err == nil && q.Case != c.ID {
		return err
	}
	return t.Tx.EndParked(ctx, t.Chat.ID, "")
}

// nobodyWaits ends the waiting for what partners say of a case: no reporter is left who does.
func nobodyWaits(ctx context.Context, t *bot.Turn, c civic.Case) error {
	all, err := t.Tx.Handovers(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, h := range all {
		h.Due = time.Time{}
		if err := t.Tx.SaveHandover(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

// onlyReporter reports whether nobody else told of a case. What somebody told who is gone stands, though nobody knows whose it
// is.
func onlyReporter(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	reports, err := t.Tx.Reports(ctx, c.ID)
	others := slices.ContainsFunc(reports, func(r civic.Report) bool {
		return r.Reporter != t.Actor.ID && (r.Reporter != 0 || r.Text != "")
	})
	return !others, err
}

// withdrawPart erases what one of several people told. What the others told stays, and so does the case.
func withdrawPart(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if err := t.Tx.EraseReportsOf(ctx, c.ID, t.Actor.ID); err != nil {
		return err
	}
	err := tellHolders(ctx, t, c, civic.RecallSent, func(lang string, _ civic.Handover, _ bool) bot.Message {
		return bot.Message{Text: t.In(lang, "withdraw.recall.part", "ref", c.Ref)}
	})
	if err != nil {
		return err
	}
	if err := errors.Join(saveCase(ctx, t, &c, deedRecalled), expunge(ctx, t, c)); err != nil {
		return err
	}
	return t.Say(ctx, "withdraw.done", "ref", c.Ref)
}
