package telegram

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/buurtbot/buurtbot/bot"
)

const testToken = "123456789:AAHsecret-Secret_secretSecretSecret0"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// call is one request as the server sees it.
type call struct {
	Method string
	Params map[string]string
	Files  map[string]int // bytes
}

// script answers calls in the process, without a socket.
type script struct {
	mu     sync.Mutex
	calls  []call
	answer func(c call) (status int, body string)
	broken func(c call) error // instead of an answer
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	c, err := readCall(req)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.calls = append(s.calls, c)
	s.mu.Unlock()
	if s.broken != nil {
		if err := s.broken(c); err != nil {
			return nil, err
		}
	}
	status, body := s.answer(c)
	return &http.Response{
		StatusCode: status, Header: http.Header{}, ContentLength: int64(len(body)), Request: req,
		Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

func readCall(req *http.Request) (call, error) {
	place, found := strings.CutPrefix(req.URL.Path, "/bot"+testToken+"/")
	if !found {
		place = req.URL.Path
	}
	c := call{Method: place, Params: map[string]string{}, Files: map[string]int{}}
	if req.Body == nil {
		return c, nil
	}
	defer req.Body.Close()
	kind, options, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil {
		return c, nil // a download has no form
	}
	if kind != "multipart/form-data" {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return c, err
		}
		form, err := url.ParseQuery(string(body))
		for name := range form {
			c.Params[name] = form.Get(name)
		}
		return c, err
	}
	return c, readParts(c, multipart.NewReader(req.Body, options["boundary"]))
}

func readParts(c call, parts *multipart.Reader) error {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		body, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() != "" {
			c.Files[part.FormName()] = len(body)
		} else {
			c.Params[part.FormName()] = string(body)
		}
	}
}

// methods lists what was called.
func (s *script) methods() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, len(s.calls))
	for i, c := range s.calls {
		names[i] = c.Method
	}
	return names
}

func (s *script) last(t *testing.T) call {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) == 0 {
		t.Fatal("nothing was called")
	}
	return s.calls[len(s.calls)-1]
}

// always gives the same answer to everything.
func always(status int, body string) *script {
	return &script{answer: func(call) (int, string) { return status, body }}
}

// byMethod answers by method, and everything else with true.
func byMethod(answers map[string]string) *script {
	return &script{answer: func(c call) (int, string) {
		if body, known := answers[c.Method]; known {
			return http.StatusOK, body
		}
		return http.StatusOK, `{"ok":true,"result":true}`
	}}
}

func newBot(t guest, transport http.RoundTripper) *Telegram {
	t.Helper()
	tg := New(Config{
		Token: testToken, URL: "http://telegram.test", Transport: transport, Limits: DefaultLimits(),
		Webhook: Webhook{URL: "https://bot.example/hook", Secret: "s3cret"}, Log: slog.New(slog.DiscardHandler),
		Now: time.Now,
	})
	t.Cleanup(tg.Close)
	return tg
}

// guest is a test, or one of the many checks in it, which closes what it began when it is over.
type guest interface {
	Helper()
	Cleanup(done func())
}

// box is an inbox in memory.
type box struct {
	mu   sync.Mutex
	rows []bot.Raw
	mark string
	fail error
}

func (b *box) Checkpoint(context.Context, string, string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.mark, nil
}

func (*box) Held(context.Context, string) ([]bot.Chat, error) { return nil, nil }

func (b *box) Receive(_ context.Context, _, _ string, rows []bot.Raw, mark string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.mark = mark
next:
	for _, row := range rows {
		for _, old := range b.rows {
			if old.External == row.External {
				continue next
			}
		}
		b.rows = append(b.rows, row)
	}
	return nil
}

func (b *box) externals() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	ids := make([]string, len(b.rows))
	for i, r := range b.rows {
		ids[i] = r.External
	}
	return ids
}

// sendFault unpacks the remedy of an error, which must have one.
func sendFault(t *testing.T, err error) *bot.SendError {
	t.Helper()
	var e *bot.SendError
	if !errors.As(err, &e) {
		t.Fatalf("no *bot.SendError: %v", err)
	}
	return e
}
