//go:build goolm

package matrix

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maunium.net/go/mautrix"

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
			if got := r.stands(room); len(got) != 5 {
				t.Fatalf("before, there stands %q", got)
			}
			for range 2 {
				r.send(takenAway(room, ref))
			}
			if got := r.stands(room); len(got) > 0 {
				t.Errorf("what stands is %q", got)
			}
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
