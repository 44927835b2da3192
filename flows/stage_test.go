package flows_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// stage is where a transcript is played: a platform, the people on it, and what they see.
type stage interface {
	platform() bot.Platform
	// do lets a person act; what the platform makes of it goes into the inbox.
	do(ctx context.Context, in bot.Inbox, a act) error
	// throwOut removes the bot from a room.
	throwOut(ctx context.Context, in bot.Inbox, room string) error
	// shown gives what was seen since the last call, in order.
	shown() []shown
	// account is the platform's id of a person.
	account(person string) string
	// rename gives the world with the platform's ids for people and rooms.
	rename(w sandbox.World) sandbox.World
}

func (p *player) newStage(w sandbox.World) stage {
	p.t.Helper()
	now := func() time.Time { return p.now }
	if p.mode.residents != "" {
		return newBothStages(p, w, now)
	}
	if p.mode.ground != nil {
		at := p.mode.ground.settle(p.t)
		at.now = now
		return stageOn(p.t, p.tr, w, at)
	}
	if p.mode.matrix {
		return newMatrixStage(p.t, p.tr, w, now)
	}
	if p.mode.telegram {
		return newTelegramStage(p.t, p.tr, w, now)
	}
	if p.mode.reading != nil {
		return &ear{newLocalStage(p.t, w, now), p, p.mode.reading}
	}
	return newLocalStage(p.t, w, now)
}

// localStage is the sandbox.
type localStage struct {
	*sandbox.Sandbox
	rooms  map[string]bot.ChatKind
	tongue map[string]string // of people's accounts
	// somebody of the cast does what nobody in the story does, such as throwing the bot out.
	somebody string

	buttons map[string][2]string // token and key of everything that could ever be pressed, by room and label
	seen    []shown
	looks   looks
	files   map[string][]byte // what is fetched in the place of a test picture
	number  int
}

// looks is how messages look. A change that nobody can see is none.
type looks map[string]string

func (l looks) add(list []shown, message string, s shown) []shown {
	now := fmt.Sprint(s.text, s.rows)
	if s.sign == "=" && l[message] == now {
		return list
	}
	l[message] = now
	return append(list, s)
}

func newLocalStage(t *testing.T, w sandbox.World, now func() time.Time) *localStage {
	t.Helper()
	c := sandbox.Config{Now: now}
	for _, p := range w.Citizens {
		c.People = append(c.People, sandbox.Person{ID: p.ID, Name: p.Name, Language: p.Language})
	}
	s := &localStage{rooms: map[string]bot.ChatKind{}, tongue: map[string]string{}, buttons: map[string][2]string{}, looks: looks{}}
	s.files = map[string][]byte{}
	for _, p := range w.Citizens {
		s.tongue[p.ID], s.somebody = p.Language, p.ID
	}
	rooms := []string{
		sandbox.DeskRoom, sandbox.PoliceRoom, "kastanje", "meidoorn", "nieuw", "kanaal", "berkdesk", "berkbureau", "berklaan",
	}
	for _, g := range w.Groups {
		if g.Room != "" && !slices.Contains(rooms, g.Room) {
			rooms = append(rooms, g.Room)
		}
	}
	for _, r := range rooms {
		s.rooms[r] = bot.Group
		if r == "kanaal" {
			s.rooms[r] = bot.Channel
		}
		c.Rooms = append(c.Rooms, sandbox.Room{ID: r, Title: r, Kind: s.rooms[r]})
	}
	box, err := sandbox.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	s.Sandbox = box
	return s
}

func (s *localStage) platform() bot.Platform               { return s }
func (s *localStage) account(person string) string         { return person }
func (s *localStage) rename(w sandbox.World) sandbox.World { return w }

func (s *localStage) shown() []shown {
	out := s.seen
	s.seen = nil
	return out
}

// Fetch gives what a person sent.
func (s *localStage) Fetch(ctx context.Context, file string, limit int64) ([]byte, error) {
	if data := s.files[file]; data != nil {
		return data, nil
	}
	return s.Sandbox.Fetch(ctx, file, limit)
}

// Send notes what was shown.
func (s *localStage) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	on, err := s.Sandbox.Send(ctx, l, photos)
	if err == nil && !l.Gone { // what is taken away is not seen
		s.seen = s.looks.add(s.seen, string(on), shownOf(l, len(photos)))
		for _, c := range l.Choices() {
			s.buttons[l.To.ID+" "+c.Label] = [2]string{l.Token, c.Key}
		}
	}
	return on, err
}

// Answer notes what the presser read.
func (s *localStage) Answer(_ context.Context, query, text string) error {
	parts := strings.Split(query, "/")
	if text != "" && len(parts) == 3 {
		s.seen = append(s.seen, shown{who: place(parts[1], parts[2]), sign: "~", text: plain(text)})
	}
	return nil
}

func place(person, room string) string {
	if person == room {
		return person
	}
	return person + "@" + room
}

func shownOf(l bot.Letter, photos int) shown {
	s := shown{who: l.To.ID, sign: "<", text: plain(l.Text), photos: photos}
	if l.Op == bot.OpEdit {
		s.sign = "="
	}
	for _, row := range l.Rows {
		var labels []string
		for _, c := range row {
			labels = append(labels, c.Label)
		}
		s.rows = append(s.rows, labels)
	}
	return s
}

var tag = regexp.MustCompile(`<[^>]*>`)

func plain(text string) string { return html.UnescapeString(tag.ReplaceAllString(text, "")) }

// deed is a sandbox update, as the sandbox writes it, with what no page can do: the hidden and the forged.
type deed struct {
	Number    int          `json:"number"`
	Do        string       `json:"do"`
	Room      string       `json:"room"`
	Kind      bot.ChatKind `json:"kind"`
	Title     string       `json:"title"`
	Person    string       `json:"person"`
	Name      string       `json:"name"`
	Language  string       `json:"language"`
	Text      string       `json:"text,omitempty"`
	Reply     string       `json:"reply,omitempty"`
	Forwarded bool         `json:"forwarded,omitempty"`
	Anonymous bool         `json:"anonymous,omitempty"`
	On        string       `json:"on,omitempty"`
	Token     string       `json:"token,omitempty"`
	Key       string       `json:"key,omitempty"`
	Point     *[2]float64  `json:"point,omitempty"`
	Media     string       `json:"media,omitempty"`
	File      string       `json:"file,omitempty"`
	Size      int64        `json:"size,omitempty"`
	Album     string       `json:"album,omitempty"`
}

// Decode adds what only tests do: an administrator without a face.
func (s *localStage) Decode(body []byte) (bot.Update, error) {
	u, err := s.Sandbox.Decode(body)
	var d deed
	if err == nil && json.Unmarshal(body, &d) == nil {
		u.From.Anonymous = d.Anonymous
	}
	return u, err
}

func (s *localStage) do(ctx context.Context, in bot.Inbox, a act) error {
	d, err := s.deed(a)
	if err != nil {
		return err
	}
	var rows []bot.Raw
	for range a.count + btoi(a.count == 0) {
		if a.kind == "media" && (a.media == bot.MediaPhoto || a.data != nil || a.media == bot.MediaVoice) {
			raw, err := s.Photo(a.person, a.room, "", testPhoto(), "")
			if err != nil {
				return err
			}
			var p deed
			if err := json.Unmarshal(raw.Body, &p); err != nil {
				return err
			}
			d.File = p.File
			s.files[p.File] = a.data
			if a.media == bot.MediaVoice {
				s.files[p.File] = testVoice()
			}
		}
		raw, err := s.raw(d)
		if err != nil {
			return err
		}
		rows = append(rows, raw)
		d.Text = ""
	}
	return in.Receive(ctx, sandbox.Name, sandbox.Name, rows, strconv.Itoa(s.number))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *localStage) raw(d deed) (bot.Raw, error) {
	s.number++
	d.Number = s.number
	body, err := json.Marshal(d)
	return bot.Raw{External: "u" + strconv.Itoa(s.number), Body: body}, err
}

func (s *localStage) deed(a act) (deed, error) {
	d := deed{
		Room: a.room, Kind: bot.Private, Title: a.room, Person: a.person, Name: strings.ToUpper(a.person[:1]) + a.person[1:],
		Text: a.text, Forwarded: a.forwarded, Anonymous: a.anonymous || a.channel, Language: s.tongue[a.person],
	}
	if kind, ok := s.rooms[a.room]; ok {
		d.Kind = kind
	}
	var err error
	switch a.kind {
	case "press":
		var link string
		d.Do, d.Text = "press", ""
		d.On, d.Key, link, err = s.button(a.room, a.text)
		if link != "" {
			d = deed{Do: "say", Room: a.person, Kind: bot.Private, Title: a.person, Person: a.person, Name: d.Name, Text: "/start " + link}
		}
	case "press old":
		d.Do, d.Text = "press", ""
		old, was := s.buttons[a.room+" "+a.text]
		if d.Token, d.Key = old[0], old[1]; !was {
			err = fmt.Errorf("nobody ever offered [%s] in %s", a.text, a.room)
		}
	case "forge":
		d.Do, d.Token, d.Key, d.Text = "press", "AAAAAAAAAAAAAAAAAAAAAA", "take", ""
	case "pin":
		d.Do, d.Point, d.Text = "pin", &[2]float64{a.point[0], a.point[1]}, ""
	case "media":
		d.Do, d.Media, d.Size, d.File = "media", string(a.media), a.size, "none"
		if a.count > 1 {
			d.Album = "album" + strconv.Itoa(s.number)
		}
	case "block":
		_, err = s.Leave(a.person, a.room)
		d.Do = "leave"
	case "unblock":
		_, err = s.Join(a.person, a.room)
		d.Do = "join"
	default:
		d.Do = "say"
		if a.edited {
			d.Do = "edit"
		}
		if a.reply {
			d.Reply = s.newest(a.room)
		}
	}
	return d, err
}

// button finds the newest message in a room that has a button with this label, and the link of one that is a link.
func (s *localStage) button(room, label string) (on, key, link string, err error) {
	messages := s.Messages(room)
	for _, message := range slices.Backward(messages) {
		for _, row := range message.Rows {
			for _, c := range row {
				if c.Label == label {
					return string(message.Ref), c.Key, c.Link, nil
				}
			}
		}
	}
	return "", "", "", fmt.Errorf("nobody offers [%s] in %s", label, room)
}

// newest finds the message to reply to: the newest of the bot's that has buttons, else the newest.
func (s *localStage) newest(room string) string {
	messages := s.Messages(room)
	last := ""
	for _, message := range slices.Backward(messages) {
		if message.From != "" {
			continue
		}
		if len(message.Rows) > 0 {
			return string(message.Ref)
		}
		if last == "" {
			last = string(message.Ref)
		}
	}
	return last
}

func (s *localStage) throwOut(ctx context.Context, in bot.Inbox, room string) error {
	if _, err := s.Leave(s.somebody, room); err != nil {
		return err
	}
	raw, err := s.raw(deed{Do: "leave", Room: room, Kind: bot.Group, Title: room, Text: "removed"})
	if err != nil {
		return err
	}
	return in.Receive(ctx, sandbox.Name, sandbox.Name, []bot.Raw{raw}, strconv.Itoa(s.number))
}

// testVoice is a file in which somebody speaks, of one page each for the head, the comments and the sound.
func testVoice() []byte {
	raw, err := base64.StdEncoding.DecodeString("T2dnUwACAAAAAAAAAAAHAAAAAAAAAIELNS8BE09wdXNIZWFkAQE4AYC7AAAAAABPZ2dTAAAAAAAA" +
		"AAAAAAcAAAAAAAAAu85eZgE7T3B1c1RhZ3MMAAAAcGhvbmUgb2YgQW5hAQAAABsAAABMT0NBVElPTj0rNTEuNjAyMSswMDUuNjA1Ni9P" +
		"Z2dTAAAAAAAAAAAAAAcAAAAAAAAAVeRyEAEXdGhpcyBpcyB3aGF0IHdhcyBzcG9rZW4=")
	if err != nil {
		panic(err)
	}
	return raw
}

func testPhoto() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 8, 6))
	img.Set(3, 3, color.RGBA{R: 200, A: 255})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}
