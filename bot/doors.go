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
)

// Doorkeeper is a platform that can let people into a chat and put them out. It is asked in an errand.
type Doorkeeper interface {
	// Doors carries out an order: a *FinalError when asking again is no use, for want of a right above all.
	Doors(ctx context.Context, order DoorOrder, chat ChatRef, who UserRef) error
}

// Doors sends for an order at the door of a chat of ours. What became of it comes back to the task that [DoorTask] made of
// kind; nothing comes back from a platform whose chats have no doors for us.
func (t *Turn) Doors(ctx context.Context, kind string, order DoorOrder, chat Chat, who UserRef) error {
	payload, err := json.Marshal(doorErrand{Order: order, Chat: chat.ID, Ref: chat.Ref, Who: who})
	if err != nil {
		return fmt.Errorf("door of chat %d: %w", chat.ID, err)
	}
	return t.ErrandTo(ctx, chat.Ref.Platform, Errand{Kind: kind, Payload: payload})
}

// doorErrand is an errand's payload.
type doorErrand struct {
	Order DoorOrder `json:"order"`
	Chat  int64     `json:"chat"`
	Ref   ChatRef   `json:"ref"`
	Who   UserRef   `json:"who"`
}

// Kept is an order that could not be carried out. Whom it was about is not kept.
type Kept struct {
	Order DoorOrder `json:"order"`
	Chat  int64     `json:"chat"`
}

// DoorTask is the task behind [Turn.Doors]: a feature lists it among its Tasks, and hears of the orders that failed.
func DoorTask(kind string, failed func(ctx context.Context, t *Turn, k Kept) error) Task {
	return Task{Kind: kind, Run: keepDoor, Then: func(ctx context.Context, t *Turn, d Done) error {
		if d.Err == "" {
			return nil
		}
		var k Kept
		if err := json.Unmarshal(d.Result, &k); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		return failed(ctx, t, k)
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
	failed := keeper.Doors(ctx, what.Order, what.Ref, what.Who)
	raw, err := json.Marshal(Kept{Order: what.Order, Chat: what.Chat})
	return raw, errors.Join(failed, err)
}
