package matrix

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// readyPatience is how long a letter waits for the first sync after a start, before which neither rooms nor keys are
// known to be up to date.
const readyPatience = 10 * time.Second

var (
	errNotReady = errors.New("the homeserver's stream was not read yet")
	errNoVault  = errors.New("the room is encrypted, and this bot has no keys")
)

// Send delivers a letter and returns the id of the event that carries its words and choices. A letter that was tried
// before is looked for in the room first. Every error is a *bot.SendError.
func (m *Matrix) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	ref, err := m.send(ctx, l, photos)
	if err == nil {
		m.outages.Store(0)
		return ref, nil
	}
	m.revoked(ctx, err)
	return "", m.classify(err)
}

func (m *Matrix) send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	if err := m.await(ctx); err != nil {
		return "", err
	}
	k, err := m.session(ctx)
	if err != nil {
		return "", err
	}
	g, err := m.place(ctx, k, l)
	if err != nil {
		return "", err
	}
	parts, err := plan(l, photos, string(k.UserID))
	if err != nil {
		return "", &bot.SendError{Remedy: bot.Never, Err: err}
	}
	d := &delivery{m: m, link: k, letter: l, room: g}
	ref, err := d.deliver(ctx, parts)
	if err != nil {
		return "", err
	}
	d.seed(ctx, ref)
	return ref, nil
}

// await waits for the first sync.
func (m *Matrix) await(ctx context.Context) error {
	timer := time.NewTimer(readyPatience)
	defer timer.Stop()
	select {
	case <-m.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return &bot.SendError{Remedy: bot.Later, After: wakingPause, Global: true, Err: errNotReady}
	}
}

// place looks at the room that a letter goes to. A private letter goes to one person who is there, and to nobody else.
func (m *Matrix) place(ctx context.Context, k *link, l bot.Letter) (glance, error) {
	g, err := m.look(ctx, k, l.To.ID)
	switch {
	case err != nil && lasting(err) && !refusedWith(err, http.StatusBadRequest):
		return g, &bot.SendError{Remedy: bot.Gone, Err: err}
	case err != nil:
		return g, err
	case l.To.Kind == bot.Private && g.crowd > 2:
		return g, &bot.SendError{Remedy: bot.Gone, Err: errors.New("the person is not alone with the bot any more")}
	case l.To.Kind == bot.Private && g.alone:
		return g, &bot.SendError{Remedy: bot.Gone, Err: errors.New("the person is not in the room")}
	case g.encrypted && k.vault == nil:
		return g, &bot.SendError{Remedy: bot.Later, After: rightsPause, Err: errNoVault}
	}
	return g, nil
}

// delivery is one letter on its way into one room.
type delivery struct {
	m      *Matrix
	link   *link
	letter bot.Letter
	room   glance
	before []bot.MessageRef // the parts that stand before the one on its way
}

// deliver sends the parts that are not in the room yet and gives the last of them.
func (d *delivery) deliver(ctx context.Context, parts []part) (bot.MessageRef, error) {
	if d.letter.Op == bot.OpEdit && d.letter.Gone {
		return d.letter.Edits, d.takeAway(ctx)
	}
	if d.letter.Op == bot.OpEdit && d.letter.Erases {
		return "", d.expunge(ctx)
	}
	if d.letter.Op == bot.OpEdit {
		p := parts[len(parts)-1]
		c := p.letterContent(d.letter).edits(d.letter.Edits)
		if _, err := d.put(ctx, p, c); err != nil {
			return "", d.edited(err)
		}
		return d.letter.Edits, nil
	}
	there := d.m.steps.of(d.letter.ID)
	if d.letter.Tries > 1 && len(there) < len(parts) {
		found, err := d.find(ctx)
		if err != nil {
			return "", err
		}
		maps.Copy(there, found)
	}
	var last bot.MessageRef
	for _, p := range parts {
		ref, err := d.part(ctx, p, there[p.number])
		switch {
		case err != nil && len(d.before) > 0: // its pictures can be seen already
			return "", doubtful{err}
		case err != nil:
			return "", err
		}
		last = ref
		d.before = append(d.before, ref)
		d.m.steps.note(d.letter.ID, p.number, sent{string(ref), p.hash})
	}
	d.m.steps.forget(d.letter.ID)
	return last, nil
}

// edited tells an edit of a message that is not there from other refusals.
func (d *delivery) edited(err error) error {
	if refusedWith(err, http.StatusNotFound) {
		return &bot.SendError{Remedy: bot.Lost, Err: err}
	}
	return err
}

// part sends one part, unless it is there. A card whose words changed after they may have arrived is edited.
func (d *delivery) part(ctx context.Context, p part, there sent) (bot.MessageRef, error) {
	on := bot.MessageRef(there.event)
	if there.event != "" && (there.hash == p.hash || p.photo != nil || d.letter.Card == "") {
		return on, nil
	}
	switch {
	case p.photo != nil:
		c, err := d.picture(ctx, p)
		if err != nil {
			return "", err
		}
		return d.put(ctx, p, c)
	case there.event != "":
		_, err := d.put(ctx, p, p.letterContent(d.letter).edits(on))
		return on, err
	}
	return d.put(ctx, p, d.called(p.letterContent(d.letter)).hangs(d.letter))
}

// called names the people whom an urgent letter has to wake: the person in private, and everybody in a room where we may
// call everybody.
func (d *delivery) called(c content) content {
	if d.letter.Lane != bot.LaneUrgent || d.letter.Silent || d.letter.Erases {
		return c
	}
	if d.room.kind != kindPrivate {
		if d.room.loud {
			c["m.mentions"] = map[string]any{"room": true}
		}
		return c
	}
	for _, user := range d.room.people {
		if user != d.link.UserID {
			c["m.mentions"] = map[string]any{"user_ids": []id.UserID{user}}
		}
	}
	return c
}

// put sends one event, encrypted where the room is.
func (d *delivery) put(ctx context.Context, p part, c content) (bot.MessageRef, error) {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	kind, key := event.EventMessage, p.key(d.letter.ID)
	raw, err := c.json()
	if err != nil {
		return "", &bot.SendError{Remedy: bot.Never, Err: err}
	}
	body := content{}
	if d.room.encrypted {
		roomID := id.RoomID(d.letter.To.ID)
		locked, err := d.link.vault.seal(ctx, roomID, d.room.people, &event.Content{VeryRaw: raw})
		if err != nil {
			return "", fmt.Errorf("encrypt: %w", err)
		}
		kind, body = event.EventEncrypted, sealedContent(locked, c)
	} else {
		maps.Copy(body, c)
	}
	if err := ctx.Err(); err != nil { // nothing has left us yet
		return "", err
	}
	body[letterKey] = key
	if len(d.before) > 0 {
		body[partsKey] = d.before
	}
	got, err := d.link.SendMessageEvent(ctx, id.RoomID(d.letter.To.ID), kind, body,
		mautrix.ReqSendEvent{TransactionID: p.transaction(d.letter, c), DontEncrypt: true})
	if err != nil {
		return "", fmt.Errorf("send: %w", underway(err))
	}
	d.m.steps.own(got.EventID.String())
	return bot.MessageRef(got.EventID), nil
}

// sealedContent is an encrypted message as it is sent. What it is about stays readable, because servers need it.
func sealedContent(e *event.EncryptedEventContent, c content) content {
	body := content{
		"algorithm": e.Algorithm, "session_id": e.SessionID,
		"ciphertext": string(e.MegolmCiphertext),
	}
	if about, is := c["m.relates_to"]; is {
		body["m.relates_to"] = about
	}
	return body
}

// Answer has nothing to do: no press on Matrix waits for an acknowledgement.
func (*Matrix) Answer(context.Context, string, string) error { return nil }
