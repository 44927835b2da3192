package matrixfake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// RoundTrip answers a request in the process, without a socket.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if s.Refuse != nil {
		if status, body := s.Refuse(r); status != 0 {
			return reply(r, answer{status: status, raw: []byte(body)}), nil
		}
	}
	a := s.serve(r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if s.Lose != nil && s.Lose(r) {
		return nil, errors.New("connection cut")
	}
	return reply(r, a), nil
}

// answer is a status with a body to encode, or bytes as they are.
type answer struct {
	status int
	body   any
	raw    []byte
}

func reply(r *http.Request, a answer) *http.Response {
	if a.raw == nil {
		a.raw, _ = json.Marshal(a.body) //nolint:errchkjson // maps of our own
	}
	return &http.Response{
		StatusCode: a.status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(bytes.NewReader(a.raw)), ContentLength: int64(len(a.raw)),
	}
}

// fine encodes at once, while the server is locked.
func fine(body any) answer {
	raw, _ := json.Marshal(body) //nolint:errchkjson // maps of our own
	return answer{status: http.StatusOK, raw: raw}
}

func refuse(status int, code string) answer {
	return answer{status: status, body: map[string]any{"errcode": code, "error": code}}
}

func (s *Server) serve(r *http.Request) answer {
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/_matrix/")
	s.mu.Lock()
	s.calls = append(s.calls, r.Method+" "+path)
	s.mu.Unlock()
	if path == "client/v3/login" {
		return s.login(r)
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	user, known := s.tokens[token]
	s.mu.Unlock()
	if !known {
		return refuse(http.StatusUnauthorized, "M_UNKNOWN_TOKEN")
	}
	if path == "client/v3/sync" {
		return s.sync(r, user)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.route(call{r: r, user: user, token: token, path: segments(path)})
}

func segments(path string) []string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i], _ = url.PathUnescape(p)
	}
	return parts
}

// call is a request of somebody who is logged in.
type call struct {
	r     *http.Request
	user  string
	token string
	path  []string
}

func (c call) is(method string, n int, pattern ...string) bool {
	if c.r.Method != method || len(c.path) != n {
		return false
	}
	for i, p := range pattern {
		if p != "" && c.path[i] != p {
			return false
		}
	}
	return true
}

func (c call) body() map[string]any {
	body := map[string]any{}
	_ = json.NewDecoder(c.r.Body).Decode(&body)
	return body
}

func (s *Server) login(r *http.Request) answer {
	var req struct {
		Identifier struct {
			User string `json:"user"`
		} `json:"identifier"`
		Password string `json:"password"`
		Device   string `json:"device_id"`
	}
	_ = json.NewDecoder(r.Body).Decode(&req)
	user := req.Identifier.User
	if !strings.HasPrefix(user, "@") {
		user = User(user)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if want, known := s.password[user]; !known || want != req.Password {
		return refuse(http.StatusForbidden, "M_FORBIDDEN")
	}
	if req.Device == "" {
		req.Device = fmt.Sprintf("D%d", len(s.tokens)+1)
	}
	s.place++ // so that no token is given twice
	token := fmt.Sprintf("%s-%d", req.Device, s.place)
	s.tokens[token] = user
	return fine(map[string]any{"user_id": user, "device_id": req.Device, "access_token": token})
}

func (s *Server) route(c call) answer {
	switch {
	case c.is("GET", 4, "client", "v3", "account", "whoami"):
		device, _, _ := strings.Cut(c.token, "-")
		return fine(map[string]any{"user_id": c.user, "device_id": device})
	case c.is("GET", 6, "client", "v3", "user", "", "account_data"):
		if raw, known := s.data[c.user+c.path[5]]; known {
			return answer{status: http.StatusOK, raw: raw}
		}
		return refuse(http.StatusNotFound, "M_NOT_FOUND")
	case c.is("PUT", 6, "client", "v3", "user", "", "account_data"):
		s.data[c.user+c.path[5]], _ = io.ReadAll(c.r.Body)
		return fine(map[string]any{})
	case c.is("GET", 3, "client", "v3", "joined_rooms"):
		return s.joined(c.user)
	case c.is("POST", 3, "media", "v3", "upload"):
		data, _ := io.ReadAll(c.r.Body)
		return fine(map[string]any{"content_uri": s.keep(data)})
	case c.is("GET", 6, "client", "v1", "media", "download"):
		if data, known := s.files[c.path[5]]; known {
			return answer{status: http.StatusOK, raw: data}
		}
		return refuse(http.StatusNotFound, "M_NOT_FOUND")
	case c.is("POST", 4, "client", "v3", "join"):
		return s.join(c, c.path[3])
	case c.is("POST", 5, "client", "v3", "rooms", "", "join"):
		return s.join(c, c.path[3])
	case c.is("POST", 5, "client", "v3", "rooms", "", "leave"):
		return s.leave(c)
	}
	if a, is := s.routeMaking(c); is {
		return a
	}
	return s.routeRoom(c)
}

func (s *Server) join(c call, roomID string) answer {
	r := s.rooms[roomID]
	if r == nil {
		return refuse(http.StatusNotFound, "M_NOT_FOUND")
	}
	switch is := r.membership(c.user); {
	case is == "ban" || is != "invite" && is != "join" && r.rule() != "public" && !s.allows(r, c.user):
		return refuse(http.StatusForbidden, "M_FORBIDDEN")
	case is != "join":
		s.member(roomID, c.user, c.user, map[string]any{"membership": "join", "displayname": display(c.user)})
	}
	return fine(map[string]any{"room_id": roomID})
}

// joined lists the rooms that somebody is in.
func (s *Server) joined(user string) answer {
	in := []string{}
	for id, r := range s.rooms {
		if r.membership(user) == "join" {
			in = append(in, id)
		}
	}
	slices.Sort(in)
	return fine(map[string]any{"joined_rooms": in})
}

func (s *Server) leave(c call) answer {
	if s.rooms[c.path[3]] == nil {
		return refuse(http.StatusNotFound, "M_NOT_FOUND")
	}
	content := map[string]any{"membership": "leave"}
	if why := c.body()["reason"]; why != nil {
		content["reason"] = why
	}
	s.member(c.path[3], c.user, c.user, content)
	return fine(map[string]any{})
}

// routeRoom answers what only somebody in the room may ask.
func (s *Server) routeRoom(c call) answer {
	if len(c.path) < 5 || c.path[2] != "rooms" {
		return refuse(http.StatusNotFound, "M_UNRECOGNIZED")
	}
	roomID := c.path[3]
	r := s.rooms[roomID]
	if r == nil || r.membership(c.user) != "join" {
		return refuse(http.StatusForbidden, "M_FORBIDDEN")
	}
	if a, is := s.stateCall(c, roomID); is {
		return a
	}
	switch {
	case c.is("GET", 5, "client", "v3", "rooms", "", "state"):
		var all []*Event
		for _, e := range r.state {
			all = append(all, e)
		}
		slices.SortFunc(all, func(a, b *Event) int { return a.place - b.place })
		return fine(all)
	case c.is("GET", 6, "client", "v3", "rooms", "", "event"):
		for _, e := range r.events {
			if e.ID == c.path[5] {
				return fine(e)
			}
		}
		return refuse(http.StatusNotFound, "M_NOT_FOUND")
	case c.is("GET", 5, "client", "v3", "rooms", "", "messages"):
		return s.messages(r, c.r.URL.Query())
	case len(c.path) >= 6 && c.is("GET", len(c.path), "client", "v1", "rooms", "", "relations"):
		return relations(r, c)
	case c.is("PUT", 7, "client", "v3", "rooms", "", "send"), c.is("PUT", 7, "client", "v3", "rooms", "", "redact"):
		return s.once(c, roomID)
	}
	return refuse(http.StatusNotFound, "M_UNRECOGNIZED")
}

// once takes an event in; the same transaction of the same login gives the same event.
func (s *Server) once(c call, roomID string) answer {
	id := c.token + roomID + strings.Join(c.path[4:], "/")
	event, known := s.done[id]
	switch {
	case known:
	case c.path[4] == "send" && s.rooms[roomID].level(c.user) < s.rooms[roomID].needs(c.path[5], "events_default", 0):
		return refuse(http.StatusForbidden, "M_FORBIDDEN")
	case c.path[4] == "redact":
		event = s.redact(roomID, c.user, c.path[5])
		if why := c.body()["reason"]; why != nil {
			events := s.rooms[roomID].events
			events[len(events)-1].Content["reason"] = why
		}
	default:
		event = s.add(roomID, Event{Type: c.path[5], Sender: c.user, Content: c.body()}).ID
	}
	s.done[id] = event
	return fine(map[string]any{"event_id": event})
}

// relations lists what is about an event, the newest first: all of it, or of one relation, or of one type of event as well.
// A page ends where the question wants it to.
func relations(r *room, c call) answer {
	on, want := c.path[5], append(c.path[6:], "", "")
	q := c.r.URL.Query()
	from := 1 << 60
	if q.Get("from") != "" {
		from, _ = strconv.Atoi(q.Get("from")[1:])
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	chunk, next := []*Event{}, ""
	for _, e := range slices.Backward(r.events) {
		about, _ := e.Content["m.relates_to"].(map[string]any)
		if e.place >= from || about == nil || about["event_id"] != on ||
			want[0] != "" && about["rel_type"] != want[0] || want[1] != "" && e.Type != want[1] {
			continue
		}
		if limit > 0 && len(chunk) == limit {
			next = fmt.Sprintf("p%d", chunk[len(chunk)-1].place)
			break
		}
		chunk = append(chunk, e)
	}
	body := map[string]any{"chunk": chunk}
	if next != "" {
		body["next_batch"] = next
	}
	return fine(body)
}

// sync gives what happened since a place. With nothing new it waits as long as it is asked to.
func (s *Server) sync(r *http.Request, user string) answer {
	q := r.URL.Query()
	since := 0
	if q.Get("since") != "" {
		since, _ = strconv.Atoi(q.Get("since")[1:])
	}
	wait, _ := strconv.Atoi(q.Get("timeout"))
	if s.Wait != 0 {
		wait = max(s.Wait, 0)
	}
	timer := time.NewTimer(time.Duration(wait) * time.Millisecond)
	defer timer.Stop()
	for {
		s.mu.Lock()
		body, news := s.since(user, since)
		a, wake := fine(body), s.wake
		s.mu.Unlock()
		if news || wait == 0 {
			return a
		}
		select {
		case <-wake:
		case <-timer.C:
			return a
		case <-r.Context().Done():
			return a
		}
	}
}

func (s *Server) since(user string, since int) (body map[string]any, news bool) {
	join, leave, invite := map[string]any{}, map[string]any{}, map[string]any{}
	for id, r := range s.rooms {
		last := r.events[len(r.events)-1].place
		me := r.state[key("m.room.member", user)]
		if me == nil || last <= since {
			continue
		}
		switch is := r.membership(user); {
		case is == "invite" && me.place > since:
			var state []*Event
			for _, e := range r.state {
				if e.Type != "m.room.member" || e == me {
					state = append(state, e)
				}
			}
			invite[id] = map[string]any{"invite_state": map[string]any{"events": state}}
		case is == "join":
			from := since
			if me.place > since { // somebody who comes in is shown what was before
				from = 0
			}
			join[id] = s.stay(r, from, last)
		case (is == "leave" || is == "ban") && me.place > since && since > 0:
			leave[id] = s.stay(r, since, me.place)
		}
	}
	news = len(join)+len(leave)+len(invite) > 0
	return map[string]any{
		"next_batch": fmt.Sprintf("s%d", s.place),
		"rooms":      map[string]any{"join": join, "leave": leave, "invite": invite},
	}, news
}

func (s *Server) stay(r *room, from, to int) map[string]any {
	page := s.Page
	if page == 0 {
		page = 100
	}
	var events []*Event
	for _, e := range r.events {
		if e.place > from && e.place <= to {
			events = append(events, e)
		}
	}
	limited := len(events) > page
	before := fmt.Sprintf("p%d", from+1)
	if limited {
		events = events[len(events)-page:]
		before = fmt.Sprintf("p%d", events[0].place)
	}
	return map[string]any{"timeline": map[string]any{"events": events, "limited": limited, "prev_batch": before}}
}
