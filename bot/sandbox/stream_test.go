package sandbox_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

// heard is an event as a page reads it.
type heard struct {
	Kind, ID string
	Room     string `json:"room"`
	Message  string `json:"message"`
	HTML     string `json:"html"`
	Person   string `json:"person"`
	Text     string `json:"text"`
	Now      int64  `json:"now"`
	Unseen   bool   `json:"unseen"`
}

// follow opens a stream of events; each call of next waits for one.
func follow(t *testing.T, server *httptest.Server, header ...string) (next func() heard) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/events?lang=nl", nil)
	check(t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := server.Client().Do(r)
	check(t, err)
	t.Cleanup(func() { _ = answer.Body.Close() })
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("the stream is %s", kind)
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	return func() heard {
		t.Helper()
		var h heard
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case name == "event":
				h.Kind = value
			case name == "id":
				h.ID = value
			case name == "data":
				check(t, json.Unmarshal([]byte(value), &h))
			case name == "" && h.Kind != "":
				return h
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return heard{}
	}
}

// after is the last event that a fresh page knows of.
func after(t *testing.T, server *httptest.Server) string {
	t.Helper()
	page := ask(t, server, "GET /", nil).text
	_, rest, _ := strings.Cut(page, `data-after="`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

func TestTheStreamTellsEachThingOnce(t *testing.T) {
	box := open(t, town())
	server := serve(t, box)
	check(t, last2(box.Say("ana", "ana", "vroeger", "")))
	next := follow(t, server, "Last-Event-ID", after(t, server))
	check(t, last2(box.Say("ana", "ana", "een", "")))
	ref := post(t, box, "ana", "twee", []bot.Choice{{Key: "yes", Label: "Ja"}})
	u := must(box.Decode(must(box.Press("ana", "ana", ref, "yes")).Body))
	check(t, box.Answer(t.Context(), u.Event.(bot.Press).Query, "Gezien"))
	send(t, box, bot.Letter{To: bot.ChatRef{ID: "ana"}, Op: bot.OpEdit, Edits: ref, Message: bot.Message{Text: "drie", Silent: true}})
	check(t, box.Clock().Pass(time.Hour))
	var got []string
	for range 5 {
		h := next()
		got = append(got, fmt.Sprintf("%s %s%s %s %s unseen %v", h.Kind, h.Room, h.Message, h.Person, h.Text, h.Unseen))
		switch {
		case h.Kind == "clock" && h.Now != noon.Add(time.Hour).UnixMilli():
			t.Errorf("it is %d", h.Now)
		case h.Kind == "message" && !strings.Contains(h.HTML, `data-message="`+h.Message+`"`):
			t.Errorf("the message reads %s", h.HTML)
		}
	}
	want := []string{
		"message anam2   unseen false", "message anam3   unseen true", "toast ana Ana Gezien unseen false",
		"message anam3   unseen false", "clock    unseen false",
	}
	if got[1] == want[3] {
		want[1] = want[3] // it was changed before the first event was written, and reads as it is now
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAStreamGoesOnWhereItBroke(t *testing.T) {
	box := open(t, town())
	server := serve(t, box)
	next := follow(t, server, "Last-Event-ID", after(t, server))
	check(t, last2(box.Say("ana", "ana", "een", "")))
	first := next()
	check(t, last2(box.Say("ana", "ana", "twee", "")))
	check(t, last2(box.Say("ana", "ana", "drie", "")))
	again := follow(t, server, "Last-Event-ID", first.ID)
	if a, b := again(), again(); a.Message != "m2" || b.Message != "m3" {
		t.Errorf("after %s come %s and %s", first.Message, a.Message, b.Message)
	}
}

func TestWhoMissedTooMuchLooksAnew(t *testing.T) {
	box := open(t, town())
	server := serve(t, box)
	before := after(t, server)
	for range 501 {
		check(t, last2(box.Say("ana", "ana", "nog een", "")))
	}
	for name, id := range map[string]string{
		"too old": before, "another run": "abc-1", "of the future": strings.Split(before, "-")[0] + "-9999", "no id": "", "bad": "-",
	} {
		if h := follow(t, server, "Last-Event-ID", id)(); h.Kind != "reset" || h.ID != after(t, server) {
			t.Errorf("%s: %s %s", name, h.Kind, h.ID)
		}
	}
}
