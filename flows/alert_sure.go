package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// otherLine tells of an alert that is out already about the same case.
func otherLine(ctx context.Context, t *bot.Turn, other civic.Alert) (string, error) {
	name, err := officer(ctx, t, t.Lang(), other.Issuer)
	return t.T("alert.also", "ref", other.Ref, "name", name, "time", moment(t, t.Lang(), other.Issued)), err
}

// informed asks for the text, and first tells of alerts that are out already about the same case.
type informed struct{ writing[alarm] }

// Ask puts what is out already above the question. Of a text that sounds urgent it asks whether there is danger now.
func (s informed) Ask(ctx context.Context, t *bot.Turn, form string, a alarm) (bot.Message, error) {
	if a.Doubt != "" {
		return doubted(t, a.Doubt), nil
	}
	m, err := s.writing.Ask(ctx, t, form, a)
	if err != nil || a.Words.Text != "" {
		return m, err
	}
	others, err := othersOf(ctx, t, a.Case)
	if err != nil {
		return m, err
	}
	var lines []string
	for _, other := range others {
		line, err := otherLine(ctx, t, other)
		if err != nil {
			return m, err
		}
		lines = append(lines, line)
	}
	m.Text = strings.Join(append(lines, m.Text), "\n\n")
	return m, nil
}

// calmly is the word that there is no danger now.
func calmly(t *bot.Turn) bot.Choice {
	return bot.Choice{Key: wordingCalm, Label: t.T("alert.wording." + wordingCalm)}
}

// doubted asks of a text that sounds urgent whether there is danger now.
func doubted(t *bot.Turn, text string) bot.Message {
	text = t.T("alert.info.urgent", "text", text, "emergency", t.Profile().Emergency)
	return bot.Message{Text: text, Rows: bot.Rows(calmly(t))}
}

// calmed reports whether the person says that there is no danger now.
func calmed(t *bot.Turn, in bot.Input) bool {
	calm := calmly(t)
	return in.Choice == calm.Key || strings.EqualFold(strings.TrimSpace(in.Text), calm.Label)
}

// Take takes the text; who is not police says that there is no danger now when it sounds as if there were.
func (s informed) Take(ctx context.Context, t *bot.Turn, in bot.Input, a *alarm) error {
	before := a.Words
	if a.Doubt != "" && calmed(t, in) {
		text := a.Doubt
		a.Doubt = ""
		return a.Words.take(t, text, s.may(t, *a))
	}
	if err := s.writing.Take(ctx, t, in, a); err != nil {
		return err
	}
	a.Doubt = ""
	sender, err := broadcaster(t, a.Kind)
	if err != nil || sender == civic.Police {
		return err
	}
	return civilian(t, &a.Words, before, &a.Doubt)
}

// civilian refuses the words of who is not police when they speak as the police. What sounds urgent waits in doubt until they
// say that there is no danger now: they are told whom to call, and that only police send alarms.
func civilian(t *bot.Turn, words *wording, before wording, doubt *string) error {
	text := words.Text
	switch {
	case civic.Poses(text):
		*words = before
		return bot.Refuse("alert.pose")
	case soundsUrgent(t, text):
		*doubt, *words = text, before
		return bot.Refuse("alert.info.urgent", "text", text, "emergency", t.Profile().Emergency)
	}
	return nil
}

// soundsUrgent reports whether a sentence of information tells of danger now. What was long ago is no danger, and what is ours is
// none.
func soundsUrgent(t *bot.Turn, text string) bool {
	if key := begunFrom(t, civic.InfoAlert, text); key != "" {
		text = strings.TrimPrefix(text, t.In(networkLang(t), key))
	}
	ends := func(r rune) bool { return strings.ContainsRune(".!?\n", r) }
	for sentence := range strings.FieldsFuncSeq(text, ends) {
		if civic.Danger(sentence) && civic.Understand(sentence, nil).When != civic.Earlier {
			return true
		}
	}
	return false
}

// reaching is the preview; what nobody would hear is not sent.
type reaching struct{ bot.Step[alarm] }

// Take takes the word to go on.
func (s reaching) Take(ctx context.Context, t *bot.Turn, in bot.Input, a *alarm) error {
	plan, _, err := planAlarm(ctx, t, *a)
	if err != nil {
		return err
	}
	if err := s.Step.Take(ctx, t, in, a); err != nil {
		return err
	}
	if err := frozen(ctx, t, a); err != nil {
		return err
	}
	if err := pictureReady(ctx, t, a); err != nil {
		return err
	}
	if len(plan.Tell)+len(plan.Later) == 0 {
		return bot.Refuse("alert.nobody")
	}
	return nil
}

// assuring asks once more before many people read it. An alert about the same case that went out meanwhile is told
// first.
type assuring struct{ bot.Step[alarm] }

// Ask tells to how many it goes and until when it holds.
func (s assuring) Ask(ctx context.Context, t *bot.Turn, form string, a alarm) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, a)
	if err != nil {
		return m, err
	}
	plan, _, err := planAlarm(ctx, t, a)
	if err != nil {
		return m, err
	}
	who := counted(t, t.Lang(), append(plan.Waiting(), plan.Tell...))
	if who == "" {
		who = t.T("alert.reach.none")
	}
	m.Text = t.T(form+".sure.ask", "who", who, "until", moment(t, t.Lang(), a.Until))
	return m, nil
}

// Take takes the word to go.
func (s assuring) Take(ctx context.Context, t *bot.Turn, in bot.Input, a *alarm) error {
	if err := frozen(ctx, t, a); err != nil {
		return err
	}
	others, err := othersOf(ctx, t, a.Case)
	if err != nil {
		return err
	}
	for _, other := range others {
		if slices.Contains(a.Others, other.Ref) {
			continue
		}
		a.Others = append(a.Others, other.Ref)
		line, err := otherLine(ctx, t, other)
		if err != nil {
			return err
		}
		return bot.Refuse("alert.also.meanwhile", "other", bot.HTML(line))
	}
	return s.Step.Take(ctx, t, in, a)
}
