package botapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxRequest is the largest request the server takes, in bytes: a file of 50 MB and some words.
const maxRequest = 50<<20 + 1<<20

// param is one parameter. A call has a handful of them, so a list is faster than a map.
type param struct{ name, value string }

// upload is a file that came with a call.
type upload struct {
	name string // of the field
	data []byte
}

// call is one request to a method.
type call struct {
	ctx    context.Context //nolint:containedctx // it lives as long as one request
	method *method
	params []param
	files  []upload
}

// text gives a parameter; empty when it is missing.
func (c *call) text(name string) string {
	for i := range c.params {
		if c.params[i].name == name {
			return c.params[i].value
		}
	}
	return ""
}

func (c *call) has(name string) bool {
	for i := range c.params {
		if c.params[i].name == name {
			return true
		}
	}
	return false
}

// flag reads a boolean parameter the way the server does.
func (c *call) flag(name string) bool {
	switch strings.ToLower(c.text(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// number gives a number within bounds, and the default when there is none.
func (c *call) number(name string, otherwise, least, most int64) int64 {
	n, err := strconv.ParseInt(c.text(name), 10, 64)
	if err != nil {
		n = otherwise
	}
	return min(max(n, least), most)
}

// id gives a number as it is; 0 when there is none.
func (c *call) id(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(c.text(name)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (c *call) file(name string) (upload, bool) {
	for _, f := range c.files {
		if f.name == name {
			return f, true
		}
	}
	return upload{}, false
}

// read takes the parameters from the address and the body: a form, a multipart form, or JSON.
func (c *call) read(req *http.Request) error {
	if req.URL.RawQuery != "" {
		c.readForm(req.URL.RawQuery)
	}
	if req.Body == nil || req.Body == http.NoBody {
		return nil
	}
	limited := http.MaxBytesReader(nil, req.Body, maxRequest)
	kind := req.Header.Get("Content-Type")
	if strings.HasPrefix(kind, "multipart/form-data") {
		return c.readMultipart(limited, kind)
	}
	body, err := readBody(limited, req.ContentLength)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, jsonType) {
		return c.readJSON(body)
	}
	c.readForm(string(body))
	return nil
}

func readBody(from io.Reader, size int64) ([]byte, error) {
	if size <= 0 || size > maxRequest {
		return io.ReadAll(from)
	}
	body := make([]byte, size)
	_, err := io.ReadFull(from, body)
	return body, err
}

func (c *call) readForm(form string) {
	if c.params == nil {
		c.params = make([]param, 0, 8)
	}
	for form != "" {
		var pair string
		pair, form, _ = strings.Cut(form, "&")
		name, value, _ := strings.Cut(pair, "=")
		c.add(unescape(name), unescape(value))
	}
}

func (c *call) add(name, value string) {
	if name != "" {
		c.params = append(c.params, param{name, value})
	}
}

func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	plain, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return plain
}

func (c *call) readJSON(body []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return errors.New("can't parse JSON object")
	}
	for name, raw := range members {
		value := string(raw)
		if bytes.HasPrefix(raw, []byte{'"'}) {
			if err := json.Unmarshal(raw, &value); err != nil {
				return errors.New("can't parse JSON object")
			}
		}
		c.add(name, value)
	}
	return nil
}

func (c *call) readMultipart(body io.Reader, kind string) error {
	_, options, err := mime.ParseMediaType(kind)
	if err != nil {
		return errors.New("invalid content type")
	}
	parts := multipart.NewReader(body, options["boundary"])
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
		if part.FileName() != "" {
			c.files = append(c.files, upload{part.FormName(), data})
		} else {
			c.add(part.FormName(), string(data))
		}
	}
}
