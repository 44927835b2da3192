package botapi

import (
	"encoding/json"
	"time"
)

// Request is a call that the bot made.
type Request struct {
	Method string
	Params map[string]string
	Files  map[string]int // bytes, by the field's name
	At     time.Time      // when it was answered
	Status int            // of HTTP; 0 = it was not answered
	Error  string         // the description of a refusal
}

// record keeps a call for Requests.
func (s *Server) record(c *call, a answer) {
	if s.quiet {
		return
	}
	r := Request{Method: c.method.name, Params: make(map[string]string, len(c.params)), Status: a.status}
	for _, p := range c.params {
		r.Params[p.name] = p.value
	}
	for _, f := range c.files {
		if r.Files == nil {
			r.Files = map[string]int{}
		}
		r.Files[f.name] = len(f.data)
	}
	if a.status != 0 && a.status != 200 {
		var refused struct {
			Description string `json:"description"`
		}
		if json.Unmarshal(a.body, &refused) == nil {
			r.Error = refused.Description
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r.At = s.now()
	s.requests = append(s.requests, r)
}

// Requests lists the calls in the order in which they were answered.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Called lists the calls of one method.
func (s *Server) Called(method string) []Request {
	var list []Request
	for _, r := range s.Requests() {
		if r.Method == method {
			list = append(list, r)
		}
	}
	return list
}
