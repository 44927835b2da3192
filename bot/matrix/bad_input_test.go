package matrix

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// heardBy is a bot whose log is kept.
func (w *world) heardBy(c Config) (*Matrix, *bytes.Buffer) {
	w.t.Helper()
	var log bytes.Buffer
	m := w.bot(c)
	m.log = slog.New(slog.NewTextHandler(&log, nil))
	return m, &log
}

const softLogout = `{"errcode":"M_UNKNOWN_TOKEN","error":"Soft logged out","soft_logout":true}`

func TestSoftLogoutKeepsTheDevice(t *testing.T) {
	w := newWorld(t)
	var log *bytes.Buffer
	w.m, log = w.heardBy(Config{User: buurtbot, Password: "secret-buurtbot"})
	room := w.private()
	before, err := w.m.readSession()
	if err != nil {
		t.Fatal(err)
	}
	w.hs.Revoke(buurtbot)
	w.hs.Refuse = refusing("/sync", http.StatusUnauthorized, softLogout)
	if e := remedy(t, w.pollOnce()); e.Remedy != bot.Later {
		t.Fatalf("%v", e)
	}
	w.hs.Refuse = nil
	w.hs.Say(room, ana, "Help")
	w.poll()
	after, err := w.m.readSession()
	if err != nil || after.Device != before.Device || after.Token == before.Token {
		t.Errorf("the login was %+v and is %+v, %v", before, after, err)
	}
	if got := w.events(); len(got) != 1 || got[0] != (bot.Text{Body: "Help"}) {
		t.Errorf("heard %v", got)
	}
	if !strings.Contains(log.String(), "the homeserver ended the login") || !strings.Contains(log.String(), "soft=true") {
		t.Errorf("the operator reads %q", log)
	}
}

func TestHardLogoutWithoutAPasswordStopsMatrixPlainly(t *testing.T) {
	w := newWorld(t)
	w.poll()
	w.m = w.bot(Config{User: buurtbot, AccessToken: w.m.login.link.AccessToken})
	w.poll()
	w.hs.Revoke(buurtbot)
	for range 2 {
		e := remedy(t, w.pollOnce())
		if e.Remedy != bot.Down || !e.Global {
			t.Fatalf("%+v", e)
		}
	}
	e := remedy(t, w.pollOnce())
	if !strings.Contains(e.Error(), "the access token is refused") {
		t.Errorf("the operator reads %q", e)
	}
	if _, err := w.m.Send(t.Context(), letter(1, "!r", "Hoi"), nil); remedy(t, err).Remedy != bot.Down {
		t.Errorf("a letter: %v", err)
	}
}

func TestWrongPasswordIsSaidPlainly(t *testing.T) {
	w := newWorld(t)
	w.m = w.bot(Config{User: buurtbot, Password: "secret-mistyped"})
	e := remedy(t, w.pollOnce())
	if e.Remedy != bot.Down || !strings.Contains(e.Error(), "log in: ") || !strings.Contains(e.Error(), "M_FORBIDDEN") {
		t.Errorf("the operator reads %q", e)
	}
	if _, err := os.Stat(w.m.sessionFile()); err == nil {
		t.Error("a login was stored")
	}
}

// A bot that has no keys says so where somebody asks it into an encrypted room, and stays outside.
func TestEncryptedRoomIsDeclinedWithoutKeys(t *testing.T) {
	w := newWorld(t)
	w.poll()
	room := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true, Encrypted: true}, buurtbot)
	w.poll()
	if is := w.hs.Membership(room, buurtbot); is != "leave" {
		t.Errorf("the bot's membership is %q", is)
	}
	if why := w.hs.Why(room, buurtbot); why != "Hier kan ik niet meedoen: "+
		"dit gesprek is versleuteld en dat kan ik niet lezen. Maak een gesprek zonder versleuteling met me." {
		t.Errorf("it says %q", why)
	}
}

func TestNoticesOfOtherBotsAreNeverAnswered(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	for range 30 {
		w.hs.Send(room, ana, "m.room.message", map[string]any{"msgtype": "m.notice", "body": "Ik ben ook een bot. Brand!"})
	}
	w.poll()
	for _, u := range w.updates() {
		if !u.Empty() {
			t.Fatalf("a notice is %+v", u)
		}
	}
}

func TestNameIsTextAndHasAnEnd(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	evil := "<b>[Politie](https://matrix.to/#/@x:y)</b>\u202e\x00" + strings.Repeat("a", 5000)
	w.hs.State(room, bo, "m.room.topic", map[string]any{}) // somebody else's state changes nothing
	raw := `{"room":{"id":"` + room + `","kind":"private"},"from":{"id":"` + ana + `","name":` + quoted(evil) +
		`},"id":"$1","type":"m.room.message","content":{"msgtype":"m.text","body":"hoi"}}`
	u, err := w.m.Decode([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got := utf8.RuneCountInString(u.From.Name); got > longestName {
		t.Errorf("a name of %d characters", got)
	}
	if !strings.HasPrefix(u.From.Name, "<b>[Politie](") || strings.ContainsAny(u.From.Name, "\x00\u202e") {
		t.Errorf("the name is %q", u.From.Name)
	}
}

func TestOversizedEventIsRefusedAndSpoilsNoOther(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Say(room, ana, strings.Repeat("é", maxEvent))
	w.hs.Say(room, ana, "Help")
	w.poll()
	rows := w.in.empty()
	var good, bad int
	for _, row := range rows {
		if _, err := w.m.Decode(row.Body); err != nil {
			bad++
			continue
		}
		good++
	}
	if bad != 1 || good != 1 {
		t.Errorf("%d read, %d refused", good, bad)
	}
}

func TestFileThatIsTooLargeForTheServerEndsItsLetter(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Refuse = refusing("/media/v3/upload", http.StatusRequestEntityTooLarge, `{"errcode":"M_UNKNOWN"}`)
	_, err := w.m.Send(t.Context(), letter(1, room, "Foto"), [][]byte{{0xff, 0xd8}})
	if e := remedy(t, err); e.Remedy != bot.Never {
		t.Errorf("%v", e)
	}
}

func TestLimitOfTheServerHoldsForTheAccount(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Refuse = refusing("/send/", http.StatusTooManyRequests, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":90000}`)
	_, err := w.m.Send(t.Context(), letter(1, room, "Let op"), nil)
	if e := remedy(t, err); e.Remedy != bot.Later || !e.Global || e.After != 90*time.Second {
		t.Errorf("%+v", e)
	}
}

func quoted(s string) string {
	raw, _ := json.Marshal(s) //nolint:errchkjson // a string
	return string(raw)
}
