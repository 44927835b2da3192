package matrix

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// broken is a way to the server on which requests that bring events end in an error.
type broken struct {
	http.RoundTripper
	meets error
}

func (b broken) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "/send/") {
		return nil, b.meets
	}
	return b.RoundTripper.RoundTrip(r)
}

// What never reached the server did not arrive; of everything else that ends without an answer nobody knows.
func TestLetterWithoutAnAnswerMayHaveArrivedUnlessItNeverLeft(t *testing.T) {
	for name, c := range map[string]struct {
		meets error
		want  bot.SendError
	}{
		"no such host":     {&net.DNSError{Err: "no such host"}, bot.SendError{Remedy: bot.Later, After: firstPause, Global: true}},
		"nobody listens":   {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, bot.SendError{Remedy: bot.Later, After: firstPause, Global: true}},
		"a foreign name":   {x509.UnknownAuthorityError{}, bot.SendError{Remedy: bot.Later, After: firstPause, Global: true}},
		"reset":            {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, bot.SendError{Remedy: bot.Uncertain, After: firstPause, Global: true}},
		"closed":           {io.EOF, bot.SendError{Remedy: bot.Uncertain, After: firstPause, Global: true}},
		"it took too long": {context.DeadlineExceeded, bot.SendError{Remedy: bot.Uncertain, After: firstPause, Global: true}},
		"we are stopped":   {context.Canceled, bot.SendError{Remedy: bot.Uncertain}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			room := w.private()
			w.m.client.Transport = broken{w.m.client.Transport, c.meets}
			_, err := w.m.Send(t.Context(), letter(1, room, "Hoi"), nil)
			e := *remedy(t, err)
			e.Err = nil
			if e != c.want {
				t.Errorf("%+v, not %+v", e, c.want)
			}
		})
	}
}

// A program that is stopped before it said anything said nothing.
func TestLetterThatWasNotBegunDidNotArrive(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for range 20 { // it is chance where it notices
		if _, err := w.m.Send(ctx, letter(1, room, "Hoi"), nil); remedy(t, err).Remedy != bot.Later {
			t.Fatal(err)
		}
	}
}

// A picture stands in the room before its words do, so whoever is there has seen something.
func TestLetterOfWhichAPartStandsMayHaveBeenRead(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Refuse = refusing("/send/m.room.message/bb.post.1.1", 429, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500}`)
	_, err := w.m.Send(t.Context(), letter(1, room, "Gezien?"), [][]byte{[]byte("een")})
	e := *remedy(t, err)
	if e.Remedy != bot.Uncertain || e.After != 1500*time.Millisecond || !e.Global || len(w.bodies(room)) != 1 {
		t.Errorf("%+v with %v in the room", e, w.bodies(room))
	}
}
