package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Desk is a platform on which partners are reached that are not in a chat room: by mail, or through an interface between
// programs. Its [Caps] have Desks set. This is all that such a platform is:
//
//   - Each partner has one chat there (kind [Group]), which a [civic.Partner] names in Chat once it proved itself. Cases that
//     are handed over to the partner are shown there ([Platform.Send]), like in a room.
//   - What was sent stays as it is: a card is not edited. What the partner has to know of later (a recall, a correction) comes
//     as a letter of its own with the card as its Root, and a card that is shown again is a new letter.
//   - Every letter about something has a Token of 128 bits, also without choices. What comes back with it is a [Reply]; or, from
//     a platform that knows what it speaks to by itself, a [Text] or [Press] in the chat, on the [MessageRef] that Send gave.
//   - Whoever writes from there, or with a token to a letter that went there, speaks for the partner: the turn's Actor holds the
//     partner's role in its network, and has no number. The number of a choice is a press; other words go to the card, which
//     knows how a line such as "klaar: het glas is opgeruimd" begins.
//   - Letters live for five days, and are found by their token or message for half a year.
type Desk interface {
	Platform
	// Address brings an address that somebody typed into the form in which it names a chat; false when it is none.
	Address(typed string) (string, bool)
	// Speaks reports whether an account may speak for the partner whose chat is given; it is pure.
	Speaks(chat ChatRef, from UserRef) bool
}

// DeskTimer rings when a letter to a desk will not arrive, although the desk can be reached; its ref is what the letter is
// about.
const DeskTimer = "desk.undelivered"

// mostRefused is how often in a day a desk is told that its words were not understood. Two programs that answer each other
// end there.
const mostRefused = 5

const day = 24 * time.Hour

// desk reports whether a chat is a partner's on a platform of desks.
func (e *Engine) desk(c Chat) bool {
	p, ok := e.platforms[c.Ref.Platform]
	return ok && p.Caps().Desks
}

// AtDesk reports whether a chat is a partner's desk.
func (t *Turn) AtDesk(ctx context.Context, chat int64) (bool, error) {
	c, err := t.Tx.Chat(ctx, chat)
	return t.engine.desk(c), err
}

// Desks are the platforms of desks that this bot is on, by name.
func (t *Turn) Desks() []Desk {
	var all []Desk
	for _, name := range slices.Sorted(maps.Keys(t.engine.platforms)) {
		if at, is := t.engine.platforms[name].(Desk); is && at.Caps().Desks {
			all = append(all, at)
		}
	}
	return all
}

// titled gives a letter to a desk the title of the card that it is about, under which it hangs.
func (t *Turn) titled(ctx context.Context, l *Letter, lang string) error {
	if l.Thread == "" {
		l.Thread = l.About
	}
	kind, id, _ := strings.Cut(l.About, "/")
	card, ok := t.engine.cards[kind]
	if l.Title != "" || !ok || card.Title == nil {
		return nil
	}
	title, err := card.Title(ctx, t, lang, id)
	if err != nil {
		return fmt.Errorf("title of %s: %w", l.About, err)
	}
	l.Title = title
	return nil
}

// never is when a card is brought up to date that was sent to a desk.
var never = time.Unix(1<<40, 0)

// settled reports whether a card left for a desk already: nothing changes it there.
func (t *Turn) settled(ctx context.Context, p CardPlace) (bool, error) {
	desk, err := t.AtDesk(ctx, p.Chat)
	return desk && p.Message != "", err
}

// seat lets whoever writes from a partner's desk speak for the partner.
func (e *Engine) seat(ctx context.Context, t *Turn) error {
	if t.Chat.ID == 0 || !e.desk(t.Chat) {
		return nil
	}
	partners, err := t.Tx.PartnersAt(ctx, t.Chat.ID)
	if err != nil {
		return err
	}
	t.Actor = civic.Member{}
	for _, p := range partners {
		if p.Chat == t.Chat.ID {
			t.Actor.Network = p.Network
			t.Actor.Grants = append(t.Actor.Grants, civic.Grant{Role: p.Role, Area: p.Network})
		}
	}
	return nil
}

// answered takes words that came back to a desk. They are obeyed when their token is that of a letter of ours, and the
// platform lets their sender speak for the chat to which it went.
func (e *Engine) answered(ctx context.Context, t *Turn, ev Reply) error {
	r, err := t.Tx.RenderingOf(ctx, ev.Token)
	if errors.Is(err, ErrNotFound) {
		return e.stray(ctx, t)
	}
	if err != nil {
		return err
	}
	if t.Chat, err = t.Tx.Chat(ctx, r.Chat); err != nil {
		return err
	}
	at, is := e.platforms[t.From.Platform].(Desk)
	if !is || t.Chat.Ref.Platform != t.From.Platform || !at.Speaks(t.Chat.Ref, t.From) {
		t.Chat = Chat{}
		return e.stray(ctx, t)
	}
	if err := e.seat(ctx, t); err != nil {
		return err
	}
	if !t.Chat.Reachable { // whoever answers can be reached
		if err := t.Tx.Reach(ctx, t.Chat.ID, true, "", t.Now); err != nil {
			return err
		}
		t.Chat.Reachable = true
	}
	t.gather(r)
	return t.patient(ctx, e.reply(ctx, t, r, ev))
}

// reply takes the number of a choice, or hands the words to the card that they answer.
func (e *Engine) reply(ctx context.Context, t *Turn, r Rendering, ev Reply) error {
	if number, is := typedNumber(ev.Body); is {
		p := Press{Token: ev.Token, Key: strconv.Itoa(number)}
		if len(r.Keys) == 0 { // they answer what was said last, and mean what was shown first
			var err error
			if r, err = t.topmost(ctx, r); err != nil {
				return err
			}
			p.Token, p.On = "", r.Message
		}
		if number <= len(r.Keys) {
			return e.press(ctx, t, p)
		}
	}
	_, err := e.hear(ctx, t, r.About, Input{Text: ev.Body})
	return err
}

// topmost is the rendering of the card that a letter to the desk of the turn is about, as it was shown there last; r itself
// when it is not there.
func (t *Turn) topmost(ctx context.Context, r Rendering) (Rendering, error) {
	places, err := t.Tx.CardChats(ctx, r.About)
	if err != nil {
		return r, err
	}
	for _, p := range places {
		if p.Chat != t.Chat.ID || p.Message == "" {
			continue
		}
		card, err := t.Tx.Rendering(ctx, "", p.Chat, p.Message)
		if errors.Is(err, ErrNotFound) {
			break
		}
		return card, err
	}
	return r, nil
}

// patient lets a desk hear only so often that it was not understood.
func (t *Turn) patient(ctx context.Context, err error) error {
	if _, is := asRefusal(err); !is {
		return err
	}
	n, failed := t.Tx.Knock(ctx, t.Chat.ID, t.Now, t.Now.Add(-day))
	if failed != nil || n > mostRefused {
		return failed
	}
	return err
}

// stray tells the features of words that are nobody's.
func (e *Engine) stray(ctx context.Context, t *Turn) error {
	return e.each(func(f Feature) error {
		if f.Stray == nil {
			return nil
		}
		return f.Stray(ctx, t)
	})
}

// bounced notes that a desk cannot be reached, and tells the features once.
func (e *Engine) bounced(ctx context.Context, t *Turn, ev Bounced) error {
	r, err := t.Tx.RenderingOf(ctx, ev.Token)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	chat, err := t.Tx.Chat(ctx, r.Chat)
	if err != nil || chat.Ref.Platform != t.From.Platform || !chat.Reachable {
		return err
	}
	t.Chat = chat
	if err := t.Tx.Reach(ctx, chat.ID, false, "bounced", t.Now); err != nil {
		return err
	}
	return e.lost(ctx, t)
}
