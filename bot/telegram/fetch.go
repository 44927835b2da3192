package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// maxDownload is the largest file a bot may download, in bytes.
const maxDownload = 20 << 20

// TooBig is the cause of the error for a file that is larger than we take, or than Telegram gives out.
type TooBig struct {
	Limit int64 // bytes
}

// Error says how much would have been taken.
func (e TooBig) Error() string { return fmt.Sprintf("file is larger than %d bytes", e.Limit) }

func tooBig(limit int64) error { return &bot.FinalError{Err: TooBig{Limit: limit}} }

// fetchError tells a failure that passes from one that does not.
func (t *Telegram) fetchError(err error) error {
	e := t.sendError(err)
	if e.Remedy == bot.Never || e.Remedy == bot.Gone {
		return &bot.FinalError{Err: err}
	}
	return e
}

// Fetch downloads a file of at most limit bytes, and never more than 20 MiB. A *bot.FinalError means that trying again
// is no use, with the cause TooBig when the file is too large; every other error is a *bot.SendError. The address of a
// file holds for an hour and contains the token, so it is asked anew every time and shown to nobody.
func (t *Telegram) Fetch(ctx context.Context, file string, limit int64) ([]byte, error) {
	limit = min(limit, maxDownload)
	var found struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	err := t.ask(ctx, "getFile", tgbotapi.Params{"file_id": file}, &found)
	switch {
	case refusedWith(err, "file is too big"):
		return nil, tooBig(limit)
	case err != nil:
		return nil, t.fetchError(err)
	case found.Size > limit:
		return nil, tooBig(limit)
	case found.Path == "":
		return nil, &bot.FinalError{Err: errors.New("fetch: the server gives no place of the file")}
	}
	ctx, cancel := context.WithTimeout(ctx, uploadDeadline)
	defer cancel()
	return t.download(ctx, found.Path, limit)
}

func (t *Telegram) download(ctx context.Context, place string, limit int64) ([]byte, error) {
	address := t.base + "/file/bot" + t.token + (&url.URL{Path: path.Clean("/" + place)}).EscapedPath()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", t.redact(err))
	}
	resp, err := t.transport.RoundTrip(req)
	if err != nil {
		return nil, again(t.redact(err))
	}
	defer func() { _ = resp.Body.Close() }() // what was read is read
	if resp.StatusCode != http.StatusOK {
		return nil, again(fmt.Errorf("status %d", resp.StatusCode))
	}
	if resp.ContentLength > limit {
		return nil, tooBig(limit)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, again(t.redact(err))
	}
	if int64(len(body)) > limit {
		return nil, tooBig(limit)
	}
	return body, nil
}

// again is a download that may go better another time; reading has no effect that could be uncertain.
func again(err error) error {
	return &bot.SendError{Remedy: bot.Later, After: fetchPause, Err: fmt.Errorf("download: %w", err)}
}
