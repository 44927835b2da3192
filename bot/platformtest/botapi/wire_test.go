package botapi_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestEveryFormOfCallIsTaken(t *testing.T) {
	const multi = "--X\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n5001\r\n" +
		"--X\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na & b\r\n--X--\r\n"
	for _, c := range []struct{ verb, path, kind, body string }{
		{"GET", "sendMessage?chat_id=5001&text=a+%26+b&unknown=1", "", ""},
		{"POST", "SENDMESSAGE", "application/x-www-form-urlencoded", "chat_id=5001&text=a+%26+b"},
		{"POST", "sendmessage", "application/json", `{"chat_id":5001,"text":"a & b","disable_notification":false}`},
		{"POST", "sendMessage", "multipart/form-data; boundary=X", multi},
	} {
		w := newTown(t, botapi.Config{})
		w.Say(noor, noor, "/start")
		req, err := http.NewRequestWithContext(t.Context(), c.verb, "http://telegram.test/bot"+token+"/"+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", c.kind)
		if r, err := w.send(req); err != nil || !r.OK {
			t.Errorf("%s %s: %v %+v", c.verb, c.path, err, r)
		}
		if m, _ := w.Last(noor); m.Text != "a & b" || m.Silent {
			t.Errorf("%s %s: %+v", c.verb, c.path, m)
		}
	}
}

func TestUnknownMethodAndToken(t *testing.T) {
	w := newTown(t, botapi.Config{})
	if r := w.refused("Not Found: method not found", "sendTelepathy"); r.status != 404 || r.Code != 404 {
		t.Errorf("%+v", r)
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://telegram.test/bot1:x/getMe", nil)
	if r, err := w.send(req); err != nil || r.Code != 401 || r.Description != "Unauthorized" {
		t.Errorf("%v %+v", err, r)
	}
}

func TestServesOnASocket(t *testing.T) {
	w := newTown(t, botapi.Config{})
	server := httptest.NewServer(w)
	defer server.Close()
	get := func(method string) (int, string, error) {
		req, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL+"/bot"+token+"/"+method, nil)
		resp, err := server.Client().Do(req)
		if err != nil {
			return 0, "", err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body), err
	}
	status, body, err := get("getMe")
	want := `{"ok":true,"result":{"id":123456789,"is_bot":true,"first_name":"Buurtbot","username":"buurtbot",` +
		`"can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false}}`
	if diff := cmp.Diff(want, body); status != 200 || err != nil || diff != "" {
		t.Errorf("%d %v (-want +got)\n%s", status, err, diff)
	}
	for _, kind := range []botapi.FaultKind{botapi.DropBefore, botapi.Reset, botapi.DropAfterEffect} {
		w.Fail(botapi.Fault{Kind: kind, Times: 2}) // an idle connection that breaks is tried once more
		if _, body, err := get("getMe"); err == nil {
			t.Errorf("fault %d was answered with %s", kind, body)
		}
		w.ClearFaults()
	}
	w.Fail(botapi.Fault{Kind: botapi.Status502HTML})
	if status, body, err := get("getMe"); status != 502 || !strings.HasPrefix(body, "<html>") || err != nil {
		t.Errorf("%d %s %v", status, body, err)
	}
}
