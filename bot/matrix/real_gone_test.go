//go:build goolm

package matrix

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"

	"github.com/buurtbot/buurtbot/bot"
)

// stands lists what a real server still shows of what the bot said in a room, sealed or not, the newest first.
func (r *actual) stands(room string) []string {
	r.t.Helper()
	l, err := r.m.session(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	got, err := r.m.messages(r.t.Context(), l, room, span{limit: 100})
	if err != nil {
		r.t.Fatal(err)
	}
	var all []string
	for _, raw := range got.Chunk {
		var e struct {
			Type    string         `json:"type"`
			Sender  string         `json:"sender"`
			Content map[string]any `json:"content"`
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			r.t.Fatal(err)
		}
		said := strings.HasPrefix(e.Type, typeMessage) || e.Type == typeEncrypted
		if e.Sender == buurtbot && said && len(e.Content) > 0 {
			all = append(all, fmt.Sprint(e.Type, " ", e.Content["body"]))
		}
	}
	return all
}

// leaves waits until so many messages of the bot's stand in a room: a server may show for a moment longer what was taken away.
func (r *actual) leaves(room string, n int) {
	r.t.Helper()
	got := r.stands(room)
	for end := time.Now().Add(10 * time.Second); len(got) != n && time.Now().Before(end); got = r.stands(room) {
		time.Sleep(20 * time.Millisecond)
	}
	if len(got) != n {
		r.t.Errorf("what stands is %q, not %d messages", got, n)
	}
}

// edit changes a message of the bot's.
func (r *actual) edit(room string, number int64, on bot.MessageRef, text string) {
	r.t.Helper()
	l := letter(number, room, text)
	l.Op, l.Edits = bot.OpEdit, on
	r.send(l)
}

// The picture and every wording of a letter that is taken away are gone from the server, in the plain and sealed.
func TestRealLetterIsTakenAwayWithItsPicturesAndEdits(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		t.Run(fmt.Sprint("encrypted=", encrypted), func(t *testing.T) {
			r := newReal(t)
			p := newPerson(t, r.hs, "ana")
			room := p.meets(encrypted)
			p.seesJoin(room)
			ref, err := r.m.Send(t.Context(), letter(1, room, "Gezien?"), [][]byte{[]byte("een"), []byte("twee")})
			if err != nil {
				t.Fatal(err)
			}
			r.edit(room, 2, ref, "Gezien, een")
			r.edit(room, 3, ref, "Gezien, twee")
			p.reads("* Gezien, twee")
			r.leaves(room, 5)
			for range 2 {
				r.send(takenAway(room, ref))
			}
			r.leaves(room, 0)
			if got := p.original(room, ref); len(got) > 0 {
				t.Errorf("Ana's client can fetch %v", got)
			}
		})
	}
}

// original is what the server gives somebody of an event.
func (p *person) original(room string, on bot.MessageRef) map[string]any {
	p.t.Helper()
	var got struct {
		Content map[string]any `json:"content"`
	}
	path := mautrix.ClientURLPath{"v3", "rooms", room, "event", string(on)}
	if _, err := p.MakeRequest(p.t.Context(), http.MethodGet, p.BuildURLWithQuery(path, nil), nil, &got); err != nil {
		p.t.Fatal(err)
	}
	return got.Content
}

// What is erased stands in no history on the server either, sealed or not.
func TestRealErasedWordsStandInNoHistory(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		t.Run(fmt.Sprint("encrypted=", encrypted), func(t *testing.T) {
			r := newReal(t)
			p := newPerson(t, r.hs, "ana")
			room := p.meets(encrypted)
			p.seesJoin(room)
			ref := r.send(letter(1, room, "Een man met een rode jas"))
			r.edit(room, 2, ref, "Een man")
			p.reads("* Een man")
			l := erasing(room, ref)
			if _, err := r.m.Send(t.Context(), l, nil); remedy(t, err).Remedy != bot.Lost {
				t.Fatal(err)
			}
			r.leaves(room, 0)
			r.send(anew(l))
			if got := p.reads(l.Text).Content.AsMessage().MsgType; got != event.MsgNotice {
				t.Errorf("it comes as %s", got)
			}
			r.leaves(room, 1)
		})
	}
}
