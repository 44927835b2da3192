package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Pinner is a platform on which a message can be held at the top of its room.
type Pinner interface {
	// Pin holds a message at the top, and Unpin does no longer; what is so already is no error. A *FinalError says that
	// trying again does not help, such as when we lack the right.
	Pin(ctx context.Context, chat ChatRef, on MessageRef) error
	Unpin(ctx context.Context, chat ChatRef, on MessageRef) error
}

// Pin is a card that is, or is to be, held at the top of a room.
type Pin struct {
	About   string // the card
	Chat    int64
	Message MessageRef
	State   PinState
}

// PinState is how far a pin is.
type PinState string

// The states of a pin.
const (
	PinWanted   PinState = "wanted"
	PinThere    PinState = "pinned"
	PinUnwanted PinState = "unwanted" // it is being taken away
	PinRefused  PinState = "refused"  // for want of a right: it is not asked again
)

// PinTx remembers pins.
type PinTx interface {
	// Pins lists those of a card. SavePin stores one, and DropPin forgets it.
	Pins(ctx context.Context, about string) ([]Pin, error)
	SavePin(ctx context.Context, p Pin) error
	DropPin(ctx context.Context, about string, chat int64) error
}

const pinErrand = "pin"

// pinning is what an errand has to do.
type pinning struct {
	Chat    int64      `json:"chat"`
	Room    string     `json:"room"`
	Kind    ChatKind   `json:"kind"`
	Message MessageRef `json:"message"`
	Off     bool       `json:"off,omitempty"`
}

// Pin holds a card at the top of every room in which it stands, as far as it stands there already and the platform and our
// rights allow it. It can be asked as often as the card comes to stand in another room.
func (t *Turn) Pin(ctx context.Context, about string) error {
	places, err := t.Tx.CardChats(ctx, about)
	if err != nil {
		return err
	}
	pins, err := t.Tx.Pins(ctx, about)
	if err != nil {
		return err
	}
	for _, place := range places {
		same := func(p Pin) bool { return p.Chat == place.Chat && p.Message == place.Message && p.State != PinUnwanted }
		if place.Message == "" || slices.ContainsFunc(pins, same) {
			continue
		}
		p := Pin{About: about, Chat: place.Chat, Message: place.Message, State: PinWanted}
		if err := t.pin(ctx, p); err != nil {
			return fmt.Errorf("pin %s: %w", about, err)
		}
	}
	return nil
}

// Unpin lets a card go from the top of the rooms where it is held: of those that are named, or of all.
func (t *Turn) Unpin(ctx context.Context, about string, chats ...int64) error {
	pins, err := t.Tx.Pins(ctx, about)
	if err != nil {
		return err
	}
	for _, p := range pins {
		if len(chats) > 0 && !slices.Contains(chats, p.Chat) {
			continue
		}
		switch p.State {
		case PinUnwanted:
		case PinRefused:
			err = t.Tx.DropPin(ctx, p.About, p.Chat)
		case PinWanted, PinThere:
			p.State = PinUnwanted
			err = t.pin(ctx, p)
		}
		if err != nil {
			return fmt.Errorf("unpin %s: %w", about, err)
		}
	}
	return nil
}

// pin stores what is wanted and sends for it, in rooms only.
func (t *Turn) pin(ctx context.Context, p Pin) error {
	chat, err := t.Tx.Chat(ctx, p.Chat)
	if err != nil {
		return err
	}
	if _, able := t.engine.platforms[chat.Ref.Platform].(Pinner); !able || chat.Ref.Kind == Private {
		return nil
	}
	if err := t.Tx.SavePin(ctx, p); err != nil {
		return err
	}
	payload, err := json.Marshal(pinning{
		Chat: p.Chat, Room: chat.Ref.ID, Kind: chat.Ref.Kind, Message: p.Message, Off: p.State == PinUnwanted,
	})
	if err != nil {
		return err
	}
	t.errand = true
	return t.Tx.SendErrand(ctx, Errand{
		Kind: pinErrand, Ref: p.About, Platform: chat.Ref.Platform, Payload: payload, Before: t.Now,
	})
}

var pinTask = Task{
	Kind: pinErrand,
	Run: func(ctx context.Context, p Platform, e Errand) ([]byte, error) {
		var do pinning
		if err := json.Unmarshal(e.Payload, &do); err != nil {
			return nil, &FinalError{err}
		}
		pinner, able := p.(Pinner)
		if !able {
			return e.Payload, nil
		}
		room := ChatRef{Platform: p.Name(), ID: do.Room, Kind: do.Kind}
		if do.Off {
			return e.Payload, pinner.Unpin(ctx, room, do.Message)
		}
		return e.Payload, pinner.Pin(ctx, room, do.Message)
	},
	Then: func(ctx context.Context, t *Turn, d Done) error {
		var did pinning
		if err := json.Unmarshal(d.Result, &did); err != nil {
			return fmt.Errorf("pin %s: %w", d.Ref, err)
		}
		return t.pinEnded(ctx, d, did)
	},
}

// pinEnded notes what came of an attempt. What is not wanted any more by the time it is there is taken away again.
func (t *Turn) pinEnded(ctx context.Context, d Done, did pinning) error {
	pins, err := t.Tx.Pins(ctx, d.Ref)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(pins, func(p Pin) bool { return p.Chat == did.Chat && p.Message == did.Message })
	p := Pin{About: d.Ref, Chat: did.Chat, Message: did.Message, State: PinUnwanted}
	if i >= 0 {
		p = pins[i]
	}
	switch {
	case did.Off:
		err = t.Tx.DropPin(ctx, p.About, p.Chat)
	case d.Err != "" && p.State == PinWanted:
		p.State = PinRefused
		err = errors.Join(t.Tx.SavePin(ctx, p), t.Audit(ctx, "pin.refused", About("chat", p.Chat), p.About))
	case p.State == PinWanted:
		p.State = PinThere
		err = t.Tx.SavePin(ctx, p)
	case i < 0 && d.Err == "":
		err = t.pin(ctx, p)
	}
	return err
}
