//go:build goolm

package matrix

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// breaking is a network that ends with a certain call: the call never arrives, or its answer is lost.
type breaking struct {
	next   http.RoundTripper
	method string
	path   string // a part of the call's
	lost   bool   // the call does not arrive

	mu   sync.Mutex
	done bool
}

func (b *breaking) RoundTrip(req *http.Request) (*http.Response, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return nil, errCut
	}
	b.done = req.Method == b.method && strings.Contains(req.URL.Path, b.path)
	if b.done && b.lost {
		return nil, errCut
	}
	resp, err := b.next.RoundTrip(req)
	if err == nil && b.done {
		_ = resp.Body.Close()
		return nil, errCut
	}
	return resp, err
}

// breaks starts the bot on a network that ends with a certain call, and stops it then.
func (r *actual) breaks(b *breaking) {
	r.t.Helper()
	own := newTransport()
	defer own.CloseIdleConnections()
	b.next = own
	conf := r.conf
	conf.Homeserver, conf.Dir, conf.Transport, conf.Log = r.hs.URL, r.dir, b, slog.New(slog.DiscardHandler)
	m := New(conf)
	defer func() { _ = m.Close() }()
	if err := m.PollOnce(r.t.Context(), r.in); err == nil {
		r.t.Fatal("the first poll came through")
	}
	if !b.done {
		r.t.Fatalf("nothing is called at %s", b.path)
	}
}

// talks lets somebody exchange messages with the bot in an encrypted room.
func (r *actual) talks(p *person) {
	r.t.Helper()
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "Werkt het?")
	r.hears("Werkt het?")
	r.send(letter(1, room, "Het werkt"))
	p.reads("Het werkt")
}

// Wherever the first start breaks off, the next one finishes it: the same device, one identity that vouches for it, and
// messages that are read on both sides.
func TestRealFirstStartThatBreaksOffIsFinishedByTheNext(t *testing.T) {
	t.Parallel() // it waits most of the time
	for name, b := range map[string]*breaking{
		"the device's keys are on the server, and we do not know": {method: "POST", path: "/keys/upload"},
		"the device's keys never came to the server":              {method: "POST", path: "/keys/upload", lost: true},
		"there is a key of secret storage, which is not in use":   {method: "PUT", path: "/account_data/m.secret_storage.key"},
		"secret storage is empty":                                 {method: "PUT", path: "/account_data/m.secret_storage.default_key"},
		"the secrets are stored in part":                          {method: "PUT", path: "/account_data/m.cross_signing.self_signing"},
		"the secrets are stored, and there is no identity":        {method: "POST", path: "/keys/device_signing/upload", lost: true},
		"the identity is there, and we do not know":               {method: "POST", path: "/keys/device_signing/upload"},
		"the identity does not vouch for the device":              {method: "POST", path: "/keys/signatures/upload", lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := installed(t)
			r.breaks(b)
			before, err := New(Config{User: buurtbot, Homeserver: r.hs.URL, Dir: r.dir}).readSession()
			if err != nil || before.Device == "" {
				t.Fatalf("the login is %+v, %v", before, err)
			}
			r.start()
			t.Cleanup(func() { r.stop() })
			r.isWhole(before.Device)
			r.talks(newPerson(t, r.hs, "ana"))
			identity := masterKey(t, r)
			r.restart()
			r.isWhole(before.Device)
			if got := masterKey(t, r); got != identity {
				t.Errorf("the identity changed from %s to %s", identity, got)
			}
		})
	}
}

// isWhole checks that the bot's identity vouches for a certain device.
func (r *actual) isWhole(device id.DeviceID) {
	r.t.Helper()
	if got := r.m.login.link.DeviceID; got != device {
		r.t.Errorf("the device is %s, not %s", got, device)
	}
	if err := r.m.Verified(r.t.Context()); err != nil {
		r.t.Error(err)
	}
}

// answering is a network in which some calls get an answer of ours; 0 = the server's.
type answering struct {
	next http.RoundTripper
	to   func(*http.Request) (int, string)
}

func (a *answering) RoundTrip(req *http.Request) (*http.Response, error) {
	status, body := a.to(req)
	if status == 0 {
		return a.next.RoundTrip(req)
	}
	if req.Body != nil {
		_ = req.Body.Close()
	}
	header := http.Header{"Content-Type": {"application/json"}}
	return &http.Response{StatusCode: status, Header: header, Request: req, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// A server that lost the keys of our device gets a new device, for which the same identity vouches.
func TestRealKeysThatTheServerLostMakeANewDevice(t *testing.T) {
	r := newReal(t)
	device, identity := r.m.login.link.DeviceID, masterKey(t, r)
	r.stop()
	var once sync.Once
	r.conf.Transport = &answering{newTransport(), func(req *http.Request) (status int, body string) {
		if strings.HasSuffix(req.URL.Path, "/keys/query") {
			once.Do(func() { status, body = http.StatusOK, `{"device_keys":{}}` })
		}
		return status, body
	}}
	r.start()
	if r.m.login.link.DeviceID == device {
		t.Error("the device is the old one")
	}
	r.isWhole(r.m.login.link.DeviceID)
	if got := masterKey(t, r); got != identity {
		t.Errorf("the identity changed from %s to %s", identity, got)
	}
	r.talks(newPerson(t, r.hs, "ana"))
}

// Without a password there is no new device: what is wrong is said, and nothing is made or lost.
func TestRealKeysThatTheServerLostWithoutAPasswordAreSaid(t *testing.T) {
	r := newReal(t)
	device, token := r.m.login.link.DeviceID, r.m.login.link.AccessToken
	r.stop()
	conf := r.conf
	conf.Password, conf.AccessToken = "", token
	conf.Transport = &answering{newTransport(), func(req *http.Request) (int, string) {
		if strings.HasSuffix(req.URL.Path, "/keys/query") {
			return http.StatusOK, `{"device_keys":{}}`
		}
		return 0, ""
	}}
	m := New(conf)
	err := m.PollOnce(t.Context(), r.in)
	_ = m.Close()
	if e := remedy(t, err); e.Remedy != bot.Down || !strings.Contains(e.Error(), errKeysGone.Error()) {
		t.Fatalf("%v", err)
	}
	r.start()
	r.isWhole(device)
	r.talks(newPerson(t, r.hs, "ana"))
}

// An identity of which the secrets lie nowhere stays as it is; the bot serves, and says that nothing vouches for it.
func TestRealIdentityWithoutSecretStorageStays(t *testing.T) {
	r := newReal(t)
	identity := masterKey(t, r)
	r.stop()
	if err := os.RemoveAll(r.dir); err != nil {
		t.Fatal(err)
	}
	made := 0
	r.conf.Transport = &answering{newTransport(), func(req *http.Request) (int, string) {
		switch {
		case req.Method == http.MethodGet && strings.Contains(req.URL.Path, "/account_data/m.secret_storage"):
			return http.StatusNotFound, `{"errcode":"M_NOT_FOUND","error":"nothing"}`
		case req.Method == http.MethodPut && strings.Contains(req.URL.Path, "/account_data/m.secret_storage"):
			made++
		}
		return 0, ""
	}}
	r.start()
	if err := r.m.Verified(t.Context()); err == nil {
		t.Error("something vouches for the device")
	}
	if got := masterKey(t, r); got != identity || made > 0 {
		t.Errorf("the identity is %s, not %s; secret storage was written %d times", got, identity, made)
	}
	r.talks(newPerson(t, r.hs, "ana"))
}
