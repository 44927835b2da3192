package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// DoorOrder is what is done at the door of a chat.
type DoorOrder string

// The orders. Each is done when it was done before: a request that is gone, or a person who is inside or outside already, is
// no failure.
const (
	DoorAdmit    DoorOrder = "admit"     // who asked is let in
	DoorTurnAway DoorOrder = "turn_away" // who asked is not let in; they may ask again
	DoorPutOut   DoorOrder = "put_out"   // who is inside goes out, who asks is turned away; they may ask to come back
	DoorLeave    DoorOrder = "leave"     // the bot itself goes; nobody is named
)

// Why somebody was not let in.
var (
	ErrUnasked = errors.New("nobody asks to be let in")
	ErrCrowded = errors.New("the person is in too many chats")
)

// Doorkeeper is a platform that can let people into a chat and put them out. It is asked in an errand.
type Doorkeeper interface {
	// Doors carries out an order: a *FinalError when asking again is no use, for want of a right above all. Of somebody who
	// is to be let in it wraps ErrUnasked when they do not ask and are not inside, and ErrCrowded when the platform does not
	// let them into one more chat; those may ask again.
	Doors(ctx context.Context, order DoorOrder, chat ChatRef, who UserRef) error
}

// AtDoor is an order about somebody at the door of a chat of ours.
type AtDoor struct {
	Order DoorOrder
	Chat  Chat
	Who   UserRef
	Alone int64 // our number of the chat in which they hear what became of it; 0 = they do not
}

// Doors sends for an order at a door. What became of it comes back to the task that [DoorTask] made of kind; nothing comes
// back from a platform whose chats have no doors for us.
func (t *Turn) Doors(ctx context.Context, kind string, d AtDoor) error {
	return t.door(ctx, kind, doorErrand{Order: d.Order, Chat: d.Chat.ID, Ref: d.Chat.Ref, Who: d.Who, Alone: d.Alone})
}

func (t *Turn) door(ctx context.Context, kind string, what doorErrand) error {
	payload, err := json.Marshal(what)
	if err != nil {
		return fmt.Errorf("door of chat %d: %w", what.Chat, err)
	}
	return t.ErrandTo(ctx, what.Ref.Platform, Errand{Kind: kind, Payload: payload})
}

// Explainer is a doorkeeper that can tell somebody who is turned away why, even if they can be reached nowhere else.
type Explainer interface {
	// TurnAway carries out [DoorTurnAway] with a reason for people to read, without markup.
	TurnAway(ctx context.Context, chat ChatRef, who UserRef, why string) error
}

// TurnAway does not let in who asked at the door of the turn's chat, and tells them why where the platform can; commands
// in it are written as there. What becomes of it is told as with [Turn.Doors].
func (t *Turn) TurnAway(ctx context.Context, kind, why string) error {
	if p, ok := t.engine.platforms[t.Chat.Ref.Platform]; ok && p.Caps().Sign != "" {
		why = t.engine.signed(why, p.Caps().Sign)
	}
	return t.door(ctx, kind, doorErrand{Order: DoorTurnAway, Chat: t.Chat.ID, Ref: t.Chat.Ref, Who: t.From, Why: why})
}

// doorErrand is an errand's payload.
type doorErrand struct {
	Order DoorOrder `json:"order"`
	Chat  int64     `json:"chat"`
	Ref   ChatRef   `json:"ref"`
	Who   UserRef   `json:"who"`
	Alone int64     `json:"alone,omitempty"`
	Why   string    `json:"why,omitempty"` // for the person to read
}

// DoorEnd is how an order ended. Whom it was about is not kept, only where they are to hear of it.
type DoorEnd struct {
	Order DoorOrder `json:"order"`
	Chat  int64     `json:"chat"`
	Alone int64     `json:"alone,omitempty"` // see [AtDoor]
	Fault DoorFault `json:"fault,omitempty"`
}

// DoorFault is what kept an order from being carried out.
type DoorFault string

// The faults.
const (
	DoorDone    DoorFault = ""        // none: it was carried out
	DoorUnasked DoorFault = "unasked" // see [ErrUnasked]
	DoorCrowded DoorFault = "crowded" // see [ErrCrowded]
	DoorStuck   DoorFault = "stuck"   // anything else, a right that is missing above all
)

// DoorTask is the task behind [Turn.Doors]: a feature lists it among its Tasks, and hears how each order ended.
func DoorTask(kind string, then func(ctx context.Context, t *Turn, d DoorEnd) error) Task {
	return Task{Kind: kind, Run: keepDoor, Then: func(ctx context.Context, t *Turn, d Done) error {
		if len(d.Result) == 0 {
			return nil
		}
		var end DoorEnd
		if err := json.Unmarshal(d.Result, &end); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		return then(ctx, t, end)
	}}
}

func keepDoor(ctx context.Context, p Platform, e Errand) ([]byte, error) {
	var what doorErrand
	if err := json.Unmarshal(e.Payload, &what); err != nil {
		return nil, &FinalError{Err: fmt.Errorf("door: %w", err)}
	}
	keeper, is := p.(Doorkeeper)
	if !is {
		return nil, nil
	}
	failed := what.with(ctx, keeper)
	raw, err := json.Marshal(DoorEnd{Order: what.Order, Chat: what.Chat, Alone: what.Alone, Fault: faultOf(failed)})
	return raw, errors.Join(failed, err)
}

func faultOf(err error) DoorFault {
	switch {
	case err == nil:
		return DoorDone
	case errors.Is(err, ErrUnasked):
		return DoorUnasked
	case errors.Is(err, ErrCrowded):
		return DoorCrowded
	}
	return DoorStuck
}

// with carries the order out, with the reason where there is one and the platform can tell it.
func (d doorErrand) with(ctx context.Context, keeper Doorkeeper) error {
	if tells, is := keeper.(Explainer); is && d.Why != "" && d.Order == DoorTurnAway {
		return tells.TurnAway(ctx, d.Ref, d.Who, d.Why)
	}
	return keeper.Doors(ctx, d.Order, d.Ref, d.Who)
}
