package flows

import (
	"context"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	closeForm   = "close"
	longestWord = 500 // characters of a word to the reporter
	day24       = 24 * time.Hour
)

// closure is a case that is being closed.
type closure struct {
	Ref    string            `json:"ref"`
	Reason civic.CloseReason `json:"reason,omitempty"`
	Words  string            `json:"words,omitempty"`
}

func (e closure) ref() string { return e.Ref }

// closing asks for the reason, and for a word to the reporter.
func closing() bot.Form[closure] {
	return bot.Form[closure]{
		Name: closeForm, Needs: civic.TriageCase, Start: startClosure, Done: closeCase,
		Scope: func(ctx context.Context, t *bot.Turn, e closure) (civic.Scope, error) { return scopeOf(ctx, t, e.Ref) },
		Steps: []bot.Step[closure]{
			about[closure]{
				bot.PickFrom("reason", func(e *closure) *civic.CloseReason { return &e.Reason }, reasons),
				closure.ref,
			},
			bot.Optional[closure](preview{bot.Write("words", func(e *closure) *string { return &e.Words }, longestWord)}),
		},
	}
}

// startClosure refuses at once what would be refused in the end.
func startClosure(ctx context.Context, t *bot.Turn, in bot.Input) (closure, []string, error) {
	c, err := caseByRef(ctx, t, in.Args)
	if err == nil {
		err = readable(ctx, t, c)
	}
	if err == nil && !closable(c) {
		err = stands(t, c)
	}
	return closure{Ref: c.Ref}, nil, err
}

// closable reports whether a case can be closed from where it stands.
func closable(c civic.Case) bool {
	return c.Status == civic.Received || inCare(c.Status) || c.Status != civic.ReopenRequested && c.Status.May(civic.Closed)
}

func reasons(_ context.Context, t *bot.Turn, _ closure) ([]bot.Option, error) {
	var options []bot.Option
	for _, reason := range civic.CloseReasons {
		options = append(options, bot.Option{Key: string(reason), Label: reasonLabel(t, t.Lang(), reason)})
	}
	return options, nil
}

func reasonLabel(t *bot.Turn, lang string, reason civic.CloseReason) string {
	return t.In(lang, "close.reason."+string(reason))
}

// closeCase ends a case and tells the reporters why, with a way to say that it is not over.
func closeCase(ctx context.Context, t *bot.Turn, e closure) error {
	c, err := t.Tx.CaseByRef(ctx, e.Ref)
	if err != nil {
		return err
	}
	if err := readable(ctx, t, c); err != nil {
		return err
	}
	if !closable(c) {
		return stands(t, c)
	}
	if !slices.Contains(civic.CaseMoves[c.Status], civic.Closed) {
		if err := inHand(ctx, t, &c); err != nil {
			return err
		}
	}
	c.Reason, c.ReasonText = e.Reason, e.Words
	if err := endHandovers(ctx, t, c); err != nil {
		return err
	}
	if err := move(ctx, t, &c, e.Reason.Status()); err != nil {
		return err
	}
	err = tellEnd(ctx, t, c, func(lang string) string {
		text := t.In(lang, "close.told."+string(c.Reason), "ref", c.Ref)
		if c.ReasonText != "" {
			text += "\n" + t.In(lang, "close.told.words", "text", c.ReasonText)
		}
		return text
	})
	if err != nil {
		return err
	}
	return t.Say(ctx, "close.done", "ref", c.Ref)
}

// preview asks for a word to the reporter, and shows what the reporter will read.
type preview struct{ bot.Step[closure] }

// Ask names what will be told.
func (s preview) Ask(ctx context.Context, t *bot.Turn, form string, e closure) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, e)
	told := bot.HTML(t.T("close.told."+string(e.Reason), "ref", e.Ref))
	m.Text = t.T(form+".words.ask", "told", told)
	return m, err
}

// tellEnd tells the reporters how a case ended, and asks whether it is solved, or offers to say that it is not.
func tellEnd(ctx context.Context, t *bot.Turn, c civic.Case, write func(lang string) string) error {
	return tellReportersWith(ctx, t, c, func(lang string) bot.Message {
		text := write(lang)
		choices := []bot.Choice{{Key: "again", Label: t.In(lang, "case.button.again")}}
		if c.Status == civic.Resolved {
			text += "\n" + t.In(lang, "verdict.ask")
			choices = verdictChoices(t, lang)
		}
		return bot.Message{Text: text, About: bot.About(caseKind, c.ID), Version: c.Version, Rows: bot.Rows(choices...)}
	})
}
