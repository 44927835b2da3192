package botapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

const (
	token = "123456789:AAHsecret-Secret_secretSecretSecret0"
	bot   = 123456789
	noor  = 5001
	ivo   = 5002
	echo  = 5003 // a bot
	lane  = -1001200000001
	yard  = -4001 // a basic group
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is set by hand.
type clock struct{ now time.Time }

func (c *clock) read() time.Time         { return c.now }
func (c *clock) forward(d time.Duration) { c.now = c.now.Add(d) }

// town is a server with two people and two groups, with the clock by which it goes.
type town struct {
	*botapi.Server
	*clock
	t testing.TB
}

func newTown(t testing.TB, c botapi.Config) town {
	t.Helper()
	hand := &clock{now: time.Unix(1_795_600_000, 0)}
	c.Token, c.Username = token, "buurtbot"
	if c.Now == nil {
		c.Now = hand.read
	}
	s := botapi.New(c)
	s.AddUser(botapi.User{ID: noor, FirstName: "Noor", Username: "noordeboer", Language: "nl"})
	s.AddUser(botapi.User{ID: ivo, FirstName: "Ivo"})
	s.AddUser(botapi.User{ID: echo, FirstName: "Echo", Username: "echobot", Bot: true})
	s.AddGroup(botapi.Group{ID: lane, Title: "Lindestraat", Members: []int64{noor, ivo, echo}})
	s.AddGroup(botapi.Group{ID: yard, Title: "Hof", Members: []int64{noor, ivo}})
	return town{Server: s, clock: hand, t: t}
}

// reply is an answer of the server.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		Migrate    int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
	status int
}

func (r reply) id() int64 {
	var m struct {
		ID int64 `json:"message_id"`
	}
	_ = json.Unmarshal(r.Result, &m)
	return m.ID
}

// args are names and values in turns.
func args(pairs ...any) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(fmt.Sprint(pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return form
}

// try makes a call; an error is one of the connection.
func (w town) try(ctx context.Context, method string, form url.Values) (reply, error) {
	address := "http://telegram.test/bot" + token + "/" + method
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(req)
}

func (w town) send(req *http.Request) (reply, error) {
	resp, err := w.RoundTrip(req)
	if err != nil {
		return reply{}, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		w.t.Fatal(err)
	}
	r := reply{status: resp.StatusCode}
	if json.Unmarshal(body, &r) != nil {
		r.Description = string(body)
	}
	return r, nil
}

// do makes a call that is answered.
func (w town) do(method string, pairs ...any) reply {
	w.t.Helper()
	r, err := w.try(context.Background(), method, args(pairs...))
	if err != nil {
		w.t.Fatalf("%s: %v", method, err)
	}
	return r
}

// ok makes a call that goes well.
func (w town) ok(method string, pairs ...any) reply {
	w.t.Helper()
	r := w.do(method, pairs...)
	if !r.OK {
		w.t.Fatalf("%s %v: %s", method, pairs, r.Description)
	}
	return r
}

// refused makes a call that is refused with these words.
func (w town) refused(want, method string, pairs ...any) reply {
	w.t.Helper()
	r := w.do(method, pairs...)
	if r.OK || r.Description != want {
		w.t.Errorf("%s %.200s: %q, want %q", method, fmt.Sprint(pairs...), r.Description, want)
	}
	return r
}

// poll gives the updates from an offset.
func (w town) poll(pairs ...any) []json.RawMessage {
	w.t.Helper()
	var batch []json.RawMessage
	if err := json.Unmarshal(w.ok("getUpdates", pairs...).Result, &batch); err != nil {
		w.t.Fatal(err)
	}
	return batch
}

// heard gives what kinds of updates wait, with their texts.
func (w town) heard() []string {
	w.t.Helper()
	var list []string
	for _, raw := range w.poll() {
		var u map[string]json.RawMessage
		if err := json.Unmarshal(raw, &u); err != nil {
			w.t.Fatal(err)
		}
		for kind, about := range u {
			if kind == "update_id" {
				continue
			}
			var m struct{ Text, Data, Caption string }
			_ = json.Unmarshal(about, &m)
			list = append(list, strings.TrimSpace(kind+" "+m.Text+m.Data+m.Caption))
		}
	}
	return list
}

func idOf(t testing.TB, raw []byte) int64 {
	t.Helper()
	var u struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &u); err != nil {
		t.Fatal(err)
	}
	return u.ID
}

// buttons writes a keyboard with one row.
func buttons(pairs ...string) string {
	var b bytes.Buffer
	b.WriteString(`{"inline_keyboard":[[`)
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"text":%q,"callback_data":%q}`, pairs[i], pairs[i+1])
	}
	b.WriteString(`]]}`)
	return b.String()
}
