package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// choiceLanguage begins the choice of a language on the first screen.
const choiceLanguage = "lang:"

// welcome is the first screen: what this is, the house rules and what is kept, all at once.
type welcome struct{ bot.Step[joining] }

// Ask shows the screen. Who waits with a report reads that first; who speaks another language can choose it.
func (w welcome) Ask(ctx context.Context, t *bot.Turn, form string, j joining) (bot.Message, error) {
	m, err := w.Step.Ask(ctx, t, form, j)
	if err != nil {
		return m, err
	}
	args, err := welcomeArgs(ctx, t, j)
	m.Text = t.T("join.welcome.ask", args...)
	if foreign(t) {
		m.Rows = append(m.Rows, languageRows(t, choiceLanguage)...)
	}
	return m, err
}

// Take takes yes or no; a language and the question after privacy come back to this screen.
func (w welcome) Take(ctx context.Context, t *bot.Turn, in bot.Input, j *joining) error {
	if lang, ok := strings.CutPrefix(in.Choice, choiceLanguage); ok {
		if err := speak(ctx, t, lang); err != nil {
			return err
		}
		args, err := welcomeArgs(ctx, t, *j)
		if err != nil {
			return err
		}
		return bot.Refuse("join.welcome.ask", args...)
	}
	if err := w.Step.Take(ctx, t, in, j); err != nil {
		return err
	}
	if j.Welcome == answerPrivacy {
		j.Welcome = ""
		return bot.Refuse("privacy.text", privacyArgs(t)...)
	}
	return nil
}

// welcomeArgs are what the first screen is filled in with: before it whether a report waits, after it the street that
// was on the sign.
func welcomeArgs(ctx context.Context, t *bot.Turn, j joining) ([]any, error) {
	var before, after bot.HTML
	waits, err := reportWaits(ctx, t)
	if err != nil {
		return nil, err
	}
	if waits {
		before = bot.HTML(t.T("join.waiting") + "\n\n")
	}
	if j.Coded {
		street, err := placeLabel(ctx, t, t.Lang(), j.Place)
		if err != nil {
			return nil, err
		}
		after = bot.HTML("\n\n" + t.T("join.welcome.street", "street", street))
	}
	return []any{"rules", houseRules(t), "before", before, "after", after, "network", t.Network.Name}, nil
}

// foreign reports whether the account speaks another language than the network.
func foreign(t *bot.Turn) bool {
	base, _, _ := strings.Cut(t.From.Language, "-")
	return base != "" && base != networkLang(t)
}

// reportWaits reports whether a report was set aside until its teller is a member.
func reportWaits(ctx context.Context, t *bot.Turn) (bool, error) {
	parked, err := t.Tx.ParkedSession(ctx, t.Chat.ID, "")
	if err != nil || parked == nil {
		return false, err
	}
	return !t.Now.After(parked.Expires), nil
}

// ofAge asks whether a person is old enough.
type ofAge struct{ bot.Step[joining] }

// Ask names the age, which differs between countries.
func (s ofAge) Ask(ctx context.Context, t *bot.Turn, form string, j joining) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, j)
	m.Text = t.T("join.age.ask", "age", t.Profile().MinimumAge)
	return m, err
}

// home asks in which street a person lives: by list, by name, by pin or by the code on a sign.
type home struct{ bot.Step[joining] }

// Ask offers the streets, those of the sign's street group first.
func (h home) Ask(ctx context.Context, t *bot.Turn, form string, j joining) (bot.Message, error) {
	near := *t
	if j.Group != 0 {
		near.Actor.Group = j.Group
	}
	return h.Step.Ask(ctx, &near, form, j)
}

// Take keeps the street and nothing that is more exact than it.
func (h home) Take(ctx context.Context, t *bot.Turn, in bot.Input, j *joining) error {
	area, ok, err := areaByCode(ctx, t, in.Text)
	j.ByCode = ok && area.Kind == civic.KindStreet
	switch {
	case err != nil:
		return err
	case j.ByCode:
		j.Place = civic.Place{Street: area.ID}
		return nil
	case ok:
		j.Group = area.ID
		return bot.Refuse("join.street.group", "group", area.Name)
	}
	err = h.Step.Take(ctx, t, in, j)
	j.Place.Point = nil
	if why, refused := errors.AsType[*bot.Refusal](err); refused {
		j.Place = civic.Place{}
		if why.Key == "form.place.far" {
			return why.InWords("join.street.far", why.Args...)
		}
	}
	if err != nil {
		return err
	}
	if j.Place.Street != 0 {
		j.Place.Words = ""
	}
	return nil
}

// called asks how the coordinators may call a person; of whom a name is known already, from another network or a role, they
// are told that it is shown when they give none.
type called struct{ bot.Step[joining] }

// Ask names that name.
func (s called) Ask(ctx context.Context, t *bot.Turn, form string, j joining) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, j)
	if !t.Actor.Guest() && t.Actor.Name != "" {
		m.Text = t.T("join.name.known", "name", t.Actor.Name)
	}
	return m, err
}
