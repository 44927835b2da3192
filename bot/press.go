package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// press finds out what a button was about and does it, if it still may be done.
func (e *Engine) press(ctx context.Context, t *Turn, p Press) error {
	if p.Mark != "" {
		if handled, err := e.marked(ctx, t, Marked{On: p.On, Mark: p.Mark}); handled || err != nil {
			return err
		}
	}
	r, err := t.Tx.Rendering(ctx, p.Token, t.Chat.ID, p.On)
	if errors.Is(err, ErrNotFound) && p.Token == "" && t.Chat.Ref.Kind != Private {
		return nil // a reaction of people to people
	}
	if errors.Is(err, ErrNotFound) || err == nil && r.Chat != t.Chat.ID {
		return Refuse("press.old")
	}
	if err != nil {
		return err
	}
	t.gather(r)
	if t.From.Anonymous {
		return Refuse("refused.anonymous")
	}
	if r.Person != 0 && r.Person != t.Actor.ID {
		return Refuse("press.other")
	}
	key, ok := r.chosen(p)
	if !ok {
		return Refuse("press.old")
	}
	said := p.Words && strings.HasPrefix(p.Key, wordSign)
	kind, rest, _ := strings.Cut(r.About, "/")
	if kind == "form" {
		name, step, _ := strings.Cut(rest, "/")
		return e.pressForm(ctx, t, name, step, key)
	}
	name, arg, _ := strings.Cut(key, ":")
	counted := p.Words || p.Token == "" && !slices.Contains(r.Keys, p.Key)
	if a := e.actions[kind+"."+name]; counted && r.Edit && a.Decides && !t.needsWord(a) {
		return e.confirm(ctx, t, r, key)
	}
	return e.act(ctx, t, kind+"."+name, Ref{Kind: kind, ID: rest, Version: r.Version, Arg: arg, said: said})
}

// confirm asks once more for a deed that decides, in a message of its own that shows nothing else and is never edited. A
// number on a message that was edited does not say which version the person saw, and the same number may have stood for
// something else.
func (e *Engine) confirm(ctx context.Context, t *Turn, r Rendering, key string) error {
	kind, id, _ := strings.Cut(r.About, "/")
	card, ok := e.cards[kind]
	if !ok {
		return Refuse("press.old")
	}
	m, err := card.Render(ctx, t, t.Lang(), id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(m.Choices(), func(c Choice) bool { return c.Key == key })
	if i < 0 {
		return Refuse("card.outdated")
	}
	choice := m.Choices()[i]
	return t.Mail(ctx, Letter{Chat: t.Chat.ID, Lane: LaneAnswer, Person: t.Actor.ID, Message: Message{
		Text: t.T("press.sure", "what", choice.Label), About: r.About, Version: m.Version, Rows: rows([]Choice{choice}),
	}})
}

// offered finds a key among those that were shown, by name or by its number from 1.
func offered(keys []string, key string) (string, bool) {
	if slices.Contains(keys, key) {
		return key, true
	}
	if n, err := strconv.Atoi(key); err == nil && n >= 1 && n <= len(keys) {
		return keys[n-1], true
	}
	return "", false
}

// pressForm answers the question that was put; an older button puts the present question again.
func (e *Engine) pressForm(ctx context.Context, t *Turn, form, step, key string) error {
	s, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if s == nil || s.Form != form {
		return Refuse(t.over(form))
	}
	if step == cancelStep {
		return e.cancel(ctx, t, key)
	}
	if step != s.Asked {
		if err := t.Answer(ctx, "press.earlier"); err != nil {
			return err
		}
		return e.flows[form].ask(ctx, t, s)
	}
	return e.way(ctx, t, s, Input{Choice: key})
}

// over says that a question of a form is over: it may have been answered, left or wiped, of which nothing is kept. A form
// that has a text of its own, "press.over.report", tells where to look for what became of the answers.
func (t *Turn) over(form string) string {
	if own := "press.over." + form; t.Has(own) {
		return own
	}
	return "press.over"
}

// scopeOf is the scope that an action is asked permission for. Who holds a role and reported something elsewhere in the network
// is its reporter all the same.
func (t *Turn) scopeOf(a Action, thing Thing) civic.Scope {
	if a.Own && thing.Scope.Network == t.Network.ID {
		return t.Everywhere(a.Needs)
	}
	return thing.Scope
}

// act does what a card offers: the thing is loaded, the gate is asked, and a deed that decides wants the version that
// stands now.
func (e *Engine) act(ctx context.Context, t *Turn, name string, r Ref) error {
	a, ok := e.actions[name]
	if !ok {
		return Refuse("press.old")
	}
	thing, err := a.On(ctx, t, r)
	if errors.Is(err, ErrNotFound) {
		return Refuse("press.old")
	}
	if err != nil {
		return err
	}
	if _, err := t.Visit(ctx, thing.Scope.Network); err != nil {
		return err
	}
	if err := t.gate(ctx, a.Needs, t.scopeOf(a, thing)); err != nil {
		return err
	}
	if a.Decides && r.Version != thing.Version {
		if err := t.RefreshNow(ctx, r.Kind+"/"+r.ID); err != nil {
			return err
		}
		return Refuse("card.outdated")
	}
	if t.needsWord(a) && !r.said {
		return e.askWord(ctx, t, a, r)
	}
	err = a.Do(ctx, t, r)
	if errors.Is(err, ErrConflict) {
		return Refuse("card.outdated")
	}
	return err
}
