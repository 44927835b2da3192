package telegram

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// How long to leave Telegram, or a chat, alone when it does not say so itself.
const (
	refusedPause   = 5 * time.Minute  // the token is refused
	rightsPause    = 10 * time.Minute // a right is missing: somebody has to give it first
	throttledPause = 5 * time.Second  // a 429 without a number
	offlinePause   = 3 * time.Second  // nobody there
	fetchPause     = 3 * time.Second  // a download that failed
	foreignPause   = time.Minute      // something in between answers in Telegram's place
)

// verdict is what one refusal means.
type verdict struct {
	code   int
	text   string // part of the description, in any case
	remedy bot.Remedy
	after  time.Duration
}

// verdicts is read from the top; the first match counts. A code alone says little: the server turns every 403 whose
// reason is an UPPER_CASE token into a 400, and a missing right, which passes, is a 400 like a broken text, which does
// not. A letter to a chat where a right is missing waits until the right is given, or it expires.
var verdicts = [...]verdict{
	{400, "message is not modified", bot.Unchanged, 0},
	{400, "message_not_modified", bot.Unchanged, 0},
	{400, "topic_not_modified", bot.Unchanged, 0},
	{400, "message to edit not found", bot.Lost, 0},
	{400, "message can't be edited", bot.Lost, 0},
	{400, "there is no text in the message to edit", bot.Lost, 0},
	{400, "there is no caption in the message to edit", bot.Lost, 0},
	{400, "message_id_invalid", bot.Lost, 0},
	{400, "message identifier is not specified", bot.Lost, 0},

	{400, "can't parse entities", bot.Markup, 0},
	{400, "can't parse message text", bot.Markup, 0},
	{400, "strings must be encoded in utf-8", bot.Markup, 0},
	{400, "entity_bounds_invalid", bot.Markup, 0},

	{400, "chat not found", bot.Gone, 0},
	{400, "peer_id_invalid", bot.Gone, 0},
	{400, "chat_id is empty", bot.Gone, 0},
	{400, "user not found", bot.Gone, 0},
	{400, "input_user_deactivated", bot.Gone, 0},
	{403, "user is deactivated", bot.Gone, 0},
	{400, "user_is_blocked", bot.Gone, 0},
	{400, "channel_private", bot.Gone, 0},

	{400, "not enough rights", bot.Later, rightsPause},
	{400, "chat_write_forbidden", bot.Later, rightsPause},
	{400, "chat_restricted", bot.Later, rightsPause},
	{400, "chat_send_", bot.Later, rightsPause},
	{400, "have no write access to the chat", bot.Later, rightsPause},
	{400, "need administrator rights in the channel chat", bot.Later, rightsPause},
	{400, "chat_admin_required", bot.Later, rightsPause},
	{400, "topic_closed", bot.Later, rightsPause},

	{400, "upgraded to a supergroup", bot.Later, throttledPause}, // the new id comes in a message of its own

	{404, "method not found", bot.Never, 0},
}

// ended reports whether the account of the person is no more: deleted by them, or by Telegram.
func (f *Fault) ended() bool {
	return f.says(403, "user is deactivated") || f.says(400, "input_user_deactivated")
}

// byCode is what a code means when the words say nothing.
func byCode(code int) (remedy bot.Remedy, after time.Duration) {
	switch {
	case code == 401 || code == 404:
		return bot.Down, refusedPause
	case code == 403:
		return bot.Gone, 0
	case code == 409:
		return bot.Later, offlinePause
	case code == 420 || code == 429:
		return bot.Later, throttledPause
	case code >= 500 || code < 300:
		return bot.Uncertain, 0 // longer and longer: three seconds each time use up a letter's tries in a minute
	}
	return bot.Never, 0
}

// sendError says what to do about a fault. Nil stays nil.
func (t *Telegram) sendError(err error) *bot.SendError {
	if err == nil {
		return nil
	}
	var fault *Fault
	if !errors.As(err, &fault) {
		return &bot.SendError{Remedy: bot.Never, Err: err}
	}
	e := judge(fault)
	e.Err = err
	if fault.Code == 429 {
		e.Global = fault.Chat == "" || t.floods.everywhere(fault.Chat, t.now())
	}
	return e
}

// judge is the one place where a fault gets its remedy.
func judge(f *Fault) *bot.SendError {
	switch {
	case f.Code == 0:
		return unanswered(f)
	case f.Foreign:
		return intercepted(f)
	case f.Moved != 0:
		return &bot.SendError{Remedy: bot.MovedTo, To: strconv.FormatInt(f.Moved, 10)}
	}
	for _, v := range verdicts {
		if f.says(v.code, v.text) {
			return &bot.SendError{Remedy: v.remedy, After: v.after, Right: v.after == rightsPause, Ended: f.ended()}
		}
	}
	remedy, after := byCode(f.Code)
	if f.After > 0 {
		after = f.After
	}
	return &bot.SendError{Remedy: remedy, After: after, Global: remedy == bot.Down}
}

// unanswered is a call without an answer: what left us may have had its effect, what did not has none.
func unanswered(f *Fault) *bot.SendError {
	switch {
	case f.Left:
		return &bot.SendError{Remedy: bot.Uncertain}
	case errors.Is(f.Err, context.Canceled):
		return &bot.SendError{Remedy: bot.Later}
	}
	return &bot.SendError{Remedy: bot.Later, After: offlinePause, Global: true}
}

// intercepted is an answer that the Bot API did not give: a front server, a proxy, a captive portal. Its refusal says
// nothing about a chat, so nobody is unsubscribed because of it.
func intercepted(f *Fault) *bot.SendError {
	switch {
	case f.Code == 413:
		return &bot.SendError{Remedy: bot.Never}
	case f.Code == 429:
		return &bot.SendError{Remedy: bot.Later, After: max(f.After, throttledPause)}
	case f.Code >= 500 || f.Code < 300:
		return &bot.SendError{Remedy: bot.Uncertain, After: f.After}
	}
	return &bot.SendError{Remedy: bot.Down, After: max(f.After, foreignPause), Global: true}
}
