package telegram

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// deliver posts an update to a webhook and gives the status of the answer.
func deliver(t *testing.T, hook http.Handler, method, secret, body string) int {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, "/hook", strings.NewReader(body))
	if secret != "" {
		req.Header.Set(secretHeader, secret)
	}
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, req)
	return w.Code
}

func TestDeliveryCountsOnlyWithTheSecretAndOnlyOnce(t *testing.T) {
	for _, c := range []struct {
		name, method, secret, body string
		status, rows               int
	}{
		{"good", "POST", "s3cret", text(7, "a"), 200, 1},
		{"no secret", "POST", "", text(7, "a"), 401, 0},
		{"wrong secret", "POST", "s3creT", text(7, "a"), 401, 0},
		{"longer secret", "POST", "s3cret0", text(7, "a"), 401, 0},
		{"get", "GET", "s3cret", "", 405, 0},
		{"large", "POST", "s3cret", text(7, strings.Repeat("a", maxDelivery)), 413, 0},
		{"large without secret", "POST", "", text(7, strings.Repeat("a", maxDelivery)), 401, 0},
		{"empty", "POST", "s3cret", "", 400, 0},
		{"garbled", "POST", "s3cret", `{"update_id":7,`, 200, 1},
		{"unknown kind", "POST", "s3cret", `{"update_id":7,"story_time":{}}`, 200, 1},
	} {
		tg, in := newBot(t, always(200, "{}")), &box{}
		for range 2 {
			if got := deliver(t, tg.Handler(in), c.method, c.secret, c.body); got != c.status {
				t.Errorf("%s: %d, want %d", c.name, got, c.status)
			}
		}
		if len(in.rows) != c.rows || (c.rows == 0 && in.mark != "") {
			t.Errorf("%s: %d rows, checkpoint %q", c.name, len(in.rows), in.mark)
		}
	}
}

func TestNoSecretConfiguredTrustsNobody(t *testing.T) {
	tg := New(Config{Token: testToken})
	if got := deliver(t, tg.Handler(&box{}), "POST", "", text(7, "a")); got != http.StatusUnauthorized {
		t.Error(got)
	}
}

func TestDeliveryIsAcceptedOnlyAfterTheCommit(t *testing.T) {
	tg, in := newBot(t, always(200, "{}")), &box{fail: errors.New("disk full")}
	if got := deliver(t, tg.Handler(in), "POST", "s3cret", text(7, "a")); got != http.StatusServiceUnavailable {
		t.Error(got)
	}
	in.fail = nil
	if got := deliver(t, tg.Handler(in), "POST", "s3cret", text(7, "a")); got != http.StatusOK || len(in.rows) != 1 {
		t.Errorf("%d, %d rows", got, len(in.rows))
	}
	if diff := cmp.Diff(`{"offset":0,"bot":"123456789"}`, in.mark); diff != "" {
		t.Errorf("checkpoint (-want +got)\n%s", diff)
	}
}

func TestPolledAndDeliveredUpdateHaveOneID(t *testing.T) {
	in := &box{}
	tg := newBot(t, server(func(call) string { return batchOf(text(7, "a")) }))
	_ = deliver(t, tg.Handler(in), "POST", "s3cret", text(7, "a"))
	if err := tg.PollOnce(t.Context(), in); err != nil || len(in.rows) != 1 {
		t.Errorf("%v, %d rows", err, len(in.rows))
	}
}

func TestWebhookIsSetOnceAndWatched(t *testing.T) {
	address := "https://bot.example/hook"
	s := server(nil)
	plain := s.answer
	s.answer = func(c call) (int, string) {
		if c.Method == "getWebhookInfo" {
			return http.StatusOK, `{"ok":true,"result":{"url":"` + address + `","pending_update_count":1017}}`
		}
		return plain(c)
	}
	tg := newBot(t, s)
	for range 2 {
		if err := tg.SetWebhook(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"getMe", "setWebhook", "getWebhookInfo", "getWebhookInfo"}, s.methods()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want := map[string]string{
		"url": "https://bot.example/hook", "secret_token": "s3cret", "max_connections": "40", "allowed_updates": allowedUpdates,
	}
	if diff := cmp.Diff(want, s.calls[1].Params); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	address = "https://other.example"
	if err := tg.SetWebhook(t.Context()); err == nil {
		t.Error("another address was not noticed")
	}
	address = "https://bot.example/hook"
	if err := tg.SetWebhook(t.Context()); err != nil || s.calls[len(s.calls)-2].Method != "setWebhook" {
		t.Errorf("%v: %v", err, s.methods())
	}
	if n, err := tg.Behind(t.Context()); n != 1017 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
	if err := New(Config{Token: testToken}).SetWebhook(t.Context()); err == nil {
		t.Error("no address is no error")
	}
}
