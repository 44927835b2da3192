package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// periods is how many days back is looked; a month when nothing is said.
var periods = []struct {
	name string
	days int
}{{"day", 1}, {"week", 7}, {"month", 30}, {"year", 365}}

const usualPeriod = 30 // days

// searchCases looks for cases by reference, street, category and period. Any other word is refused, so that nobody looks
// for a person, a plate or what somebody said.
func searchCases(ctx context.Context, t *bot.Turn, args string) error {
	if civic.Blank(args) {
		return bot.Refuse("search.how")
	}
	s, understood, err := searchOf(ctx, t, args)
	if err != nil {
		return err
	}
	if !understood {
		_, err := caseByRef(ctx, t, args)
		if _, unknown := errors.AsType[*bot.Refusal](err); unknown && !civic.SurelyRef(args) {
			return bot.Refuse("search.how")
		}
		return readByRef(ctx, t, args)
	}
	if err := t.Audit(ctx, "case.search", string(s.Category), ""); err != nil {
		return err
	}
	return showFound(ctx, t, s)
}

// readByRef shows a case that is looked for by its reference. One that the person may not read is as unknown as one that
// there is not: a reference must not tell that something sensitive was reported.
func readByRef(ctx context.Context, t *bot.Turn, typed string) error {
	c, err := caseByRef(ctx, t, typed)
	if err != nil {
		return err
	}
	if !mayRead(t, c) {
		return unknownRef(typed)
	}
	return readCase(ctx, t, c)
}

// searchOf reads what is looked for; it is not understood when a word is neither street nor category nor period.
func searchOf(ctx context.Context, t *bot.Turn, args string) (civic.Search, bool, error) {
	s := civic.Search{Network: t.Network.ID, Reader: t.Actor.Reader(t.Now), Since: t.Now.AddDate(0, 0, -usualPeriod)}
	rest := " " + strings.ToLower(strings.Join(strings.Fields(args), " ")) + " "
	for _, p := range periods {
		for _, word := range t.Words("search.words." + p.name) {
			if cut(&rest, word) {
				s.Since = t.Now.AddDate(0, 0, -p.days)
			}
		}
	}
	for _, info := range civic.Categories {
		if cut(&rest, strings.ToLower(categoryLabel(t, t.Lang(), info.Key))) {
			s.Category = info.Key
		}
	}
	streets, err := streetsIn(ctx, t, &rest)
	s.Streets = streets
	return s, civic.Blank(rest), err
}

// streetsIn takes names of streets out of what was typed; several streets may have the same name.
func streetsIn(ctx context.Context, t *bot.Turn, rest *string) ([]civic.AreaID, error) {
	all, err := t.Streets(ctx)
	var found []civic.AreaID
	named := map[string]bool{}
	for _, street := range all {
		name := strings.ToLower(street.Name)
		if named[name] || cut(rest, name) {
			named[name] = true
			found = append(found, street.ID)
		}
	}
	return found, err
}

// cut takes whole words out of what was typed, and reports whether they were there.
func cut(rest *string, words string) bool {
	before, after, found := strings.Cut(*rest, " "+words+" ")
	if found {
		*rest = before + " " + after
	}
	return found
}

// showFound lists what was found, newest first, for somebody who may read it.
func showFound(ctx context.Context, t *bot.Turn, s civic.Search) error {
	const most = 20
	list, err := t.Tx.FindCases(ctx, s, most+1)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return t.Say(ctx, "search.none", "since", day(t, t.Lang(), s.Since))
	}
	text := []string{t.T("search.head", "since", day(t, t.Lang(), s.Since))}
	var choices []bot.Choice
	for _, c := range list[:min(most, len(list))] {
		line, err := openLine(ctx, t, t.Lang(), c)
		if err != nil {
			return err
		}
		text = append(text, line)
		choices = append(choices, bot.Choice{Link: linkRead + c.Ref, Label: c.Ref})
	}
	if len(list) > most {
		text = append(text, t.T("search.more"))
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: strings.Join(text, "\n"), Rows: bot.Rows(choices...)})
}
