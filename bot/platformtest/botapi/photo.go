package botapi

import (
	"math"
	"strconv"
	"strings"
)

const wrongFile = "wrong file identifier/HTTP URL specified"

// asset is a file that a call names or brings.
type asset struct {
	id            string // one that Telegram holds; empty = it is brought
	data          []byte
	kind          string
	width, height int
}

// readAsset finds the file that a value stands for: an id, attach://name, or the field of the call with its name.
func readAsset(c *call, kind, field, value string) (asset, *refusal) {
	if name, attached := strings.CutPrefix(value, "attach://"); attached {
		field = name
	} else if value != "" {
		return asset{id: value, kind: kind}, nil
	}
	brought, found := c.file(field)
	if !found {
		return asset{}, bad(wrongFile)
	}
	a := asset{kind: kind, data: brought.data}
	if kind != photoKind {
		if len(a.data) == 0 {
			return asset{}, bad("file must be non-empty")
		}
		return a, nil
	}
	var refused *refusal
	a.width, a.height, refused = measure(a.data)
	return a, refused
}

// hold gives the file of an asset; one that was brought is kept. Other bots' files, and words that name none, are
// refused alike.
func (s *Server) hold(a asset) (*file, *refusal) {
	if a.id == "" {
		return s.keep(file{kind: a.kind, data: a.data, width: a.width, height: a.height}), nil
	}
	f := s.held(a.id)
	switch {
	case f == nil:
		return nil, bad(wrongFile)
	case f.kind != a.kind:
		return nil, bad("can't use file of type " + title(f.kind) + " as " + title(a.kind))
	}
	return f, nil
}

func title(kind string) string { return strings.ToUpper(kind[:1]) + kind[1:] }

// uploading refuses uploads of one size that follow each other quickly. Telegram delays them first; here they are
// refused from the sixth within a minute, which is what a bot that uploads one picture for every group runs into.
func (s *Server) uploading(assets ...asset) *refusal {
	if !s.limits {
		return nil
	}
	now := s.now()
	for _, a := range assets {
		if len(a.data) <= largeUpload {
			continue
		}
		w := window{s.uploads[len(a.data)]}
		if _, fits := w.room(1, sameUploads, uploadWindow, now); !fits {
			s.pace.throttled++
			return tooMany(uploadBan)
		}
		w.note(1, now)
		s.uploads[len(a.data)] = w.times
	}
	return nil
}

func (s *Server) sendPhoto(c *call) ([]byte, *refusal) { return s.sendFile(c, photoKind) }

func (s *Server) sendDocument(c *call) ([]byte, *refusal) { return s.sendFile(c, document) }

func (s *Server) sendFile(c *call, kind string) ([]byte, *refusal) {
	w, refused := readCaption(c)
	if refused != nil {
		return nil, refused
	}
	a, refused := readAsset(c, kind, kind, c.text(kind))
	if refused != nil {
		return nil, refused
	}
	e, refused := readEnvelope(c)
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, reply, refused := s.open(c, e, pictures)
	if refused != nil {
		return nil, refused
	}
	if refused := s.uploading(a); refused != nil {
		return nil, refused
	}
	f, refused := s.hold(a)
	if refused != nil {
		return nil, refused
	}
	if refused := s.write(ch, 1); refused != nil {
		return nil, refused
	}
	m := s.post(ch, e, reply, s.depict(f, w))
	return s.appendMessage(nil, m), nil
}

// depict is a message with a file and its caption.
func (s *Server) depict(f *file, w said) *message {
	m := &message{Message: Message{Kind: f.kind, Text: w.text, Raw: w.raw}, entities: s.known(w.entities), file: f}
	if f.kind == photoKind {
		m.media, m.Picture = appendPhoto(nil, f), f.data
	} else {
		m.media = appendFile(nil, f, "")
	}
	return m
}

// appendFile writes a file that is no photo; extra are further members, each after a comma.
func appendFile(b []byte, f *file, extra string) []byte {
	b = append(append(append(b, ',', '"'), f.kind...), `":{"file_id":`...)
	b = appendString(b, f.id)
	b = appendText(b, "file_unique_id", f.unique)
	b = appendNumber(b, "file_size", f.size)
	return append(append(b, extra...), '}')
}

func (s *Server) sendLocation(c *call) ([]byte, *refusal) {
	for _, name := range []string{"latitude", "longitude"} {
		if c.text(name) == "" {
			return nil, bad(name + " is empty")
		}
	}
	latitude, err1 := strconv.ParseFloat(c.text("latitude"), 64)
	longitude, err2 := strconv.ParseFloat(c.text("longitude"), 64)
	if err1 != nil || err2 != nil || math.Abs(latitude) > 90 || math.Abs(longitude) > 180 {
		return nil, bad("wrong location specified")
	}
	e, refused := readEnvelope(c)
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, reply, refused := s.open(c, e, words)
	if refused != nil {
		return nil, refused
	}
	if refused := s.write(ch, 1); refused != nil {
		return nil, refused
	}
	m := &message{Message: Message{Kind: "location"}, media: appendPlace(nil, Place{latitude, longitude}, "")}
	return s.appendMessage(nil, s.post(ch, e, reply, m)), nil
}
