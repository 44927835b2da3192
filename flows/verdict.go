package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const verdictForm = "verdict"

// judgement is why a reporter finds that a case is not solved.
type judgement struct {
	Ref   string `json:"ref"`
	Words string `json:"words,omitempty"`
	On    string `json:"on,omitempty"` // the message that the words came with
}

func verdictChoices(t *bot.Turn, lang string) []bot.Choice {
	var choices []bot.Choice
	for _, v := range civic.Verdicts {
		choices = append(choices, bot.Choice{Key: "verdict:" + string(v), Label: t.In(lang, "verdict.button."+string(v))})
	}
	return choices
}

// judge takes a reporter's word on how a case ended. Half and no ask for it to be taken up again, which a person decides.
func judge(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	c, err := caseOf(ctx, t, r.ID)
	if err != nil {
		return err
	}
	verdict := civic.Verdict(r.Arg)
	report, err := reportOf(ctx, t, c)
	switch {
	case err != nil:
		return err
	case report.ID == 0 || !slices.Contains(civic.Verdicts, verdict):
		return bot.Refuse("press.other")
	case !c.Status.May(civic.ReopenRequested):
		return t.Answer(ctx, "case.again.already", "ref", c.Ref)
	}
	report.Verdict = verdict
	if err := t.Tx.SaveFollow(ctx, report); err != nil {
		return err
	}
	if verdict == civic.VerdictYes {
		return t.Answer(ctx, "verdict.done.yes", "ref", c.Ref)
	}
	if err := tooOften(t, c); err != nil {
		return err
	}
	if err := askAgain(ctx, t, c, "case.owner.again"); err != nil {
		return err
	}
	if open, err := t.Session(ctx); err != nil || open != nil {
		return t.Answer(ctx, "verdict.done."+string(verdict), "ref", c.Ref)
	}
	return t.Begin(ctx, verdictForm, bot.Input{Args: c.Ref})
}

// reportOf is the person's own report in a case; the zero Report when they made none.
func reportOf(ctx context.Context, t *bot.Turn, c civic.Case) (civic.Report, error) {
	reports, err := t.Tx.Reports(ctx, c.ID)
	for _, r := range reports {
		if r.Reporter == t.Actor.ID && !t.Actor.Guest() {
			return r, err
		}
	}
	return civic.Report{}, err
}

// judging asks what is not solved yet; nobody has to say.
func judging() bot.Form[judgement] {
	return bot.Form[judgement]{
		Name: verdictForm, Needs: civic.FollowReport, Start: startJudgement, Done: verdictGiven,
		Heard: func(j *judgement, _ []string, on bot.MessageRef) { j.On = string(on) },
		Steps: []bot.Step[judgement]{
			bot.Optional[judgement](about[judgement]{
				bot.Write("words", func(j *judgement) *string { return &j.Words }, longestAnswer),
				func(j judgement) string { return j.Ref },
			}),
		},
	}
}

func startJudgement(ctx context.Context, t *bot.Turn, in bot.Input) (judgement, []string, error) {
	c, err := caseByRef(ctx, t, in.Args)
	if err != nil {
		return judgement{}, nil, err
	}
	report, err := reportOf(ctx, t, c)
	if err == nil && report.ID == 0 {
		err = unknownRef(c.Ref)
	}
	return judgement{Ref: c.Ref}, nil, err
}

// verdictGiven puts the reporter's words on the card, as the answer to the question whether it is solved.
func verdictGiven(ctx context.Context, t *bot.Turn, j judgement) error {
	c, err := caseByRef(ctx, t, j.Ref)
	if err != nil {
		return err
	}
	report, err := reportOf(ctx, t, c)
	if err != nil {
		return err
	}
	words, _ := civic.WithoutOrigin(j.Words)
	if report.ID == 0 || civic.Blank(words) {
		return t.Say(ctx, "verdict.done.half", "ref", c.Ref)
	}
	q := civic.Question{Case: c.ID, Report: report.ID, Text: t.In(networkLang(t), "verdict.ask"), Asked: t.Now}
	if err := t.Tx.AddQuestion(ctx, &q); err != nil {
		return err
	}
	q.Answer, q.Answered, q.Message = civic.Clean(words, longestAnswer), t.Now, j.On
	if err := t.Tx.AnswerQuestion(ctx, q); err != nil {
		return err
	}
	hidden, err := heed(ctx, t, &c, j.Words)
	if err != nil {
		return err
	}
	if err := saveCase(ctx, t, &c, string(civic.InfoReceived)); err != nil {
		return err
	}
	if hidden {
		if err := passOn(ctx, t, c.ID); err != nil {
			return err
		}
	}
	return t.Say(ctx, "verdict.done.half", "ref", c.Ref)
}
