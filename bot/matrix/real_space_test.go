//go:build goolm

package matrix

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// forgetful loses the answer to the first request of its kind, after the server has done it.
type forgetful struct{ lost atomic.Bool }

func (f *forgetful) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil && strings.HasSuffix(req.URL.Path, "createRoom") && f.lost.CompareAndSwap(false, true) {
		_ = resp.Body.Close()
		return nil, errors.New("connection cut")
	}
	return resp, err
}

func TestRealSpaceIsMadeOnceAndLetsItsPeopleIntoTheStreet(t *testing.T) {
	r := newReal(t)
	anna, bob := newPerson(t, r.hs, "ana"), newPerson(t, r.hs, "bo")
	for i, version := range []id.RoomVersion{id.RoomV10, id.RoomV11, id.RoomV12} {
		r.stop()
		r.conf.RoomVersion = string(version)
		r.conf.Transport = &forgetful{}
		r.start()
		space := bot.Site{Key: "space" + string(version), Kind: bot.SiteSpace, Title: "Kastanje", Topic: "Buurtpreventie"}
		if _, err := r.m.Build(t.Context(), space); remedy(t, err).Remedy != bot.Later {
			t.Fatal(err)
		}
		home := r.build(space)
		street := bot.Site{Key: "street" + string(version), Kind: bot.SiteStreet, Title: "Meldingen", Within: home}
		room := r.build(street)
		r.restart()
		if again := r.build(street); again != room {
			t.Errorf("version %s: another room %s than %s", version, again, room)
		}
		if got := found(t, r.m, room, bot.UseDelivery); got != "" {
			t.Errorf("version %s: the street has %s", version, got)
		}
		if err := r.m.Admit(t.Context(), ref(home), ana); err != nil {
			t.Fatal(err)
		}
		r.admits(anna, home)
		r.admits(anna, room)
		if _, err := bob.JoinRoom(t.Context(), room, &mautrix.ReqJoinRoom{Via: []string{"hs.test"}}); err == nil {
			t.Errorf("version %s: somebody from outside comes into the street", version)
		}
		if _, err := anna.SendText(t.Context(), id.RoomID(room), "hoi"); !errors.Is(err, mautrix.MForbidden) {
			t.Errorf("version %s: a member speaks in the street: %v", version, err)
		}
		l := letter(int64(i)+1, room, "Let op, versie "+string(version))
		l.To.Kind = bot.Group
		r.send(l)
		anna.reads("Let op, versie " + string(version))
		if err := r.m.Doors(t.Context(), bot.DoorPutOut, ref(room), bot.UserRef{ID: ana}); err != nil {
			t.Error(err)
		}
	}
}

func (r *actual) build(s bot.Site) string {
	r.t.Helper()
	made, err := r.m.Build(r.t.Context(), s)
	if err != nil {
		r.t.Fatal(err)
	}
	return made.ID
}

// admits lets a person come into a room.
func (r *actual) admits(p *person, room string) {
	r.t.Helper()
	if _, err := p.JoinRoom(r.t.Context(), room, &mautrix.ReqJoinRoom{Via: []string{"hs.test"}}); err != nil {
		r.t.Fatal(err)
	}
}
