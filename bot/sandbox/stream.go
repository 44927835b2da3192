package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	heartbeat = 15 * time.Second // a comment, so that a page that went away is noticed
	patience  = 10 * time.Second // for a page to take what is sent
)

// news is an event as the page reads it.
type news struct {
	Room    string `json:"room,omitempty"`
	Message string `json:"message,omitempty"`
	HTML    string `json:"html,omitempty"`
	Unseen  bool   `json:"unseen,omitempty"` // counts as unread where it is not seen
	Person  string `json:"person,omitempty"` // name of the one who is told
	Text    string `json:"text,omitempty"`
	Now     int64  `json:"now,omitempty"` // ms since 1970
}

// stream tells a page what happens, from the event after the one that it names, and never ends by itself.
func (w *web) stream(out http.ResponseWriter, r *http.Request) {
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = r.URL.Query().Get("after")
	}
	out.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(out)
	lang := speech(r)
	said := "retry: 300\n\n"
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		if send(out, control, said) != nil {
			return // the page went away, and comes back if it wants to
		}
		lines, next, changed, closed := w.since(lang, after)
		said, after = lines, next
		if said != "" {
			continue
		}
		if closed {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			said = ": still here\n\n"
		case <-changed:
		}
	}
}

func send(out http.ResponseWriter, control *http.ResponseController, said string) error {
	// A server without deadlines, such as a test's recorder, has none to extend.
	_ = control.SetWriteDeadline(time.Now().Add(patience))
	if _, err := out.Write([]byte(said)); err != nil { //nolint:gosec // what is said was escaped by the template
		return err
	}
	return control.Flush()
}

// since writes what happened after an event, as the stream has it.
func (w *web) since(lang, after string) (lines, next string, changed <-chan struct{}, closed bool) {
	s := w.sandbox
	s.mu.Lock()
	defer s.mu.Unlock()
	var b bytes.Buffer
	next = after
	for _, e := range s.events.since(after) {
		next = s.events.id(e.number)
		data, err := json.Marshal(w.news(lang, e))
		if err != nil {
			data = []byte("{}")
		}
		fmt.Fprintf(&b, "event: %s\nid: %s\ndata: %s\n\n", e.kind, next, data)
	}
	return b.String(), next, s.events.changed, s.events.closed
}

func (w *web) news(lang string, e event) news {
	s := w.sandbox
	switch e.kind {
	case happeningMessage:
		m := s.state.find(e.message)
		var html bytes.Buffer
		if err := w.pages[lang].ExecuteTemplate(&html, "message", w.message(lang, *m)); err != nil {
			return news{Room: m.Room, Text: err.Error()}
		}
		return news{Room: m.Room, Message: string(m.Ref), HTML: html.String(), Unseen: m.From == "" && !m.Silent}
	case happeningToast:
		return news{Room: e.answer.Room, Person: s.people[e.answer.Person].Name, Text: e.answer.Text}
	case happeningClock:
		return news{Now: s.at().UnixMilli()}
	case happeningReset:
	}
	return news{}
}
