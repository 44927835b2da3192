//go:build goolm

package matrix

import (
	"bytes"
	"fmt"
	"testing"

	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// voices sends a voice message as Element does: in an encrypted room the file is encrypted, and the message as well.
func (p *person) voices(room string, sound []byte, encrypted bool) {
	p.t.Helper()
	c := map[string]any{
		"msgtype": "m.audio", "body": "Voice message", "info": map[string]any{"mimetype": "audio/ogg", "size": len(sound)},
		"org.matrix.msc3245.voice": map[string]any{}, "org.matrix.msc1767.audio": map[string]any{"duration": 1200},
	}
	data, file := bytes.Clone(sound), attachment.NewEncryptedFile()
	if encrypted {
		file.EncryptInPlace(data)
	}
	got, err := p.UploadBytes(p.t.Context(), data, "application/octet-stream")
	if err != nil {
		p.t.Fatal(err)
	}
	c["url"] = got.ContentURI.CUString()
	if encrypted {
		delete(c, "url")
		c["file"] = &event.EncryptedFileInfo{EncryptedFile: *file, URL: got.ContentURI.CUString()}
	}
	if _, err := p.SendMessageEvent(p.t.Context(), id.RoomID(room), event.EventMessage, c); err != nil {
		p.t.Fatal(err)
	}
}

func TestRealVoiceMessageIsKnownForOne(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		t.Run(fmt.Sprint(encrypted), func(t *testing.T) {
			r := newReal(t)
			p := newPerson(t, r.hs, "ana")
			room := p.meets(encrypted)
			p.seesJoin(room)
			p.says(room, "eerste")
			r.hears("eerste")
			p.voices(room, []byte("hallo, er brandt iets"), encrypted)
			u := r.gets(func(u bot.Update) bool { _, is := u.Event.(bot.Media); return is })
			media := u.Event.(bot.Media)
			data, err := r.m.Fetch(t.Context(), media.File, 100)
			if media.Kind != bot.MediaVoice || u.Message == "" || err != nil || string(data) != "hallo, er brandt iets" {
				t.Errorf("%+v holds %q, %v", u, data, err)
			}
		})
	}
}
