//go:build goolm

package matrix

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

func TestRealConversationInThePlain(t *testing.T)   { conversation(t, false) }
func TestRealConversationInEncryption(t *testing.T) { conversation(t, true) }

// conversation is a question with numbers, an answer by reaction, its taking back, and an edit.
func conversation(t *testing.T, encrypted bool) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(encrypted)
	p.seesJoin(room)
	r.gets(func(u bot.Update) bool {
		_, is := u.Event.(bot.Joined)
		return is && u.Chat.Kind == bot.Private && u.From.ID == ana
	})
	p.says(room, "Er brandt iets")
	if u := r.hears("Er brandt iets"); u.Chat.ID != room || u.Chat.Kind != bot.Private || u.From.Name != "ana" {
		t.Errorf("%+v", u)
	}
	card := r.send(asked(1, room, []bot.Choice{yes, no}, []bot.Choice{stop}))
	got := p.reads("Is het nog bezig?\n\n1. Ja\n2. Nee, <voorbij>\n3. Stoppen")
	if got.ID.String() != string(card) || got.Mautrix.WasEncrypted != encrypted {
		t.Errorf("read as %s, encrypted %v", got.ID, got.Mautrix.WasEncrypted)
	}
	p.Wait("the third keycap", func(evt *event.Event) bool {
		return evt.Type == event.EventReaction && evt.Content.AsReaction().RelatesTo.Key == keycap(3)
	})
	mine, err := p.SendReaction(t.Context(), id.RoomID(room), id.EventID(card), "2️⃣")
	if err != nil {
		t.Fatal(err)
	}
	r.gets(func(u bot.Update) bool { return u.Event == bot.Press{On: card, Key: "2"} })
	if _, err := p.RedactEvent(t.Context(), id.RoomID(room), mine.EventID); err != nil {
		t.Fatal(err)
	}
	r.gets(func(u bot.Update) bool { return u.Event == bot.Withdrawn{On: card, Key: "2"} })
	edit := letter(2, room, "Het is voorbij")
	edit.Op, edit.Edits = bot.OpEdit, card
	r.send(edit)
	p.reads("* Het is voorbij")
}

func TestRealGapIsFilled(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	r.stop()
	const many = 130 // more than one sync holds
	for i := range many {
		p.says(room, fmt.Sprint("bericht ", i))
	}
	r.start()
	for i := range many {
		r.hears(fmt.Sprint("bericht ", i))
	}
}

func TestRealIdentityIsMadeOnceAndKept(t *testing.T) {
	r := newReal(t)
	if err := r.m.Verified(t.Context()); err != nil {
		t.Fatal(err)
	}
	identity := masterKey(t, r)
	device := r.m.login.link.DeviceID
	r.restart()
	if err := r.m.Verified(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.stop() // the keys are lost: a new device, the same identity
	if err := os.RemoveAll(r.dir); err != nil {
		t.Fatal(err)
	}
	r.start()
	if err := r.m.Verified(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r.m.login.link.DeviceID == device {
		t.Error("the device is the old one")
	}
	if got := masterKey(t, r); got != identity {
		t.Errorf("the identity changed from %s to %s", identity, got)
	}
	r.stop() // somebody mistypes the passphrase
	if err := os.RemoveAll(r.dir); err != nil {
		t.Fatal(err)
	}
	r.conf.Passphrase = "iets anders"
	r.start()
	if err := r.m.Verified(t.Context()); err == nil {
		t.Error("a wrong passphrase verifies the device")
	}
	if got := masterKey(t, r); got != identity {
		t.Errorf("a wrong passphrase changed the identity from %s to %s", identity, got)
	}
}

func masterKey(t *testing.T, r *actual) id.Ed25519 {
	t.Helper()
	cli := r.m.login.link.Client
	got, err := cli.QueryKeys(t.Context(), &mautrix.ReqQueryKeys{DeviceKeys: map[id.UserID]mautrix.DeviceIDList{cli.UserID: {}}})
	if err != nil {
		t.Fatal(err)
	}
	own := got.MasterKeys[cli.UserID]
	return own.FirstKey()
}

func TestRealLostKeysOfTheDeviceMakeANewOne(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	device := r.m.login.link.DeviceID
	r.stop()
	for _, name := range []string{keysFile, keysFile + "-wal", keysFile + "-shm"} { // the login stays
		_ = os.Remove(filepath.Join(r.dir, name))
	}
	r.start()
	if r.m.login.link.DeviceID == device {
		t.Error("the device is the old one")
	}
	r.send(letter(1, room, "Ik ben er weer"))
	p.reads("Ik ben er weer")
	p.says(room, "Gelukkig")
	r.hears("Gelukkig")
}

func TestRealRevokedLoginGoesOn(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	if _, err := r.m.login.link.LogoutAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if _, err := r.m.Send(t.Context(), letter(1, room, "Ik ben er weer"), nil); err == nil {
			break
		}
	}
	p.reads("Ik ben er weer")
	p.says(room, "Gelukkig")
	r.hears("Gelukkig")
}

// A message whose key did not come is answered, and read when the key comes after all.
func TestRealMessageWithoutAKeyIsReadLater(t *testing.T) {
	t.Parallel() // it waits most of the time
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	hide := "DELETE FROM crypto_megolm_inbound_session"
	k := r.m.login.link.vault.(*keys)
	if _, err := k.db.ExecContext(t.Context(), "CREATE TEMP TABLE x (a)"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.db.ExecContext(t.Context(), "CREATE TABLE hidden AS SELECT * FROM crypto_megolm_inbound_session"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.db.ExecContext(t.Context(), hide); err != nil {
		t.Fatal(err)
	}
	p.says(room, "tweede")
	r.gets(func(u bot.Update) bool { return u.Event == bot.Unreadable{} })
	if _, err := k.db.ExecContext(t.Context(), "INSERT INTO crypto_megolm_inbound_session SELECT * FROM hidden"); err != nil {
		t.Fatal(err)
	}
	p.says(room, "derde")
	r.hears("tweede")
}

func TestRealUncertainLetterIsFoundInAnEncryptedRoom(t *testing.T) {
	t.Parallel() // it waits most of the time
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	l := letter(17, room, "Alarm")
	first := r.send(l)
	p.reads("Alarm") // a server that is killed may forget what it showed to nobody yet
	r.hs.Kill()
	r.hs.Up("")
	r.restart()
	l.Tries = 2
	if again := r.send(l); again != first {
		t.Errorf("the letter is %s first and %s then", first, again)
	}
	r.send(letter(18, room, "Einde"))
	p.reads("Einde")
	if n := p.count("Alarm"); n != 1 {
		t.Errorf("Ana reads the letter %d times", n)
	}
}

func TestRealPictureIsFetchedAndShown(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		t.Run(fmt.Sprint(encrypted), func(t *testing.T) {
			r := newReal(t)
			p := newPerson(t, r.hs, "ana")
			room := p.meets(encrypted)
			p.seesJoin(room)
			p.says(room, "eerste")
			r.hears("eerste")
			if _, err := r.m.Send(t.Context(), letter(1, room, "Gezien?"), [][]byte{[]byte("een plaatje")}); err != nil {
				t.Fatal(err)
			}
			p.reads("Gezien?")
			got := p.Wait("the picture", func(evt *event.Event) bool {
				return evt.Type == event.EventMessage && evt.Content.AsMessage().MsgType == event.MsgImage
			}).Content.AsMessage()
			if (got.File != nil) != encrypted {
				t.Fatalf("the picture is %+v", got)
			}
			got.Body, got.FileName = "De deur", "deur.jpg"
			if _, err := p.SendMessageEvent(t.Context(), id.RoomID(room), event.EventMessage, got); err != nil {
				t.Fatal(err)
			}
			u := r.gets(func(u bot.Update) bool { _, is := u.Event.(bot.Media); return is })
			media := u.Event.(bot.Media)
			data, err := r.m.Fetch(t.Context(), media.File, 100)
			if err != nil || string(data) != "een plaatje" || media.Caption != "De deur" {
				t.Errorf("%q, %v, caption %q", data, err, media.Caption)
			}
		})
	}
}

// With a wrong pickle key nothing works and nothing is spoilt: the right key opens everything again.
func TestRealWrongPickleKeySpoilsNothing(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	p.says(room, "eerste")
	r.hears("eerste")
	device := r.m.login.link.DeviceID
	r.stop()
	path := filepath.Join(r.dir, pickleFile)
	right, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, make([]byte, pickleSize), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := New(r.conf)
	if err := wrong.PollOnce(t.Context(), r.in); !errors.Is(err, errPickle) || !strings.Contains(err.Error(), "put the key back") {
		t.Errorf("with a wrong key: %v", err)
	}
	if err := wrong.Close(); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, right, 0o600); err != nil {
		t.Fatal(err)
	}
	p.says(room, "tweede")
	r.start()
	r.hears("tweede")
	if got := r.m.login.link.DeviceID; got != device {
		t.Errorf("the device is %s, not %s", got, device)
	}
}

// A room that turns on encryption while the bot is in it gets nothing plain from then on, whatever the server says later.
func TestRealRoomThatTurnsEncryptedStaysSo(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	name := p.meets(false)
	p.seesJoin(name)
	p.says(name, "eerste")
	r.hears("eerste")
	r.send(letter(1, name, "open"))
	if got := p.reads("open"); got.Mautrix.WasEncrypted {
		t.Error("the first is encrypted")
	}
	_, err := p.SendStateEvent(t.Context(), id.RoomID(name), event.StateEncryption, "",
		&event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.State(t.Context(), id.RoomID(name)); err != nil {
		t.Fatal(err)
	}
	p.says(name, "tweede")
	r.hears("tweede")
	r.send(letter(2, name, "dicht"))
	if got := p.reads("dicht"); !got.Mautrix.WasEncrypted {
		t.Error("the second is plain")
	}
	r.restart()
	fresh := &room{people: map[string]occupant{}}
	if err := r.m.rememberSealed(t.Context(), r.m.login.link, name, fresh); err != nil || !fresh.encrypted {
		t.Errorf("a state without encryption is believed: %v", err)
	}
}
