package flows_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

const burglary = `mirjam > /alarm
mirjam > Er is ingebroken in de Kastanjelaan. Let op een witte bus.
mirjam > [Nu]
mirjam > [Kastanje]
mirjam > [1 uur]
mirjam > [Versturen]
mirjam > [Ja, versturen]`

// alerted plays an alert to a street's room on Matrix, and gives the player, the room and the alert's message there.
func alerted(t *testing.T) (r *teller, room, alert string) {
	t.Helper()
	r = newTeller(t, strings.Split(burglary, "\n")...)
	room = r.s.rooms["kastanje"]
	said := r.fake.Events(room, matrixBot, "m.room.message")
	if len(said) != 1 {
		t.Fatalf("the street reads %v", r.bodies(room))
	}
	return r, room, said[0].ID
}

func TestCurrentAlertIsPinnedUntilItsOutcome(t *testing.T) {
	r, room, alert := alerted(t)
	r.pass("2s later")
	r.drain() // what a timer sends for
	if diff := cmp.Diff([]string{alert}, r.fake.Pinned(room)); diff != "" {
		t.Errorf("after the alert: %s", diff)
	}
	r.lines("mirjam > /afloop", "mirjam > [Niets aangetroffen]", "mirjam > [Overslaan]", "mirjam > [Afloop versturen]")
	r.pass("2s later")
	r.drain() // what a timer sends for
	if got := r.fake.Pinned(room); len(got) != 0 {
		t.Errorf("after the outcome: %v, the police read %q", got, r.bodies(r.s.rooms["mirjam"]))
	}
}

func TestAlertThatExpiresIsNotPinnedAnyMore(t *testing.T) {
	r, room, _ := alerted(t)
	r.pass("2h later")
	r.drain() // what a timer sends for
	if got := r.fake.Pinned(room); len(got) != 0 {
		t.Errorf("after it expired: %v", got)
	}
}

func TestRoomInWhichNothingMayBePinnedHearsEverything(t *testing.T) {
	r := newTeller(t)
	asked := 0
	r.fake.Refuse = func(c *http.Request) (int, string) {
		if !strings.Contains(c.URL.Path, "pinned_events") {
			return 0, ""
		}
		asked++
		return http.StatusForbidden, `{"errcode":"M_FORBIDDEN"}`
	}
	r.lines(strings.Split(burglary, "\n")...)
	r.pass("20m later")
	r.drain()
	if said := r.bodies(r.s.rooms["kastanje"]); len(said) != 1 {
		t.Errorf("the street reads %q", said)
	}
	if asked != 1 {
		t.Errorf("asked to pin %d times", asked)
	}
}

// Pin and Unpin reach the platform that is looked at, where it has them.
func (l looking) Pin(ctx context.Context, chat bot.ChatRef, on bot.MessageRef) error {
	if p, able := l.Platform.(bot.Pinner); able {
		return p.Pin(ctx, chat, on)
	}
	return nil
}

func (l looking) Unpin(ctx context.Context, chat bot.ChatRef, on bot.MessageRef) error {
	if p, able := l.Platform.(bot.Pinner); able {
		return p.Unpin(ctx, chat, on)
	}
	return nil
}
