package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// indiscreet fails with errors that show the address, as clients and proxies do.
type indiscreet struct{}

func (indiscreet) RoundTrip(req *http.Request) (*http.Response, error) {
	inner := fmt.Errorf("proxy could not reach %s: %w", req.URL, context.DeadlineExceeded)
	return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: inner}
}

// gossip is a server that repeats the address in its refusal.
type gossip struct{}

func (gossip) RoundTrip(req *http.Request) (*http.Response, error) {
	body := `{"ok":false,"error_code":404,"description":"Not Found: ` + req.URL.String() + `"}`
	return always(http.StatusNotFound, body).RoundTrip(&http.Request{URL: req.URL})
}

// chain lists the texts of an error and of all that it wraps.
func chain(err error) []string {
	if err == nil {
		return nil
	}
	texts := []string{err.Error(), fmt.Sprintf("%+v %#v", err, err)}
	switch e := err.(type) { //nolint:errorlint // it walks the chain itself
	case interface{ Unwrap() error }:
		texts = append(texts, chain(e.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			texts = append(texts, chain(inner)...)
		}
	}
	return texts
}

func TestTokenIsNowhere(t *testing.T) {
	for name, c := range map[string]Config{
		"dead port":         {URL: deadPort(t)},
		"unusable address":  {URL: "http://bad host\x7f"},
		"indiscreet errors": {URL: "http://telegram.test", Transport: indiscreet{}},
		"gossiping server":  {URL: "http://telegram.test", Transport: gossip{}},
		"cut off":           {URL: "http://telegram.test", Transport: always(http.StatusOK, `{"ok":true,`)},
	} {
		t.Run(name, func(t *testing.T) {
			var logged bytes.Buffer
			log := slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c.Token, c.Log = testToken, log
			c.Webhook = Webhook{URL: "https://bot.example", Secret: "hook-secret"}
			tg := New(c)
			defer tg.Close()
			for _, err := range everyMethod(t, tg) {
				if err == nil {
					t.Error("a call went well")
				}
				log.Error("failed", "error", err, "config", c)
				for _, text := range chain(err) {
					if strings.Contains(text, "AAHsecret") {
						t.Errorf("token in %T: %s", err, text)
					}
				}
			}
			if text := logged.String(); strings.Contains(text, "AAHsecret") || strings.Contains(text, "hook-secret") {
				t.Errorf("token in the log: %s", text)
			}
		})
	}
}

func everyMethod(t *testing.T, tg *Telegram) []error {
	ctx := t.Context()
	letter := bot.Letter{To: bot.ChatRef{ID: "1"}, Message: bot.Message{Text: "x"}}
	edit := bot.Letter{To: bot.ChatRef{ID: "1"}, Op: bot.OpEdit, Edits: "5", Message: bot.Message{Text: "x"}}
	_, sent := tg.Send(ctx, letter, nil)
	_, edited := tg.Send(ctx, edit, nil)
	_, photo := tg.Send(ctx, letter, [][]byte{[]byte("jpeg")})
	_, album := tg.Send(ctx, letter, [][]byte{[]byte("jpeg"), []byte("gepj")})
	_, fetched := tg.Fetch(ctx, "file", 100)
	_, called := tg.Call(ctx, "getMe", nil)
	_, uploaded := tg.Call(ctx, "sendDocument", nil, tgbotapi.RequestFile{Name: "document", Data: pixels(9)})
	_, downloaded := tg.download(ctx, "photos/1.jpg", 5)
	return []error{
		sent, edited, photo, album, fetched, called, uploaded, downloaded,
		tg.Answer(ctx, "query", "text"), tg.PollOnce(ctx, &box{}), tg.SetWebhook(ctx), tg.meet(ctx),
	}
}

func TestHiddenErrorStillSaysWhatItIs(t *testing.T) {
	tg := newBot(t, indiscreet{})
	_, err := tg.Call(t.Context(), "getMe", nil)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no deadline: %v", err)
	}
}

func TestTokenTypeHidesItself(t *testing.T) {
	token := Token(testToken)
	for _, text := range []string{fmt.Sprint(token), fmt.Sprintf("%#v %s %q %v", token, token, token, Config{Token: token})} {
		if strings.Contains(text, "AAH") {
			t.Error(text)
		}
	}
}

func TestLibraryNeverLogs(t *testing.T) {
	var logged bytes.Buffer
	if err := tgbotapi.SetLogger(slog.NewLogLogger(slog.NewTextHandler(&logged, nil), slog.LevelInfo)); err != nil {
		t.Fatal(err)
	}
	tg := newBot(t, byMethod(nil))
	_ = everyMethod(t, tg)
	if logged.Len() != 0 {
		t.Errorf("the library logged: %s", &logged)
	}
}
