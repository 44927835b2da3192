package flows

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	inquiredForm = "inquired"
	inquiredDays = 7 // how long an answer is waited for
)

// inquired is an applicant's answer to a coordinator that is being given. The question stands in it and nowhere else.
type inquired struct {
	Canned   string `json:"canned,omitempty"`
	Question string `json:"question,omitempty"`
	By       int64  `json:"by"` // who asked
	Number   int    `json:"number"`
	Words    string `json:"words,omitempty"`
	Refused  bool   `json:"refused,omitempty"`
}

func (a *inquired) pack() (string, error) {
	packed, err := json.Marshal(a)
	return string(packed), err
}

func (a *inquired) done() bool { return a.Words != "" || a.Refused }

func (a *inquired) question(t *bot.Turn, lang string) string {
	return inquiry{Canned: a.Canned, Text: a.Question}.question(t, lang)
}

// answer is what the coordinators read of it.
func (a *inquired) answer(t *bot.Turn, lang string) bot.HTML {
	switch {
	case a.Refused:
		return bot.HTML(t.In(lang, "inquiry.answer.no"))
	case a.Words == "":
		return bot.HTML(t.In(lang, "inquiry.answer.none"))
	}
	return bot.HTML(t.In(lang, "inquiry.answer.given", "answer", a.Words))
}

// inquiredOf lets an applicant answer, or say that they would rather not. Nothing depends on it but what a coordinator
// decides.
func inquiredOf() bot.Form[inquired] {
	return bot.Form[inquired]{
		Name: inquiredForm, Needs: civic.Join, Life: inquiredDays * day24, Done: answerInquiry,
		Start: func(_ context.Context, _ *bot.Turn, in bot.Input) (a inquired, known []string, err error) {
			if err := json.Unmarshal([]byte(in.Args), &a); err != nil {
				return a, nil, fmt.Errorf("question to an applicant: %w", err)
			}
			return a, nil, nil
		},
		Steps: []bot.Step[inquired]{
			bot.Filled((*inquired).done, bot.Step[inquired](inquiredStep{
				bot.Write("words", func(a *inquired) *string { return &a.Words }, longestAnswer),
			})),
		},
	}
}

// inquiredStep puts the question, and takes words or that the applicant would rather not say.
type inquiredStep struct{ bot.Step[inquired] }

// Ask puts it.
func (s inquiredStep) Ask(ctx context.Context, t *bot.Turn, form string, a inquired) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, a)
	m.Text = t.T("inquired.words.ask", "network", t.Network.Name, "question", a.question(t, t.Lang()))
	m.Rows = bot.Rows(bot.Choice{Key: answerNo, Label: t.T("inquired.words.no")})
	return m, err
}

// Wants takes the button as well as words.
func (s inquiredStep) Wants(in bot.Input) bool { return in.Choice != "" || s.Step.Wants(in) }

// Take takes either.
func (s inquiredStep) Take(ctx context.Context, t *bot.Turn, in bot.Input, a *inquired) error {
	if in.Choice == answerNo {
		a.Refused = true
		return nil
	}
	return s.Step.Take(ctx, t, in, a)
}

// answerInquiry brings the answer to the coordinators. One that comes after the decision is kept nowhere.
func answerInquiry(ctx context.Context, t *bot.Turn, a inquired) error {
	if t.Actor.Standing != civic.StandingPending {
		return t.Say(ctx, "inquired.late")
	}
	if err := showInquiry(ctx, t, t.Actor, a, bot.OpEdit); err != nil {
		return err
	}
	desks, err := desksOf(ctx, t, t.Actor.Scope())
	if err != nil {
		return err
	}
	for _, chat := range desks { // an edit is seen by nobody who does not look
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		if err := t.Post(ctx, chat, bot.LaneRoutine, bot.Message{
			Text: t.In(lang, "inquiry.answered"), For: bot.For(civic.ApproveMember, t.Actor.Scope()),
		}); err != nil {
			return err
		}
	}
	return tellWaiting(ctx, t, t.T("inquired.sent"))
}

// dropInquiry ends an answer that nobody waits for any more, so that what the person says next is heard as what it is.
func dropInquiry(ctx context.Context, t *bot.Turn, person int64) error {
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil || chat == 0 {
		return err
	}
	open, err := t.Tx.Session(ctx, chat, "")
	if err != nil || open == nil || open.Form != inquiredForm {
		return err
	}
	return t.Tx.EndSession(ctx, chat, "")
}
