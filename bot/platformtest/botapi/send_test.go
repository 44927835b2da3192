package botapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestTextHasItsLimits(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	for _, c := range []struct{ text, mode, want string }{
		{"", "", "message text is empty"},
		{" \n\t", "", "text must be non-empty"},
		{"\u200b\u2060", "", "text must be non-empty"},
		{"<b> </b>", "HTML", "text must be non-empty"},
		{strings.Repeat("a", 4097), "", "message is too long"},
		{strings.Repeat("a", 1<<15+1), "", "text is too long"},
		{"a\xff", "", "strings must be encoded in UTF-8"},
		{"a", "Klingon", "unsupported parse_mode"},
	} {
		w.refused("Bad Request: "+c.want, "sendMessage", "chat_id", noor, "text", c.text, "parse_mode", c.mode)
	}
	w.ok("sendMessage", "chat_id", noor, "text", strings.Repeat("😀", 4096))
	w.ok("sendMessage", "chat_id", noor, "text", strings.Repeat("<b>a</b>", 4096)[:8*4000], "parse_mode", "HTML")
}

func TestMarkupIsReadLikeTelegram(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	for _, c := range []struct{ in, text, entities, want string }{
		{in: "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#x27; &apos; &nbsp;", text: `a <b> & "c" 'd' &apos; &nbsp;`},
		{in: "😀 <b>x<i>y</i></b>", text: "😀 xy", entities: "italic 4+1,bold 3+2"},
		{in: `<a href="https://example.org/?a=1&amp;b=2">hier</a>`, text: "hier", entities: "text_link 0+4 https://example.org/?a=1&b=2"},
		{in: `<a href="tg://user?id=5001">Noor</a><a href="tg://user?id=99">X</a>`, text: "NoorX", entities: "text_mention 0+4"},
		{in: "<code>a</code><pre>b</pre><u>c</u><s>d</s>", text: "abcd", entities: "code 0+1,pre 1+1,underline 2+1,strikethrough 3+1"},
		{in: " <b> a </b> ", text: "a", entities: "bold 0+1"},
		{in: "<b>a", want: `Can't find end tag corresponding to start tag "b"`},
		{in: "a</b>", want: "Unexpected end tag at byte offset 1"},
		{in: "<b>a</i>", want: `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{in: "<p>a</p>", want: `Unsupported start tag "p" at byte offset 0`},
		{in: "a<br>b", want: `Unsupported start tag "br" at byte offset 1`},
		{in: "5 < 6 > 4", want: `Unsupported start tag "" at byte offset 2`},
		{in: "5 < 6", want: "Unclosed start tag at byte offset 2"},
		{in: "<b>a</b", want: "Unclosed end tag at byte offset 4"},
		{in: `<a href="x>a</a>`, want: `Unclosed start tag "a" at byte offset 0`},
		{in: `<span class="x">a</span>`, want: `Tag "span" must have class "tg-spoiler" at byte offset 0`},
	} {
		r := w.do("sendMessage", "chat_id", noor, "text", c.in, "parse_mode", "HTML")
		if c.want != "" {
			if want := "Bad Request: can't parse entities: " + c.want; r.Description != want {
				t.Errorf("%s: %q, want %q", c.in, r.Description, want)
			}
			continue
		}
		var m struct {
			Text     string
			Entities []struct {
				Type, URL      string
				Offset, Length int
			}
		}
		if err := json.Unmarshal(r.Result, &m); err != nil {
			t.Fatalf("%s: %s", c.in, r.Description)
		}
		var entities []string
		for _, e := range m.Entities {
			entities = append(entities, strings.TrimSpace(strings.Join([]string{e.Type, itoa(e.Offset) + "+" + itoa(e.Length), e.URL}, " ")))
		}
		if got := strings.Join(entities, ","); m.Text != c.text || got != c.entities {
			t.Errorf("%s: %q with %s", c.in, m.Text, got)
		}
	}
}

func TestKeyboardIsChecked(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	const prefix = "can't parse inline keyboard button: "
	for _, c := range []struct{ markup, want string }{
		{`{"inline_keyboard":null}`, `field "inline_keyboard" must be of type Array`},
		{`{"inline_keyboard":[[{"text":"a"}]]}`, prefix + "Text buttons are unallowed in the inline keyboard"},
		{`{"inline_keyboard":[[{"callback_data":"a"}]]}`, prefix + `Can't find field "text"`},
		{`{"inline_keyboard":[[{"text":"a","callback_data":"b","url":"https://example.org"}]]}`, prefix + "exactly one type must be specified"},
		{`{"inline_keyboard":[[{"text":"a","callback_data":""}]]}`, "BUTTON_DATA_INVALID"},
		{buttons("a", strings.Repeat("é", 33)), "BUTTON_DATA_INVALID"},
		{`{"inline_keyboard":[[{"text":"a","url":"nowhere"}]]}`, "BUTTON_URL_INVALID"},
		{`{"inline_keyboard":[[` + strings.Repeat(`{"text":"a","callback_data":"b"},`, 100) + `{"text":"a","callback_data":"b"}]]}`, "reply markup is too long"},
		{`[]`, "object expected as reply markup"},
		{`{`, "can't parse reply keyboard markup JSON object"},
	} {
		w.refused("Bad Request: "+c.want, "sendMessage", "chat_id", noor, "text", "x", "reply_markup", c.markup)
	}
	w.ok("sendMessage", "chat_id", noor, "text", "x", "reply_markup", buttons("a", strings.Repeat("é", 32)))
	w.ok("sendMessage", "chat_id", noor, "text", "x", "reply_markup", `{"inline_keyboard":[]}`)
	w.ok("sendMessage", "chat_id", noor, "text", "x", "entities", "null")
}

func TestPersonMustHaveWrittenFirst(t *testing.T) {
	w := newTown(t, botapi.Config{})
	send := []any{"chat_id", noor, "text", "x"}
	for _, c := range []struct {
		before func()
		want   string
		code   int
	}{
		{func() {}, "Forbidden: bot can't initiate conversation with a user", 403},
		{func() { w.Say(noor, noor, "/start") }, "", 0},
		{func() { w.Block(noor) }, "Forbidden: bot was blocked by the user", 403},
		{func() { w.Unblock(noor) }, "", 0},
		{func() { w.Deactivate(noor) }, "Forbidden: user is deactivated", 403},
	} {
		c.before()
		if r := w.do("sendMessage", send...); r.Description != c.want || r.Code != c.code {
			t.Errorf("%+v, want %s", r, c.want)
		}
	}
	w.refused("Bad Request: chat not found", "sendMessage", "chat_id", 404, "text", "x")
	w.refused("Bad Request: chat_id is empty", "sendMessage", "text", "x")
	w.refused("Forbidden: bot can't send messages to bots", "sendMessage", "chat_id", echo, "text", "x")
}

func TestReplyToWhatIsGone(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	m := w.ok("sendMessage", "chat_id", noor, "text", "x").id()
	w.ok("sendMessage", "chat_id", noor, "text", "y", "reply_parameters", `{"message_id":`+itoa(int(m))+`}`)
	if got := w.Messages(noor); got[len(got)-1].ReplyTo != m {
		t.Errorf("%+v", got)
	}
	w.ok("deleteMessage", "chat_id", noor, "message_id", m)
	w.refused("Bad Request: message to be replied not found", "sendMessage", "chat_id", noor, "text", "y",
		"reply_parameters", `{"message_id":`+itoa(int(m))+`}`)
	w.ok("sendMessage", "chat_id", noor, "text", "y",
		"reply_parameters", `{"message_id":`+itoa(int(m))+`,"allow_sending_without_reply":true}`)
}

func TestThreadOfAChatWithoutTopics(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.refused("Bad Request: message thread not found", "sendMessage", "chat_id", lane, "text", "x", "message_thread_id", 1)
}

func TestEditsAreJudged(t *testing.T) {
	w := newTown(t, botapi.Config{})
	said := w.Say(noor, noor, "/start")
	m := w.ok("sendMessage", "chat_id", noor, "text", "<b>a</b>", "parse_mode", "HTML", "reply_markup", buttons("x", "y")).id()
	edit := func(id int64, pairs ...any) []any { return append([]any{"chat_id", noor, "message_id", id}, pairs...) }
	w.refused(notModified, "editMessageText", edit(m, "text", "<b>a</b>", "parse_mode", "HTML", "reply_markup", buttons("x", "y"))...)
	w.ok("editMessageText", edit(m, "text", "a", "reply_markup", buttons("x", "y"))...) // no longer bold
	w.ok("editMessageText", edit(m, "text", "a")...)
	if last, _ := w.Last(noor); last.Keyboard != nil || !last.Edited {
		t.Errorf("an edit without a keyboard keeps it: %+v", last)
	}
	w.refused(notModified, "editMessageReplyMarkup", edit(m)...)
	w.ok("editMessageReplyMarkup", edit(m, "reply_markup", buttons("x", "y"))...)
	w.refused("Bad Request: there is no caption in the message to edit", "editMessageCaption", edit(m, "caption", "b")...)
	w.refused("Bad Request: message can't be edited", "editMessageText", edit(said, "text", "b")...)
	w.refused("Bad Request: message identifier is not specified", "editMessageText", "chat_id", noor, "text", "b")
	w.refused("Bad Request: message text is empty", "editMessageText", edit(m)...)
	w.ok("deleteMessage", edit(m)...)
	w.refused("Bad Request: message to edit not found", "editMessageText", edit(m, "text", "b")...)
	fixed := w.ok("sendMessage", "chat_id", noor, "text", "x", "reply_markup", `{"keyboard":[[{"text":"a"}]]}`).id()
	w.refused("Bad Request: message can't be edited", "editMessageText", edit(fixed, "text", "b")...)
}

const notModified = "Bad Request: message is not modified: specified new message content and reply markup are exactly the " +
	"same as a current content and reply markup of the message"

func TestDeletingHasItsTime(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	m := w.ok("sendMessage", "chat_id", noor, "text", "a").id()
	late := w.ok("sendMessage", "chat_id", noor, "text", "b").id()
	w.ok("deleteMessage", "chat_id", noor, "message_id", m)
	w.refused("Bad Request: message to delete not found", "deleteMessage", "chat_id", noor, "message_id", m)
	w.forward(48 * time.Hour)
	w.refused("Bad Request: message can't be deleted for everyone", "deleteMessage", "chat_id", noor, "message_id", late)
	w.ok("deleteMessages", "chat_id", noor, "message_ids", "[1,2,3]")
	said := w.Say(noor, lane, "/x")
	w.refused("Bad Request: message can't be deleted", "deleteMessage", "chat_id", lane, "message_id", said)
	if last, found := w.Last(noor); !found || last.ID != late {
		t.Errorf("%+v", last)
	}
}

func TestPressIsAnsweredInTime(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	m := w.ok("sendMessage", "chat_id", noor, "text", "Kies", "reply_markup", buttons("Ja", "ja", "Nee", "nee")).id()
	id, err := w.Press(noor, noor, m, "Nee")
	if err != nil {
		t.Fatal(err)
	}
	w.refused("Bad Request: MESSAGE_TOO_LONG", "answerCallbackQuery", "callback_query_id", id, "text", strings.Repeat("é", 201))
	w.ok("answerCallbackQuery", "callback_query_id", id, "text", strings.Repeat("é", 200), "show_alert", "true")
	if e := w.Events(); e[len(e)-1].Kind != botapi.Answered || e[len(e)-1].From != noor || !e[len(e)-1].Alert {
		t.Errorf("%+v", e[len(e)-1])
	}
	w.forward(151 * time.Second)
	const old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	w.refused(old, "answerCallbackQuery", "callback_query_id", id)
	w.refused(old, "answerCallbackQuery", "callback_query_id", "1")
	w.ok("editMessageReplyMarkup", "chat_id", noor, "message_id", m, "reply_markup", buttons("Ja", "ja"))
	if _, err := w.Press(noor, noor, m, "Nee"); err == nil {
		t.Error("a button that is gone was pressed")
	}
	if _, err := w.Press(ivo, noor, m, "Ja"); err == nil {
		t.Error("a stranger pressed")
	}
	newer := w.ok("sendMessage", "chat_id", noor, "text", "Kies", "reply_markup", buttons("Nee", "nee2")).id()
	if _, err := w.PressLast(noor, noor, "Nee"); err != nil || newer == m {
		t.Error(err)
	}
	if e := w.Events(); e[len(e)-1].Text != "nee2" {
		t.Errorf("%+v", e[len(e)-1])
	}
	if _, err := w.PressLast(noor, noor, "Misschien"); err == nil {
		t.Error("a button was pressed that nothing has")
	}
}

func TestPressShowsTheMessageAsFarAsThereIsOne(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	m := w.ok("sendMessage", "chat_id", noor, "text", "Kies", "reply_markup", buttons("Ja", "ja")).id()
	for _, id := range []int64{m, 999, 0} {
		w.PressData(noor, noor, id, "forged")
	}
	type press struct {
		Data    string
		Inline  string `json:"inline_message_id"`
		Message *struct {
			ID   int64 `json:"message_id"`
			Date int64
			Text string
		}
	}
	var got []press
	for _, raw := range w.poll()[1:] {
		var u struct {
			Query press `json:"callback_query"`
		}
		if err := json.Unmarshal(raw, &u); err != nil {
			t.Fatal(err)
		}
		got = append(got, u.Query)
	}
	if got[0].Message.Text != "Kies" || got[1].Message.Date != 0 || got[1].Message.ID != 999 || got[2].Message != nil || got[2].Inline == "" {
		t.Errorf("%+v", got)
	}
}

func TestEventsTellWhatWasSeenWhen(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	m := w.ok("sendMessage", "chat_id", noor, "text", "een").id()
	w.ok("editMessageText", "chat_id", noor, "message_id", m, "text", "twee")
	w.ok("deleteMessage", "chat_id", noor, "message_id", m)
	var got []string
	for _, e := range w.Events() {
		got = append(got, string(e.Kind)+" "+e.Message.Text)
	}
	if diff := cmp.Diff([]string{"said /start", "sent een", "edited twee", "deleted twee"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := w.Since(3); len(got) != 1 || got[0].Number != 4 {
		t.Errorf("%+v", got)
	}
	if got := w.Called("editMessageText"); len(got) != 1 || got[0].Params["text"] != "twee" || got[0].Status != 200 {
		t.Errorf("%+v", got)
	}
}
