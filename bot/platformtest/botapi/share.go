package botapi

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// File is what a person sends besides pictures.
type File struct {
	Name string
	Mime string
	Data []byte
	Size int64 // what is told; 0 = that of Data
}

// Place is where something is, in degrees.
type Place struct{ Latitude, Longitude float64 }

// InAlbum makes a picture one of an album; NewAlbum gives the name of one.
func InAlbum(album string) Option { return func(u *utterance) { u.Album = album } }

// NewAlbum names an album whose pictures are sent one by one.
func (s *Server) NewAlbum() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strconv.FormatInt(1<<40+s.next(), 10)
}

// SendPhoto sends a picture.
func (s *Server) SendPhoto(from, chat int64, jpeg []byte, options ...Option) (messageID int64) {
	width, height, refused := measure(jpeg)
	if refused != nil {
		panic("botapi: a person's picture: " + refused.text)
	}
	return s.share(from, chat, file{kind: photoKind, data: jpeg, width: width, height: height}, "", options)
}

// SendAlbum sends pictures together; the options are those of the first.
func (s *Server) SendAlbum(from, chat int64, jpegs [][]byte, options ...Option) (messageIDs []int64) {
	album := InAlbum(s.NewAlbum())
	for i, jpeg := range jpegs {
		if i > 0 {
			options = nil
		}
		messageIDs = append(messageIDs, s.SendPhoto(from, chat, jpeg, append(slices.Clip(options), album)...))
	}
	return messageIDs
}

// SendDocument sends a file.
func (s *Server) SendDocument(from, chat int64, f File, options ...Option) (messageID int64) {
	return s.share(from, chat, file{kind: document, data: f.Data, size: f.Size}, named(f), options)
}

// SendVideo sends a film.
func (s *Server) SendVideo(from, chat int64, f File, options ...Option) (messageID int64) {
	return s.share(from, chat, file{kind: "video", data: f.Data, size: f.Size},
		`,"width":640,"height":480,"duration":10`+named(f), options)
}

// SendVoice sends something spoken.
func (s *Server) SendVoice(from, chat int64, f File, options ...Option) (messageID int64) {
	return s.share(from, chat, file{kind: "voice", data: f.Data, size: f.Size}, `,"duration":4`+named(f), options)
}

// SendSticker sends a sticker.
func (s *Server) SendSticker(from, chat int64, options ...Option) (messageID int64) {
	return s.share(from, chat, file{kind: "sticker", size: 20_000},
		`,"type":"regular","width":512,"height":512,"is_animated":false,"is_video":false,"emoji":"👍"`, options)
}

func named(f File) string {
	var b []byte
	if f.Name != "" {
		b = appendText(b, "file_name", f.Name)
	}
	if f.Mime != "" {
		b = appendText(b, "mime_type", f.Mime)
	}
	return string(b)
}

func (s *Server) share(from, chat int64, f file, extra string, options []Option) int64 {
	s.mu.Lock()
	kept := s.keep(f)
	s.mu.Unlock()
	u := &utterance{message: message{Message: Message{Kind: f.kind}, file: kept}}
	if f.kind == photoKind {
		u.media = appendPhoto(nil, kept)
	} else {
		u.media = appendFile(nil, kept, extra)
	}
	return s.utter(from, chat, u, options)
}

// SendPoll asks a question with answers to choose from.
func (s *Server) SendPoll(from, chat int64, question string, answers ...string) (messageID int64) {
	b := appendString([]byte(`,"poll":{"id":"1","question":`), question)
	b = append(b, `,"options":[`...)
	for i, answer := range answers {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(append(b, `{"text":`...), answer), `,"voter_count":0}`...)
	}
	return s.hand(from, chat, "poll", append(b, `],"type":"regular"}`...), nil)
}

// SendContact sends somebody's telephone number.
func (s *Server) SendContact(from, chat int64, phone, name string) (messageID int64) {
	b := appendString([]byte(`,"contact":{"phone_number":`), phone)
	return s.hand(from, chat, "contact", append(appendText(b, "first_name", name), '}'), nil)
}

// SendLocation sends a place.
func (s *Server) SendLocation(from, chat int64, at Place, options ...Option) (messageID int64) {
	return s.hand(from, chat, "location", appendPlace(nil, at, ""), options)
}

// SendVenue sends a place with a name, which comes with the plain place as well.
func (s *Server) SendVenue(from, chat int64, at Place, name string) (messageID int64) {
	b := appendPlace(nil, at, "")
	b = appendString(append(b, `,"venue":{"title":`...), name)
	b = appendPlace(append(b, `,"address":""`...), at, "")
	return s.hand(from, chat, "venue", append(b, '}'), nil)
}

// SendLiveLocation sends where somebody is for a while; MoveLocation goes on.
func (s *Server) SendLiveLocation(from, chat int64, at Place, life time.Duration) (messageID int64) {
	return s.hand(from, chat, "location", appendPlace(nil, at, liveFor(life)), nil)
}

func liveFor(life time.Duration) string {
	if life <= 0 {
		return ""
	}
	return fmt.Sprintf(`,"live_period":%d`, int(life.Seconds()))
}

// MoveLocation moves a live location, which comes as an edit; a life of 0 ends it.
func (s *Server) MoveLocation(chat, message int64, at Place, life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.place(chat).messages[message]
	if m == nil || m.Kind != "location" {
		panic(fmt.Sprintf("botapi: message %d in chat %d is no location", message, chat))
	}
	m.media = appendPlace(nil, at, liveFor(life))
	m.Edited, m.edited = true, s.now().Unix()
	s.show(Edited, m)
	s.offer("edited_message", m)
}

func appendPlace(b []byte, at Place, extra string) []byte {
	b = append(b, `,"location":{"latitude":`...)
	b = strconv.AppendFloat(b, at.Latitude, 'f', -1, 64)
	b = append(b, `,"longitude":`...)
	b = strconv.AppendFloat(b, at.Longitude, 'f', -1, 64)
	return append(append(b, extra...), '}')
}

func (s *Server) hand(from, chat int64, kind string, media []byte, options []Option) int64 {
	return s.utter(from, chat, &utterance{message: message{Message: Message{Kind: kind}, media: media}}, options)
}
