package matrix

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

func logins(calls []string) int {
	n := 0
	for _, c := range calls {
		if strings.HasSuffix(c, "/login") {
			n++
		}
	}
	return n
}

func TestDeviceIsKeptOverRestarts(t *testing.T) {
	w := newWorld(t)
	w.poll()
	w.hs.Calls()
	w.start()
	w.poll()
	if n := logins(w.hs.Calls()); n != 0 {
		t.Errorf("%d logins after a restart", n)
	}
	info, err := os.Stat(w.m.sessionFile())
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the stored login has the mode %o", mode)
	}
}

func TestWrongPasswordIsNotTriedAgainAtOnce(t *testing.T) {
	w := newWorld(t)
	w.m = w.bot(Config{User: "buurtbot", Password: "wrong"})
	for range 5 {
		e := remedy(t, w.pollOnce())
		if e.Remedy != bot.Down || e.After <= 0 {
			t.Fatalf("%v after %v", e.Remedy, e.After)
		}
	}
	if n := logins(w.hs.Calls()); n != 1 {
		t.Errorf("%d logins", n)
	}
	w.now = w.now.Add(refusedPause)
	_ = w.pollOnce()
	if n := logins(w.hs.Calls()); n != 1 {
		t.Errorf("%d logins after the pause", n)
	}
}

func TestRevokedLoginIsMadeAnew(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Revoke(buurtbot)
	w.hs.Say(room, ana, "Help")
	if e := remedy(t, w.pollOnce()); e.Remedy != bot.Later {
		t.Fatalf("%v", e)
	}
	w.poll()
	if got := w.events(); len(got) != 1 || got[0] != (bot.Text{Body: "Help"}) {
		t.Errorf("%v", got)
	}
	w.send(letter(1, room, "Hoi"))
}

func TestRevokedTokenIsToldOnce(t *testing.T) {
	w := newWorld(t)
	w.poll()
	token := w.m.login.link.AccessToken
	w.m = w.bot(Config{User: buurtbot, AccessToken: token})
	w.poll()
	w.hs.Revoke(buurtbot)
	for range 3 {
		if e := remedy(t, w.pollOnce()); e.Remedy != bot.Down || e.After <= 0 || e.After > refusedPause {
			t.Fatalf("%v after %v", e.Remedy, e.After)
		}
	}
}

func TestTokenOfAnotherAccountIsRefused(t *testing.T) {
	w := newWorld(t)
	w.poll()
	w.m = w.bot(Config{User: ana, AccessToken: w.m.login.link.AccessToken})
	e := remedy(t, w.pollOnce())
	if e.Remedy != bot.Down || !strings.Contains(e.Error(), buurtbot) {
		t.Errorf("%v", e)
	}
}

func TestServerThatIsDownAtStartIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.hs.Lose = func(*http.Request) bool { return true }
	for range 8 {
		if e := remedy(t, w.pollOnce()); e.Remedy != bot.Later || e.After <= 0 || e.After > longestPause {
			t.Fatalf("%v after %v", e.Remedy, e.After)
		}
	}
	if !w.m.LastHeard().IsZero() {
		t.Error("the server was heard")
	}
	w.hs.Lose = nil
	w.poll()
	if got := w.m.LastHeard(); !got.Equal(w.now) {
		t.Errorf("last heard %v", got)
	}
}

func TestNoErrorShowsTheLogin(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	token := w.m.login.link.AccessToken
	for status, body := range map[int]string{500: `{"errcode":"M_UNKNOWN","error":"` + token + `"}`, 403: token, 400: token} {
		w.hs.Refuse = refusing("", status, body)
		_, sent := w.m.Send(t.Context(), letter(1, room, "Hoi"), nil)
		_, fetched := w.m.Fetch(t.Context(), "mxc://hs.test/f", 9)
		for _, err := range []error{sent, fetched, w.pollOnce()} {
			if err == nil || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "secret-") {
				t.Errorf("status %d: %v", status, err)
			}
		}
	}
	w.now = w.now.Add(time.Hour)
	w.m = w.bot(Config{User: matrixfake.User("bo"), Password: "secret-wrong"})
	w.hs.Refuse = nil
	if err := w.pollOnce(); err == nil || strings.Contains(err.Error(), "secret-") {
		t.Errorf("login: %v", err)
	}
}

// A login that hangs keeps nobody from reading what came before.
func TestEventsAreDecodedWhileALoginHangs(t *testing.T) {
	w := newWorld(t)
	w.poll()
	w.m = w.bot(Config{User: "buurtbot", Password: "secret-buurtbot"}) // who that is stands in the stored login
	w.m.login.mu.Lock()
	defer w.m.login.mu.Unlock()
	raw := `{"room":{"id":"!r","kind":"group"},"from":{"id":"` + ana + `"},"id":"$1","type":"m.room.member","state_key":"` + buurtbot +
		`","content":{"membership":"leave"}}`
	if u, err := w.m.Decode([]byte(raw)); err != nil || u.Event != (bot.Left{Why: "kicked"}) {
		t.Errorf("%v, %v", u, err)
	}
}
