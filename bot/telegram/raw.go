package telegram

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// How long a call may take. Telegram holds a poll for at most 50 s.
const (
	pollHold       = 50 * time.Second
	pollDeadline   = pollHold + 15*time.Second
	sendDeadline   = 15 * time.Second
	uploadDeadline = 60 * time.Second
)

// maxAnswer is the most we read of one answer, in bytes.
const maxAnswer = 64 << 20

// Call calls one method of the Bot API and returns its result. Files are uploaded; params that name no file may be
// nil. Every error is a *Fault, without the token anywhere in its chain. A call is never repeated here.
func (t *Telegram) Call(ctx context.Context, method string, params tgbotapi.Params,
	files ...tgbotapi.RequestFile,
) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, deadline(method, files))
	defer cancel()
	x := &exchange{ctx: ctx, transport: t.transport, dated: func(date string) { t.Hear(date, t.now()) }}
	answer, err := t.exchange(x, method, params, files)
	if err == nil && answer.Ok {
		return answer.Result, nil
	}
	fault := &Fault{Method: method, Chat: params["chat_id"], Status: x.status, Foreign: x.foreign, Left: x.mayHaveLeft()}
	if err != nil {
		fault.Left = fault.Left && !bot.Unconnected(err)
		fault.Err = t.redact(err)
		return nil, fault
	}
	fault.take(answer, x.retryAfter)
	fault.Text = t.hide(fault.Text)
	return nil, fault
}

// exchange makes the call through the library, with a literal BotAPI for this call only whose client is ours. An answer
// without an error may still be a refusal.
func (t *Telegram) exchange(x *exchange, method string, params tgbotapi.Params, files []tgbotapi.RequestFile,
) (answer *tgbotapi.APIResponse, err error) {
	if err := cmp.Or(t.wrong, x.ctx.Err()); err != nil {
		return nil, err
	}
	api := tgbotapi.BotAPI{Token: t.token, Client: x}
	api.SetAPIEndpoint(t.endpoint)
	if len(files) == 0 {
		answer, err = api.MakeRequest(method, params)
	} else {
		answer, err = api.UploadFiles(method, params, files)
	}
	if _, ok := errors.AsType[*tgbotapi.Error](err); ok {
		return answer, nil // with its code, which the error of an upload lacks
	}
	return answer, err
}

func deadline(method string, files []tgbotapi.RequestFile) time.Duration {
	switch {
	case method == "getUpdates":
		return pollDeadline
	case len(files) > 0:
		return uploadDeadline
	}
	return sendDeadline
}

// ask calls a method and decodes its result.
func (t *Telegram) ask(ctx context.Context, method string, params tgbotapi.Params, into any) error {
	raw, err := t.Call(ctx, method, params)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return &Fault{Method: method, Chat: params["chat_id"], Status: http.StatusOK, Left: true, Err: err}
	}
	return nil
}

// exchange is one request and its answer. It is the HTTP client the library is given.
type exchange struct {
	ctx        context.Context // it lives as long as one call, and the library passes none on
	transport  http.RoundTripper
	dated      func(date string) // hears the date of the answer
	began      bool
	status     int
	foreign    bool          // the answer is not one of the Bot API
	retryAfter time.Duration // of the header
	dialed     atomic.Bool   // the transport tells what it does
	headed     atomic.Bool   // the head of the request left
	written    atomic.Bool   // all of it left
}

// Do sends the request and reads the whole answer. An answer that is not JSON is turned into one of the Bot API that
// carries the HTTP status. The request's body is closed in any case, or an upload's goroutine would wait for ever.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer func() { _ = req.Body.Close() }() // it was sent, or why not is known
	}
	body, err := x.roundTrip(req)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: x.status, Body: io.NopCloser(bytes.NewReader(body))}, nil
}

func (x *exchange) roundTrip(req *http.Request) ([]byte, error) {
	x.began = true
	resp, err := x.transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(x.ctx, x.trace())))
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // what was read is read
	x.dated(resp.Header.Get("Date"))
	x.status = resp.StatusCode
	x.headed.Store(true)
	x.written.Store(true)
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		x.retryAfter = seconds(n)
	}
	body, err := readAll(resp)
	if err != nil {
		return nil, fmt.Errorf("answer with status %d: %w", resp.StatusCode, err)
	}
	if first := bytes.TrimLeft(body, " \t\r\n"); len(first) > 0 && first[0] == '{' {
		return body, nil
	}
	x.foreign = true
	return fmt.Appendf(nil, `{"ok":false,"error_code":%d,"description":"no answer of the Bot API"}`, x.status), nil
}

func readAll(resp *http.Response) ([]byte, error) {
	if resp.ContentLength > maxAnswer {
		return nil, errors.New("larger than 64 MiB")
	}
	var buffer bytes.Buffer
	if resp.ContentLength > 0 {
		buffer.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	n, err := buffer.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	if n > maxAnswer {
		return nil, errors.New("larger than 64 MiB")
	}
	return buffer.Bytes(), nil
}

func (x *exchange) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:      func(string) { x.dialed.Store(true) },
		WroteHeaders: func() { x.headed.Store(true) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				x.written.Store(true)
			}
		},
	}
}

// mayHaveLeft reports whether Telegram may have got the request. A transport that does not tell what it does is taken
// to have sent it, unless the call was over before it began. After a deadline the head is enough: the body may be on
// the wire although nobody said so yet.
func (x *exchange) mayHaveLeft() bool {
	if x.written.Load() {
		return true
	}
	if !x.dialed.Load() {
		return x.began
	}
	return x.headed.Load() && x.ctx.Err() != nil
}
