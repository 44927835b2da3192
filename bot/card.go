package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Show puts a card into a chat, or brings it up to date where it stands already; on a desk it is shown anew.
func (t *Turn) Show(ctx context.Context, chat int64, about string) error {
	places, err := t.Tx.CardChats(ctx, about)
	if err != nil {
		return err
	}
	for _, p := range places {
		if p.Chat == chat {
			return t.place(ctx, about, p, drawing{at: t.Now})
		}
	}
	return t.place(ctx, about, CardPlace{Chat: chat}, drawing{at: t.Now})
}

// Refresh brings a card up to date everywhere. Platforms that count edits gather them: the first change is shown at
// once, later ones after a while, the last of them only. On a desk nothing changes that was sent.
func (t *Turn) Refresh(ctx context.Context, about string) error {
	return t.refresh(ctx, about, func(p CardPlace) (drawing, error) {
		if settled, err := t.settled(ctx, p); settled || err != nil {
			return drawing{at: never}, err
		}
		return t.gathered(ctx, about, p)
	})
}

// Expunge brings a card up to date everywhere at once, after words were erased that it showed: nobody is to read them in what
// stood there before. Where a platform keeps the history of a message, it becomes a new one, which wakes nobody.
func (t *Turn) Expunge(ctx context.Context, about string) error {
	return t.refresh(ctx, about, func(p CardPlace) (drawing, error) {
		if settled, err := t.settled(ctx, p); settled || err != nil {
			return drawing{at: never}, err
		}
		return drawing{at: t.Now, erases: true}, nil
	})
}

// RefreshNow brings a card up to date everywhere at once: somebody pressed what it did not show any more.
func (t *Turn) RefreshNow(ctx context.Context, about string) error {
	return t.refresh(ctx, about, func(CardPlace) (drawing, error) { return drawing{at: t.Now}, nil })
}

// drawing is how a card is drawn anew.
type drawing struct {
	at     time.Time // not before; never = not at all
	urgent time.Time // not before, if the card is urgent; zero = as others
	erases bool      // what stood there is not to be read any more
}

func (t *Turn) refresh(ctx context.Context, about string, how func(CardPlace) (drawing, error)) error {
	places, err := t.Tx.CardChats(ctx, about)
	if err != nil {
		return err
	}
	for _, p := range places {
		d, err := how(p)
		if err != nil {
			return err
		}
		if d.at.Equal(never) {
			continue
		}
		if err := t.place(ctx, about, p, d); err != nil {
			return err
		}
	}
	return nil
}

// gathered is when the next edit of a card may go. What is urgent waits no longer than the platform asks.
func (t *Turn) gathered(ctx context.Context, about string, p CardPlace) (drawing, error) {
	const shown = 2 // writes that go at once: the card itself and the first change
	now := drawing{at: t.Now}
	if p.Writes < shown {
		return now, nil
	}
	chat, err := t.Tx.Chat(ctx, p.Chat)
	if err != nil {
		return now, err
	}
	platform, ok := t.engine.platforms[chat.Ref.Platform]
	if !ok {
		return now, nil
	}
	caps := platform.Caps()
	soon, at := later(t.Now, p.Last.Add(caps.Gather)), t.Now
	if kind, _, _ := strings.Cut(about, "/"); caps.Gather > 0 && caps.GroupPerM > 0 && chat.Ref.Kind != Private {
		at = later(t.Now, p.Last.Add(t.engine.cards[kind].Gather))
	}
	return drawing{at: later(at, soon), urgent: soon}, nil
}

// Bears is how many writes a minute a chat bears, as its platform asks of us; 0 = there is no limit.
func (t *Turn) Bears(ctx context.Context, chat int64) (int, error) {
	c, err := t.Tx.Chat(ctx, chat)
	if err != nil {
		return 0, err
	}
	platform, ok := t.engine.platforms[c.Ref.Platform]
	if !ok {
		return 0, nil
	}
	caps := platform.Caps()
	if c.Ref.Kind != Private && caps.GroupPerM > 0 {
		return caps.GroupPerM, nil
	}
	return int(caps.ChatPerSec * time.Minute.Seconds()), nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// in is the card as it stands in a chat.
func (c Card) in(ctx context.Context, t *Turn, lang string, chat int64, id string) (Message, error) {
	if c.RenderIn != nil {
		return c.RenderIn(ctx, t, lang, chat, id)
	}
	return c.Render(ctx, t, lang, id)
}

func (t *Turn) place(ctx context.Context, about string, p CardPlace, d drawing) error {
	kind, id, _ := strings.Cut(about, "/")
	card, ok := t.engine.cards[kind]
	if !ok {
		return fmt.Errorf("card %s: nobody draws it", about)
	}
	lang, err := t.LangIn(ctx, p.Chat)
	if err != nil {
		return err
	}
	readers, theirs, err := t.theirs(ctx, card, p.Chat, id)
	switch {
	case err != nil:
		return fmt.Errorf("reader of card %s: %w", about, err)
	case !theirs && p.Version == closedVersion:
		return nil // that stands there already
	case !theirs:
		d.at, d.erases = t.Now, true
		return t.put(ctx, about, p, d, Message{Text: t.In(lang, card.Closed), Version: closedVersion})
	}
	m, err := card.in(ctx, t, lang, p.Chat, id)
	if err != nil {
		return fmt.Errorf("card %s: %w", about, err)
	}
	m.For = readers
	return t.put(ctx, about, p, d, m)
}

// life is how long a card is worth showing that waits: it says how things are until another takes its place, so a room that
// cannot be reached for days finds it afterwards. What takes words away is worth it as long as anybody may read them.
func (d drawing) life() time.Duration {
	const shown, taken = 7 * 24 * time.Hour, 30 * 24 * time.Hour
	if d.erases {
		return taken
	}
	return shown
}

// closedVersion is the version of a card that stands closed.
const closedVersion = -1

// theirs reports whether a card may be read where it stands: in a private chat by whom that is with. It gives the readers of a
// card that has them.
func (t *Turn) theirs(ctx context.Context, card Card, chat int64, id string) (*Readers, bool, error) {
	if card.Readers == nil {
		return nil, true, nil
	}
	c, err := t.Tx.Chat(ctx, chat)
	if err != nil || c.Ref.Kind != Private || t.engine.desk(c) {
		return nil, true, err
	}
	r, err := card.Readers(ctx, t, id)
	if err != nil {
		return nil, false, err
	}
	ok, err := r.include(ctx, t.Tx, chat, c.Ref.Kind, t.Now)
	if !ok || err != nil || card.Barred == nil {
		return r, ok, err
	}
	person, err := t.Tx.Owner(ctx, chat)
	if err != nil {
		return r, false, err
	}
	barred, err := card.Barred(ctx, t, person, id)
	return r, !barred, err
}

// put writes a card, or what stands in its place.
func (t *Turn) put(ctx context.Context, about string, p CardPlace, d drawing, m Message) error {
	m.About, m.Erases = about, d.erases
	if m.Urgent && !d.urgent.IsZero() {
		d.at = d.urgent
	}
	desk, err := t.AtDesk(ctx, p.Chat)
	if err != nil {
		return err
	}
	if desk && p.Message == "" { // they have them afterwards
		m.Photos = append(m.Photos, m.Enclosed...)
	}
	op := OpPost
	if !desk && (p.Version > 0 || p.Message != "") {
		op = OpEdit
	}
	l := Letter{
		Chat: p.Chat, Op: op, Lane: LaneRoutine, Card: about, Before: d.at, Expires: d.at.Add(d.life()), Message: m,
	}
	if m.Urgent { // what changes on it goes as fast as it went, and wakes nobody by itself
		l.Lane, l.First, l.Silent = LaneUrgent, op == OpPost, m.Silent || op == OpEdit
	}
	return t.Mail(ctx, l)
}
