package flows

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// suggestion is a first text for an alert about a case: what and where in our words, and what of the reports may be read by
// a whole street. Nothing of a report about a sensitive matter is suggested.
func suggestion(ctx context.Context, t *bot.Turn, c civic.Case) (string, error) {
	lang := networkLang(t)
	opening, err := openingOf(ctx, t, lang, c)
	if err != nil {
		return "", err
	}
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return "", fmt.Errorf("suggest a text for case %d: %w", c.ID, err)
	}
	parts := []string{opening}
	for _, r := range reports {
		if shared := civic.Shareable(r.Text); shared != "" && !c.Sensitive() {
			parts = append(parts, sentences(lang, shared))
		}
	}
	return civic.Clean(strings.Join(parts, "\n"), longestAlert), nil
}

// openingOf is the first line of an alert about a case: what and where.
func openingOf(ctx context.Context, t *bot.Turn, lang string, c civic.Case) (string, error) {
	place, err := placeLabel(ctx, t, lang, civic.Place{Street: c.Street})
	return openingWords(t, lang, c, place), err
}

// openingWords says what happened, and where.
func openingWords(t *bot.Turn, lang string, c civic.Case, place string) string {
	key := "alert.suggest"
	if c.Category == civic.Other {
		key += ".something"
	}
	args := []any{"category", raw(categoryLabel(t, lang, c.Category)), "place", raw(place)}
	if c.Street == 0 {
		args[3] = raw(t.Network.Name)
	}
	return t.In(lang, key, args...)
}

// sentences makes each line end with a full stop, and each sentence of it begin with a capital.
func sentences(lang, text string) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if !strings.ContainsAny(line[len(line)-1:], ".!?") {
			line += "."
		}
		out = append(out, capitals(lang, line))
	}
	return strings.Join(out, "\n")
}

// capitals writes the first letter of each sentence of a line large. A short word before a full stop may be shortened
// ("ca. tien"), so that what comes after it stays.
func capitals(lang, line string) string {
	const short = 3
	upper := unicode.ToUpper
	if lang == "tr" {
		upper = unicode.TurkishCase.ToUpper
	}
	letters := []rune(line)
	begins, word := true, 0
	for i, r := range letters {
		switch {
		case unicode.IsLetter(r) && begins:
			letters[i], begins, word = upper(r), false, 1
		case unicode.IsLetter(r):
			word++
		case unicode.IsSpace(r):
			begins = begins || i > 0 && (strings.ContainsRune("!?", letters[i-1]) || letters[i-1] == '.' && word > short)
			word = 0
		case unicode.IsDigit(r):
			begins = false
		}
	}
	return string(letters)
}
