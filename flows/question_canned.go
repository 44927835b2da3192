package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// cannedQuestions are what reporters are asked most. Each is read in the reader's own language, so a coordinator need not
// share one with the reporter.
var cannedQuestions = []string{"time", "place", "direction", "still", "more"}

func cannedKey(name string) string { return "canned." + name }

func cannedKeys() []string {
	var keys []string
	for _, name := range cannedQuestions {
		keys = append(keys, cannedKey(name))
	}
	return keys
}

// canned offers the questions that the bot knows, besides own words.
type canned struct{ bot.Step[query] }

// Ask offers them.
func (s canned) Ask(ctx context.Context, t *bot.Turn, form string, q query) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, q)
	var choices []bot.Choice
	for _, name := range cannedQuestions {
		choices = append(choices, bot.Choice{Key: name, Label: t.T(cannedKey(name))})
	}
	m.Rows = bot.Rows(choices...)
	return m, err
}

// Wants takes one of them as well as words.
func (s canned) Wants(in bot.Input) bool { return in.Choice != "" || s.Step.Wants(in) }

// Take takes one of them, or words.
func (s canned) Take(ctx context.Context, t *bot.Turn, in bot.Input, q *query) error {
	q.Canned = ""
	if slices.Contains(cannedQuestions, in.Choice) {
		q.Canned, q.Text = in.Choice, t.In(networkLang(t), cannedKey(in.Choice))
		return nil
	}
	return s.Step.Take(ctx, t, in, q)
}

// queryText is a question as somebody reads it: in their language when the bot knows it, else in the asker's words.
func queryText(t *bot.Turn, lang string, q civic.Question) string {
	if q.Text != "" && slices.Contains(cannedQuestions, q.Canned) {
		return t.In(lang, cannedKey(q.Canned))
	}
	return q.Text
}

// inquire puts a partner's question to the reporter; neither knows the other, and the case stays as it stands.
func inquire(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, _ string) error {
	if civic.Blank(h.Words) {
		return bot.Refuse("handover.words.empty")
	}
	if !h.Open() {
		return stands(t, c)
	}
	report, err := reachable(ctx, t, c)
	if err != nil {
		return err
	}
	q := civic.Question{
		Case: c.ID, Report: report.ID, AskedBy: t.Actor.ID, Partner: h.Partner, Text: h.Words, Asked: t.Now,
	}
	if err := t.Tx.AddQuestion(ctx, &q); err != nil {
		return err
	}
	if err := saveCase(ctx, t, &c, "asked"); err != nil {
		return err
	}
	if err := hand(ctx, t, report.Reporter, q, c); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.asked", "ref", c.Ref)
}

// tellInquirer brings an answer to the partner that asked, if it still has the case.
func tellInquirer(ctx context.Context, t *bot.Turn, c civic.Case, q civic.Question) error {
	h, err := handoverOf(ctx, t, c, q.Partner)
	if err != nil || !theirs(c, h) {
		return err
	}
	chats, err := partnerDesk(q.Partner).chats(ctx, t, c)
	if err != nil {
		return err
	}
	if q.Partner != civic.Police {
		if q, err = openAnswer(ctx, t, q); err != nil {
			return err
		}
	}
	for _, chat := range chats {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		err = t.Post(ctx, chat, bot.LaneRoutine, bot.Message{
			Text: t.In(lang, "question.answered", "ref", c.Ref,
				"question", queryText(t, lang, q), "answer", answerText(t, lang, q)),
			About: handoverAbout(c, h.Partner), Version: c.Version, For: partnerDesk(q.Partner).readers(c),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
