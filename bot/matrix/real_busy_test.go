//go:build goolm

package matrix

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// hanging is a network in which questions after devices get no answer when it is told so.
type hanging struct {
	next    http.RoundTripper
	on      atomic.Bool
	asked   chan struct{}
	release chan struct{}
}

func (h *hanging) RoundTrip(req *http.Request) (*http.Response, error) {
	if !h.on.Load() || !strings.HasSuffix(req.URL.Path, "/keys/query") {
		return h.next.RoundTrip(req)
	}
	select {
	case h.asked <- struct{}{}:
	default:
	}
	select {
	case <-req.Context().Done():
		return nil, req.Context().Err()
	case <-h.release:
		return nil, errCut
	}
}

// A question after devices that hangs uses the keys all the while. A letter to an encrypted room waits for them, tries again
// when that takes too long, and arrives once, before the question ever gets an answer.
func TestRealLetterSurvivesAHangingQuestionAfterDevices(t *testing.T) {
	t.Parallel() // it waits most of the time
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	r.stop()
	h := &hanging{next: newTransport(), asked: make(chan struct{}, 1), release: make(chan struct{})}
	defer close(h.release)
	r.conf.Transport = h
	r.start()
	r.send(letter(1, room, "Hallo"))
	p.reads("Hallo")
	h.on.Store(true)
	newPerson(t, r.hs, "ana") // another device of hers
	select {
	case <-h.asked:
	case <-time.After(20 * time.Second):
		t.Fatal("the bot does not ask for the new device")
	}
	l := letter(2, room, "Alarm")
	short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := r.m.Send(short, l, nil)
	if e := remedy(t, err); e.Remedy != bot.Later || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 5*time.Second {
		t.Fatalf("%v after %v", e, time.Since(began))
	}
	l.Tries = 2
	r.send(l)
	p.reads("Alarm")
	if n := p.count("Alarm"); n != 1 {
		t.Errorf("Ana reads the letter %d times", n)
	}
}
