package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func text(id int64, words string) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":5001,"is_bot":false,"first_name":"Noor"},`+
		`"chat":{"id":5001,"type":"private"},"date":1,"text":%q}}`, id, id, words)
}

func batchOf(updates ...string) string {
	return `{"ok":true,"result":[` + strings.Join(updates, ",") + `]}`
}

// server answers the calls that a first poll makes, and getUpdates with what it is given.
func server(updates func(c call) string) *script {
	return &script{answer: func(c call) (int, string) {
		switch c.Method {
		case "getUpdates":
			return http.StatusOK, updates(c)
		case "getMe":
			return http.StatusOK, `{"ok":true,"result":{"id":123456789,"is_bot":true,"username":"BuurtBot"}}`
		case "getWebhookInfo":
			return http.StatusOK, `{"ok":true,"result":{"url":""}}`
		}
		return http.StatusOK, `{"ok":true,"result":true}`
	}}
}

func TestFirstPollIntroducesItselfAndStoresTheBatch(t *testing.T) {
	s := server(func(call) string { return batchOf(text(7, "a"), text(8, "b")) })
	tg, in := newBot(t, s), &box{}
	if err := tg.PollOnce(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"getWebhookInfo", "getMe", "getUpdates"}, s.methods()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want := map[string]string{"limit": "100", "timeout": "50", "allowed_updates": allowedUpdates}
	if diff := cmp.Diff(want, s.last(t).Params); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(`{"offset":9,"bot":"123456789","username":"BuurtBot"}`, in.mark); diff != "" {
		t.Errorf("checkpoint (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{external(7, []byte(text(7, "a"))), external(8, []byte(text(8, "b")))}, in.externals()); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	if len(in.rows[0].External) != len("7:")+16 || tg.LastHeard().IsZero() {
		t.Errorf("external id %q, heard %v", in.rows[0].External, tg.LastHeard())
	}
}

func TestNextPollConfirmsOnlyWhatWasStored(t *testing.T) {
	s := server(func(call) string { return batchOf(text(7, "a")) })
	tg, in := newBot(t, s), &box{fail: errors.New("disk full")}
	for range 2 {
		e := sendFault(t, tg.PollOnce(t.Context(), in))
		if e.Remedy != bot.Later || e.After < 3*time.Second {
			t.Errorf("%+v", e)
		}
		if offset, sent := s.last(t).Params["offset"]; sent {
			t.Errorf("confirmed up to %s", offset)
		}
	}
	in.fail = nil
	if err := tg.PollOnce(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	_ = tg.PollOnce(t.Context(), in)
	if got := s.last(t).Params["offset"]; got != "8" || len(in.rows) != 1 {
		t.Errorf("offset %s, %d rows", got, len(in.rows))
	}
}

func TestRestartKnowsOffsetAndNameWithoutTelegram(t *testing.T) {
	in := &box{mark: `{"offset":42,"bot":"123456789","username":"buurtbot"}`}
	s := always(http.StatusBadGateway, "<html>")
	tg := newBot(t, s)
	e := sendFault(t, tg.PollOnce(t.Context(), in))
	if e.Remedy != bot.Later || tg.Username() != "buurtbot" {
		t.Errorf("%+v, name %q", e, tg.Username())
	}
	var fault *Fault
	if !errors.As(e, &fault) || fault.Code != 502 || !tg.LastHeard().IsZero() {
		t.Errorf("%v", e)
	}
}

func TestCheckpointOfAnotherBotIsNotUsed(t *testing.T) {
	for _, mark := range []string{`{"offset":42,"bot":"987"}`, `{"offset":-3,"bot":"123456789"}`, `nonsense`, ``} {
		s := server(func(call) string { return batchOf(text(7, "a")) })
		tg := newBot(t, s)
		if err := tg.PollOnce(t.Context(), &box{mark: mark}); err != nil {
			t.Fatal(err)
		}
		if offset, sent := s.last(t).Params["offset"]; sent {
			t.Errorf("%s: offset %s", mark, offset)
		}
	}
}

func TestOffsetFollowsTheLastUpdateNotTheHighest(t *testing.T) {
	in := &box{mark: `{"offset":900001,"bot":"123456789","username":"BuurtBot"}`}
	s := server(func(c call) string {
		if c.Params["offset"] == "900001" {
			return batchOf(text(900000, "old"), text(17, "new week"), text(18, "go on"))
		}
		return batchOf(text(19, "and on"))
	})
	tg := newBot(t, s)
	for range 2 {
		if err := tg.PollOnce(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.last(t).Params["offset"]; got != "19" || len(in.rows) != 4 {
		t.Errorf("offset %s, %d rows", got, len(in.rows))
	}
}

func TestSameIDWithOtherBytesIsAnotherUpdate(t *testing.T) {
	week, in := 1, &box{}
	tg := newBot(t, server(func(call) string { return batchOf(text(7, fmt.Sprint("week ", week))) }))
	_ = tg.PollOnce(t.Context(), in)
	week = 2
	_ = tg.PollOnce(t.Context(), in)
	if len(in.rows) != 2 {
		t.Errorf("%d rows", len(in.rows))
	}
}

func TestUpdateOfWrongFormIsStoredWithItsNeighbours(t *testing.T) {
	odd := `{"update_id":8,"message":{"message_id":"eight","chat":{"id":5001,"type":"private"},"text":"x"}}`
	in := &box{}
	tg := newBot(t, server(func(call) string { return batchOf(text(7, "a"), odd, text(9, "b"), `{"update_id":10,"story_time":{}}`) }))
	if err := tg.PollOnce(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if len(in.rows) != 4 || !strings.Contains(in.mark, `"offset":11`) {
		t.Fatalf("%d rows, %s", len(in.rows), in.mark)
	}
	if _, err := tg.Decode(in.rows[1].Body); err == nil {
		t.Error("the odd one was decoded")
	}
	for _, i := range []int{0, 2, 3} {
		if _, err := tg.Decode(in.rows[i].Body); err != nil {
			t.Error(err)
		}
	}
}

func TestServerThatNeverForgetsIsNotAskedInAHotLoop(t *testing.T) {
	in := &box{}
	tg := newBot(t, server(func(call) string { return batchOf(text(7, "a")) }))
	if err := tg.PollOnce(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if e := sendFault(t, tg.PollOnce(t.Context(), in)); e.After < time.Second || len(in.rows) != 1 {
		t.Errorf("%+v, %d rows", e, len(in.rows))
	}
}

func TestServerThatDoesNotHoldPollsIsNotAskedInAHotLoop(t *testing.T) {
	tg := newBot(t, server(func(call) string { return batchOf() }))
	var err error
	for range 50 {
		if err = tg.PollOnce(t.Context(), &box{mark: `{"offset":1,"bot":"123456789","username":"BuurtBot"}`}); err != nil {
			break
		}
	}
	if e := sendFault(t, err); e.After < time.Second {
		t.Errorf("%+v", e)
	}
}

func TestWebhookInTheWayIsRemovedWithoutLoss(t *testing.T) {
	hooked := true
	s := server(nil)
	plain := s.answer
	s.answer = func(c call) (int, string) {
		switch {
		case c.Method == "deleteWebhook":
			hooked = false
		case c.Method == "getWebhookInfo" && hooked:
			return http.StatusOK, `{"ok":true,"result":{"url":"https://old.example"}}`
		case c.Method == "getUpdates" && hooked:
			return http.StatusConflict, `{"ok":false,"error_code":409,"description":"Conflict: can't use getUpdates method while ` +
				`webhook is active; use deleteWebhook to delete the webhook first"}`
		case c.Method == "getUpdates":
			return http.StatusOK, batchOf(text(7, "a"))
		}
		return plain(c)
	}
	tg, in := newBot(t, s), &box{}
	if err := tg.PollOnce(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if got := s.calls[1]; got.Method != "deleteWebhook" || got.Params["drop_pending_updates"] != "false" {
		t.Errorf("%+v", got)
	}
	hooked = true // somebody sets one while we run
	if e := sendFault(t, tg.PollOnce(t.Context(), in)); e.Remedy != bot.Later || errors.As(e, new(SecondInstance)) {
		t.Errorf("%+v", e)
	}
	_ = tg.PollOnce(t.Context(), in)
	if hooked {
		t.Error("the second webhook is still there")
	}
}

func TestPollErrorsSayHowLongToWait(t *testing.T) {
	for _, c := range []struct {
		name, body  string
		status      int
		want        bot.Remedy
		least, most time.Duration
		second      bool
	}{
		{"token refused", `{"ok":false,"error_code":401,"description":"Unauthorized"}`, 401, bot.Down, refusedPause, refusedPause, false},
		{"second instance", `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request; make ` +
			`sure that only one bot instance is running"}`, 409, bot.Later, 5 * time.Second, 30 * time.Second, true},
		{
			"throttled", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 11","parameters":{"retry_after":11}}`,
			429, bot.Later, 11 * time.Second, 11 * time.Second, false,
		},
		{"server", `<html>`, 502, bot.Later, time.Second, 30 * time.Second, false},
	} {
		s := server(nil)
		plain := s.answer
		s.answer = func(d call) (int, string) {
			if d.Method == "getUpdates" {
				return c.status, c.body
			}
			return plain(d)
		}
		tg := newBot(t, s)
		for range 8 {
			e := sendFault(t, tg.PollOnce(t.Context(), &box{}))
			if e.Remedy != c.want || e.After < c.least || e.After > c.most {
				t.Errorf("%s: %+v", c.name, e)
			}
			if got := errors.As(e, new(SecondInstance)); got != c.second {
				t.Errorf("%s: second instance %v", c.name, got)
			}
		}
	}
}

func TestPauseDoublesAndEndsWithTheFirstSuccess(t *testing.T) {
	broken := true
	s := server(func(call) string { return batchOf(text(7, "a")) })
	s.broken = func(call) error {
		if broken {
			return errors.New("no route to host")
		}
		return nil
	}
	tg, in := newBot(t, s), &box{}
	var pauses []time.Duration
	for range 8 {
		pauses = append(pauses, sendFault(t, tg.PollOnce(t.Context(), in)).After)
	}
	for i, p := range pauses {
		full := min(time.Second<<i, 30*time.Second)
		if p > full || p < min(full*4/5, full) {
			t.Errorf("pause %d is %v, of at most %v", i, p, full)
		}
	}
	broken = false
	if err := tg.PollOnce(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	broken = true
	if p := sendFault(t, tg.PollOnce(t.Context(), in)).After; p != time.Second {
		t.Errorf("after a success: %v", p)
	}
}

func TestCancelledPollEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		tg := newBot(t, hang{})
		tg.poll.cleared, tg.poll.met = true, true
		start := time.Now()
		err := tg.PollOnce(ctx, &box{})
		if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, new(*bot.SendError)) || time.Since(start) != 7*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestSilenceOfSeventySecondsIsOvercome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := newBot(t, hang{})
		tg.poll.cleared, tg.poll.met = true, true
		in := &box{}
		if e := sendFault(t, tg.PollOnce(t.Context(), in)); e.Remedy != bot.Later {
			t.Errorf("%+v", e)
		}
		tg.transport = server(func(call) string { return batchOf(text(7, "a")) })
		if err := tg.PollOnce(t.Context(), in); err != nil || len(in.rows) != 1 {
			t.Error(err)
		}
	})
}

func TestGroupChatterIsConfirmedButNotStored(t *testing.T) {
	chatter := `{"update_id":7,"message":{"message_id":1,"from":{"id":5001,"is_bot":false,"first_name":"Noor"},` +
		`"chat":{"id":-100200,"type":"supergroup","title":"Lindestraat"},"date":1,"text":"wie heeft er een ladder?"}}`
	in := &box{}
	tg := newBot(t, server(func(call) string { return batchOf(chatter) }))
	if err := tg.PollOnce(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if len(in.rows) != 0 || !strings.Contains(in.mark, `"offset":8`) {
		t.Errorf("%d rows, %s", len(in.rows), in.mark)
	}
}

// What Telegram's servers say of the time is heard with every answer, also with one that refuses.
func TestClockOfTheServerIsHeard(t *testing.T) {
	at := time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)
	s := newStrict(t, botapi.Config{Now: func() time.Time { return at }})
	if said := s.tg.Testimony(); !said.Said.IsZero() {
		t.Errorf("before any answer: %v", said)
	}
	if _, err := s.tg.Call(t.Context(), "getNothing", nil); err == nil {
		t.Fatal("there is such a method")
	}
	if said := s.tg.Testimony(); !said.Said.Equal(at) {
		t.Errorf("a server whose clock shows %v told %v", at, said)
	}
}
