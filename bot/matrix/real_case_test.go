//go:build goolm

package matrix

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// What happens to a case is told in the thread of its card, encrypted as the room is, and a number that somebody types there
// is known to stand in it.
func TestRealCaseHasItsThread(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	card := r.send(asked(1, room, []bot.Choice{yes, no}))
	p.Wait("the card", func(evt *event.Event) bool { return evt.ID == id.EventID(card) })
	l := letter(2, room, "Opgepakt door Wim")
	l.Root = card
	r.send(l)
	told := p.reads("Opgepakt door Wim")
	about := told.Content.AsMessage().RelatesTo
	if about == nil || about.GetThreadParent() != id.EventID(card) || !told.Mautrix.WasEncrypted {
		t.Errorf("it stands under %+v, encrypted: %v", about, told.Mautrix.WasEncrypted)
	}
	answer := &event.MessageEventContent{MsgType: event.MsgText, Body: "2"}
	answer.SetThread(told)
	if _, err := p.SendMessageEvent(t.Context(), id.RoomID(room), event.EventMessage, answer); err != nil {
		t.Fatal(err)
	}
	if said := r.hears("2").Event.(bot.Text); said.Thread != card {
		t.Errorf("the answer stands in the thread of %q, not of %q", said.Thread, card)
	}
}

// What somebody takes back in an encrypted chat is told with the message that it was, so that what we kept of it can go.
func TestRealMessageThatIsTakenBackIsTold(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "De lamp is kapot")
	said := r.hears("De lamp is kapot").Message
	if _, err := p.RedactEvent(t.Context(), id.RoomID(room), id.EventID(said)); err != nil {
		t.Fatal(err)
	}
	r.gets(func(u bot.Update) bool { return u.Event == bot.Erased{On: said} })
}

// softly lets the homeserver say once that the login has ended but not the device.
type softly struct {
	http.RoundTripper
	once atomic.Bool
}

// RoundTrip answers one poll itself.
func (s *softly) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(req)
	if err == nil && strings.HasSuffix(req.URL.Path, "/sync") && s.once.CompareAndSwap(true, false) {
		_ = resp.Body.Close()
		resp.StatusCode, resp.Body, resp.ContentLength = http.StatusUnauthorized, io.NopCloser(strings.NewReader(softLogout)), int64(len(softLogout))
	}
	return resp, err
}

// After a soft logout the bot logs in as the same device, so that it can read and write with the keys it has.
func TestRealSoftLogoutKeepsTheDeviceAndItsKeys(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	r.stop()
	wire := &softly{RoundTripper: newTransport()}
	t.Cleanup(wire.RoundTripper.(*http.Transport).CloseIdleConnections)
	r.conf.Transport = wire
	r.start()
	device, token := r.m.login.link.DeviceID, r.m.login.link.AccessToken
	wire.once.Store(true)
	p.says(room, "tweede")
	r.hears("tweede")
	p.says(room, "derde")
	r.hears("derde")
	r.send(letter(1, room, "Ik ben er nog"))
	if got := p.reads("Ik ben er nog"); !got.Mautrix.WasEncrypted {
		t.Error("it is plain")
	}
	s, err := r.m.readSession()
	if err != nil || s.Device != device || s.Token == token || wire.once.Load() {
		t.Errorf("the device was %s and is %s, a new token: %v, %v", device, s.Device, s.Token != token, err)
	}
	if err := r.m.Verified(t.Context()); err != nil {
		t.Error(err)
	}
}
