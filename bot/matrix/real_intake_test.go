//go:build goolm

package matrix

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A key that cannot be stored comes again: what a device sent is read whole or not at all.
func TestRealKeyThatCannotBeStoredComesAgain(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	k := r.m.login.link.vault.(*keys)
	for _, stmt := range []string{
		"CREATE TABLE refused (n INTEGER)",
		"CREATE TRIGGER full BEFORE INSERT ON crypto_megolm_inbound_session BEGIN SELECT RAISE(FAIL, 'disk full'); END",
	} {
		if _, err := k.db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	p.says(room, "eerste")
	time.Sleep(time.Second)
	if _, err := k.db.ExecContext(t.Context(), "DROP TRIGGER full"); err != nil {
		t.Fatal(err)
	}
	r.hears("eerste")
	p.says(room, "tweede")
	r.hears("tweede")
}

// cut fails the questions for lists of devices while it is on.
type cut struct {
	on    atomic.Bool
	asked atomic.Int32
}

func (f *cut) RoundTrip(req *http.Request) (*http.Response, error) {
	if f.on.Load() && strings.HasSuffix(req.URL.Path, "/keys/query") {
		f.asked.Add(1)
		return nil, errors.New("the line is cut")
	}
	return http.DefaultTransport.RoundTrip(req)
}

// Somebody takes a second device while the server does not tell of it. The device reads what the bot says once the list
// has come after all.
func TestRealListOfDevicesThatDoesNotComeIsAskedForAgain(t *testing.T) {
	r := newReal(t)
	line := &cut{}
	r.stop()
	var ahead atomic.Int64
	r.conf.Transport, r.conf.Now = line, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	r.start()
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	r.send(letter(1, room, "Hallo"))
	p.reads("Hallo")
	line.on.Store(true)
	second := newPerson(t, r.hs, "ana")
	for end := time.Now().Add(20 * time.Second); line.asked.Load() == 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nobody asked for the list")
		}
	}
	line.on.Store(false)
	ahead.Store(int64(listPause))
	p.says(room, "Dag")
	r.hears("Dag")
	r.send(letter(2, room, "Ook op je nieuwe telefoon"))
	second.reads("Ook op je nieuwe telefoon")
}
