package matrix

import (
	"context"
	"errors"
	"time"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// vault has the keys of encrypted rooms. It lives in a file of its own, which no backup holds: keys that are put back
// from a copy would be used twice. It is nil in a program that was built without encryption, or told to do without.
type vault interface {
	// absorb takes in what a sync brought besides events of rooms: keys, lists of devices. After an error the same sync has
	// to be taken in again.
	absorb(ctx context.Context, in parcel) error
	// member is told of every change of membership in an encrypted room, after the room's state knows it.
	member(ctx context.Context, evt *event.Event)
	// open decrypts an event; the error wraps errNoKey when a key may still come.
	open(ctx context.Context, evt *event.Event) (*event.Event, error)
	// seal encrypts a message for the people of a room.
	seal(ctx context.Context, room id.RoomID, people []id.UserID, content any) (*event.EncryptedEventContent, error)
	// mark remembers for ever that a room is encrypted; marked asks.
	mark(ctx context.Context, room string) error
	marked(ctx context.Context, room string) (bool, error)
	// keep stores an envelope whose key is missing; kept gives those that still wait, as they came; drop forgets one, said
	// notes that its author was told.
	keep(ctx context.Context, w wire, at time.Time) error
	kept(ctx context.Context) ([]waiting, error)
	drop(ctx context.Context, event string) error
	said(ctx context.Context, event string) error
	// verified reports whether the bot's identity exists and vouches for this device.
	verified(ctx context.Context) (bool, error)
	// leave forgets the device's own keys when the server removed the device; keys of messages stay.
	leave(ctx context.Context, gone bool) error
	close() error
}

// parcel is what a sync brings for the keys.
type parcel struct {
	letters []*event.Event // messages from devices to ours
	changed []id.UserID    // who has other devices now
	low     bool           // the server says that few of our one-time keys are left
}

// fewKeys is how many one-time keys there are at least; the library keeps twice as many, which is what the library of the
// other clients keeps as well.
const fewKeys = 50

// What may be wrong with the keys of a device that the server knows.
var (
	errOtherKeys = errors.New("the device has other keys on the server than here; it needs a new login")
	errKeysGone  = errors.New("the server has lost the device's keys; it needs a new login")
)

// waiting is an event whose key has not come.
type waiting struct {
	wire wire
	at   time.Time // when it came
	said bool      // its author was told that it could not be read
}
