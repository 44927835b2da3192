package botapi

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/jpeg" // pictures are looked at like Telegram does
	_ "image/png"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits of files, in bytes, and how long the address of one holds.
const (
	photoLimit    = 10 << 20
	fileLimit     = 50 << 20
	downloadLimit = 20 << 20
	linkLife      = time.Hour
	sidesLimit    = 10_000 // width and height of a photo together
)

// file is one that Telegram holds.
type file struct {
	id, unique    string
	kind          string // "photo", "document" …
	size          int64
	data          []byte
	width, height int
}

// link is an address under which a file can be fetched.
type link struct {
	file    *file
	expires time.Time
}

// keep files bytes away under an id that only this bot can use.
func (s *Server) keep(f file) *file {
	n := s.next()
	key := fmt.Appendf(nil, "%s/%d/%08d", f.kind, s.id, n)
	f.id = "AgACAgQAAxkB" + base64.RawURLEncoding.EncodeToString(key)
	f.unique = "AQAD" + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%08d", n))
	if f.size == 0 {
		f.size = int64(len(f.data))
	}
	s.files[f.id] = &f
	return &f
}

// measure looks at a picture.
func measure(data []byte) (width, height int, refused *refusal) {
	if len(data) == 0 {
		return 0, 0, bad("file must be non-empty")
	}
	if len(data) > photoLimit {
		return 0, 0, bad("file is too big")
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return 0, 0, bad("IMAGE_PROCESS_FAILED")
	case size.Width+size.Height > sidesLimit || size.Width > 20*size.Height || size.Height > 20*size.Width:
		return 0, 0, bad("PHOTO_INVALID_DIMENSIONS")
	}
	return size.Width, size.Height, nil
}

// appendPhoto writes a photo in two sizes, the largest last.
func appendPhoto(b []byte, f *file) []byte {
	b = append(b, `,"photo":[`...)
	b = appendSize(b, f, f.width/4+1, f.height/4+1)
	b = appendSize(append(b, ','), f, f.width, f.height)
	return append(b, ']')
}

func appendSize(b []byte, f *file, width, height int) []byte {
	id, unique, size := f.id, f.unique, f.size
	if width != f.width {
		id, unique, size = f.id+"-s", f.unique+"s", f.size/8+1
	}
	b = appendString(append(b, `{"file_id":`...), id)
	b = appendText(b, "file_unique_id", unique)
	b = appendNumber(b, "file_size", size)
	b = appendNumber(b, "width", int64(width))
	return append(appendNumber(b, "height", int64(height)), '}')
}

// held finds a file by its id; the smaller size of a photo is the same file.
func (s *Server) held(id string) *file { return s.files[strings.TrimSuffix(id, "-s")] }

func (s *Server) getFile(c *call) ([]byte, *refusal) {
	id := c.text("file_id")
	if id == "" {
		return nil, bad("file_id not specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.held(id)
	if f == nil {
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	}
	if f.size > downloadLimit {
		return nil, bad("file is too big")
	}
	path := f.kind + "s/file_" + strconv.FormatInt(s.next(), 10)
	if f.kind == photoKind {
		path += ".jpg"
	}
	s.paths[path] = link{file: f, expires: s.now().Add(linkLife)}
	b := appendString([]byte(`{"file_id":`), id)
	b = appendText(b, "file_unique_id", f.unique)
	b = appendNumber(b, "file_size", f.size)
	return append(appendText(b, "file_path", path), '}'), nil
}

// download serves a file whose link holds. Faults of the method "download" are met.
func (s *Server) download(req *http.Request, path string) answer {
	c := &call{ctx: req.Context(), method: &method{name: "download"}}
	f := s.meet(c)
	if lost := s.travel(c, f); lost != nil {
		return answer{lost: lost}
	}
	if a, instead := s.fail(c, f); instead {
		return a
	}
	s.mu.Lock()
	found, known := s.paths[path]
	expired := known && !s.now().Before(found.expires)
	s.mu.Unlock()
	if !known || expired {
		return refusal{code: http.StatusNotFound, text: "Not Found"}.answer()
	}
	return answer{status: http.StatusOK, kind: "application/octet-stream", body: found.file.data}
}

const photoKind = "photo"

// ForgetFiles makes all ids of files worthless, as happens to files that nobody fetched for long.
func (s *Server) ForgetFiles() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.files)
	clear(s.paths)
}
