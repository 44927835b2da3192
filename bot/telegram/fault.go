package telegram

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Fault is a call that gave no result.
type Fault struct {
	Method  string
	Chat    string        // the call's chat_id; empty = it has none
	Code    int           // in the answer, or else the HTTP status; 0 = there was no answer
	Status  int           // of HTTP; 0 = there was no answer
	Text    string        // the server's description
	After   time.Duration // the server's retry_after
	Moved   int64         // the server's migrate_to_chat_id
	Foreign bool          // the answer was not one of the Bot API, but of something in between
	Left    bool          // the request left us, so it may have had its effect
	Err     error         // why there was no answer
}

// Error names the method and what the server said; neither the token nor a parameter is in it.
func (f *Fault) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("telegram %s: %v", f.Method, f.Err)
	}
	return fmt.Sprintf("telegram %s: %d %s", f.Method, f.Code, f.Text)
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// says reports whether the server refused with this code and these words, in any case.
func (f *Fault) says(code int, words string) bool {
	return f.Code == code && strings.Contains(strings.ToLower(f.Text), strings.ToLower(words))
}

// take copies a refusal. A JSON object that names no code is not one of the Bot API.
func (f *Fault) take(answer *tgbotapi.APIResponse, header time.Duration) {
	f.Code, f.Text, f.After = answer.ErrorCode, answer.Description, header
	if f.Code == 0 {
		f.Code, f.Foreign = f.Status, true
	}
	if p := answer.Parameters; p != nil {
		f.Moved = p.MigrateToChatID
		if p.RetryAfter > 0 {
			f.After = seconds(p.RetryAfter)
		}
	}
	if _, words, found := strings.Cut(f.Text, "retry after "); found && f.After == 0 {
		digits, _, _ := strings.Cut(words, " ")
		if n, err := strconv.Atoi(digits); err == nil {
			f.After = seconds(n)
		}
	}
}

// seconds is what a server asks us to wait, at most a day: then it is asked again.
func seconds(n int) time.Duration {
	return time.Duration(min(max(n, 0), 24*60*60)) * time.Second
}

// redact drops what may show the token. An error of net/url prints the whole address, so only its cause is kept; any
// other error that shows the token is replaced by one that can still be asked what it is, but not be unwrapped.
func (t *Telegram) redact(err error) error {
	var address *url.Error
	for errors.As(err, &address) {
		err = address.Err
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if t.hide(e.Error()) != e.Error() {
			return hidden{text: t.hide(err.Error()), err: err}
		}
	}
	return err
}

// hide replaces the token, as it is and as it stands in an address.
func (t *Telegram) hide(text string) string {
	if t.token == "" {
		return text
	}
	text = strings.ReplaceAll(text, t.token, "[token]")
	if escaped := url.PathEscape(t.token); escaped != t.token {
		text = strings.ReplaceAll(text, escaped, "[token]")
	}
	if escaped := url.QueryEscape(t.token); escaped != t.token {
		text = strings.ReplaceAll(text, escaped, "[token]")
	}
	return text
}

// hidden stands for an error whose text cannot be shown.
type hidden struct {
	text string
	err  error
}

func (h hidden) Error() string { return h.text }

// Is answers for the hidden error.
func (h hidden) Is(target error) bool { return errors.Is(h.err, target) }

// Timeout answers for the hidden error.
func (h hidden) Timeout() bool {
	var timeout net.Error
	return errors.As(h.err, &timeout) && timeout.Timeout()
}
