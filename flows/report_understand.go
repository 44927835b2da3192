package flows

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// tellWhat takes a story in, and takes from it what need not be asked any more: what it is about, when and where it was
// (feature C20). What the reporter chose before stays.
func tellWhat(ctx context.Context, t *bot.Turn, words string, d *draft) ([]string, error) {
	words, err := shortened(ctx, t, words, *d)
	if err != nil {
		return nil, err
	}
	if d.What == "" && civic.OnlyLooks(words) {
		d.Looks = true
		return nil, nil
	}
	story := words
	if d.What != "" && d.What != words {
		story = d.What + "\n" + words
	}
	d.What = civic.Clean(story, longestReport)
	answers, err := d.learnFrom(ctx, t, words)
	return append([]string{"what"}, answers...), err
}

// shortened refuses a story that is too long. In danger it is cut: nobody writes it anew then.
func shortened(ctx context.Context, t *bot.Turn, words string, d draft) (string, error) {
	n := utf8.RuneCountInString(words)
	if n > longestAnswer && !d.fast() {
		return "", bot.Refuse("form.length", "max", longestAnswer, "count", n)
	}
	in, err := fitting(ctx, t, bot.Input{Text: words})
	return in.Text, err
}

// learnFrom takes from words what is not known yet, and names the questions that this answers.
func (d *draft) learnFrom(ctx context.Context, t *bot.Turn, words string) ([]string, error) {
	streets, err := t.Streets(ctx)
	if err != nil {
		return nil, err
	}
	u := civic.Understand(words, streets)
	d.Deed = d.Deed || !u.Behave && civic.TellsDeed(words, u.Streets)
	answers := d.learnKind(u)
	d.hear(words)
	if err := d.help(ctx, t); err != nil {
		return nil, err
	}
	if when := civic.WhenCorrected(words); d.When != "" && when != "" && d.What != words {
		d.When = when
	}
	if d.When == "" && u.When != "" {
		d.When = u.When
		answers = append(answers, "when")
	}
	if d.Source == "" && u.Source != "" && !d.Rumour {
		d.Source = u.Source
		answers = append(answers, "source")
	}
	placed, err := d.learnPlace(ctx, t, words, u.Streets)
	if placed {
		answers = append(answers, "where")
	}
	return answers, err
}

// learnPlace takes the place that words name, by its street or by a landmark, unless one is known; it reports whether there
// was one.
func (d *draft) learnPlace(ctx context.Context, t *bot.Turn, words string, streets []civic.Area) (bool, error) {
	sights, err := t.Sights(ctx, words)
	if err != nil {
		return false, err
	}
	d.see(sights)
	if len(streets) > 1 {
		d.Streets = nil
		for _, s := range streets {
			d.Streets = append(d.Streets, s.ID)
		}
	}
	if street := d.corrected(words, streets); street != 0 {
		d.Place, d.Streets = bot.Sighted(nil, street), nil
		return true, nil
	}
	if d.Place != (civic.Place{}) || len(streets) > 1 {
		return false, nil
	}
	var street civic.AreaID
	if len(streets) == 1 {
		street = streets[0].ID
	}
	d.Place = bot.Sighted(sights, street)
	return d.Place.Street != 0, nil
}

// corrected is the street that words name in place of the one that was told before; 0 when they put nothing right.
func (d *draft) corrected(words string, streets []civic.Area) civic.AreaID {
	others := slices.DeleteFunc(slices.Clone(streets), func(s civic.Area) bool { return s.ID == d.Place.Street })
	if d.Place.Street == 0 || d.What == words || len(others) != 1 || !civic.Corrects(words, len(others) < len(streets)) {
		return 0
	}
	return others[0].ID
}

// mayMean lists the streets that the story may mean, when they are several: they are offered first.
func (d *draft) mayMean() []civic.AreaID { return d.Streets }

// learnKind takes the category that the words speak of, unless one is known; it names the questions that this answers.
func (d *draft) learnKind(u civic.Understanding) []string {
	info, known := u.Category.Info()
	if !known || d.Looks || !d.mayBe(info) || d.Category != "" {
		return nil
	}
	d.Category, d.Family = info.Key, info.Family
	if len(civic.InFamily(info.Family)) == 1 {
		return []string{"family"}
	}
	return []string{"family", "category"}
}

// sayUnderstood shows what was taken from the first words, so that nothing is assumed in silence; of what is no matter of
// the network it names the other door, and the report goes on.
func sayUnderstood(ctx context.Context, t *bot.Turn, in bot.Input, d draft, answers []string) error {
	if u := civic.Understand(in.Words(), nil); u.Category == civic.OffTopic {
		return t.Say(ctx, "report.door."+u.Door)
	}
	var parts []string
	for _, answer := range answers {
		switch answer {
		case "family":
			if d.behaves() {
				continue // what somebody does is asked first, and nothing is thought of them before
			}
			parts = append(parts, categoryLabel(t, t.Lang(), d.Category))
		case "when":
			parts = append(parts, whenLabel(t, d.When))
		case "where":
			place, err := placeLabel(ctx, t, t.Lang(), d.Place)
			if err != nil {
				return err
			}
			parts = append(parts, place)
		}
	}
	switch {
	case d.urgent():
		return nil
	case d.What == "" && in.Point != nil:
		return sayPinned(ctx, t, d.Place)
	case len(parts) == 0 || d.What == "":
		return nil
	}
	return t.Say(ctx, "report.understood", "parts", strings.Join(parts, " · "))
}

// sayPinned says which place it is that came without a word; one that may be in several streets, or in none of ours, is asked
// about later.
func sayPinned(ctx context.Context, t *bot.Turn, at civic.Place) error {
	if at.Street == 0 {
		return t.Say(ctx, "report.pinned.kept")
	}
	place, err := placeLabel(ctx, t, t.Lang(), at)
	if err != nil {
		return err
	}
	return t.Say(ctx, "report.pinned", "place", place)
}
