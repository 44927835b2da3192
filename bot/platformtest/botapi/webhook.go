package botapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"
)

// How updates are delivered.
const (
	hookFirst   = time.Second // until a delivery is repeated
	hookLongest = 2 * time.Minute
	hookTimeout = time.Minute
	secretHead  = "X-Telegram-Bot-Api-Secret-Token"
)

// hook is where updates are delivered to.
type hook struct {
	url, secret string
	most        int64
	lanes       map[int64]retry // those whose last delivery failed
	busy        map[int64]bool  // lanes with a delivery on its way
	lastError   string
	lastErrorAt time.Time
}

type retry struct {
	at    time.Time
	after time.Duration
}

func (s *Server) setWebhook(c *call) ([]byte, *refusal) {
	address := c.text("url")
	if address == "" {
		return s.deleteWebhook(c)
	}
	if refused := checkHook(address, c.text("secret_token")); refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allow(c)
	s.queue.end(conflict(terminatedHook))
	if c.flag("drop_pending_updates") {
		s.queue.drop(len(s.queue.waiting))
	}
	s.hook = hook{
		url: address, secret: c.text("secret_token"), most: c.number("max_connections", 40, 1, 100), lanes: map[int64]retry{},
		busy: map[int64]bool{},
	}
	return yes, nil
}

func checkHook(address, secret string) *refusal {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return bad("bad webhook: invalid URL specified")
	}
	if u.Scheme != "https" {
		return bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if !strings.Contains(" 443 80 88 8443 ", " "+u.Port()+" ") && u.Port() != "" {
		return bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	if len(secret) > 256 {
		return bad("secret token is too long")
	}
	for _, c := range secret {
		if !isWord(c) && c != '-' {
			return bad("secret token contains unallowed characters")
		}
	}
	return nil
}

func isWord(c rune) bool {
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
}

func (s *Server) deleteWebhook(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.flag("drop_pending_updates") {
		s.queue.drop(len(s.queue.waiting))
	}
	s.hook = hook{}
	return yes, nil
}

func (s *Server) getWebhookInfo(*call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.expire(s.now())
	b := appendString([]byte(`{"url":`), s.hook.url)
	b = append(b, `,"has_custom_certificate":false`...)
	b = appendNumber(b, "pending_update_count", int64(len(s.queue.waiting)))
	if s.hook.url != "" {
		b = appendNumber(b, "max_connections", s.hook.most)
	}
	if s.hook.lastError != "" {
		b = appendNumber(b, "last_error_date", s.hook.lastErrorAt.Unix())
		b = appendText(b, "last_error_message", s.hook.lastError)
	}
	return append(b, '}'), nil
}

// Deliver posts one update to the webhook through a transport, and reports whether there was one whose time had come. It
// may be called by many at once: within a chat, updates keep their order and come one by one. What is not answered with a
// 2xx comes again, after a pause that doubles; getWebhookInfo tells why.
func (s *Server) Deliver(ctx context.Context, via http.RoundTripper) (delivered bool, err error) {
	u, h, due := s.due()
	if !due {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(u.raw))
	if err != nil {
		return false, fmt.Errorf("deliver update %d: %w", u.id, err)
	}
	req.Header.Set("Content-Type", jsonType)
	if h.secret != "" {
		req.Header.Set(secretHead, h.secret)
	}
	resp, err := via.RoundTrip(req)
	if err != nil {
		s.settle(u, err.Error())
		return true, nil
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	failure := ""
	if resp.StatusCode/100 != 2 {
		failure = "Wrong response from the webhook: " + resp.Status
	}
	s.settle(u, failure)
	return true, nil
}

// due is the first update whose chat does not wait for an earlier one.
func (s *Server) due() (u update, h hook, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook.url == "" {
		return update{}, hook{}, false
	}
	now := s.now()
	s.queue.expire(now)
	for _, u := range s.queue.waiting {
		if wait, failed := s.hook.lanes[u.lane]; s.hook.busy[u.lane] || (failed && now.Before(wait.at)) {
			continue
		}
		s.hook.busy[u.lane] = true
		return u, s.hook, true
	}
	return update{}, hook{}, false
}

func (s *Server) settle(u update, failure string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	delete(s.hook.busy, u.lane)
	if failure != "" {
		if s.hook.lanes != nil {
			after := min(max(2*s.hook.lanes[u.lane].after, hookFirst), hookLongest)
			s.hook.lanes[u.lane] = retry{at: now.Add(after), after: after}
		}
		s.hook.lastError, s.hook.lastErrorAt = failure, now
		return
	}
	delete(s.hook.lanes, u.lane)
	for i, w := range s.queue.waiting {
		switch {
		case w.id != u.id:
			continue
		case i == 0:
			s.queue.drop(1)
		default:
			s.queue.waiting = slices.Delete(s.queue.waiting, i, i+1)
		}
		return
	}
}

// Through makes a transport that calls a handler in the process.
func Through(h http.Handler) http.RoundTripper { return through{h} }

type through struct{ http.Handler }

// RoundTrip calls the handler.
func (t through) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, errors.Join(errReset, err)
	}
	w := httptest.NewRecorder()
	t.ServeHTTP(w, req)
	return w.Result(), nil
}
