package botapi_test

import (
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestPrivateChatBearsOneASecondAfterABurst(t *testing.T) {
	w := newTown(t, botapi.Config{Limits: true})
	w.Say(noor, noor, "/start")
	send := func() reply { return w.do("sendMessage", "chat_id", noor, "text", "x") }
	for range 5 {
		if r := send(); !r.OK {
			t.Fatal(r.Description)
		}
	}
	if r := send(); r.status != 429 || r.Parameters.RetryAfter != 1 || r.Description != "Too Many Requests: retry after 1" {
		t.Errorf("%+v", r)
	}
	for range 20 {
		w.forward(time.Second)
		if r := send(); !r.OK {
			t.Fatal(r.Description)
		}
	}
	if w.Throttled() != 1 || w.Doubled() != 0 {
		t.Errorf("%d, %d", w.Throttled(), w.Doubled())
	}
}

func TestGroupBearsTwentyWritesAMinute(t *testing.T) {
	w := newTown(t, botapi.Config{Limits: true})
	m := w.ok("sendMessage", "chat_id", lane, "text", "x").id()
	w.forward(time.Second)
	for i := range 19 {
		w.ok("editMessageText", "chat_id", lane, "message_id", m, "text", itoa(i))
		w.forward(time.Second)
	}
	r := w.refused("Too Many Requests: retry after 40", "sendMessage", "chat_id", lane, "text", "y")
	if r.Parameters.RetryAfter != 40 {
		t.Errorf("%+v", r)
	}
	w.ok("sendMessage", "chat_id", yard, "text", "the other group is open")
	w.forward(40 * time.Second)
	w.ok("sendMessage", "chat_id", lane, "text", "y")
}

func TestEveryWriteToAGroupCounts(t *testing.T) {
	at := func(m int64, more ...any) []any { return append([]any{"chat_id", lane, "message_id", m}, more...) }
	for _, c := range []struct {
		method string
		counts bool
		args   func(text, photo int64, file string) []any
	}{
		{"sendMessage", true, func(int64, int64, string) []any { return []any{"chat_id", lane, "text", "y"} }},
		{"sendPhoto", true, func(_, _ int64, file string) []any { return []any{"chat_id", lane, "photo", file} }},
		{"sendLocation", true, func(int64, int64, string) []any { return []any{"chat_id", lane, "latitude", 1, "longitude", 1} }},
		{"editMessageText", true, func(text, _ int64, _ string) []any { return at(text, "text", "y") }},
		{"editMessageCaption", true, func(_, photo int64, _ string) []any { return at(photo, "caption", "y") }},
		{"editMessageMedia", true, func(_, photo int64, file string) []any {
			return at(photo, "media", `{"type":"photo","media":"`+file+`","caption":"z"}`)
		}},
		{"editMessageReplyMarkup", true, func(text, _ int64, _ string) []any { return at(text, "reply_markup", buttons("a", "b")) }},
		{"pinChatMessage", true, func(text, _ int64, _ string) []any { return at(text) }},
		{"copyMessage", true, func(text, _ int64, _ string) []any { return at(text, "from_chat_id", lane) }},
		{"forwardMessage", true, func(text, _ int64, _ string) []any { return at(text, "from_chat_id", lane) }},
		{"deleteMessage", false, func(text, _ int64, _ string) []any { return at(text) }},
		{"sendChatAction", false, func(int64, int64, string) []any { return []any{"chat_id", lane, "action", "typing"} }},
		{"getChat", false, func(int64, int64, string) []any { return []any{"chat_id", lane} }},
	} {
		w := newTown(t, botapi.Config{Limits: true})
		w.Promote(noor, lane, botapi.AllRights())
		posted := w.upload("sendPhoto", map[string][]byte{"photo": picture(t, 40, 30, 1)}, "chat_id", lane)
		text := w.ok("sendMessage", "chat_id", lane, "text", "x").id()
		for range 17 {
			w.ok("sendMessage", "chat_id", lane, "text", "x")
		}
		w.forward(2 * time.Second)
		w.ok(c.method, c.args(text, posted.id(), fileOf(t, posted.Result))...)
		if r := w.do("sendMessage", "chat_id", lane, "text", "z"); r.OK == c.counts {
			if c.counts {
				t.Errorf("%s does not count", c.method)
			} else {
				t.Errorf("%s counts: %s", c.method, r.Description)
			}
		}
	}
}

func TestThirtyWritesASecondOverall(t *testing.T) {
	w := newTown(t, botapi.Config{Limits: true})
	for i := range int64(31) {
		w.AddUser(botapi.User{ID: 6000 + i, FirstName: "P"})
		w.Say(6000+i, 6000+i, "/start")
		r := w.do("sendMessage", "chat_id", 6000+i, "text", "x")
		if r.OK != (i < 30) {
			t.Fatalf("%d: %+v", i, r)
		}
	}
}

func TestCallToAClosedChatDoublesItsTime(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	w.Fail(botapi.Fault{Kind: botapi.TooMany, Chat: noor, RetryAfter: 17})
	send := []any{"chat_id", noor, "text", "x"}
	w.refused("Too Many Requests: retry after 17", "sendMessage", send...)
	w.forward(16 * time.Second)
	w.refused("Too Many Requests: retry after 34", "sendMessage", send...)
	w.ok("sendMessage", "chat_id", lane, "text", "x")
	w.forward(34 * time.Second)
	w.ok("sendMessage", send...)
	if w.Throttled() != 2 || w.Doubled() != 1 {
		t.Errorf("%d, %d", w.Throttled(), w.Doubled())
	}
	w.Fail(botapi.Fault{Kind: botapi.TooMany, Method: "getUpdates", RetryAfter: 3})
	w.refused("Too Many Requests: retry after 3", "getUpdates")
	w.refused("Too Many Requests: retry after 6", "getUpdates")
	w.ok("getMe")
}
