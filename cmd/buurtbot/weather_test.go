package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// weather is a network between program and server that fails so many of a hundred messages.
type weather struct {
	next      http.RoundTripper
	failing   int // a server error, nothing was done
	throttled int // told to leave the chat alone
	cut       int // done, and the answer never arrives
	paused    int // told to leave everybody alone

	mu     sync.Mutex
	rand   *rand.Rand
	until  map[string]time.Time // by chat
	bad    bool                 // it has begun
	early  int                  // messages inside a window of silence
	pauses int                  // of all
	pushed int                  // messages inside them, from the third on: before that nobody can know that they are for all
	known  time.Time            // when the last of those was refused
	heard  int                  // messages inside the present one
	unsure map[string]int       // messages whose answer was lost, by chat
}

func newWeather(next http.RoundTripper, failing, throttled, cut int) *weather {
	return &weather{
		next: next, failing: failing, throttled: throttled, cut: cut, rand: rand.New(rand.NewPCG(7, 7)),
		until: map[string]time.Time{}, unsure: map[string]int{},
	}
}

// RoundTrip lets a message through, or fails it.
func (w *weather) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(req.URL.Path, "/sendMessage") {
		return w.next.RoundTrip(req)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	if wait := w.closed(form.Get("chat_id")); wait > 0 {
		return answered(http.StatusTooManyRequests, tooMany(wait)), nil
	}
	switch n := w.roll(form.Get("chat_id")); {
	case n < w.failing:
		return answered(http.StatusBadGateway, "<html>502 Bad Gateway</html>"), nil
	case n < w.failing+w.throttled:
		return answered(http.StatusTooManyRequests, w.silence(form.Get("chat_id"))), nil
	case n < w.failing+w.throttled+w.cut:
		return w.lose(req, form.Get("chat_id"))
	case n < w.failing+w.throttled+w.cut+w.paused:
		w.pause()
		return answered(http.StatusTooManyRequests, tooMany(w.closed(form.Get("chat_id")))), nil
	}
	return w.through(req)
}

// through lets a message pass. Its answer may come when a pause has begun, and then speaks against one for all. No two
// answers come in one instant, in which nobody could tell which was first.
func (w *weather) through(req *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(req)
	w.mu.Lock()
	moment := time.Duration(1+w.rand.IntN(999_999)) * time.Nanosecond
	w.mu.Unlock()
	time.Sleep(moment)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = 0
	return resp, err //nolint:wrapcheck // as the next one says it
}

// everybody is the key of a window of silence for all chats.
const everybody = ""

// pause tells everybody to be left alone for some seconds.
func (w *weather) pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pauses, w.heard = w.pauses+1, 0
	w.until[everybody] = time.Now().Add(time.Duration(1+w.rand.IntN(10)) * time.Second)
}

// closed gives for how many more seconds everybody is to be left alone, and notes that a chat was told so.
func (w *weather) closed(chat string) int {
	const doubt = 3 // that many refusals in a row tell that a pause is for all
	w.mu.Lock()
	defer w.mu.Unlock()
	now, until := time.Now(), w.until[everybody]
	if !now.Before(until) {
		return 0
	}
	switch w.heard++; {
	case w.heard <= doubt:
		w.known = now
	case now.After(w.known): // what was on its way in the same instant could not be held back
		w.pushed++
	}
	if now.Before(w.until[chat]) {
		w.early++
	}
	w.until[chat] = until
	return int(math.Ceil(until.Sub(now).Seconds()))
}

func tooMany(after int) string {
	return fmt.Sprintf(`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",`+
		`"parameters":{"retry_after":%d}}`, after, after)
}

func (w *weather) roll(chat string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Now().Before(w.until[chat]) {
		w.early++
	}
	if !w.bad {
		return 100
	}
	return w.rand.IntN(100)
}

// turn lets the bad weather begin.
func (w *weather) turn() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bad = true
}

// silence tells a chat to be left alone for some seconds.
func (w *weather) silence(chat string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	after := 1 + w.rand.IntN(10)
	w.until[chat] = time.Now().Add(time.Duration(after) * time.Second)
	return tooMany(after)
}

var errCut = errors.New("connection reset by peer")

func (w *weather) lose(req *http.Request, chat string) (*http.Response, error) {
	w.mu.Lock()
	w.unsure[chat]++
	w.mu.Unlock()
	resp, err := w.next.RoundTrip(req)
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		err = errors.Join(err, resp.Body.Close())
	}
	return nil, errors.Join(err, errCut)
}

func answered(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Header: http.Header{},
	}
}
