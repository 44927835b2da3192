package botapi_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestFaultHasItsEffectAndNoOther(t *testing.T) {
	var network *net.OpError
	for _, c := range []struct {
		kind   botapi.FaultKind
		lost   func(error) bool
		status int
		sent   int
	}{
		{botapi.DropBefore, func(err error) bool { return errors.Is(err, io.EOF) }, 0, 0},
		{botapi.DropAfterEffect, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }, 0, 1},
		{botapi.Reset, func(err error) bool { return errors.As(err, &network) && network.Op == "read" }, 0, 0},
		{botapi.Refuse, func(err error) bool { return errors.As(err, &network) && network.Op == "dial" }, 0, 0},
		{botapi.Status500, nil, 500, 0},
		{botapi.Status502HTML, nil, 502, 0},
		{botapi.TooMany, nil, 429, 0},
		{botapi.Unauthorized, nil, 401, 0},
		{botapi.Slow, nil, 200, 1},
	} {
		w := newTown(t, botapi.Config{})
		w.Fail(botapi.Fault{Kind: c.kind, Method: "SendMessage", Chat: lane})
		w.ok("getMe")
		w.ok("sendMessage", "chat_id", yard, "text", "other chats are spared")
		r, err := w.try(t.Context(), "sendMessage", args("chat_id", lane, "text", "x"))
		if r.status != c.status || (c.lost != nil) != (err != nil) || (err != nil && !c.lost(err)) {
			t.Errorf("fault %d: %+v, %v", c.kind, r, err)
		}
		if got := len(w.Messages(lane)); got != c.sent {
			t.Errorf("fault %d: %d messages", c.kind, got)
		}
		w.forward(3 * time.Second)
		w.ok("sendMessage", "chat_id", lane, "text", "once only")
	}
}

func TestFaultEndsWhenItIsUsedUpOrCleared(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Fail(botapi.Fault{Kind: botapi.Status500, Times: 2})
	w.Fail(botapi.Fault{Kind: botapi.Unauthorized, Times: -1})
	var got []int
	for range 5 {
		got = append(got, w.do("getMe").status)
	}
	w.ClearFaults()
	got = append(got, w.do("getMe").status)
	if diff := cmp.Diff([]int{500, 500, 401, 401, 401, 200}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if r := w.Requests(); len(r) != 6 || r[2].Error != "Unauthorized" {
		t.Errorf("%+v", r)
	}
}

func TestWaitingFollowsTheTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, botapi.Config{Now: time.Now})
		w.SetDelay(40 * time.Millisecond)
		start := time.Now()
		w.ok("getMe")
		if got := time.Since(start); got != 40*time.Millisecond {
			t.Errorf("took %v", got)
		}
		w.SetDelay(0)
		w.Fail(botapi.Fault{Kind: botapi.Hang})
		ctx, cancel := context.WithTimeout(t.Context(), 70*time.Second)
		defer cancel()
		if _, err := w.try(ctx, "getMe", nil); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) < 70*time.Second {
			t.Errorf("%v", err)
		}
	})
}

func TestUpdatesAreDeliveredInOrderUntilTheyAreTaken(t *testing.T) {
	w := newTown(t, botapi.Config{})
	for want, address := range map[string]string{
		"Bad Request: bad webhook: An HTTPS URL must be provided for webhook":               "http://bot.example",
		"Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443": "https://bot.example:444",
		"Bad Request: bad webhook: invalid URL specified":                                   "nowhere",
	} {
		w.refused(want, "setWebhook", "url", address)
	}
	w.refused("Bad Request: secret token contains unallowed characters", "setWebhook", "url", "https://bot.example", "secret_token", "a b")
	w.refused("Bad Request: secret token is too long", "setWebhook", "url", "https://bot.example", "secret_token", strings.Repeat("a", 257))
	w.ok("setWebhook", "url", "https://bot.example/hook", "secret_token", "s3cret")
	w.Say(noor, noor, "a")
	w.Say(noor, noor, "b")
	w.Say(ivo, ivo, "c")
	status, seen := http.StatusServiceUnavailable, 0
	hook := botapi.Through(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "s3cret" || r.URL.Path != "/hook" {
			t.Errorf("%s %v", r.URL, r.Header)
		}
		seen++
		rw.WriteHeader(status)
	}))
	deliver := func() (n int) {
		for {
			delivered, err := w.Deliver(t.Context(), hook)
			if err != nil {
				t.Fatal(err)
			}
			if !delivered {
				return n
			}
			n++
		}
	}
	if n := deliver(); n != 2 || w.Pending() != 3 {
		t.Errorf("%d deliveries of the first of each chat, %d wait", n, w.Pending())
	}
	w.forward(time.Second)
	if n := deliver(); n != 2 {
		t.Errorf("%d", n)
	}
	w.forward(time.Second)
	if n := deliver(); n != 0 {
		t.Errorf("the pause does not double: %d", n)
	}
	status = http.StatusOK
	w.forward(time.Second)
	if n := deliver(); n != 3 || w.Pending() != 0 || seen != 7 {
		t.Errorf("%d, %d wait, %d seen", n, w.Pending(), seen)
	}
}

func TestDeliveriesOfOneChatComeOneByOne(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.ok("setWebhook", "url", "https://bot.example/hook")
	for range 2 {
		w.Say(noor, noor, "a")
		w.Say(ivo, ivo, "b")
	}
	var pending []int
	var hook http.RoundTripper
	hook = botapi.Through(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		pending = append(pending, w.Pending())
		for { // others deliver while this one is under way
			if more, err := w.Deliver(t.Context(), hook); err != nil || !more {
				return
			}
		}
	}))
	if _, err := w.Deliver(t.Context(), hook); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{4, 4, 3}, pending); diff != "" || w.Pending() != 1 {
		t.Errorf("%d wait (-want +got)\n%s", w.Pending(), diff)
	}
}
