package botapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config is what a server needs to know of its bot.
type Config struct {
	Token    string           // "123456789:AA…"; the number before the colon is the bot's id
	Username string           // without @
	Now      func() time.Time // nil = time.Now; limits, life times and dates follow it, waiting follows timers
	Limits   bool             // refuse what is written too fast
	Quiet    bool             // keep no record of requests and events, and few messages (for benchmarks)
	// Impatient answers a poll that finds nothing at once, whatever timeout it asks for, so that one goroutine can step
	// bot and server in turns.
	Impatient bool
	Seed      uint64 // of the first update id; equal seeds give equal runs
}

// Server plays Telegram for one bot.
type Server struct {
	token, base, fileBase string
	username              string
	id                    int64
	now                   func() time.Time
	limits                bool
	quiet                 bool
	impatient             bool

	mu       sync.Mutex
	delay    time.Duration
	users    map[int64]*user
	chats    map[int64]*chat
	lastID   int64 // of a message in private chats and basic groups, which count together
	serial   int64 // of queries, files, albums and links
	queue    queue
	hook     hook
	queries  map[string]*query
	crowd    int // how many queries are kept before the old ones are looked for
	files    map[string]*file
	paths    map[string]link
	uploads  map[int][]time.Time // by size
	commands map[string]json.RawMessage
	pace     pace
	faults   []*Fault
	requests []Request
	events   []Event
}

// New makes a server that knows its bot and nobody else.
func New(c Config) *Server {
	id, _, _ := strings.Cut(c.Token, ":")
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || number <= 0 {
		panic(fmt.Sprintf("botapi: %q does not start with a bot's id", c.Token))
	}
	s := &Server{
		token: c.Token, base: "/bot" + c.Token + "/", fileBase: "/file/bot" + c.Token + "/", username: c.Username, id: number,
		now: c.Now, limits: c.Limits, quiet: c.Quiet, impatient: c.Impatient,
		users: map[int64]*user{}, chats: map[int64]*chat{}, queries: map[string]*query{}, files: map[string]*file{},
		paths: map[string]link{}, uploads: map[int][]time.Time{}, commands: map[string]json.RawMessage{},
	}
	if s.now == nil {
		s.now = time.Now
	}
	random := rand.New(rand.NewPCG(c.Seed, uint64(number)))
	s.queue = newQueue(100_000_000 + random.Int64N(800_000_000))
	s.addUser(User{ID: number, FirstName: "Buurtbot", Username: c.Username, Bot: true})
	s.addUser(User{ID: groupAnonymousBot, FirstName: "Group", Username: "GroupAnonymousBot", Bot: true})
	s.addUser(User{ID: channelBot, FirstName: "Channel", Username: "Channel_Bot", Bot: true})
	return s
}

// answer is what goes back to the bot.
type answer struct {
	status int
	kind   string // content type
	body   []byte
	retry  int // seconds; 0 = none asked for
	lost   error
}

// RoundTrip serves one request in the process. It closes the request's body, like every transport.
func (s *Server) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer func() { _ = req.Body.Close() }()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	a := s.serve(req)
	if a.lost != nil {
		return nil, a.lost
	}
	resp := &http.Response{
		Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
		Request: req,
	}
	s.heads(a, resp.Header)
	return resp, nil
}

// ServeHTTP serves one request on a socket.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	a := s.serve(req)
	if a.lost != nil {
		hangUp(w, a.lost)
		return
	}
	s.heads(a, w.Header())
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

func (s *Server) heads(a answer, h http.Header) {
	h.Set("Content-Type", a.kind)
	h.Set("Date", s.now().UTC().Format(http.TimeFormat))
	if a.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(a.retry))
	}
}

// serve finds out what is asked for.
func (s *Server) serve(req *http.Request) answer {
	if name, found := strings.CutPrefix(req.URL.Path, s.base); found {
		return s.call(req, name)
	}
	if path, found := strings.CutPrefix(req.URL.Path, s.fileBase); found {
		return s.download(req, path)
	}
	if strings.HasPrefix(req.URL.Path, "/bot") {
		return refusal{code: http.StatusUnauthorized, text: "Unauthorized"}.answer()
	}
	return refusal{code: http.StatusNotFound, text: "Not Found"}.answer()
}

// next numbers queries, files, albums and links.
func (s *Server) next() int64 {
	s.serial++
	return s.serial
}
