//go:build goolm

package flows_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"image/jpeg"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot/platformtest/correspondent"
	"github.com/buurtbot/buurtbot/bot/platformtest/homeserver"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// keysPatience is how long somebody waits for what they need to read and write.
const keysPatience = 20 * time.Second

// sealedPeople are people on a real homeserver whose clients encrypt, as does the bot. Every room is encrypted but those of
// streets, whose news is for whoever comes in later as well.
type sealedPeople struct {
	*realPeople
	folk   map[string]*correspondent.Person
	sealed map[string]bool // rooms
	dir    string          // of the bot's keys
	keys   *sql.DB
}

// estate is a homeserver for one transcript, made from one that was stopped.
type estate struct {
	from   *homeserver.Server
	people *sealedPeople
}

func (e *estate) settle(t *testing.T) site {
	t.Helper()
	p := &sealedPeople{
		realPeople: newRealPeople(t, e.from.Copy(t)),
		folk:       map[string]*correspondent.Person{}, sealed: map[string]bool{}, dir: t.TempDir(),
	}
	p.enter = p.meet
	p.quay = p.realPeople.CreateRoom(caretaker, matrixfake.Room{Name: "kade"}, matrixBot)
	p.Member(p.quay, matrixBot, matrixBot, "join")
	e.people = p
	return site{people: p, address: p.hs.URL, dir: p.dir, encrypted: true}
}

// meet gives somebody a client that encrypts. The bot has its own; what acts for its account besides only enters rooms.
func (p *sealedPeople) meet(name string) *mautrix.Client {
	p.t.Helper()
	if matrixfake.User(name) == matrixBot {
		return p.login(name)
	}
	one := correspondent.New(p.t, p.hs, name)
	p.folk[matrixfake.User(name)] = one
	return one.Client
}

func (p *sealedPeople) Lodge(user string) string { return lodge(p, user) }

func (p *sealedPeople) Hall(name string) string { return hall(p, name) }

// CreateRoom makes a room, encrypted unless it is a street's.
func (p *sealedPeople) CreateRoom(creator string, kind matrixfake.Room, invite ...string) string {
	p.t.Helper()
	kind.Encrypted = !slices.Contains([]string{"kastanje", "meidoorn", "kanaal"}, kind.Name)
	room := p.realPeople.CreateRoom(creator, kind, invite...)
	p.sealed[room] = kind.Encrypted
	return room
}

// Send encrypts where the room is, once the client knows who else is in it.
func (p *sealedPeople) Send(room, sender, kind string, content map[string]any) string {
	p.t.Helper()
	if p.sealed[room] {
		p.client(sender)
		p.catchUp(room, p.folk[sender])
	}
	return p.realPeople.Send(room, sender, kind, content)
}

// attach uploads a file, encrypted for an encrypted room.
func (p *sealedPeople) attach(room string, data []byte) map[string]any {
	p.t.Helper()
	if !p.sealed[room] {
		return p.realPeople.attach(room, data)
	}
	file := attachment.NewEncryptedFile()
	locked := bytes.Clone(data)
	file.EncryptInPlace(locked)
	return map[string]any{"file": &event.EncryptedFileInfo{EncryptedFile: *file, URL: id.ContentURIString(p.keep(locked))}}
}

// catchUp waits until a client knows who is in a room, so that the key of what it says next goes to all of them.
func (p *sealedPeople) catchUp(room string, who *correspondent.Person) {
	p.t.Helper()
	got, err := who.JoinedMembers(p.t.Context(), id.RoomID(room))
	p.check(err)
	for end := time.Now().Add(keysPatience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		sealed, err := who.StateStore.IsEncrypted(p.t.Context(), id.RoomID(room))
		p.check(err)
		in := inside(who.Seen(), room)
		if sealed && len(in) == len(got.Joined) && !slices.ContainsFunc(in, func(user id.UserID) bool {
			_, is := got.Joined[user]
			return !is
		}) {
			return
		}
	}
	p.t.Fatalf("%s never learns who is in the room", who.UserID)
}

// inside lists who is in a room, by what a client read.
func inside(seen []*event.Event, room string) []id.UserID {
	in := map[id.UserID]bool{}
	for _, e := range seen {
		if e.Type != event.StateMember || e.RoomID.String() != room {
			continue
		}
		if user := id.UserID(e.GetStateKey()); e.Content.AsMember().Membership == event.MembershipJoin {
			in[user] = true
		} else {
			delete(in, user)
		}
	}
	return slices.Collect(maps.Keys(in))
}

// await polls until the bot has seen everything, and has the keys to read it.
func (p *sealedPeople) await(poll func() error) (more bool, err error) {
	more, err = p.realPeople.await(poll)
	for end := time.Now().Add(keysPatience); err == nil && p.waiting() > 0; err = poll() {
		if time.Now().After(end) {
			return more, fmt.Errorf("%d messages never get their keys", p.waiting())
		}
	}
	return more, err
}

// waiting counts the messages that the bot cannot read yet.
func (p *sealedPeople) waiting() (n int) {
	p.t.Helper()
	if p.keys == nil {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "matrix.db")+"?mode=ro&_pragma=busy_timeout(5000)")
		p.check(err)
		p.t.Cleanup(func() { _ = db.Close() })
		p.keys = db
	}
	p.check(p.keys.QueryRowContext(p.t.Context(), "SELECT count(*) FROM buurtbot_waiting").Scan(&n))
	return n
}

// Words gives a message as everybody in the room reads it in their client.
func (p *sealedPeople) Words(room, on string) string {
	p.t.Helper()
	if !p.sealed[room] {
		return p.realPeople.Words(room, on)
	}
	if p.eye.tookAway(on) {
		return ""
	}
	got, err := p.client(matrixBot).JoinedMembers(p.t.Context(), id.RoomID(room))
	p.check(err)
	all := map[string][]id.UserID{}
	for user := range got.Joined {
		if who := p.folk[user.String()]; who != nil {
			words := p.reads(who, room, on)
			all[words] = append(all[words], user)
		}
	}
	if len(all) != 1 {
		p.t.Fatalf("a message of the bot reads differently, or to nobody: %v", all)
	}
	for words := range all {
		return words
	}
	return ""
}

// reads gives a message as it stands in somebody's client, with its last edit, once that has what the bot said last.
func (p *sealedPeople) reads(who *correspondent.Person, room, on string) (words string) {
	p.t.Helper()
	last := p.eye.last(room)
	who.Wait("what the bot said last", func(e *event.Event) bool {
		return e.ID.String() == last && e.Type == event.EventMessage || p.eye.tookAway(last)
	})
	for _, e := range who.Seen() {
		if e.Type != event.EventMessage || e.Sender.String() != matrixBot {
			continue
		}
		c := e.Content.AsMessage()
		switch {
		case e.ID.String() == on && words == "":
			words = c.Body
		case c.NewContent != nil && c.RelatesTo.GetReplaceID().String() == on:
			words = c.NewContent.Body
		}
		if e.ID.String() == last {
			return words
		}
	}
	return words
}

// own is what may stand in the open in an encrypted message of the bot.
var own = []string{"algorithm", "session_id", "ciphertext", "m.relates_to", "org.buurtbot.letter", "org.buurtbot.parts"}

// inspect looks at what the server has: nothing that was said in an encrypted room can be read there, and everybody could
// read all of it. So many pictures of the bot's were shown in those rooms.
func (p *sealedPeople) inspect(pictures int) {
	p.t.Helper()
	sealed := 0
	for room, is := range p.sealed {
		if !is {
			continue
		}
		for _, e := range p.history(room) {
			switch {
			case e.StateKey != nil || e.Type.Type == "m.reaction" || e.Type.Type == "m.room.redaction":
			case e.Type.Type != "m.room.encrypted":
				p.t.Errorf("%s said something in the open in an encrypted room: a %s", e.Sender, e.Type.Type)
			case e.Sender.String() == matrixBot:
				sealed++
				for key := range e.Content.Raw {
					if !slices.Contains(own, key) {
						p.t.Errorf("the bot's envelope says %q in the open", key)
					}
				}
			}
		}
	}
	if sealed == 0 {
		p.t.Error("the bot said nothing in an encrypted room")
	}
	shown := map[id.EventID]bool{}
	for _, who := range p.folk {
		if n := who.Unread(); n != 0 {
			p.t.Errorf("%s could not read %d messages", who.UserID, n)
		}
		for _, e := range who.Seen() {
			if p.sealed[e.RoomID.String()] && e.Type == event.EventMessage && e.Content.AsMessage().MsgType == event.MsgImage &&
				e.Sender.String() == matrixBot && !shown[e.ID] {
				shown[e.ID] = true
				p.picture(who, e.Content.AsMessage())
			}
		}
	}
	if len(shown) != pictures {
		p.t.Errorf("the bot showed %d pictures, not %d", len(shown), pictures)
	}
}

// history is everything in a room, as the server has it.
func (p *sealedPeople) history(room string) []*event.Event {
	p.t.Helper()
	var all []*event.Event
	for from := ""; ; {
		got, err := p.client(matrixBot).Messages(p.t.Context(), id.RoomID(room), from, "", mautrix.DirectionBackward, nil, 200)
		p.check(err)
		all = append(all, got.Chunk...)
		if len(got.Chunk) == 0 || got.End == "" || got.End == from {
			return all
		}
		from = got.End
	}
}

// picture looks at a picture of the bot's: the server has bytes that are none, and whoever was shown it has the key.
func (p *sealedPeople) picture(who *correspondent.Person, c *event.MessageEventContent) {
	p.t.Helper()
	if c.File == nil || c.URL != "" {
		p.t.Errorf("a picture lies in the open: %+v", c)
		return
	}
	data, err := who.DownloadBytes(p.t.Context(), c.File.URL.ParseOrIgnore())
	p.check(err)
	if _, err := jpeg.DecodeConfig(bytes.NewReader(data)); err == nil {
		p.t.Error("the server has the picture as it is")
	}
	p.check(c.File.DecryptInPlace(data))
	if _, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil {
		p.t.Errorf("the picture cannot be read: %v", err)
	}
}

// Stories once more, in encrypted rooms of a real homeserver: everybody reads in their own client what the plain play says,
// and the server nothing of it.
func TestRealEncryptedTranscripts(t *testing.T) {
	from := homeserver.Start(t)
	from.Stop()
	for story, pictures := range map[string]int{
		"S01-emergency": 0, "S02-behaviour-before-looks": 0, "S04-two-reporters": 0, "S05b-photo-and-silence": 0,
		"S08-second-thoughts": 0, "S09-rumour": 0, "alert-photo": 2, // to the officer who approves, and to the resident who is told alone
	} {
		t.Run(story, func(t *testing.T) {
			t.Parallel() // a server each
			tr := readTranscript(t, filepath.Join("testdata", story+".txtar"))
			e := &estate{from: from}
			m := mode{matrix: true, ground: e}
			plain := tr.written()
			if diff := cmp.Diff(byChats(plain, m), byChats(tr.play(t, m), m)); diff != "" {
				t.Errorf("in encrypted rooms it says something else (-plain +sealed):\n%s", diff)
			}
			e.people.inspect(pictures)
		})
	}
}
