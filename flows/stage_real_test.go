package flows_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot/platformtest/homeserver"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// realPeople are the people of a transcript on a real homeserver, each with an account and a client.
type realPeople struct {
	t       *testing.T
	hs      *homeserver.Server
	clients map[string]*mautrix.Client
	quay    string // a room in which a message says that everything before it has come
	eye     *eye
	lodged  map[string]string                 // the room with the bot of everybody who has one from the start
	halls   map[string]string                 // the rooms of the example network, which are there from the start
	latest  string                            // what somebody said where the bot hears it, when nothing happened since
	enter   func(name string) *mautrix.Client // how somebody logs in
}

// eye looks at what the bot is told in its syncs, and at what it says.
type eye struct {
	mu   sync.Mutex
	seen string            // of the last sync
	said map[string]string // the last event that the bot sent, by room
	gone map[string]bool   // events that the bot has taken away, which a server may show for a moment longer
	went bool              // the bot was invited, has come into a room or left one
	in   map[string]bool   // rooms in which the bot surely is
}

var (
	sendPath   = regexp.MustCompile(`/rooms/([^/]+)/send/m\.room\.(?:message|encrypted)/`)
	redactPath = regexp.MustCompile(`/rooms/[^/]+/redact/([^/]+)/`)
	goPath     = regexp.MustCompile(`/(join|leave)(/[^/]+)?$`)
	leavePath  = regexp.MustCompile(`/rooms/([^/]+)/leave$`)
)

// RoundTrip reads along.
func (e *eye) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req)
	if on := redactPath.FindStringSubmatch(req.URL.Path); on != nil && err == nil && resp.StatusCode == http.StatusOK {
		e.mu.Lock()
		e.gone[on[1]] = true
		e.mu.Unlock()
	}
	if goPath.MatchString(req.URL.Path) {
		e.mu.Lock()
		e.went = true
		e.mu.Unlock()
	}
	if from := leavePath.FindStringSubmatch(req.URL.Path); from != nil {
		e.goes(from[1], false)
	}
	room := sendPath.FindStringSubmatch(req.URL.Path)
	if err != nil || room == nil && !strings.HasSuffix(req.URL.Path, "/sync") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	e.mu.Lock()
	defer e.mu.Unlock()
	if room == nil {
		e.seen = string(body)
		e.went = e.went || strings.Contains(e.seen, `"invite":{"!`)
		return resp, err
	}
	var sent struct {
		Event string `json:"event_id"`
	}
	if json.Unmarshal(body, &sent) == nil && sent.Event != "" {
		e.said[room[1]] = sent.Event
	}
	return resp, err
}

// goes notes that the bot comes into a room or leaves it.
func (e *eye) goes(room string, in bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.in[room] = in
}

func (e *eye) within(room string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.in[room]
}

// last is the event that the bot sent last into a room; empty before it sent any.
func (e *eye) last(room string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.said[room]
}

func (e *eye) tookAway(event string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.gone[event]
}

// movedOn reports whether the bot was invited, has come into a room or left one since the last time.
func (e *eye) movedOn() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	went := e.went
	e.went = false
	return went
}

func (e *eye) saw(event string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Contains(e.seen, event)
}

// homestead is a homeserver with the people of the example network, each in a room with the bot, and its rooms: what nearly
// every transcript begins with. It is stopped; each transcript goes on with a copy.
type homestead struct{ *realPeople }

func newHomestead(t *testing.T) *homestead {
	t.Helper()
	p := newRealPeople(t, homeserver.Start(t))
	p.quay = p.CreateRoom(caretaker, matrixfake.Room{Name: "kade"}, matrixBot)
	p.Member(p.quay, matrixBot, matrixBot, "join")
	w := sandbox.Vlierdam(time.UTC)
	for _, c := range w.Citizens {
		p.lodged[matrixfake.User(c.ID)] = lodge(p, matrixfake.User(c.ID))
	}
	for _, room := range rooms {
		if bound(w, room) {
			p.halls[room] = hall(p, room)
		}
	}
	p.told()
	p.hs.Stop()
	return &homestead{p}
}

func newRealPeople(t *testing.T, hs *homeserver.Server) *realPeople {
	t.Helper()
	p := &realPeople{
		t: t, hs: hs, clients: map[string]*mautrix.Client{}, lodged: map[string]string{}, halls: map[string]string{},
		eye: &eye{said: map[string]string{}, gone: map[string]bool{}, in: map[string]bool{}},
	}
	p.enter = p.login
	return p
}

// told waits until the server has told the bot of all its rooms: what lies in the queues of a server that is stopped, its
// copies never tell.
func (p *realPeople) told() {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		got, err := p.client(matrixBot).SyncRequest(p.t.Context(), 0, "", "", true, event.PresenceOffline)
		p.check(err)
		missing := 0
		for _, room := range slices.Concat(slices.Collect(maps.Values(p.lodged)), slices.Collect(maps.Values(p.halls))) {
			if got.Rooms.Join[id.RoomID(room)] == nil {
				missing++
			}
		}
		if missing == 0 {
			return
		}
	}
	p.t.Fatal("the server never tells of the rooms")
}

// settle starts a copy for a test.
func (h *homestead) settle(t *testing.T) site {
	t.Helper()
	p := newRealPeople(t, h.hs.Copy(t))
	p.quay, p.lodged, p.halls, p.eye.in = h.quay, h.lodged, h.halls, maps.Clone(h.eye.in)
	for user, cli := range h.clients {
		own, err := mautrix.NewClient(p.hs.URL, cli.UserID, cli.AccessToken)
		p.check(err)
		own.DeviceID, own.Log = cli.DeviceID, zerolog.Nop()
		p.clients[user] = own
	}
	return site{people: p, address: p.hs.URL}
}

func (p *realPeople) transport() http.RoundTripper { return p.eye }

// await polls until the bot has seen what was said last, or else a message that is sent for it.
func (p *realPeople) await(poll func() error) (more bool, err error) {
	sign := p.latest
	p.latest = ""
	if sign == "" {
		sign = p.Send(p.quay, caretaker, "m.room.message", map[string]any{"msgtype": "m.notice", "body": "gezien?"})
		p.latest = ""
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		if err := poll(); err != nil {
			return false, err
		}
		if p.eye.saw(sign) {
			return p.eye.movedOn(), nil
		}
	}
	return false, fmt.Errorf("the bot never saw %s", sign)
}

// client gives the client of an account, which is made when it is first needed.
func (p *realPeople) client(user string) *mautrix.Client {
	p.t.Helper()
	if cli := p.clients[user]; cli != nil {
		return cli
	}
	name := id.UserID(user).Localpart()
	p.hs.Register(name)
	cli := p.enter(name)
	p.check(cli.SetDisplayName(p.t.Context(), strings.ToUpper(name[:1])+name[1:]))
	p.clients[user] = cli
	return cli
}

// login gives a client that does not encrypt.
func (p *realPeople) login(name string) *mautrix.Client {
	p.t.Helper()
	cli, err := mautrix.NewClient(p.hs.URL, "", "")
	p.check(err)
	cli.Log = zerolog.Nop()
	_, err = cli.Login(p.t.Context(), &mautrix.ReqLogin{
		Type: mautrix.AuthTypePassword, Password: "secret-" + name, StoreCredentials: true,
		Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: name},
	})
	p.check(err)
	return cli
}

func (p *realPeople) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// Lodge gives a person a room with the bot, or the one that they had from the start.
func (p *realPeople) Lodge(user string) string {
	p.t.Helper()
	if room := p.lodged[user]; room != "" {
		return room
	}
	return lodge(p, user)
}

// Hall gives a room of the network with the bot in it, or the one that is there from the start.
func (p *realPeople) Hall(name string) string {
	p.t.Helper()
	if room := p.halls[name]; room != "" {
		return room
	}
	return hall(p, name)
}

// CreateRoom makes a room and invites people into it.
func (p *realPeople) CreateRoom(creator string, kind matrixfake.Room, invite ...string) string {
	p.t.Helper()
	req := &mautrix.ReqCreateRoom{Preset: "private_chat", Name: kind.Name, IsDirect: kind.Direct}
	if kind.Encrypted {
		sealed := &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}
		req.InitialState = []*event.Event{{Type: event.StateEncryption, Content: event.Content{Parsed: sealed}}}
	}
	for _, user := range invite {
		p.client(user)
		req.Invite = append(req.Invite, id.UserID(user))
	}
	got, err := p.client(creator).CreateRoom(p.t.Context(), req)
	p.check(err)
	return got.RoomID.String()
}

// Member changes a membership, as the sender or as the person.
func (p *realPeople) Member(roomID, sender, user, is string) string {
	p.t.Helper()
	p.latest = ""
	if user == matrixBot {
		p.eye.goes(roomID, is == "join")
	}
	room, ctx := id.RoomID(roomID), p.t.Context()
	var err error
	switch {
	case is == "leave" && sender == user:
		_, err = p.client(user).LeaveRoom(ctx, room)
	case is == "leave":
		_, err = p.client(sender).KickUser(ctx, room, &mautrix.ReqKickUser{UserID: id.UserID(user)})
		if err != nil && strings.Contains(err.Error(), "left users") {
			err = nil // gone already
		}
	case is == "invite" || sender != user:
		p.client(user)
		_, err = p.client(sender).InviteUser(ctx, room, &mautrix.ReqInviteUser{UserID: id.UserID(user)})
	}
	p.check(err)
	if is == "join" {
		_, err = p.client(user).JoinRoomByID(ctx, room)
		p.check(err)
	}
	return ""
}

// Send puts an event into a room.
func (p *realPeople) Send(roomID, sender, kind string, content map[string]any) string {
	p.t.Helper()
	what := event.Type{Type: kind, Class: event.MessageEventType}
	got, err := p.client(sender).SendMessageEvent(p.t.Context(), id.RoomID(roomID), what, content)
	p.check(err)
	p.latest = ""
	if p.eye.within(roomID) {
		p.latest = got.EventID.String()
	}
	return got.EventID.String()
}

// keep uploads a file.
func (p *realPeople) keep(data []byte) string {
	p.t.Helper()
	got, err := p.client(caretaker).UploadBytes(p.t.Context(), data, "application/octet-stream")
	p.check(err)
	return got.ContentURI.String()
}

func (p *realPeople) attach(_ string, data []byte) map[string]any {
	return map[string]any{"url": p.keep(data)}
}

// Words reads a message as it stands, with its last edit, once the server shows it and what the bot said since: a server
// that is busy shows a room a moment later than it took an event into it.
func (p *realPeople) Words(roomID, on string) string {
	p.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		for _, most := range []int{20, 100} { // nearly always it is among the newest
			if words, there := p.words(roomID, on, most); there {
				return words
			}
		}
	}
	return ""
}

func (p *realPeople) words(roomID, on string, most int) (words string, there bool) {
	p.t.Helper()
	got, err := p.client(matrixBot).Messages(p.t.Context(), id.RoomID(roomID), "", "", mautrix.DirectionBackward, nil, most)
	p.check(err)
	last := p.eye.last(roomID)
	if last != "" && !slices.ContainsFunc(got.Chunk, func(e *event.Event) bool { return e.ID.String() == last }) {
		return "", false
	}
	for _, e := range got.Chunk { // the newest first
		about, _ := e.Content.Raw["m.relates_to"].(map[string]any)
		if anew, is := e.Content.Raw["m.new_content"].(map[string]any); is && about["event_id"] == on {
			words, _ = anew["body"].(string)
			return words, true
		}
		if e.ID.String() == on && p.eye.tookAway(on) {
			return "", true
		}
		if e.ID.String() == on {
			words, _ = e.Content.Raw["body"].(string)
			return words, true
		}
	}
	return "", false
}

// refusedOnReal reports whether no server lets a line through: a text for which no event has room, and what somebody does in
// the private chat of somebody else.
func refusedOnReal(line string) bool {
	m := doer.FindStringSubmatch(line)
	private := m != nil && m[2] != "" && !slices.Contains(rooms, m[2][1:])
	return private || regexp.MustCompile(`\(\d{5,} × `).MatchString(line)
}

func TestRealServerLetsThroughNoHugeTextAndNoStranger(t *testing.T) {
	p := newRealPeople(t, homeserver.Start(t))
	ana, room := matrixfake.User("ana"), p.Lodge(matrixfake.User("ana"))
	status := func(who, text string) int {
		_, err := p.client(who).SendText(t.Context(), id.RoomID(room), text)
		var refused mautrix.HTTPError
		if !errors.As(err, &refused) {
			return http.StatusOK
		}
		return refused.Response.StatusCode
	}
	if got := status(ana, "hoi"); got != http.StatusOK {
		t.Errorf("a text: %d", got)
	}
	if got := status(ana, strings.Repeat("a", 100_000)); got != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge text: %d", got)
	}
	if got := status(matrixfake.User("bo"), "1"); got != http.StatusForbidden {
		t.Errorf("a stranger: %d", got)
	}
}

// The transcripts once more, on a real homeserver.
func TestRealTranscripts(t *testing.T) {
	m := mode{matrix: true, ground: newHomestead(t)}
	for _, tr := range transcripts(t) {
		t.Run(strings.TrimSuffix(filepath.Base(tr.file), ".txtar"), func(t *testing.T) {
			if why := m.never(tr); why != "" {
				t.Skip(why)
			}
			t.Parallel() // a server each
			if diff := cmp.Diff(byChats(tr.written(), m), byChats(tr.play(t, m), m)); diff != "" {
				t.Errorf("on a real homeserver it says something else (-plain +real):\n%s", diff)
			}
		})
	}
}
