package flows

import (
	"context"
	"fmt"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// templates are the texts of ours that a message of each kind may begin with: what happens, and what to do. They stand in
// every language, so everybody reads them in their own; what the issuer adds stays as it was written.
var templates = map[civic.AlertKind][]string{
	civic.UrgentAlert:  {"burglary", "robbery", "fraud", "smoke", "gas"},
	civic.AppealAlert:  {"burglary", "vandalism", "fire"},
	civic.MissingAlert: {"person"},
	civic.InfoAlert:    {"rumour", "burglary", "light", "works"},
}

// templateKey is the key of a text of ours with which a message may begin, and beginKey that of its button.
func templateKey(kind civic.AlertKind, name string) string {
	return "alert.template." + string(kind) + "." + name
}

func beginKey(kind civic.AlertKind, name string) string {
	return "alert.begin." + string(kind) + "." + name
}

// beginnings are the buttons with the texts that a message of this kind may begin with; each has the text's key.
func beginnings(t *bot.Turn, kind civic.AlertKind) []bot.Choice {
	choices := make([]bot.Choice, len(templates[kind]))
	for i, name := range templates[kind] {
		choices[i] = bot.Choice{Key: templateKey(kind, name), Label: t.T(beginKey(kind, name))}
	}
	return choices
}

// begunFrom is the key of the text of ours with which a message in the network's language begins; empty = all of it was
// written by its issuer.
func begunFrom(t *bot.Turn, kind civic.AlertKind, text string) string {
	for _, name := range templates[kind] {
		if key := templateKey(kind, name); strings.HasPrefix(text, t.In(networkLang(t), key)) {
			return key
		}
	}
	return ""
}

// inTongue is what an alert says, with what is ours in it in the reader's language: the template that it begins with, or the
// first line about its case. What people wrote is not translated.
func inTongue(ctx context.Context, t *bot.Turn, lang string, a civic.Alert, text string) (string, error) {
	home := networkLang(t)
	if lang == home {
		return text, nil
	}
	if key := begunFrom(t, a.Kind, text); key != "" {
		return t.In(lang, key) + strings.TrimPrefix(text, t.In(home, key)), nil
	}
	if a.Case == 0 {
		return text, nil
	}
	c, err := mergedCase(ctx, t, a.Case)
	if err != nil {
		return "", fmt.Errorf("case of alert %s: %w", a.Ref, err)
	}
	ours, err := openingOf(ctx, t, home, c)
	if err != nil {
		return "", err
	}
	rest, is := strings.CutPrefix(text, ours)
	if !is {
		return text, nil
	}
	theirs, err := openingOf(ctx, t, lang, c)
	return theirs + rest, err
}
