package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // the pictures that are taken in
	_ "image/png"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
)

// What is taken in at most.
const (
	textLimit    = 4096     // UTF-16 units of a text, as Telegram counts them
	captionLimit = 1024     // the same, of words below a picture
	photoLimit   = 10 << 20 // bytes of a picture
	pixelsLimit  = 50_000_000
)

// Say is a person writing something in a room, in reply to a message if reply is not empty. A text that starts with /
// or ! and a name is a command.
func (s *Sandbox) Say(person, room, text string, reply bot.MessageRef) (bot.Raw, error) {
	return s.hear(raw{Do: deedSay, Person: person, Room: room, Text: text, Reply: reply})
}

// Forward is a person passing on what somebody else wrote.
func (s *Sandbox) Forward(person, room, text string) (bot.Raw, error) {
	return s.hear(raw{Do: deedSay, Person: person, Room: room, Text: text, Forwarded: true})
}

// Press is a person pressing the button with this key, or with this number from 1, on a message as it stands now.
func (s *Sandbox) Press(person, room string, on bot.MessageRef, key string) (bot.Raw, error) {
	return s.hear(raw{Do: deedPress, Person: person, Room: room, On: on, Key: key})
}

// PressToken is a person pressing a button on the rendering with this token, which may be an older one of a message.
func (s *Sandbox) PressToken(person, room, token, key string) (bot.Raw, error) {
	return s.hear(raw{Do: deedPress, Person: person, Room: room, Token: token, Key: key})
}

// Open is a person following a link of a [bot.Choice]: the start command in their private chat.
func (s *Sandbox) Open(person, link string) (bot.Raw, error) {
	return s.Say(person, person, "/start "+link, "")
}

// Pin is a person sharing a place, longitude before latitude, with the name of a venue if it has one.
func (s *Sandbox) Pin(person, room string, at orb.Point, name string) (bot.Raw, error) {
	return s.hear(raw{Do: deedPin, Person: person, Room: room, Point: &at, Text: name})
}

// Photo is a person sending a JPEG or PNG picture, or something spoken or filmed (Ogg, MP4), with a caption, which may be empty;
// those with one album belong together.
func (s *Sandbox) Photo(person, room, album string, picture []byte, caption string) (bot.Raw, error) {
	media, kind, err := fileType(picture)
	if err != nil {
		return bot.Raw{}, err
	}
	r := raw{
		Do: deedMedia, Person: person, Room: room, Media: media, Album: album, Text: caption,
		Size: int64(len(picture)),
	}
	return s.hear(r, file{Type: kind, Data: picture})
}

// Media is a person sending something that is neither words nor a place nor a picture: it has no content here.
func (s *Sandbox) Media(person, room string, kind bot.MediaKind, caption string) (bot.Raw, error) {
	return s.hear(raw{Do: deedMedia, Person: person, Room: room, Media: kind, Text: caption})
}

// Edit is a person changing what they wrote.
func (s *Sandbox) Edit(person, room string, message bot.MessageRef, text string) (bot.Raw, error) {
	return s.hear(raw{Do: deedEdit, Person: person, Room: room, On: message, Text: text})
}

// Join is a person bringing the bot into a room, or taking it back in their private chat.
func (s *Sandbox) Join(person, room string) (bot.Raw, error) {
	return s.hear(raw{Do: deedJoin, Person: person, Room: room})
}

// Leave is a person removing the bot from a room, or blocking it in their private chat; it reaches nobody there until
// [Sandbox.Join].
func (s *Sandbox) Leave(person, room string) (bot.Raw, error) {
	return s.hear(raw{Do: deedLeave, Person: person, Room: room, Text: "removed by a member"})
}

// hear takes in what a person did: it is remembered, shown and waits for an inbox.
func (s *Sandbox) hear(r raw, files ...file) (bot.Raw, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Text = strings.TrimSpace(strings.ToValidUTF8(r.Text, "\uFFFD"))
	if err := s.check(r); err != nil {
		return bot.Raw{}, fmt.Errorf("%s by %q in %q: %w", r.Do, r.Person, r.Room, err)
	}
	var records []record
	for _, f := range files {
		f.ID = s.fileID(len(records))
		r.File = f.ID
		records = append(records, record{Entry: entryFile, File: &f})
	}
	person, room := s.people[r.Person], s.rooms[r.Room]
	r.Number, r.Kind, r.Title = s.state.number+1, room.Kind, room.Title
	r.Name, r.Language = person.Name, person.Language
	body, err := json.Marshal(r)
	if err != nil {
		return bot.Raw{}, fmt.Errorf("sandbox update: %w", err)
	}
	records = append(records, record{Entry: entrySaid, Number: r.Number, Raw: body, Message: s.picture(r)})
	if err := s.write(records...); err != nil {
		return bot.Raw{}, err
	}
	return bot.Raw{External: s.state.external(r.Number), Body: body}, nil
}

func (s *Sandbox) fileID(ahead int) string {
	return "f" + strconv.FormatInt(s.state.kept+int64(ahead)+1, 10)
}

func (s *Sandbox) check(r raw) error {
	room, known := s.rooms[r.Room]
	if _, person := s.people[r.Person]; !known || !person {
		return ErrUnknown
	}
	if !s.mayEnter(r.Person, room) {
		return ErrOutside
	}
	if len(utf16.Encode([]rune(r.Text))) > textLimit {
		return ErrLong
	}
	if r.Text == "" && (r.Do == deedSay || r.Do == deedEdit) || r.Do == deedPress && r.Key == "" {
		return ErrEmpty
	}
	return s.checkMessages(r)
}

// checkMessages sees to it that what is answered, pressed or changed is there, and that people change their own words.
func (s *Sandbox) checkMessages(r raw) error {
	for _, ref := range []bot.MessageRef{r.Reply, r.On} {
		if m := s.state.find(ref); ref != "" && (m == nil || m.Room != r.Room) {
			return ErrUnknown
		}
	}
	if m := s.state.find(r.On); r.Do == deedEdit && (m == nil || m.From != r.Person || m.Point != nil) {
		return ErrUnknown
	}
	return nil
}

// picture is the message that shows what was done, or nil when it does not show.
func (s *Sandbox) picture(r raw) *Message {
	m := Message{
		Ref: s.state.nextRef(), Room: r.Room, From: r.Person, At: s.at(), Text: r.Text, Reply: r.Reply, Forwarded: r.Forwarded,
		Point: r.Point, Media: r.Media,
	}
	switch r.Do {
	case deedSay, deedPin, deedMedia:
		if r.File != "" {
			m.Photos = []string{r.File}
		}
		return &m
	case deedEdit:
		m = *s.state.find(r.On)
		m.Text, m.Edited = r.Text, s.at()
		return &m
	case deedPress, deedJoin, deedLeave:
	}
	return nil
}

// fileType looks at the bytes as well, and tells a recording from a picture.
func fileType(data []byte) (bot.MediaKind, string, error) {
	if k := bot.KindOf(data); k.Media != bot.MediaPhoto && len(data) <= photoLimit {
		return k.Media, k.Mime, nil
	}
	kind, err := pictureType(data)
	return bot.MediaPhoto, kind, err
}

// pictureType looks at the bytes, not at what anybody says they are.
func pictureType(data []byte) (string, error) {
	if len(data) > photoLimit {
		return "", ErrPicture
	}
	kind := http.DetectContentType(data)
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || (kind != "image/jpeg" && kind != "image/png") || c.Width*c.Height > pixelsLimit {
		return "", ErrPicture
	}
	return kind, nil
}
