package flows_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// matrixStage is a homeserver with the transcript's people and rooms, and the adapter that talks to it.
type matrixStage struct {
	*matrix.Matrix
	t      *testing.T
	server people
	rooms  map[string]string // ids of the rooms, and of the private chats by the person's name
	names  map[string]string // of rooms, by id
	said   map[string]string // the last message of a person in a room
	offers []offer           // every message of the bot's, the oldest first
	cards  map[string]bool   // that stood in a room: the room and the card
	seen   []shown
	looks  looks
	inbox  bot.Inbox
	actors []string // since people last looked, in order
	mark   string   // the adapter's checkpoint, which is the stage's because it begins before the database
}

// people is a homeserver as far as the people of a transcript use it.
type people interface {
	Lodge(user string) (room string)
	Hall(name string) (room string)
	CreateRoom(creator string, kind matrixfake.Room, invite ...string) string
	Member(roomID, sender, user, is string) string
	Send(roomID, sender, kind string, content map[string]any) string
	// attach keeps a file, and gives what a message in a room says of where it is.
	attach(roomID string, data []byte) map[string]any
	Words(roomID, event string) string
	// transport is how the bot reaches it, and await lets the bot poll until it has seen everything; more tells that what the
	// bot did meanwhile may bring it something new.
	transport() http.RoundTripper
	await(poll func() error) (more bool, err error)
}

// inMemory is a homeserver of which the bot sees everything at once.
type inMemory struct{ *matrixfake.Server }

func (s inMemory) transport() http.RoundTripper { return s.Server }

func (s inMemory) attach(_ string, data []byte) map[string]any {
	return map[string]any{"url": s.Keep(data)}
}

func (inMemory) await(poll func() error) (bool, error) { return true, poll() }

// offer is a message of the bot's with what can be chosen on it.
type offer struct {
	room, event string
	choices     []bot.Choice
}

var (
	matrixBot = matrixfake.User("buurtbot")
	caretaker = matrixfake.User("huismeester") // who owns the rooms
)

func newMatrixStage(t *testing.T, tr transcript, w sandbox.World, now func() time.Time) *matrixStage {
	t.Helper()
	fake := matrixfake.New("buurtbot")
	fake.Wait = -1
	return stageOn(t, tr, w, site{now: now, people: inMemory{fake}, address: "http://hs.test"})
}

// site is where a homeserver is.
type site struct {
	now       func() time.Time
	people    people
	address   string
	dir       string // of the bot's login and keys; empty = any
	encrypted bool   // the bot takes part in encrypted rooms
}

// ground is a real homeserver, of which each transcript gets a copy.
type ground interface{ settle(t *testing.T) site }

// rooms are all that a transcript may name.
var rooms = []string{sandbox.DeskRoom, sandbox.PoliceRoom, "kastanje", "meidoorn", "nieuw", "kanaal"}

// stageOn makes the transcript's people and rooms on a homeserver.
func stageOn(t *testing.T, tr transcript, w sandbox.World, at site) *matrixStage {
	t.Helper()
	s := &matrixStage{
		t: t, server: at.people, rooms: map[string]string{}, names: map[string]string{}, cards: map[string]bool{},
		said: map[string]string{}, looks: looks{},
	}
	if at.dir == "" {
		at.dir = t.TempDir()
	}
	s.Matrix = matrix.New(matrix.Config{
		Homeserver: at.address, User: matrixBot, Password: "secret-buurtbot", Dir: at.dir, Transport: at.people.transport(),
		Now: at.now, Log: testLog(t), Encryption: at.encrypted, Passphrase: "vier woorden in volgorde",
	})
	t.Cleanup(func() { _ = s.Close() })
	cast := everybody(tr, w)
	for _, name := range cast {
		s.alone(name)
	}
	for _, room := range rooms {
		if !bound(w, room) && !strings.Contains(strings.Join(tr.lines, "\n"), "@"+room+" > ") {
			continue
		}
		enter := s.server.Hall
		if !bound(w, room) && strings.Contains(strings.Join(tr.lines, "\n"), "@"+room+" > (unblocks)") {
			enter = func(name string) string { return s.server.CreateRoom(caretaker, matrixfake.Room{Name: name}) }
		}
		id := enter(room)
		for _, name := range visitors(tr, room) {
			s.server.Member(id, caretaker, matrixfake.User(name), "join")
		}
		s.rooms[room], s.names[id] = id, room
	}
	_, err := s.server.await(func() error { return s.PollOnce(t.Context(), marked{s, forgetful{}}) })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// visitors are those who do something in a room.
func visitors(tr transcript, room string) []string {
	var names []string
	for _, m := range doer.FindAllStringSubmatch(strings.Join(tr.lines, "\n"), -1) {
		for name := range strings.SplitSeq(m[1], "+") {
			if m[2] == "@"+room && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// everybody lists the cast and whoever else does something.
func everybody(tr transcript, w sandbox.World) []string {
	var names []string
	for _, c := range w.Citizens {
		names = append(names, c.ID)
	}
	for _, m := range doer.FindAllStringSubmatch(strings.Join(tr.lines, "\n"), -1) {
		for name := range strings.SplitSeq(m[1], "+") {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// lodge makes a room for a person and the bot.
func lodge(at people, user string) string {
	room := at.CreateRoom(user, matrixfake.Room{Direct: true}, matrixBot)
	at.Member(room, matrixBot, matrixBot, "join")
	return room
}

// hall makes a room of the network with the bot in it.
func hall(at people, name string) string {
	room := at.CreateRoom(caretaker, matrixfake.Room{Name: name})
	at.Member(room, caretaker, matrixBot, "join")
	return room
}

// Hall makes a room of the network with the bot in it.
func (s inMemory) Hall(name string) string { return hall(s, name) }

// Lodge gives a person a room with the bot.
func (s inMemory) Lodge(user string) string { return lodge(s, user) }

// alone gives a person a room with the bot.
func (s *matrixStage) alone(name string) {
	id := s.server.Lodge(matrixfake.User(name))
	s.rooms[name], s.names[id] = id, name
}

// marked is an inbox whose checkpoint is the stage's.
type marked struct {
	s *matrixStage
	bot.Inbox
}

// Checkpoint gives the stage's.
func (m marked) Checkpoint(context.Context, string, string) (string, error) { return m.s.mark, nil }

// Receive notes the checkpoint.
func (m marked) Receive(ctx context.Context, platform, account string, rows []bot.Raw, mark string) error {
	err := m.Inbox.Receive(ctx, platform, account, rows, mark)
	if err == nil {
		m.s.mark = mark
	}
	return err
}

// Caps leaves edits as they come: when they are gathered is not what a transcript tells.
func (s *matrixStage) Caps() bot.Caps {
	c := s.Matrix.Caps()
	c.Gather = 0
	return c
}

func (s *matrixStage) platform() bot.Platform       { return s }
func (s *matrixStage) account(person string) string { return matrixfake.User(person) }

func (s *matrixStage) rename(w sandbox.World) sandbox.World {
	for i, c := range w.Citizens {
		w.Citizens[i].ID, w.Citizens[i].Chat = s.account(c.ID), s.rooms[c.ID]
	}
	for i, g := range w.Groups {
		if g.Room != "" {
			w.Groups[i].Room = s.rooms[g.Room]
		}
	}
	for kind, room := range w.Rooms {
		w.Rooms[kind] = s.rooms[room]
	}
	return w
}

func (s *matrixStage) throwOut(ctx context.Context, in bot.Inbox, room string) error {
	s.server.Member(s.rooms[room], caretaker, matrixBot, "leave")
	return s.poll(ctx, in)
}

func (s *matrixStage) do(ctx context.Context, in bot.Inbox, a act) error {
	s.inbox, s.actors = in, append(s.actors, s.account(a.person))
	if err := s.perform(a); err != nil {
		return err
	}
	return s.poll(ctx, in)
}

// sure confirms a deed on a message that was edited, as everybody does on Matrix and nobody elsewhere.
func (s *matrixStage) sure(ctx context.Context, l bot.Letter, on bot.MessageRef) (bot.MessageRef, error) {
	s.react(l.To.ID, s.actors[0], string(on), "1")
	s.actors = s.actors[1:]
	return on, s.poll(ctx, s.inbox)
}

// poll takes in what happened, and what comes of it: an invitation is accepted first and tells of itself then.
func (s *matrixStage) poll(ctx context.Context, in bot.Inbox) error {
	for range 3 {
		more, err := s.server.await(func() error { return s.PollOnce(ctx, marked{s, in}) })
		if err != nil || !more {
			return err
		}
	}
	return nil
}
