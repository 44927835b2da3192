package matrix

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
)

// decoded is what each recorded event means. The files hold events as a server sends them; the test puts them into the
// envelope of Ana's private room, or of a street's room where the name says so.
var decoded = map[string]bot.Event{
	"text":                  bot.Text{Body: "Er staat een vreemde auto"},
	"text_controls":         bot.Text{Body: "Hallo\nwereld"},
	"text_reply_old":        bot.Text{Body: "Ja, nog steeds", ReplyTo: "$card"},
	"text_quote":            bot.Text{Body: "> geen citaat"},
	"text_thread":           bot.Text{Body: "Gezien", Thread: "$card"},
	"text_thread_reply":     bot.Text{Body: "Dat klopt", ReplyTo: "$other", Thread: "$card"},
	"text_html":             bot.Text{Body: "Kijk [hier](https://matrix.to/#/@bo:hs.test) <b>nu</b>"},
	"emote":                 bot.Text{Body: "rent weg"},
	"command_bang":          bot.Command{Name: "melding", Args: "fiets weg"},
	"command_slash":         bot.Command{Name: "alarm"},
	"command_named":         bot.Command{Name: "help"},
	"command_edited":        bot.Command{Name: "stop", Edited: true},
	"not_a_command":         bot.Text{Body: "!!! pas op"},
	"path":                  bot.Text{Body: "/etc/passwd"},
	"edit":                  bot.Edited{On: "$first", Body: "Er staan twee auto's"},
	"notice":                nil,
	"bridged":               nil,
	"own":                   nil,
	"call":                  nil,
	"reaction_keycap":       bot.Press{On: "$card", Key: "2"},
	"reaction_bare":         bot.Press{On: "$card", Key: "2"},
	"reaction_digit":        bot.Press{On: "$card", Key: "2"},
	"reaction_skin":         bot.Press{On: "$card", Key: "2"},
	"reaction_ten":          bot.Press{On: "$card", Key: "10"},
	"reaction_thumb":        nil,
	"location":              bot.Point{At: orb.Point{5.1214, 52.0907}},
	"location_live":         nil,
	"image":                 bot.Media{Kind: bot.MediaPhoto, File: "mxc://hs.test/abc", Size: 31037},
	"image_caption":         bot.Media{Kind: bot.MediaPhoto, File: "mxc://hs.test/abc", Size: 31037, Caption: "De deur"},
	"image_encrypted":       bot.Media{Kind: bot.MediaPhoto, File: `{"v":"v2","url":"mxc://hs.test/enc","iv":"a"}`, Size: 12},
	"voice":                 bot.Media{Kind: bot.MediaVoice, File: "mxc://hs.test/v", Size: 900},
	"voice_stable":          bot.Media{Kind: bot.MediaVoice, File: "mxc://hs.test/v", Size: 900},
	"voice_encrypted":       bot.Media{Kind: bot.MediaVoice, File: `{"v":"v2","url":"mxc://hs.test/venc","iv":"a"}`, Size: 900},
	"audio_no_voice":        bot.Media{Kind: bot.MediaOther, File: "mxc://hs.test/v", Size: 900},
	"audio":                 bot.Media{Kind: bot.MediaOther, File: "mxc://hs.test/a"},
	"video":                 bot.Media{Kind: bot.MediaVideo, File: "mxc://hs.test/m"},
	"file":                  bot.Media{Kind: bot.MediaDocument, File: "mxc://hs.test/d"},
	"sticker":               bot.Media{Kind: bot.MediaSticker},
	"poll":                  bot.Media{Kind: bot.MediaPoll},
	"member_bot_joins":      bot.Joined{},
	"member_bot_kicked":     bot.Left{Why: "kicked"},
	"member_bot_banned":     bot.Left{Why: "kicked"},
	"member_person_leaves":  bot.Left{Why: "blocked"},
	"member_renamed":        nil,
	"room_member_leaves":    nil,
	"topic":                 nil,
	"redaction_of_anything": nil,
}

func recorded(t *testing.T, name string) wire {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	g := glance{kind: kindPrivate, names: map[string]string{ana: "Ana\u0007 de Vries"}}
	if strings.HasPrefix(name, "room_") {
		g = glance{kind: kindGroup, title: "Straat"}
	}
	return envelope("!room:hs.test", g, e)
}

func TestRecordedEventsAreDecoded(t *testing.T) {
	m := New(Config{User: buurtbot})
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(decoded) {
		t.Errorf("%d recorded events, %d expectations", len(files), len(decoded))
	}
	for name, want := range decoded {
		t.Run(name, func(t *testing.T) {
			raw, err := json.Marshal(recorded(t, name))
			if err != nil {
				t.Fatal(err)
			}
			u, err := m.Decode(raw)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, u.Event); diff != "" {
				t.Error(diff)
			}
			if from := u.From; want != nil && from.ID == ana && from.Name != "Ana de Vries" {
				t.Errorf("from %+v", from)
			}
		})
	}
}

func TestSealedMessageIsUnreadable(t *testing.T) {
	m := New(Config{User: buurtbot})
	u, err := m.Decode([]byte(`{"room":{"id":"!r","kind":"private"},"from":{"id":"@ana:hs.test"},"id":"$1","type":"m.room.encrypted","sealed":true}`))
	if err != nil || u.Event != (bot.Unreadable{}) {
		t.Errorf("%v, %v", u, err)
	}
}

func TestGarbledEnvelopeIsAnError(t *testing.T) {
	m := New(Config{User: buurtbot})
	for _, raw := range []string{
		``, `[]`, `{"room":7}`, `{"type":"m.room.message","from":{"id":"@a:b"},"content":[]}`,
		`{"type":"m.room.message","from":{"id":"@a:b"},"content":{"msgtype":"m.location","geo_uri":"geo:here"}}`,
		`{"type":"m.room.message","from":{"id":"@a:b"},"content":{"msgtype":"m.location","geo_uri":"geo:95,5"}}`,
		`{"type":"m.room.message","from":{"id":"@a:b"},"content":{"msgtype":"m.location","geo_uri":"geo:NaN,5"}}`,
		`{"type":"m.reaction","from":{"id":"@a:b"},"content":{"m.relates_to":7}}`,
		strings.Repeat(" ", maxEvent) + `{}`,
	} {
		if u, err := m.Decode([]byte(raw)); err == nil {
			t.Errorf("%.40q is decoded to %v", raw, u)
		}
	}
}

func TestNumbersOfReactions(t *testing.T) {
	for key, want := range map[string]int{
		"1": 1, "12": 12, "3\uFE0F\u20E3": 3, "3\u20E3": 3, "\U0001F51F": 10, " 4 ": 4,
		"": 0, "0": 0, "0\uFE0F\u20E3": 0, "123": 0, "-1": 0, "+1": 0, "👍": 0, "👍🏿": 0, "a": 0, "\u20E3": 0, "1x": 0,
	} {
		if n, is := numberOf(key); n != want || is != (want > 0) {
			t.Errorf("%q is %d, %v", key, n, is)
		}
	}
	for n := 1; n <= 10; n++ {
		if got, is := numberOf(keycap(n)); got != n || !is {
			t.Errorf("the keycap of %d reads %d", n, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.json")
	for _, name := range files {
		raw, _ := os.ReadFile(name)
		f.Add(`{"room":{"id":"!r","kind":"private"},"from":{"id":"@a:b"},"id":"$1","type":"m.room.message","content":` + string(raw) + `}`)
	}
	m := New(Config{User: buurtbot})
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := m.Decode([]byte(raw))
		if err != nil && !u.Empty() {
			t.Errorf("an error with %v", u)
		}
	})
}
