package botapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is one bot account's Bot API server and the world behind it. All methods may be called from many goroutines.
type Server struct {
	token string
	now   func() time.Time

	mu      sync.Mutex
	me      User
	privacy bool // the bot sees only what is meant for it
	revoked bool
	people  map[int64]*person
	chats   map[int64]*chat
	queue   queue
	poll    pollState
	hook    webhook
	files   fileStore
	queries map[string]*query
	menu    map[string][]Command
	books   books
	limits  limits
	faults  faults
	hooks   hooks
	common  int64 // the last message id of private chats and basic groups, which count together
	serial  int64 // of queries, albums and files
}

// hooks are what a test listens with.
type hooks struct {
	sent, edited func(Message)
	answered     func(Answer)
}

// New makes a server for one bot. The token has Telegram's form, "<bot id>:<secret>"; now is its clock. Flood limits are
// on, privacy mode is on, and the bot is called buurt_bot.
func New(token string, now func() time.Time) *Server {
	head, _, _ := strings.Cut(token, ":")
	id, err := strconv.ParseInt(head, 10, 64)
	if err != nil || id <= 0 {
		id = 7000000001
	}
	s := &Server{
		token: token, now: now, privacy: true,
		me:     User{ID: id, FirstName: "Buurtbot", Username: "buurt_bot", IsBot: true},
		people: map[int64]*person{}, chats: map[int64]*chat{}, queries: map[string]*query{}, menu: map[string][]Command{},
		queue: newQueue(), files: newFileStore(), limits: limits{on: true},
	}
	s.people[id] = &person{User: s.me}
	return s
}

// Me is the bot itself.
func (s *Server) Me() User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.me
}

// Rename changes the bot's username, which has no @.
func (s *Server) Rename(username string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.me.Username = username
	s.people[s.me.ID].Username = username
}

// PrivacyOff lets the bot see all messages of its groups, as its owner can set it.
func (s *Server) PrivacyOff() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.privacy = false
}

// Revoke makes the token worthless: every call is answered with 401 from now on.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
}

// reply is a whole HTTP answer.
type reply struct {
	status     int
	kind       string // content type; empty = JSON
	body       []byte
	retryAfter int
	cut        bool // the connection breaks in the middle of the body
}

// respond does what one request asks. An error means that the connection breaks before an answer.
func (s *Server) respond(r *http.Request) (reply, error) {
	if path, found := strings.CutPrefix(r.URL.Path, "/file/bot"); found {
		return s.download(path), nil
	}
	rest, found := strings.CutPrefix(r.URL.Path, "/bot")
	token, name, named := strings.Cut(rest, "/")
	if !found || !named {
		return refuse(404, "Not Found").reply(), nil
	}
	c, refused := readCall(name, r)
	if c == nil {
		return refused.reply(), nil
	}
	c.at = s.now()
	return s.attend(r.Context(), token, c, refused)
}

// attend lets a fault happen around a call, or the call itself.
func (s *Server) attend(ctx context.Context, token string, c *call, refused *refusal) (reply, error) {
	if refused == nil {
		refused = s.admit(token, c)
	}
	if refused != nil {
		s.record(c, refused.code, refused.text)
		return refused.reply(), nil
	}
	fault := s.fault(c)
	if fault.before() {
		return s.fail(ctx, c, fault)
	}
	if err := pause(ctx, fault.Delay); err != nil {
		return reply{}, err
	}
	a, err := s.run(ctx, c)
	if err != nil {
		s.record(c, 0, err.Error())
		return reply{}, err
	}
	answer := a.reply()
	s.record(c, answer.status, a.words())
	s.tell(c)
	switch fault.Kind {
	case DropAfter:
		return reply{}, errReset()
	case Truncate:
		answer.cut = true
	}
	return answer, nil
}

// admit refuses a wrong token, an unknown method and a call during a window.
func (s *Server) admit(token string, c *call) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token != s.token || s.revoked {
		return refuse(401, "Unauthorized")
	}
	if c.handle == nil && !c.polls {
		return refuse(404, "Not Found: method not found")
	}
	return s.limits.closed(s, c)
}

// run does the work of a call and returns its answer.
func (s *Server) run(ctx context.Context, c *call) (answer, error) {
	if c.polls {
		return s.getUpdates(ctx, c)
	}
	if refused, err := s.throttleUpload(ctx, c); refused != nil || err != nil {
		return answer{refused: refused}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.at = s.now()
	result, refused := c.handle(s, c)
	return answer{result: result, refused: refused, note: c.note}, nil
}

// tell calls the test's hooks, outside the lock.
func (s *Server) tell(c *call) {
	if c.sent == nil && c.edited == nil && c.answered == nil {
		return
	}
	s.mu.Lock()
	h := s.hooks
	s.mu.Unlock()
	for _, m := range c.sent {
		h.sent(m)
	}
	if c.edited != nil {
		h.edited(*c.edited)
	}
	if c.answered != nil {
		h.answered(*c.answered)
	}
}

// pause waits, or ends with ctx.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
