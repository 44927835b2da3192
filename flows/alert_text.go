package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// wording is a text for many people on its way to be accepted.
type wording struct {
	Text       string           `json:"text,omitempty"`       // accepted
	Suggestion string           `json:"suggestion,omitempty"` // may be accepted with one press
	Template   string           `json:"template,omitempty"`   // key of the suggestion, when it is one of ours
	Draft      string           `json:"draft,omitempty"`      // typed, and a rule minds something in it
	Kept       []civic.LintRule `json:"kept,omitempty"`       // rules that the accepted text goes against, knowingly
}

// The choices of the question about a text.
const (
	wordingUse   = "use"
	wordingClean = "clean"
	wordingKeep  = "keep"
	wordingOwn   = "own"
	wordingCalm  = "calm"
	wordingWhen  = "when"
)

// writing asks for a text that a whole street will read. What does not belong in it is pointed out; police may leave it
// in (domain §5.7).
type writing[A any] struct {
	name string
	in   func(*A) *wording
	most int      // characters
	asks []string // the ways in which it may be asked for, as ends of keys: ask, suggest, change

	keeps  func(t *bot.Turn, a A) []civic.LintRule // whose findings may be left in; nil = none
	begins func(t *bot.Turn, a A) []bot.Choice     // the texts of ours that it may begin with, by their keys; nil = none
}

// may lists the rules whose findings the person may leave in.
func (w writing[A]) may(t *bot.Turn, a A) []civic.LintRule {
	if w.keeps == nil || !mayAnywhere(t, civic.SendAlert) {
		return nil
	}
	return w.keeps(t, a)
}

// Name implements [bot.Step].
func (w writing[A]) Name() string { return w.name }

// Optional implements [bot.Step].
func (w writing[A]) Optional() bool { return false }

// Applies implements [bot.Step].
func (w writing[A]) Applies(*A) bool { return true }

// Wants implements [bot.Step].
func (w writing[A]) Wants(in bot.Input) bool { return in.Words() != "" || in.Choice != "" }

// Clear forgets the text; the suggestion stays.
func (w writing[A]) Clear(a *A) {
	words := *w.in(a)
	*w.in(a) = wording{Suggestion: words.Suggestion, Template: words.Template}
}

// Keys implements [bot.Step].
func (w writing[A]) Keys(form string) []string {
	keys := make([]string, len(w.asks))
	for i, way := range w.asks {
		keys[i] = form + "." + w.name + "." + way
	}
	return keys
}

// Ask shows what is known of the text so far.
func (w writing[A]) Ask(_ context.Context, t *bot.Turn, form string, a A) (bot.Message, error) {
	words, key := *w.in(&a), form+"."+w.name
	switch {
	case words.Draft != "":
		text := t.T(objection(w.may(t, a), words.Draft), objections(t, words.Draft)...)
		return bot.Message{Text: text, Rows: bot.Rows(w.choices(t, a)...)}, nil
	case words.Text != "":
		return bot.Message{Text: t.T(key+".change", "text", words.Text)}, nil
	case words.Template != "":
		return bot.Message{Text: t.T("alert.begun", "text", words.Suggestion), Rows: bot.Rows(w.choices(t, a)...)}, nil
	case words.Suggestion != "":
		return bot.Message{Text: t.T(key+".suggest", "text", words.Suggestion), Rows: bot.Rows(w.choices(t, a)...)}, nil
	}
	return bot.Message{Text: t.T(key+".ask", "max", w.most), Rows: bot.Rows(w.choices(t, a)...)}, nil
}

// choices are the buttons that go with the question.
func (w writing[A]) choices(t *bot.Turn, a A) []bot.Choice {
	words := *w.in(&a)
	var keys []string
	switch {
	case words.Draft != "":
		if civic.UnlintedAlert(words.Draft) != "" {
			keys = append(keys, wordingClean)
		}
		if mayKeep(w.may(t, a), words.Draft) {
			keys = append(keys, wordingKeep)
		}
	case words.Text == "" && words.Template != "":
		keys = []string{wordingUse, wordingOwn}
	case words.Text == "" && words.Suggestion != "":
		keys = []string{wordingUse}
	case words.Text == "" && w.begins != nil:
		return w.begins(t, a)
	}
	choices := make([]bot.Choice, len(keys))
	for i, key := range keys {
		choices[i] = bot.Choice{Key: key, Label: t.T("alert.wording." + key)}
	}
	return choices
}

// mayKeep reports whether everything that the rules mind in a text may be left in.
func mayKeep(may []civic.LintRule, text string) bool {
	return !slices.ContainsFunc(civic.LintAlert(text), func(h civic.Hit) bool { return !slices.Contains(may, h.Rule) })
}

// objection is the key under which the person hears what the rules mind in a text.
func objection(may []civic.LintRule, text string) string {
	if mayKeep(may, text) {
		return "alert.lint"
	}
	return "alert.lint.stop"
}

// objections fills in what the rules mind in a text, each thing once.
func objections(t *bot.Turn, text string) []any {
	var lines []string
	for _, hit := range civic.LintAlert(text) {
		line := t.T("alert.lint."+string(hit.Rule), "words", hit.Words)
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return []any{"text", text, "hits", bot.HTML(strings.Join(lines, "\n"))}
}

// Take takes a text, the suggestion, or what is to become of a text that a rule minds.
func (w writing[A]) Take(_ context.Context, t *bot.Turn, in bot.Input, a *A) error {
	words := w.in(a)
	switch key := w.choice(t, in, *a); key {
	case "":
	case wordingOwn:
		*words = wording{}
		return bot.Refuse("alert.own", "max", w.most)
	case wordingUse:
		return words.take(t, words.Suggestion, w.may(t, *a))
	case wordingClean:
		return words.take(t, civic.UnlintedAlert(words.Draft), w.may(t, *a))
	case wordingKeep:
		words.accept(words.Draft)
		return nil
	default:
		*words = wording{Suggestion: t.In(networkLang(t), key), Template: key}
		return bot.Refuse("alert.begun", "text", words.Suggestion)
	}
	text := in.Text
	switch {
	case in.Media != nil && in.Media.Kind == bot.MediaPhoto:
		return bot.Refuse("alert.photo")
	case in.Media != nil:
		return bot.Refuse("media." + string(in.Media.Kind))
	case in.Choice != "" && text == "":
		return bot.Refuse("form.pick")
	case civic.Blank(text):
		return bot.Refuse("form.empty")
	}
	if words.Text == "" && words.Template != "" { // it is added to what is ours
		text = words.Suggestion + "\n" + text
	}
	if n := utf8.RuneCountInString(text); n > w.most {
		return bot.Refuse("form.length", "max", w.most, "count", n)
	}
	return words.take(t, civic.Clean(text, w.most), w.may(t, *a))
}

// choice is the key of the button that was pressed, or whose label or number was typed; empty when neither.
func (w writing[A]) choice(t *bot.Turn, in bot.Input, a A) string {
	choices := w.choices(t, a)
	if n, err := strconv.Atoi(strings.TrimSpace(in.Text)); err == nil && n >= 1 && n <= len(choices) {
		return choices[n-1].Key
	}
	for _, c := range choices {
		if in.Choice == c.Key || in.Text != "" && strings.EqualFold(strings.TrimSpace(in.Text), c.Label) {
			return c.Key
		}
	}
	return ""
}

// take accepts a text, or keeps it aside when a rule minds something in it.
func (w *wording) take(t *bot.Turn, text string, may []civic.LintRule) error {
	if len(civic.LintAlert(text)) == 0 {
		w.accept(text)
		return nil
	}
	w.Draft = text
	return bot.Refuse(objection(may, text), objections(t, text)...)
}

// accept makes a text the one that will be said, and remembers which rules it goes against.
func (w *wording) accept(text string) {
	w.Text, w.Draft, w.Kept = text, "", nil
	for _, hit := range civic.LintAlert(text) {
		if !slices.Contains(w.Kept, hit.Rule) {
			w.Kept = append(w.Kept, hit.Rule)
		}
	}
}

// kept names the rules that the text goes against, for the audit trail.
func (w wording) kept() string {
	if len(w.Kept) == 0 {
		return ""
	}
	names := make([]string, len(w.Kept))
	for i, rule := range w.Kept {
		names[i] = string(rule)
	}
	return "; kept " + strings.Join(names, ",")
}
