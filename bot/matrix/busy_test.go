package matrix

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// failing is a vault that cannot do its work as often as it is told to, as with a full disk.
type failing struct {
	vault

	seals, marks int // how often it fails
	err          error
}

func (f *failing) seal(context.Context, id.RoomID, []id.UserID, any) (*event.EncryptedEventContent, error) {
	if f.seals--; f.seals >= 0 {
		return nil, f.err
	}
	return &event.EncryptedEventContent{Algorithm: id.AlgorithmMegolmV1, MegolmCiphertext: []byte("verzegeld")}, nil
}

func (f *failing) mark(context.Context, string) error {
	if f.marks--; f.marks >= 0 {
		return f.err
	}
	return nil
}

func (*failing) absorb(context.Context, parcel) error    { return nil }
func (*failing) kept(context.Context) ([]waiting, error) { return nil, nil }
func (*failing) member(context.Context, *event.Event)    {}
func (*failing) close() error                            { return nil }

// What goes wrong in this house says nothing against a letter: an alert waits until the disk has room again, and goes once.
func TestTroubleOfOurOwnIsWaitedOut(t *testing.T) {
	full := errors.New("database or disk is full (13)")
	for name, f := range map[string]*failing{
		"the letter cannot be sealed":         {seals: 1, err: full},
		"the room cannot be marked as sealed": {marks: 1, err: full},
		"the keys were in use for too long":   {seals: 1, err: fmt.Errorf("the keys are in use: %w", context.DeadlineExceeded)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			room := w.private()
			w.hs.State(room, ana, "m.room.encryption", map[string]any{"algorithm": "m.megolm.v1.aes-sha2"})
			w.start()
			if err := w.pollOnce(); err != nil {
				t.Fatal(err)
			}
			w.m.login.link.vault = f
			l := letter(1, room, "Alarm")
			l.Lane = bot.LaneUrgent
			_, err := w.m.Send(t.Context(), l, nil)
			if e := remedy(t, err); e.Remedy != bot.Later || e.Global || !errors.Is(e, f.err) {
				t.Fatalf("%+v", e)
			}
			l.Tries = 2
			w.send(l)
			if sent := w.hs.Events(room, buurtbot, "m.room.encrypted"); len(sent) != 1 || len(w.bodies(room)) > 0 {
				t.Errorf("%d sealed and %q plain messages", len(sent), w.bodies(room))
			}
		})
	}
}
