package flows

import (
	"context"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// enoughSaid is the choice that skips everything that need not be asked.
const enoughSaid = "enough"

const longestExtra = 300 // characters of an answer to an extra question

// extraAnswer is a quick answer by its key, or the reporter's own words.
type extraAnswer struct {
	Key   string `json:"key,omitempty"`
	Words string `json:"words,omitempty"`
}

// extraStep is the n-th question of the draft's category, from 0 on.
type extraStep struct {
	asked civic.Questionnaire
	n     int
}

// extraSteps are the questions of the category, whichever it is.
func extraSteps(asked civic.Questionnaire) []bot.Step[draft] {
	var steps []bot.Step[draft]
	for n := range civic.MostExtras {
		s := extraStep{asked: asked, n: n}
		steps = append(steps, bot.Filled(s.answered, bot.Step[draft](s)))
	}
	return steps
}

// question is the one that is asked here; false when the category has none.
func (s extraStep) question(d *draft) (civic.AskedExtra, bool) {
	all := s.asked[d.category()]
	if s.n >= len(all) {
		return civic.AskedExtra{}, false
	}
	return all[s.n], true
}

// answered reports whether this very question was answered or passed over; the answer to one of another category counts
// for nothing.
func (s extraStep) answered(d *draft) bool {
	q, is := s.question(d)
	_, known := d.Extra[q.Key]
	return is && known
}

// Name implements [bot.Step].
func (s extraStep) Name() string { return fmt.Sprintf("extra%d", s.n+1) }

// Optional implements [bot.Step].
func (s extraStep) Optional() bool { return true }

// Applies implements [bot.Step].
func (s extraStep) Applies(d *draft) bool {
	q, is := s.question(d)
	if !is || !d.alone() {
		return false
	}
	_, known := d.Extra[q.Key]
	return known || !d.Enough && !q.ToldIn(d.What)
}

// Wants implements [bot.Step].
func (s extraStep) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Keys implements [bot.Step]; the texts are those of the questions, see [extraKeys].
func (s extraStep) Keys(string) []string { return nil }

// Ask implements [bot.Step].
func (s extraStep) Ask(_ context.Context, t *bot.Turn, _ string, d draft) (bot.Message, error) {
	q, _ := s.question(&d)
	choices := make([]bot.Choice, 0, len(q.Answers)+1)
	for _, a := range q.Answers {
		choices = append(choices, bot.Choice{Key: a.Key, Label: answerLabel(t, t.Lang(), q, a)})
	}
	rows := bot.Rows(choices...)
	if s.more(&d) {
		rows = append(rows, []bot.Choice{{Key: enoughSaid, Label: t.T("report.enough")}})
	}
	return bot.Message{Text: questionText(t, q), Rows: rows}, nil
}

// more reports whether another question would follow, so that "enough" spares one.
func (s extraStep) more(d *draft) bool {
	return (extraStep{s.asked, s.n + 1}).Applies(d) || d.describes() != ""
}

// Take implements [bot.Step]. An answer that tells of danger now leads where the button for it does.
func (s extraStep) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	q, _ := s.question(d)
	if in.Choice == enoughSaid || bare(in.Text) == bare(t.T("report.enough")) {
		d.Enough = true
		return nil
	}
	answer, err := extraFrom(t, q, in)
	if err != nil {
		return err
	}
	d.keepExtra(q.Key, answer)
	if endangers(t, q, answer) {
		return d.endanger(ctx, t)
	}
	return nil
}

// endangering are the answers that tell of danger now, by their question: welfare and violence ask for it (domain §5.3).
var endangering = map[civic.Extra]string{civic.AskDangerNow: "yes", civic.AskSafe: "no"}

// endangers reports whether an answer tells of danger now: the button, or words that begin with what stands on it, "ja, hij
// staat hier".
func endangers(t *bot.Turn, q civic.AskedExtra, a extraAnswer) bool {
	key, asks := endangering[civic.Extra(q.Key)]
	if !asks || !q.BuiltIn() {
		return false
	}
	first, _, _ := strings.Cut(strings.ReplaceAll(bare(a.Words), ",", " "), " ")
	return a.Key == key || first != "" && first == bare(t.T("extra."+q.Key+"."+key))
}

// keepExtra keeps an answer; none for a question that was passed over.
func (d *draft) keepExtra(key string, a extraAnswer) {
	d.Extra = maps.Clone(d.Extra)
	if d.Extra == nil {
		d.Extra = map[string]extraAnswer{}
	}
	d.Extra[key] = a
}

// Clear implements [bot.Step]; a question that was passed over is not put again.
func (s extraStep) Clear(d *draft) {
	if q, is := s.question(d); is {
		d.keepExtra(q.Key, extraAnswer{})
	}
}

// extraFrom takes a quick answer, pressed, typed or counted, or words.
func extraFrom(t *bot.Turn, q civic.AskedExtra, in bot.Input) (extraAnswer, error) {
	for i, a := range q.Answers {
		label := bare(answerLabel(t, t.Lang(), q, a))
		if in.Choice == a.Key || bare(in.Text) == label || bare(in.Text) == fmt.Sprint(i+1) {
			return extraAnswer{Key: a.Key}, nil
		}
	}
	if key := saidYesOrNo(t, q, in.Text); key != "" {
		return extraAnswer{Key: key}, nil
	}
	switch n := utf8.RuneCountInString(in.Text); {
	case in.Choice != "" || civic.Blank(in.Text):
		return extraAnswer{}, bot.Refuse("form.pick")
	case n > longestExtra:
		return extraAnswer{}, bot.Refuse("form.length", "max", longestExtra, "count", n)
	case unknowing(t, in.Text):
		return extraAnswer{}, nil
	}
	return extraAnswer{Words: civic.Clean(in.Text, longestExtra)}, nil
}

// saidYesOrNo is the quick answer "yes" or "no" of a question that has both, when words say so; empty for none.
func saidYesOrNo(t *bot.Turn, q civic.AskedExtra, words string) string {
	has := func(key string) bool {
		return slices.ContainsFunc(q.Answers, func(a civic.QuickAnswer) bool { return a.Key == key })
	}
	switch yes, said := t.YesOrNo(words); {
	case !said || !has("yes") || !has("no"):
		return ""
	case yes:
		return "yes"
	}
	return "no"
}

// unknowing reports whether words say, in whatever language, that somebody does not know: "eh nee, dat weet ik niet".
func unknowing(t *bot.Turn, words string) bool {
	said := strings.Fields(bare(strings.ReplaceAll(words, ",", " ")))
	for len(said) > 0 && t.OneOf("report.hesitation.words", said[0]) {
		said = said[1:]
	}
	return len(said) > 0 && t.OneOf("report.unknown.words", strings.Join(said, " "))
}

// questionText is a question in the turn's language.
func questionText(t *bot.Turn, q civic.AskedExtra) string {
	if q.BuiltIn() {
		return t.T("extra." + q.Key + ".ask")
	}
	return html.EscapeString(wordsIn(t, t.Lang(), q.Ask))
}

func labelText(t *bot.Turn, lang string, q civic.AskedExtra) string {
	if q.BuiltIn() {
		return t.In(lang, "extra."+q.Key+".label")
	}
	return wordsIn(t, lang, q.Label)
}

func answerLabel(t *bot.Turn, lang string, q civic.AskedExtra, a civic.QuickAnswer) string {
	if a.Words == nil {
		return t.In(lang, "extra."+q.Key+"."+a.Key)
	}
	return wordsIn(t, lang, a.Words)
}

// wordsIn is words that police wrote, in a language that they wrote them in: the one asked for, else the network's.
func wordsIn(t *bot.Turn, lang string, words map[string]string) string {
	for _, l := range []string{lang, networkLang(t)} {
		if w := words[l]; w != "" {
			return w
		}
	}
	for _, l := range slices.Sorted(maps.Keys(words)) {
		return words[l]
	}
	return ""
}

// extras are the answers in a language, in the order of the questions; what was passed over is left out.
func extras(t *bot.Turn, lang string, asked civic.Questionnaire, d *draft) []civic.Told {
	all := d.familySaid(t, lang)
	questions := asked[d.category()]
	if number, is := civic.BuiltInQuestion(civic.AskNumber); is && d.numbered() {
		questions = append(slices.Clone(questions), number)
	}
	for _, q := range questions {
		answer, known := d.Extra[q.Key]
		words, _ := civic.WithoutOrigin(answer.Words)
		for _, a := range q.Answers {
			if answer.Key == a.Key {
				words = answerLabel(t, lang, q, a)
			}
		}
		if known && words != "" {
			all = append(all, civic.Told{Label: labelText(t, lang, q), Words: words})
		}
	}
	return all
}

// extraKeys are the texts of the built-in questions.
func extraKeys() []string {
	var keys []string
	for q, answers := range civic.BuiltInExtras() {
		keys = append(keys, "extra."+q+".ask", "extra."+q+".label")
		for _, a := range answers {
			keys = append(keys, "extra."+q+"."+a)
		}
	}
	return keys
}
