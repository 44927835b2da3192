package botapi

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody is the most a bot can send in one request, in bytes: 50 MB of file and what goes with it.
const maxBody = 50<<20 + 1<<16

// param is one parameter of a call.
type param struct{ name, text string }

// upload is a file in a call.
type upload struct {
	name string
	data []byte
}

// call is one request for a method.
type call struct {
	method string // as the documentation writes it; as it was asked for when unknown
	handle handler
	polls  bool // it is getUpdates, which waits
	params []param
	files  map[string]upload
	at     time.Time
	note   string

	effect   int64 // the message it made or changed
	sent     []Message
	edited   *Message
	answered *Answer
}

// get is a parameter's text; empty when it is missing.
func (c *call) get(name string) string {
	for i := range c.params {
		if c.params[i].name == name {
			return c.params[i].text
		}
	}
	return ""
}

// integer is a parameter's number; 0 when it is missing or is none.
func (c *call) integer(name string) int64 {
	n, err := strconv.ParseInt(c.get(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// clamped is a parameter's number, moved between its bounds, as the server does instead of refusing.
func (c *call) clamped(name string, missing, low, high int64) int64 {
	n, err := strconv.ParseInt(c.get(name), 10, 64)
	if err != nil {
		n = missing
	}
	return min(max(n, low), high)
}

func (c *call) yes(name string) bool {
	switch strings.ToLower(c.get(name)) {
	case "true", "1", "yes":
		return true
	}
	return false
}

// chat is the chat that is asked for by number; 0 = none.
func (c *call) chat() int64 { return c.integer("chat_id") }

// readCall reads a request's method and parameters. Without a call the request could not be read at all.
func readCall(name string, r *http.Request) (*call, *refusal) {
	c := &call{method: name, polls: name == "getUpdates"}
	c.handle = methods[name]
	if c.handle == nil && !c.polls {
		if m, found := spellings()[strings.ToLower(name)]; found {
			c.method, c.handle, c.polls = m, methods[m], m == "getUpdates"
		}
	}
	if r.URL.RawQuery != "" {
		if !c.form(r.URL.RawQuery) {
			return c, refuse(400, "Bad Request: can't parse parameters")
		}
	}
	if r.Body == nil || r.Body == http.NoBody {
		return c, nil
	}
	if r.ContentLength > maxBody {
		return c, refuse(413, "Request Entity Too Large")
	}
	return c, c.read(r)
}

func (c *call) read(r *http.Request) *refusal {
	kind, options, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	limited := http.MaxBytesReader(nil, r.Body, maxBody)
	if kind == "multipart/form-data" {
		return unreadable(c.multipart(multipart.NewReader(limited, options["boundary"])))
	}
	body, err := readAll(limited, r.ContentLength)
	if err != nil {
		return unreadable(err)
	}
	switch {
	case kind == "application/json" && !c.object(string(body)):
		return refuse(400, "Bad Request: can't parse JSON object")
	case kind == "application/x-www-form-urlencoded" && !c.form(string(body)):
		return refuse(400, "Bad Request: can't parse parameters")
	}
	return nil
}

func unreadable(err error) *refusal {
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &large):
		return refuse(413, "Request Entity Too Large")
	}
	return refuse(400, "Bad Request: can't read the request")
}

func readAll(r io.Reader, size int64) ([]byte, error) {
	if size < 0 {
		return io.ReadAll(r)
	}
	body := make([]byte, size)
	_, err := io.ReadFull(r, body)
	return body, err
}

// form adds urlencoded parameters.
func (c *call) form(text string) bool {
	if c.params == nil {
		c.params = make([]param, 0, 8)
	}
	for text != "" {
		var pair string
		pair, text, _ = strings.Cut(text, "&")
		if pair == "" {
			continue
		}
		name, content, _ := strings.Cut(pair, "=")
		name, ok := unquote(name)
		content, fine := unquote(content)
		if !ok || !fine {
			return false
		}
		c.params = append(c.params, param{name: name, text: content})
	}
	return true
}

// unquote decodes the urlencoding.
func unquote(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '+':
			b = append(b, ' ')
		case '%':
			if i+2 >= len(s) {
				return "", false
			}
			high, low := unhex(s[i+1]), unhex(s[i+2])
			if high > 15 || low > 15 {
				return "", false
			}
			b = append(b, high<<4|low)
			i += 2
		default:
			b = append(b, s[i])
		}
	}
	return string(b), true
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// object adds the members of a JSON object; what is neither text nor number stays JSON.
func (c *call) object(text string) bool {
	if strings.TrimSpace(text) == "" {
		return true
	}
	v, err := parseJSON(text)
	if err != nil || v.kind != isObject {
		return false
	}
	for i, name := range v.names {
		if v.items[i].kind != isNull {
			c.params = append(c.params, param{name: name, text: v.items[i].text})
		}
	}
	return true
}

func (c *call) multipart(parts *multipart.Reader) error {
	c.files = map[string]upload{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if name := part.FileName(); name != "" {
			c.files[part.FormName()] = upload{name: name, data: data}
			continue
		}
		c.params = append(c.params, param{name: part.FormName(), text: string(data)})
	}
}
