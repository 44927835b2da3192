package matrix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"maunium.net/go/mautrix"

	"github.com/buurtbot/buurtbot/bot"
)

// How long to leave the server, or a room, alone when it does not say so itself.
const (
	rightsPause  = 10 * time.Minute // a right is missing: somebody has to give it first
	limitedPause = 5 * time.Second  // a 429 without a number
	firstPause   = time.Second      // nobody there; doubled with every failure in a row
	longestPause = 2 * time.Minute
	wakingPause  = 3 * time.Second // it is there, but we have not heard all from it yet
	foreignPause = time.Minute     // something in between answers in the homeserver's place
)

// classify says what to do about an error; it is the only place that knows. A letter that may have arrived is tried again
// like one that did not, because it is looked for in the room first; but it is said to be uncertain: should it be called
// back before the next try, people may have read it. What did not come from the server says nothing against a letter,
// which is tried again after longer and longer pauses; what is wrong with a letter itself is said where it is seen.
func (m *Matrix) classify(err error) error {
	var said *bot.SendError
	if err == nil || errors.As(err, &said) {
		return err
	}
	e := m.judge(err)
	if doubt := new(doubtful); e.Remedy == bot.Later && errors.As(err, doubt) {
		e.Remedy = bot.Uncertain
	}
	e.Err = redact(err)
	return e
}

// doubtful is an error after which something of a letter may stand in its room all the same.
type doubtful struct{ error }

// Unwrap gives the error.
func (d doubtful) Unwrap() error { return d.error }

// underway tells the errors of a call that brought an event to the server and may have had its effect: the answer was lost
// or cut off, it took too long, we were stopped meanwhile, or the server or a proxy before it failed. A refusal has none.
func underway(err error) error {
	var he mautrix.HTTPError
	answered := errors.As(err, &he) && he.Response != nil
	switch {
	case answered && he.Response.StatusCode >= 300 && he.Response.StatusCode < 500, bot.Unconnected(err):
		return err
	}
	return doubtful{err}
}

func (m *Matrix) judge(err error) *bot.SendError {
	var he mautrix.HTTPError
	switch {
	case errors.Is(err, context.Canceled), !errors.As(err, &he): // of our own: a full disk, keys that are busy for too long
		return &bot.SendError{Remedy: bot.Later}
	case he.Response == nil || nobodyBehind(he):
		n := m.outages.Add(1)
		return &bot.SendError{Remedy: bot.Later, After: min(firstPause<<min(n-1, 10), longestPause), Global: true}
	case he.Response.StatusCode == http.StatusTooManyRequests:
		after := retryAfter(he)
		m.complain(after)
		return &bot.SendError{Remedy: bot.Later, After: after, Global: true}
	case he.Response.StatusCode == http.StatusRequestEntityTooLarge:
		return &bot.SendError{Remedy: bot.Never}
	case he.Response.StatusCode >= 500 || he.Response.StatusCode < 300:
		return &bot.SendError{Remedy: bot.Later} // longer and longer: the same few seconds soon use up a letter's tries
	case he.RespError == nil:
		return &bot.SendError{Remedy: bot.Down, After: foreignPause, Global: true}
	}
	return m.byCode(he.RespError)
}

// complain notes that the server finds us too fast, and tells the operator what that means, once an hour. Servers do not
// publish their limits, so the first refusal is the first that can be known of them.
func (m *Matrix) complain(after time.Duration) {
	const often = time.Hour
	now := m.now()
	last := m.limited.Swap(now.UnixMilli())
	if last != 0 && now.Sub(time.UnixMilli(m.told.Load())) < often {
		return
	}
	m.told.Store(now.UnixMilli())
	n := m.rooms.count()
	m.log.Warn("the homeserver limits how fast the bot may write; its owner can lift that, see the README",
		"asks_to_wait", after, "rooms", n, "alert_takes_at_least", after*time.Duration(n))
}

// byCode is what the homeserver itself refused. The codes for one thing differ from server to server, so only those
// count that do not.
func (m *Matrix) byCode(e *mautrix.RespError) *bot.SendError {
	switch e.ErrCode {
	case "M_UNKNOWN_TOKEN", "M_MISSING_TOKEN":
		if m.config.Password != "" {
			return &bot.SendError{Remedy: bot.Later, After: firstPause, Global: true} // after another login
		}
		return &bot.SendError{Remedy: bot.Down, After: refusedPause, Global: true}
	case "M_USER_DEACTIVATED", "M_USER_SUSPENDED", "M_USER_LOCKED", "M_CONSENT_NOT_GIVEN", "M_RESOURCE_LIMIT_EXCEEDED":
		return &bot.SendError{Remedy: bot.Down, After: refusedPause, Global: true}
	case "M_FORBIDDEN", "M_UNAUTHORIZED":
		return &bot.SendError{Remedy: bot.Later, After: rightsPause, Right: true}
	case "M_NOT_FOUND":
		return &bot.SendError{Remedy: bot.Gone}
	case "M_UNRECOGNIZED":
		return &bot.SendError{Remedy: bot.Down, After: refusedPause, Global: true}
	}
	return &bot.SendError{Remedy: bot.Never}
}

// retryAfter is what the server asks us to wait: in the answer, in the header, or a guess.
func retryAfter(e mautrix.HTTPError) time.Duration {
	const longest = 24 * time.Hour
	if e.RespError != nil {
		if ms, is := e.RespError.ExtraData["retry_after_ms"].(float64); is && ms > 0 {
			return min(time.Duration(min(ms, float64(longest/time.Millisecond)))*time.Millisecond, longest)
		}
	}
	if s, err := strconv.Atoi(e.Response.Header.Get("Retry-After")); err == nil && s > 0 {
		return min(time.Duration(s)*time.Second, longest)
	}
	return limitedPause
}

// refusedWith reports whether the homeserver answered with a status.
func refusedWith(err error, status int) bool {
	var he mautrix.HTTPError
	return errors.As(err, &he) && he.IsStatus(status)
}

// lasting reports whether the server refused for a reason that trying again does not mend.
func lasting(err error) bool {
	var he mautrix.HTTPError
	if !errors.As(err, &he) || he.Response == nil || he.RespError == nil {
		return false
	}
	status := he.Response.StatusCode
	return status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusBadRequest
}

// hidden stands for a call's error without its request, which carries the token, and without what the server wrote
// besides its reason.
type hidden struct {
	text string
	err  error
}

func (h hidden) Error() string { return h.text }

// Is answers for the hidden error.
func (h hidden) Is(target error) bool { return errors.Is(h.err, target) }

func redact(err error) error {
	var (
		he      mautrix.HTTPError
		address *url.Error
	)
	if errors.As(err, &address) {
		return hidden{"no answer: " + address.Err.Error(), err}
	}
	if !errors.As(err, &he) || he.Response == nil {
		return err
	}
	text := fmt.Sprintf("HTTP %d", he.Response.StatusCode)
	if he.RespError != nil {
		text = fmt.Sprintf("%s %s", text, he.RespError.ErrCode)
	}
	return hidden{text, err}
}

// nobodyBehind reports whether a proxy says that the homeserver is not there: that says nothing about the letter, which
// must not use up its tries while a server is restarted, or down for an hour.
func nobodyBehind(he mautrix.HTTPError) bool {
	switch he.Response.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return he.RespError == nil
	}
	return false
}
