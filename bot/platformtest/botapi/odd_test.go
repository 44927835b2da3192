package botapi_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestOddCallsAreRefused(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	m := w.ok("sendMessage", "chat_id", lane, "text", "x").id()
	const fixed = `{"keyboard":[[{"text":"a"}]]}`
	for _, c := range []struct {
		want, method string
		args         []any
	}{
		{"chat not found", "copyMessage", []any{"chat_id", lane, "from_chat_id", 404, "message_id", 1}},
		{"inline keyboard expected", "editMessageText", []any{"chat_id", lane, "message_id", m, "text", "y", "reply_markup", fixed}},
		{"message identifiers are not specified", "deleteMessages", []any{"chat_id", lane, "message_ids", "[]"}},
		{"too many message identifiers specified", "deleteMessages", []any{"chat_id", lane, "message_ids", "[1" + strings.Repeat(",1", 100) + "]"}},
		{"file_id not specified", "getFile", nil},
		{"chat not found", "getChat", []any{"chat_id", ivo}},
		{"can't leave a private chat", "leaveChat", []any{"chat_id", noor}},
		{"chat is a private chat", "approveChatJoinRequest", []any{"chat_id", noor, "user_id", noor}},
		{`field "keyboard" must be of type Array`, "sendMessage", []any{"chat_id", lane, "text", "x", "reply_markup", `{"keyboard":{}}`}},
		{"wrong location specified", "sendLocation", []any{"chat_id", lane, "latitude", 91, "longitude", 0}},
		{"can't parse reaction types", "setMessageReaction", []any{"chat_id", lane, "message_id", m, "reaction", "x"}},
		{"ENTITY_BOUNDS_INVALID", "sendMessage", []any{"chat_id", lane, "text", "😀", "entities", `[{"type":"bold","offset":1,"length":2}]`}},
		{"inline keyboard button text must be non-empty", "sendMessage", []any{"chat_id", lane, "text", "x", "reply_markup", buttons(" ", "a")}},
	} {
		w.refused("Bad Request: "+c.want, c.method, c.args...)
	}
}

func TestWhatCannotBeParsedIsRefused(t *testing.T) {
	w := newTown(t, botapi.Config{})
	for _, c := range []struct {
		want, method, name, value string
	}{
		{"can't parse media: ", "sendMediaGroup", "media", "["},
		{"can't parse inline keyboard button: ", "sendMessage", "reply_markup", `{"inline_keyboard":[{}]}`},
		{"can't parse reply parameters: ", "sendMessage", "reply_parameters", "[]"},
		{"can't parse link preview options: ", "sendMessage", "link_preview_options", "[]"},
		{"can't parse MessageEntity: ", "sendMessage", "entities", "[1]"},
	} {
		r := w.do(c.method, "chat_id", lane, "text", "x", c.name, c.value)
		if !strings.HasPrefix(r.Description, "Bad Request: "+c.want) || r.Code != 400 {
			t.Errorf("%s %s: %+v", c.method, c.value, r)
		}
	}
}
