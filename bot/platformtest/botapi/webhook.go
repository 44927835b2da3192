package botapi

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
)

// SecretHeader is where a delivery carries the secret.
const SecretHeader = "X-Telegram-Bot-Api-Secret-Token"

type webhook struct {
	url, secret string
	connections int64
	lastError   string
	lastErrorAt int64
}

func setWebhook(s *Server, c *call) ([]byte, *refusal) {
	address, secret := c.get("url"), c.get("secret_token")
	if address == "" {
		return deleteWebhook(s, c)
	}
	if refused := checkHook(address, secret); refused != nil {
		return nil, refused
	}
	s.queue.allow(c.get("allowed_updates"))
	c.note = "Webhook was set"
	if s.hook.url == address && s.hook.secret == secret {
		c.note = "Webhook is already set"
	}
	s.hook = webhook{url: address, secret: secret, connections: c.clamped("max_connections", 40, 1, 100)}
	if c.yes("drop_pending_updates") {
		s.queue.drop(len(s.queue.items))
	}
	s.poll.end(hookIsSet)
	return yes()
}

func checkHook(address, secret string) *refusal {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return badRequest("bad webhook: invalid URL specified")
	}
	if u.Scheme != "https" {
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	switch u.Port() {
	case "", "443", "80", "88", "8443":
	default:
		return badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	if len(secret) > 256 {
		return badRequest("secret token is too long")
	}
	for i := range len(secret) {
		if !isWord(secret[i]) && secret[i] != '-' {
			return badRequest("secret token contains unallowed characters")
		}
	}
	return nil
}

func deleteWebhook(s *Server, c *call) ([]byte, *refusal) {
	c.note = "Webhook was deleted"
	if s.hook.url == "" {
		c.note = "Webhook is already deleted"
	}
	s.hook = webhook{}
	if c.yes("drop_pending_updates") {
		s.queue.drop(len(s.queue.items))
	}
	return yes()
}

func getWebhookInfo(s *Server, _ *call) ([]byte, *refusal) {
	s.queue.expire(s.now())
	b := append([]byte(nil), `{"url":`...)
	b = appendString(b, s.hook.url)
	b = append(b, `,"has_custom_certificate":false`...)
	b = appendNumber(b, "pending_update_count", int64(len(s.queue.items)))
	if s.hook.url != "" {
		b = appendNumber(b, "max_connections", s.hook.connections)
	}
	if s.hook.lastError != "" {
		b = appendNumber(b, "last_error_date", s.hook.lastErrorAt)
		b = appendField(b, "last_error_message", s.hook.lastError)
	}
	if len(s.queue.allowed) > 0 {
		b = append(b, `,"allowed_updates":[`...)
		for i, name := range slices.Sorted(maps.Keys(s.queue.allowed)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, name)
		}
		b = append(b, ']')
	}
	return append(b, '}'), nil
}

// PostWebhook delivers every update that waits to a handler, in their order, each in a request of its own. What is
// answered with a 2xx is gone; what is not stays and is posted again by the next PostWebhook, and nothing else of its
// chat is posted before it. The result is how many were taken. Without a webhook nothing is posted.
func (s *Server) PostWebhook(ctx context.Context, h http.Handler) (int, error) {
	return s.deliver(ctx, func(r *http.Request) (int, error) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code, nil
	})
}

// PostWebhookWith does the same through an HTTP client, to the address that the bot has set.
func (s *Server) PostWebhookWith(ctx context.Context, client *http.Client) (int, error) {
	return s.deliver(ctx, func(r *http.Request) (int, error) {
		resp, err := client.Do(r)
		if err != nil {
			return 0, err
		}
		return resp.StatusCode, resp.Body.Close()
	})
}

func (s *Server) deliver(ctx context.Context, post func(*http.Request) (int, error)) (int, error) {
	s.mu.Lock()
	s.queue.expire(s.now())
	waiting, hook := append([]item(nil), s.queue.items...), s.hook
	s.mu.Unlock()
	taken, stuck := 0, map[int64]bool{}
	for _, it := range waiting {
		if hook.url == "" || stuck[it.chat] {
			continue
		}
		r, err := hook.request(ctx, it)
		if err != nil {
			return taken, err
		}
		status, err := post(r)
		if err != nil {
			status = 0
		}
		if ctx.Err() != nil {
			return taken, ctx.Err()
		}
		if !s.posted(it, status) {
			stuck[it.chat] = true
			continue
		}
		taken++
	}
	return taken, nil
}

func (h webhook) request(ctx context.Context, it item) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(it.raw))
	if err != nil {
		return nil, fmt.Errorf("update %d for the webhook: %w", it.id, err)
	}
	r.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		r.Header.Set(SecretHeader, h.secret)
	}
	return r, nil
}

// posted notes the answer to one delivery and reports whether the update was taken.
func (s *Server) posted(it item, status int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if status < 200 || status > 299 {
		s.hook.lastErrorAt = s.now().Unix()
		s.hook.lastError = "Wrong response from the webhook: " + strconv.Itoa(status) + " " + http.StatusText(status)
		if status == 0 {
			s.hook.lastError = "Connection refused"
		}
		return false
	}
	s.queue.remove(it.id)
	return true
}
