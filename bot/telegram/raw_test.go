package telegram

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

var toNobody = tgbotapi.Params{"chat_id": "1", "text": "x"}

// wired makes a bot that talks to a real socket, whose server does to each connection what serve says.
func wired(t *testing.T, serve func(net.Conn)) *Telegram {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serve(conn)
			_ = conn.Close()
		}
	}()
	tg := New(Config{Token: testToken, URL: "http://" + listener.Addr().String()})
	t.Cleanup(func() { _ = listener.Close(); <-done; tg.Close() })
	return tg
}

// readRequest takes in a whole request, or a test of a broken answer would test a broken request.
func readRequest(conn net.Conn) {
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err == nil {
		_, _ = io.Copy(io.Discard, req.Body)
	}
}

func TestTransportFaultsOnARealSocket(t *testing.T) {
	for _, c := range []struct {
		name  string
		serve func(net.Conn)
		want  bot.Remedy
	}{
		{"reset after the request", func(c net.Conn) {
			readRequest(c)
			_ = c.(*net.TCPConn).SetLinger(0)
		}, bot.Uncertain},
		{"closed after the request", readRequest, bot.Uncertain},
		{"truncated body", func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"ok\":true,\"res")
		}, bot.Uncertain},
		{"truncated JSON", func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"ok\":true")
		}, bot.Uncertain},
		{"no HTTP", func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.9\r\n")
		}, bot.Uncertain},
		{"502 in HTML", func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 6\r\n\r\n<html>")
		}, bot.Uncertain},
	} {
		for what, file := range map[string][]tgbotapi.RequestFile{"": nil, ", upload": {{Name: "photo", Data: pixels(9)}}} {
			tg := wired(t, c.serve) // of its own, or the next call might try a connection that is just being closed
			_, err := tg.Call(t.Context(), "sendAny", toNobody, file...)
			if got := sendFault(t, tg.sendError(err)).Remedy; got != c.want {
				t.Errorf("%s%s: %v, want %v (%v)", c.name, what, got, c.want, err)
			}
		}
	}
}

func pixels(n int) tgbotapi.FileBytes {
	return tgbotapi.FileBytes{Name: "photo.jpg", Bytes: []byte(strings.Repeat("x", n))}
}

func TestDeadPortIsDefinite(t *testing.T) {
	tg := New(Config{Token: testToken, URL: deadPort(t)})
	defer tg.Close()
	_, err := tg.Call(t.Context(), "sendMessage", toNobody)
	if got := remedyOf(tg.sendError(err)); got != (remedy{Remedy: bot.Later, After: offlinePause, Global: true}) {
		t.Errorf("%+v: %v", got, err)
	}
}

func TestPlainServerBehindHTTPSIsDefinite(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	tg := New(Config{Token: testToken, URL: strings.Replace(server.URL, "http:", "https:", 1)})
	defer tg.Close()
	_, err := tg.Call(t.Context(), "sendMessage", toNobody)
	if got := tg.sendError(err); got.Remedy != bot.Later || !got.Global {
		t.Errorf("%+v", got)
	}
}

func deadPort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

// hang never answers; it ends with the request's context, as a transport must.
type hang struct{}

func (hang) RoundTrip(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return nil, req.Context().Err()
}

func TestEveryCallHasItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := newBot(t, hang{})
		for _, c := range []struct {
			method string
			files  []tgbotapi.RequestFile
			want   time.Duration
		}{
			{"getUpdates", nil, 65 * time.Second},
			{"sendMessage", nil, 15 * time.Second},
			{"sendPhoto", []tgbotapi.RequestFile{{Name: "photo", Data: pixels(9)}}, 60 * time.Second},
		} {
			start := time.Now()
			_, err := tg.Call(t.Context(), c.method, toNobody, c.files...)
			if took := time.Since(start); took != c.want {
				t.Errorf("%s took %v, want %v", c.method, took, c.want)
			}
			if !errors.Is(err, context.DeadlineExceeded) || tg.sendError(err).Remedy != bot.Uncertain {
				t.Errorf("%s: %v", c.method, err)
			}
		}
	})
}

// deaf answers without reading the request, or fails without closing its body, as a careless transport might.
type deaf struct{ err error }

func (d deaf) RoundTrip(*http.Request) (*http.Response, error) {
	if d.err != nil {
		return nil, d.err
	}
	body := `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`
	return &http.Response{StatusCode: http.StatusForbidden, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func TestUploadThatIsNotReadLeavesNoGoroutine(t *testing.T) {
	for _, d := range []deaf{{}, {err: io.EOF}} {
		tg := newBot(t, d)
		for range 20 {
			if _, err := tg.Call(t.Context(), "sendPhoto", toNobody, tgbotapi.RequestFile{Name: "photo", Data: pixels(1 << 20)}); err == nil {
				t.Error("no error")
			}
		}
	} // goleak looks for the rest
}

func TestUploadErrorsHaveTheirCode(t *testing.T) {
	tg := newBot(t, always(http.StatusForbidden, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`))
	_, err := tg.Call(t.Context(), "sendPhoto", toNobody, tgbotapi.RequestFile{Name: "photo", Data: pixels(9)})
	var fault *Fault
	if !errors.As(err, &fault) || fault.Code != 403 || tg.sendError(err).Remedy != bot.Gone {
		t.Errorf("%+v", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var followed atomic.Bool
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Store(true) }))
	defer trap.Close()
	server := httptest.NewServer(http.RedirectHandler(trap.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	tg := New(Config{Token: testToken, URL: server.URL})
	defer tg.Close()
	_, err := tg.Call(t.Context(), "sendMessage", toNobody)
	if _, fetched := tg.Fetch(t.Context(), "f", 1); err == nil || fetched == nil || followed.Load() {
		t.Errorf("followed: %v, errors %v and %v", followed.Load(), err, fetched)
	}
}

// endless is an answer without an end.
type endless struct{ length int64 }

func (e endless) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, ContentLength: e.length, Body: io.NopCloser(zeros{})}, nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestAnswersAreLimited(t *testing.T) {
	for _, length := range []int64{-1, maxAnswer + 1} {
		tg := newBot(t, endless{length})
		if _, err := tg.Call(t.Context(), "getUpdates", nil); err == nil || !strings.Contains(err.Error(), "64 MiB") {
			t.Errorf("length %d: %v", length, err)
		}
	}
}

func TestConnectionIsUsedAgain(t *testing.T) {
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, sentMessage)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	tg := New(Config{Token: testToken, URL: server.URL + "/"})
	defer tg.Close()
	for range 50 {
		if _, err := tg.Call(t.Context(), "sendMessage", toNobody); err != nil {
			t.Fatal(err)
		}
	}
	if opened.Load() != 1 {
		t.Errorf("%d connections for 50 calls", opened.Load())
	}
}
