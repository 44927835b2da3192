package flows

import (
	"context"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	inquireForm   = "inquire"
	inquiryKind   = "inquiry" // the card of a question to an applicant: "inquiry/PERSON.NETWORK.NUMBER"
	mostInquiries = 3         // questions to one applicant: who is asked more than that is questioned
)

// inquiryQuestions are those that are asked most; each is read in the applicant's own language. None asks for a document, a
// house number or the name of a neighbour.
var inquiryQuestions = []string{"street", "neighbour", "meet"}

func inquiryKeys() []string {
	keys := []string{"inquiry.answer.none", "inquiry.answer.no", "inquiry.answer.given"}
	for _, name := range inquiryQuestions {
		keys = append(keys, "inquiry.ask."+name, "inquiry.pick."+name)
	}
	return keys
}

// inquiry is a question to somebody who wants to join, as a coordinator writes it.
type inquiry struct {
	Request string `json:"request"` // whose, to which network
	Canned  string `json:"canned,omitempty"`
	Text    string `json:"text,omitempty"`
}

// question is what the applicant reads, in their language when the bot knows it, else in the asker's words.
func (q inquiry) question(t *bot.Turn, lang string) string {
	if q.Canned != "" {
		return t.In(lang, "inquiry.ask."+q.Canned)
	}
	return q.Text
}

// inquiring lets a coordinator ask an applicant something before they decide (feature A3).
func inquiring() bot.Form[inquiry] {
	return bot.Form[inquiry]{
		Name: inquireForm, Needs: civic.ApproveMember, Start: startInquiry, Done: inquireOf,
		Scope: func(ctx context.Context, t *bot.Turn, q inquiry) (civic.Scope, error) {
			m, err := requester(ctx, t, bot.Ref{ID: q.Request})
			return m.Scope(), err
		},
		Steps: []bot.Step[inquiry]{
			inquiryStep{bot.Write("text", func(q *inquiry) *string { return &q.Text }, longestQuestion)},
		},
	}
}

// askRequester opens the form from the card of a request.
func askRequester(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	return t.Begin(ctx, inquireForm, bot.Input{Args: r.ID})
}

func startInquiry(ctx context.Context, t *bot.Turn, in bot.Input) (inquiry, []string, error) {
	m, err := requester(ctx, t, bot.Ref{ID: in.Args})
	if err != nil {
		return inquiry{}, nil, err
	}
	_, err = nextInquiry(ctx, t, m)
	return inquiry{Request: in.Args}, nil, err
}

// nextInquiry is the number of the next question to an applicant.
func nextInquiry(ctx context.Context, t *bot.Turn, m civic.Member) (int, error) {
	for n := 1; n <= mostInquiries; n++ {
		places, err := t.Tx.CardChats(ctx, inquiryCard(m, n))
		if err != nil || len(places) == 0 {
			return n, err
		}
	}
	return 0, bot.Refuse("inquiry.enough", "count", mostInquiries)
}

func inquiryCard(m civic.Member, n int) string {
	return fmt.Sprintf("%s.%d", aboutIn(inquiryKind, m.ID, m.Network), n)
}

// requestAbout is the request of a person to join a network.
func requestAbout(m civic.Member) string { return aboutIn(memberKind, m.ID, m.Network) }

// reasonCard asks in private for the reason of declining.
func reasonCard(m civic.Member) string { return requestAbout(m) + "/reason" }

// requestCards are the cards that tell of an applicant: the request, its reminder, the question for the reason of declining,
// and the questions with their answers.
func requestCards(m civic.Member) []string {
	cards := []string{requestAbout(m), reminderCard(m), reasonCard(m)}
	for n := 1; n <= mostInquiries; n++ {
		cards = append(cards, inquiryCard(m, n))
	}
	return cards
}

// inquiryStep offers the questions that are asked most, besides own words.
type inquiryStep struct{ bot.Step[inquiry] }

// Ask offers them, and names the applicant.
func (s inquiryStep) Ask(ctx context.Context, t *bot.Turn, form string, q inquiry) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, q)
	if err != nil {
		return m, err
	}
	who, err := requester(ctx, t, bot.Ref{ID: q.Request})
	if err != nil {
		return m, err
	}
	var choices []bot.Choice
	for _, name := range inquiryQuestions {
		choices = append(choices, bot.Choice{Key: name, Label: t.T("inquiry.pick." + name)})
	}
	m.Text, m.Rows = t.T("inquire.text.ask", "name", nameOf(t, t.Lang(), who)), bot.Rows(choices...)
	return m, nil
}

// Wants takes one of them as well as words.
func (s inquiryStep) Wants(in bot.Input) bool { return in.Choice != "" || s.Step.Wants(in) }

// Take takes one of them, or words.
func (s inquiryStep) Take(ctx context.Context, t *bot.Turn, in bot.Input, q *inquiry) error {
	q.Canned = ""
	if slices.Contains(inquiryQuestions, in.Choice) {
		q.Canned, q.Text = in.Choice, t.In(networkLang(t), "inquiry.ask."+in.Choice)
		return nil
	}
	return s.Step.Take(ctx, t, in, q)
}

// inquireOf puts the question to the applicant, and before the coordinators that it was put.
func inquireOf(ctx context.Context, t *bot.Turn, q inquiry) error {
	m, err := requester(ctx, t, bot.Ref{ID: q.Request})
	if err != nil {
		return err
	}
	n, err := nextInquiry(ctx, t, m)
	if err != nil {
		return err
	}
	put := inquired{Canned: q.Canned, Question: q.Text, By: t.Actor.ID, Number: n}
	reached, err := putInquiry(ctx, t, m, put)
	switch {
	case err != nil:
		return err
	case !reached:
		return bot.Refuse("inquiry.unreachable", "name", nameOf(t, t.Lang(), m))
	}
	if err := t.Audit(ctx, "member.asked", bot.About(memberKind, m.ID), ""); err != nil {
		return err
	}
	if err := showInquiry(ctx, t, m, put, bot.OpPost); err != nil {
		return err
	}
	return t.Say(ctx, "inquiry.sent", "name", nameOf(t, t.Lang(), m))
}

// putInquiry opens the answer in the applicant's chat; false when they cannot be reached.
func putInquiry(ctx context.Context, t *bot.Turn, m civic.Member, put inquired) (bool, error) {
	args, err := put.pack()
	if err != nil {
		return false, err
	}
	chat, err := privateWith(ctx, t, m.ID)
	if err != nil || chat == 0 {
		return false, err
	}
	open, err := t.Tx.Session(ctx, chat, "")
	if err != nil {
		return false, err
	}
	if open != nil && open.Form != inquiredForm && !t.Now.After(open.Expires) {
		return false, bot.Refuse("inquiry.busy", "name", nameOf(t, t.Lang(), m))
	}
	return t.Hand(ctx, m.ID, inquiredForm, bot.Input{Args: args})
}

// showInquiry shows a question before the coordinators, with what can be decided.
func showInquiry(ctx context.Context, t *bot.Turn, m civic.Member, put inquired, op bot.Op) error {
	by, err := t.Tx.Member(ctx, put.By)
	if err != nil {
		by = civic.Member{} // who asked has left since
	}
	desks, err := desksOf(ctx, t, m.Scope())
	if err != nil {
		return err
	}
	for _, chat := range desks {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		message := bot.Message{
			Text: t.In(lang, "inquiry.card", "name", nameOf(t, lang, m), "by", nameOf(t, lang, by),
				"question", put.question(t, lang), "answer", put.answer(t, lang)),
			About: requestAbout(m), Version: requestOpen, For: bot.For(civic.ApproveMember, m.Scope()),
		}
		if put.done() {
			if message.Rows, err = requestRows(ctx, t, lang, m); err != nil {
				return err
			}
		}
		l := bot.Letter{Chat: chat, Op: op, Lane: bot.LaneRoutine, Card: inquiryCard(m, put.Number), Message: message}
		if err := t.Mail(ctx, l); err != nil {
			return err
		}
	}
	return nil
}
