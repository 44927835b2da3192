package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// route brings an update to the form, the action, the card or the command that it is for.
func (e *Engine) route(ctx context.Context, t *Turn, u Update) error {
	switch ev := u.Event.(type) {
	case Press:
		return e.press(ctx, t, ev)
	case Marked:
		return e.onlyMarked(ctx, t, ev)
	case Withdrawn:
		return e.withdrawn(ctx, t, ev)
	case Erased:
		return e.erased(ctx, t, ev.On)
	case Command:
		return e.command(ctx, t, ev)
	case Reply:
		return e.answered(ctx, t, ev)
	case Bounced:
		return e.bounced(ctx, t, ev)
	case Unreadable:
		return e.unreadable(ctx, t)
	case Text, Point, Media:
		return e.input(ctx, t, ev)
	case Joined:
		return e.joined(ctx, t)
	case Entitled:
		return t.Tx.Resume(ctx, t.Chat.ID, t.Now)
	case Left:
		return e.left(ctx, t, ev)
	case AskedIn:
		return e.askedIn(ctx, t, ev)
	case WentOut:
		return e.wentOut(ctx, t)
	case Moved:
		return t.Tx.MoveChat(ctx, u.Chat, ev.To, t.Now)
	case Came:
		return e.came(ctx, t)
	case Replaced:
		return e.replaced(ctx, t, ev.By)
	case Edited:
		return e.edited(ctx, t, ev)
	case Tick, Due, Done:
		return nil // these never come from a platform
	}
	return fmt.Errorf("unknown event %T", u.Event)
}

// onlyMarked tells features of a mark that can be no choice.
func (e *Engine) onlyMarked(ctx context.Context, t *Turn, m Marked) error {
	_, err := e.marked(ctx, t, m)
	return err
}

func (e *Engine) joined(ctx context.Context, t *Turn) error {
	if err := t.Tx.Reach(ctx, t.Chat.ID, true, "", t.Now); err != nil {
		return err
	}
	if t.Chat.Ref.Kind == Private {
		return t.movedIn(ctx)
	}
	return e.each(func(f Feature) error {
		if f.Arrived == nil {
			return nil
		}
		return f.Arrived(ctx, t)
	})
}

// movedIn makes the newest private chat of a person the one in which they are reached: where a private chat is a room,
// somebody who left theirs comes back in another.
func (t *Turn) movedIn(ctx context.Context) error {
	if t.From.ID == "" || t.Actor.Guest() {
		return nil
	}
	_, err := t.Tx.Adopt(ctx, t.From, t.Chat.ID, t.Actor.Network, t.Now)
	return err
}

func (e *Engine) left(ctx context.Context, t *Turn, ev Left) error {
	known := !t.Chat.Reachable // a failed delivery told us before
	if err := t.Tx.Reach(ctx, t.Chat.ID, false, ev.Why, t.Now); err != nil || known {
		return err
	}
	return e.lost(ctx, t)
}

func (e *Engine) lost(ctx context.Context, t *Turn) error {
	return e.each(func(f Feature) error {
		if f.Lost == nil {
			return nil
		}
		return f.Lost(ctx, t)
	})
}

func (e *Engine) askedIn(ctx context.Context, t *Turn, ev AskedIn) error {
	return e.each(func(f Feature) error {
		if f.AskedIn == nil {
			return nil
		}
		return f.AskedIn(ctx, t, ev)
	})
}

func (e *Engine) wentOut(ctx context.Context, t *Turn) error {
	return e.each(func(f Feature) error {
		if f.WentOut == nil {
			return nil
		}
		return f.WentOut(ctx, t)
	})
}

func (e *Engine) each(do func(Feature) error) error {
	for _, f := range e.features {
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}

// command obeys a word after / or !.
func (e *Engine) command(ctx context.Context, t *Turn, c Command) error {
	name, known := e.words[c.Name]
	private := t.Chat.Ref.Kind == Private
	if private {
		said := c.Args
		if !known { // what looks like a command may be a cry; /help is not
			said = strings.TrimSpace(c.Name + " " + c.Args)
		}
		if handled, err := e.first(ctx, t, Input{Text: said, Command: name}); handled || err != nil {
			return err
		}
	}
	if !known {
		if handled, err := e.spelt(ctx, t, c); handled || err != nil {
			return err
		}
	}
	if stop, err := e.flooded(ctx, t); stop {
		return err
	}
	switch {
	case !known && private:
		return Refuse("error.unknown_command")
	case !known:
		return nil // meant for another bot
	case t.From.Anonymous:
		return Refuse("refused.anonymous")
	case c.Forwarded:
		return Refuse("error.forwarded_command")
	case c.Edited:
		return Refuse("error.edited_command")
	}
	args, err := e.named(ctx, t, e.commands[name], c)
	if err != nil {
		return err
	}
	return e.obey(ctx, t, e.commands[name], args)
}

// Obey runs a command by its name, as if the person had typed it where the turn is. The error is what they are told, or that of
// the command; a name that there is not is a mistake in the program.
func (t *Turn) Obey(ctx context.Context, name string) error {
	c, known := t.engine.commands[name]
	if !known {
		return fmt.Errorf("no command %s", name)
	}
	return t.engine.obey(ctx, t, c, "")
}

// obey runs a known command in a place where it may be given.
func (e *Engine) obey(ctx context.Context, t *Turn, c CommandSpec, args string) error {
	private := t.Chat.Ref.Kind == Private
	if c.Where == InRoom && private {
		return Refuse("error.room_only")
	}
	if err := t.gate(ctx, c.Needs, t.Everywhere(c.Needs)); err != nil {
		return err
	}
	if c.Flow != "" {
		return t.Begin(ctx, c.Flow, Input{Args: args})
	}
	if c.Where == InPrivate && !private {
		alone, ok, err := t.Alone(ctx)
		if err != nil || !ok {
			return err
		}
		t = alone
	}
	return c.Do(ctx, t, args)
}

// input takes words, a place or a file: a reply to one of our cards, an answer to the open form, or the beginning of a
// report. In a room only a reply is meant for us.
func (e *Engine) input(ctx context.Context, t *Turn, ev Event) error {
	in, _ := inputOf(ev)
	if t.Chat.Ref.Kind != Private {
		_, err := e.replied(ctx, t, ev, in)
		return err
	}
	if in.Choice == "" && e.machine(t, in.Text) {
		return nil
	}
	if handled, err := e.first(ctx, t, in); handled || err != nil {
		return err
	}
	s, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if urgent, err := e.urgent(s); err != nil {
		return err
	} else if !urgent && !e.sameAlbum(t, ev) {
		if stop, err := e.flooded(ctx, t); stop {
			return err
		}
	}
	if handled, err := e.replied(ctx, t, ev, in); handled || err != nil {
		return err
	}
	if handled, err := e.chose(ctx, t, s, in.Text); handled || err != nil {
		return err
	}
	if s == nil {
		return e.Fallback(ctx, t, in)
	}
	if in.Choice = e.typedWay(t, in.Text); in.Choice == "" {
		if in.Choice, err = e.numberedWay(ctx, t, s, in.Text); err != nil {
			return err
		}
	}
	if in.Choice != "" {
		return e.way(ctx, t, s, in)
	}
	return e.resume(ctx, t, s, in)
}

// unreadable asks a person to send again what could not be read. In a room nobody knows whether it was meant for us.
func (e *Engine) unreadable(ctx context.Context, t *Turn) error {
	if t.Chat.Ref.Kind != Private {
		return nil
	}
	if stop, err := e.flooded(ctx, t); stop {
		return err
	}
	return Refuse("error.unreadable")
}

// edited says that what was given stays as it was given: a changed message is read as no answer and no report, unless it tells of
// danger now. In a room nobody knows whether it was meant for us.
func (e *Engine) edited(ctx context.Context, t *Turn, ev Edited) error {
	if t.Chat.Ref.Kind != Private || civic.Blank(ev.Body) {
		return nil
	}
	if civic.Danger(ev.Body) && !e.machine(t, ev.Body) {
		if handled, err := e.first(ctx, t, Input{Text: ev.Body}); handled || err != nil {
			return err
		}
	}
	if stop, err := e.flooded(ctx, t); stop {
		return err
	}
	return t.Say(ctx, "error.edited")
}

// first lets features that cannot wait see the input: an emergency comes before any form.
func (e *Engine) first(ctx context.Context, t *Turn, in Input) (bool, error) {
	for _, f := range e.features {
		if f.First == nil {
			continue
		}
		if handled, err := f.First(ctx, t, in); handled || err != nil {
			return handled, err
		}
	}
	return false, nil
}

// urgent reports whether the open form tells of danger.
func (e *Engine) urgent(s *Session) (bool, error) {
	if s == nil || e.flows[s.Form] == nil {
		return false, nil
	}
	return e.flows[s.Form].urgent(s)
}

func (e *Engine) machine(t *Turn, words string) bool {
	return once(e.Flood, "machine", t.key, func() bool { return e.Flood.machine(t.From, words, t.Now) })
}

func (e *Engine) sameAlbum(t *Turn, ev Event) bool {
	return once(e.Flood, "same", t.key, func() bool { return e.Flood.same(t.From, ev, t.Now) })
}

// flooded says so once, kindly, and then keeps silent for a while.
func (e *Engine) flooded(ctx context.Context, t *Turn) (bool, error) {
	switch once(e.Flood, "take", t.key, func() floodWord { return e.Flood.take(t.From, t.Now) }) {
	case floodFine:
		return false, nil
	case floodWarn:
		return true, t.Say(ctx, "error.flood")
	case floodSilent:
	}
	return true, nil
}

func (e *Engine) resume(ctx context.Context, t *Turn, s *Session, in Input) error {
	flow, ok := e.flows[s.Form]
	if !ok { // a release took the form away
		if err := t.EndSession(ctx); err != nil {
			return err
		}
		return Refuse("form.gone")
	}
	if err := flow.resume(ctx, t, s, in); err != nil {
		return err
	}
	return t.unpark(ctx)
}

// replied takes a text that was written in reply to one of our cards: the number of a choice, or what the card takes;
// false when it was neither.
func (e *Engine) replied(ctx context.Context, t *Turn, ev Event, in Input) (bool, error) {
	text, ok := ev.(Text)
	if !ok || text.ReplyTo == "" && text.Thread == "" {
		return false, nil
	}
	r, found, err := e.shownOn(ctx, t, text.ReplyTo, text.Thread)
	if err != nil || !found {
		return false, err
	}
	if done, err := e.choseOn(ctx, t, r, text); done || err != nil {
		return true, err
	}
	if text.ReplyTo == "" {
		return false, nil // people talk with each other in a thread
	}
	return e.hear(ctx, t, r.About, in)
}
