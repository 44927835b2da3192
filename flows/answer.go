package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	answerForm   = "answer"
	questionKind = "question" // a question that waits for its reporter: "question/5"
	answerDays   = 7          // how long an answer is waited for

	answerUnknown = "unknown" // the choices besides words
	answerLater   = "later"
)

// reply is an answer that is being given.
type reply struct {
	Question int64  `json:"question"`
	Unknown  bool   `json:"unknown,omitempty"`
	Later    bool   `json:"later,omitempty"`
	Message  string `json:"message,omitempty"` // that the answer came with
	illustrated
}

// given reports whether there is an answer.
func (r *reply) given() bool { return r.Unknown || r.Later || !r.nothing() }

// answering lets a reporter answer, say that they do not know, or put it off.
func answering() bot.Form[reply] {
	return bot.Form[reply]{
		Name: answerForm, Needs: civic.FollowReport, Start: startReply, Done: answer, Life: answerDays * day24,
		Also: alsoPicture(func(r *reply) *illustrated { return &r.illustrated }), Learn: learnReply, Heard: heardReply,
		Unheard: func(r *reply, on bot.MessageRef) ([]int64, bool) { return r.unheard(on) },
		Lost:    func(photo int64, r *reply) bool { return r.loses(photo) },
		Aside:   answerNotToQuestion,
		Steps: []bot.Step[reply]{
			bot.Filled((*reply).given, bot.Step[reply](questioned{showing[reply]{
				bot.Write("words", func(r *reply) *string { return &r.Words }, longestAnswer),
				func(r *reply) *illustrated { return &r.illustrated },
			}})),
			facesOfIllustrated(func(r *reply) *illustrated { return &r.illustrated }),
			recordedOfIllustrated(func(r *reply) *illustrated { return &r.illustrated }),
		},
	}
}

// answerNotToQuestion answers thanks and impatience; what somebody shouted may be what was asked for.
func answerNotToQuestion(t *bot.Turn, in bot.Input, _ string, _ reply) *bot.Refusal {
	if idleIn(t, in.Text) == idleCurse {
		return nil
	}
	return answerIdle(t, in)
}

func startReply(ctx context.Context, t *bot.Turn, in bot.Input) (reply, []string, error) {
	q, err := questionOf(ctx, t, in.Args)
	if err != nil {
		return reply{}, nil, err
	}
	return reply{Question: q.ID}, nil, own(ctx, t, q)
}

func questionOf(ctx context.Context, t *bot.Turn, id string) (civic.Question, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return civic.Question{}, fmt.Errorf("question %q: %w", id, bot.ErrNotFound)
	}
	return t.Tx.Question(ctx, n)
}

// own refuses a question that was put to somebody else, or whose report was taken back, or that has its answer.
func own(ctx context.Context, t *bot.Turn, q civic.Question) error {
	reports, err := t.Tx.Reports(ctx, q.Case)
	if err != nil {
		return err
	}
	for _, r := range reports {
		if r.ID != q.Report || r.Reporter != t.Actor.ID {
			continue
		}
		if !q.Answered.IsZero() {
			return bot.Refuse("press.done")
		}
		return nil
	}
	return bot.Refuse("press.other")
}

// onQuestion finds the case that a question is about.
func onQuestion(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	q, err := questionOf(ctx, t, r.ID)
	if err != nil {
		return bot.Thing{}, err
	}
	c, err := t.Tx.Case(ctx, q.Case)
	return bot.Thing{Scope: c.Scope(), Version: c.Version}, err
}

// answerNow takes a question up that was put off. One question is answered at a time.
func answerNow(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if open != nil && open.Form == answerForm {
		return bot.Refuse("answer.busy")
	}
	return t.Begin(ctx, answerForm, bot.Input{Args: r.ID})
}

// questioned puts the question itself.
type questioned struct{ bot.Step[reply] }

// Ask names the case and the question.
func (s questioned) Ask(ctx context.Context, t *bot.Turn, form string, r reply) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, r)
	if err != nil {
		return m, err
	}
	q, err := t.Tx.Question(ctx, r.Question)
	if err != nil {
		return m, err
	}
	c, err := t.Tx.Case(ctx, q.Case)
	m.Text = t.T("answer.words.ask", "ref", c.Ref, "question", queryText(t, t.Lang(), q))
	m.Rows = bot.Rows(bot.Choice{Key: answerUnknown, Label: t.T("answer.words.unknown")},
		bot.Choice{Key: answerLater, Label: t.T("answer.words.later")})
	return m, err
}

// Wants takes the two buttons as well as words.
func (s questioned) Wants(in bot.Input) bool { return in.Choice != "" || s.Step.Wants(in) }

// Take takes words, or one of the buttons.
func (s questioned) Take(ctx context.Context, t *bot.Turn, in bot.Input, r *reply) error {
	switch in.Choice {
	case answerUnknown, answerLater:
		r.illustrated = illustrated{}
		r.Unknown, r.Later = in.Choice == answerUnknown, in.Choice == answerLater
		return nil
	}
	return s.Step.Take(ctx, t, in, r)
}

// Keys names the texts of the two buttons as well.
func (s questioned) Keys(form string) []string {
	return append(s.Step.Keys(form), form+".words.unknown", form+".words.later")
}

// answer brings what the reporter said to the card, and to whoever asked.
func answer(ctx context.Context, t *bot.Turn, r reply) error {
	q, err := t.Tx.Question(ctx, r.Question)
	if err != nil {
		return err
	}
	if err := own(ctx, t, q); err != nil {
		return err
	}
	c, err := t.Tx.Case(ctx, q.Case)
	if err != nil {
		return err
	}
	if r.Later {
		return putOff(ctx, t, q, c)
	}
	q.Answer, q.Answered, q.Message = r.text(t), t.Now, r.Message
	if err := t.Tx.AnswerQuestion(ctx, q); err != nil {
		if errors.Is(err, bot.ErrConflict) {
			return bot.Refuse("press.done")
		}
		return err
	}
	hidden, err := heed(ctx, t, &c, r.Words)
	if err != nil {
		return err
	}
	sent, err := enclose(ctx, t, q, r)
	if err != nil {
		return err
	}
	if err := answered(ctx, t, q, c); err != nil {
		return err
	}
	if err := tellEnclosed(ctx, t, c.ID, sent); err != nil {
		return err
	}
	if hidden {
		if err := passOn(ctx, t, c.ID); err != nil {
			return err
		}
	}
	return errors.Join(t.Say(ctx, "answer.thanks", "ref", c.Ref), r.tellRecorded(ctx, t))
}

// answered moves the case on and tells whoever asked.
func answered(ctx context.Context, t *bot.Turn, q civic.Question, c civic.Case) error {
	var err error
	if c.Status == civic.InfoRequested && q.Partner == "" {
		err = move(ctx, t, &c, civic.InfoReceived)
	} else {
		err = saveCase(ctx, t, &c, string(civic.InfoReceived))
	}
	if err != nil {
		return err
	}
	if q, err = t.Tx.Question(ctx, q.ID); err != nil {
		return err
	}
	if q.Partner != "" {
		return tellInquirer(ctx, t, c, q)
	}
	open, err := openAnswer(ctx, t, q)
	if err != nil {
		return err
	}
	return tellAnswer(ctx, t, q, c, open)
}

// tellAnswer brings an answer to whoever asked and to whoever has the case by now. Where neither works on it any more, it is
// watched over like a case that nobody has.
func tellAnswer(ctx context.Context, t *bot.Turn, q civic.Question, c civic.Case, open civic.Question) error {
	heard := false
	for _, person := range eachOnce([]int64{q.AskedBy, c.Owner}) {
		if person == 0 {
			continue
		}
		may, err := mayKnow(ctx, t, c, person)
		if err != nil {
			return err
		}
		heard = heard || may
		if err := tellCoordinator(ctx, t, c, person, func(lang string) bot.Message {
			return bot.Message{Text: t.In(lang, "question.answered",
				"ref", c.Ref, "question", queryText(t, lang, q), "answer", answerText(t, lang, open))}
		}); err != nil {
			return err
		}
	}
	if heard || !waits(c) {
		return nil
	}
	return watch(ctx, t, c)
}

// putOff leaves the reporter a button for later.
func putOff(ctx context.Context, t *bot.Turn, q civic.Question, c civic.Case) error {
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneAnswer, Person: t.Actor.ID,
		Message: bot.Message{
			Text: t.T("answer.later", "ref", c.Ref), About: bot.About(questionKind, q.ID),
			Rows: bot.Rows(bot.Choice{Key: "answer", Label: t.T("answer.button")}),
		},
	})
}
