package flows

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	askForm         = "ask"
	longestQuestion = 500 // characters
)

// query is a question to a reporter that is being written.
type query struct {
	Ref    string `json:"ref"`
	Text   string `json:"text,omitempty"`
	Canned string `json:"canned,omitempty"`
}

// queries lets a coordinator write a question to a reporter whom they do not know.
func queries() bot.Form[query] {
	return bot.Form[query]{
		Name: askForm, Needs: civic.TriageCase, Start: startQuery,
		Scope: func(ctx context.Context, t *bot.Turn, q query) (civic.Scope, error) { return scopeOf(ctx, t, q.Ref) },
		Steps: []bot.Step[query]{
			about[query]{
				canned{bot.Write("text", func(q *query) *string { return &q.Text }, longestQuestion)},
				func(q query) string { return q.Ref },
			},
		},
		Done: func(ctx context.Context, t *bot.Turn, q query) error {
			c, err := t.Tx.CaseByRef(ctx, q.Ref)
			if err != nil {
				return err
			}
			if err := ask(ctx, t, c, q); err != nil {
				return err
			}
			return t.Say(ctx, "question.sent", "ref", c.Ref)
		},
	}
}

// startQuery refuses at once what would be refused in the end.
func startQuery(ctx context.Context, t *bot.Turn, in bot.Input) (query, []string, error) {
	c, err := caseByRef(ctx, t, in.Args)
	if err == nil {
		err = readable(ctx, t, c)
	}
	if err == nil {
		err = mayDecide(t, c)
	}
	if err == nil {
		_, err = reachable(ctx, t, c)
	}
	return query{Ref: c.Ref}, nil, err
}

func scopeOf(ctx context.Context, t *bot.Turn, ref string) (civic.Scope, error) {
	c, err := t.Tx.CaseByRef(ctx, ref)
	return c.Scope(), err
}

// about is a question that names the case.
type about[A any] struct {
	bot.Step[A]
	ref func(A) string
}

// Ask fills in the reference.
func (s about[A]) Ask(ctx context.Context, t *bot.Turn, form string, a A) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, a)
	m.Text = t.T(form+"."+s.Name()+".ask", "ref", s.ref(a))
	return m, err
}

// replyToCase takes a reply to the card as a question to the reporter. The card itself shows that it was sent.
func replyToCase(ctx context.Context, t *bot.Turn, id string, in bot.Input) error {
	c, err := caseOf(ctx, t, id)
	if err != nil {
		return err
	}
	if n := utf8.RuneCountInString(in.Text); n > longestQuestion {
		return bot.Refuse("form.length", "max", longestQuestion, "count", n)
	}
	return ask(ctx, t, c, query{Text: civic.Clean(in.Text, longestQuestion)})
}

// ask sends a question to the reporter of a case, neither side knowing the other.
func ask(ctx context.Context, t *bot.Turn, c civic.Case, asked query) error {
	if err := readable(ctx, t, c); err != nil {
		return err
	}
	report, err := reachable(ctx, t, c)
	if err != nil {
		return err
	}
	if err := inHand(ctx, t, &c); err != nil {
		return err
	}
	q := civic.Question{
		Case: c.ID, Report: report.ID, AskedBy: t.Actor.ID, Text: asked.Text, Canned: asked.Canned, Asked: t.Now,
	}
	if err := t.Tx.AddQuestion(ctx, &q); err != nil {
		return err
	}
	if err := move(ctx, t, &c, civic.InfoRequested); err != nil {
		return err
	}
	return hand(ctx, t, report.Reporter, q, c)
}

// reachable is the newest report of a case whose reporter can be asked something.
func reachable(ctx context.Context, t *bot.Turn, c civic.Case) (civic.Report, error) {
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return civic.Report{}, err
	}
	for _, report := range slices.Backward(reports) {
		ok, err := answers(ctx, t, report.Reporter)
		if ok || err != nil {
			return report, err
		}
	}
	return civic.Report{}, bot.Refuse("question.nobody", "ref", c.Ref)
}

// answers reports whether a person is there to answer: a member still or in a role, in a chat that can be reached.
func answers(ctx context.Context, t *bot.Turn, person int64) (bool, error) {
	if person == 0 {
		return false, nil
	}
	m, err := t.Person(ctx, person)
	if err != nil || !m.Active() && m.Standing != civic.StandingSuspended && len(m.Roles(t.Late())) == 0 {
		return false, err
	}
	chat, err := privateWith(ctx, t, person)
	return chat != 0, err
}

// hand puts the question before the reporter; one who is telling something else gets a button for later.
func hand(ctx context.Context, t *bot.Turn, reporter int64, q civic.Question, c civic.Case) error {
	chat, err := t.Tx.PrivateChat(ctx, reporter)
	if err != nil {
		return err
	}
	open, err := t.Tx.Session(ctx, chat, "")
	if err != nil {
		return err
	}
	if open == nil || t.Now.After(open.Expires) {
		_, err := t.Hand(ctx, reporter, answerForm, bot.Input{Args: strconv.FormatInt(q.ID, 10)})
		return err
	}
	_, err = t.Tell(ctx, reporter, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{
			Text:  t.In(lang, "answer.words.ask", "ref", c.Ref, "question", queryText(t, lang, q)),
			About: bot.About(questionKind, q.ID),
			Rows:  bot.Rows(bot.Choice{Key: "answer", Label: t.In(lang, "answer.button")}),
		}
	})
	return err
}
