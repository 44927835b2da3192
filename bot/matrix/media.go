package matrix

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"maps"
	"strings"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// maxDownload is the largest file we take, in bytes.
const maxDownload = 20 << 20

// TooBig is the cause of the error for a file that is larger than we take.
type TooBig struct {
	Limit int64 // bytes
}

// Error says how much would have been taken.
func (e TooBig) Error() string { return fmt.Sprintf("file is larger than %d bytes", e.Limit) }

// messageTypes are how a client shows what a file is.
var messageTypes = map[bot.MediaKind]string{bot.MediaPhoto: "m.image", bot.MediaVoice: "m.audio", bot.MediaVideo: "m.video"}

// picture uploads a picture (JPEG), or something spoken or filmed, and writes the message that shows it. For an encrypted room
// the file is encrypted, too.
func (d *delivery) picture(ctx context.Context, p part) (content, error) {
	kind := bot.KindOf(p.photo)
	info := map[string]any{"mimetype": kind.Mime, "size": len(p.photo)}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(p.photo)); err == nil {
		info["w"], info["h"] = c.Width, c.Height
	}
	name := fmt.Sprintf("%d%s", p.number+1, kind.Ext)
	c := content{"msgtype": messageTypes[kind.Media], "body": name, "info": info, "m.mentions": map[string]any{}}
	sum := sha256.Sum256(p.photo)
	if known, ok := d.m.uploads.of(sum, d.room.encrypted); ok {
		maps.Copy(c, known)
		return c, nil
	}
	if !d.room.encrypted {
		address, err := d.upload(ctx, p.photo, kind.Mime)
		c["url"] = address
		if err == nil {
			d.m.uploads.note(sum, false, content{"url": address})
		}
		return c, err
	}
	file := attachment.NewEncryptedFile()
	locked := bytes.Clone(p.photo)
	file.EncryptInPlace(locked)
	address, err := d.upload(ctx, locked, "application/octet-stream")
	c["file"] = &event.EncryptedFileInfo{EncryptedFile: *file, URL: address}
	if err == nil {
		d.m.uploads.note(sum, true, content{"file": c["file"]})
	}
	return c, err
}

func (d *delivery) upload(ctx context.Context, data []byte, kind string) (id.ContentURIString, error) {
	ctx, cancel := context.WithTimeout(ctx, uploadDeadline)
	defer cancel()
	got, err := d.link.UploadBytes(ctx, data, kind)
	if err != nil {
		return "", fmt.Errorf("upload: %w", err)
	}
	return got.ContentURI.CUString(), nil
}

// Fetch downloads a file of at most limit bytes, and never more than 20 MiB, and decrypts it where it came encrypted. A
// *bot.FinalError means that trying again is no use, with the cause TooBig when the file is too large; every other error
// is a *bot.SendError.
func (m *Matrix) Fetch(ctx context.Context, file string, limit int64) ([]byte, error) {
	limit = min(limit, maxDownload)
	address, locked, err := placeOf(file)
	if err != nil {
		return nil, &bot.FinalError{Err: err}
	}
	l, err := m.session(ctx)
	if err != nil {
		return nil, m.classify(err)
	}
	ctx, cancel := context.WithTimeout(ctx, uploadDeadline)
	defer cancel()
	data, err := download(ctx, l, address, limit)
	switch {
	case errors.As(err, new(TooBig)), lasting(err):
		return nil, &bot.FinalError{Err: redact(err)}
	case err != nil:
		m.revoked(ctx, err)
		return nil, m.classify(err)
	case locked == nil:
		return data, nil
	}
	if err := locked.DecryptInPlace(data); err != nil {
		return nil, &bot.FinalError{Err: fmt.Errorf("decrypt file: %w", err)}
	}
	return data, nil
}

// placeOf reads what Decode named a file by: its address, or all that is needed to decrypt it.
func placeOf(file string) (id.ContentURI, *event.EncryptedFileInfo, error) {
	var locked *event.EncryptedFileInfo
	if strings.HasPrefix(file, "{") {
		locked = &event.EncryptedFileInfo{}
		if err := json.Unmarshal([]byte(file), locked); err != nil {
			return id.ContentURI{}, nil, fmt.Errorf("encrypted file: %w", err)
		}
		file = string(locked.URL)
	}
	address, err := id.ParseContentURI(file)
	if err != nil || address.IsEmpty() {
		return id.ContentURI{}, nil, errors.New("fetch: no address of a file")
	}
	return address, locked, nil
}

func download(ctx context.Context, l *link, address id.ContentURI, limit int64) ([]byte, error) {
	resp, err := l.Download(ctx, address)
	if resp != nil {
		defer func() { _ = resp.Body.Close() }()
	}
	if err != nil {
		return nil, fmt.Errorf("download: %w", err)
	}
	if resp.ContentLength > limit {
		return nil, TooBig{limit}
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("download: %w", mautrix.HTTPError{Message: "download", WrappedError: err})
	}
	if int64(len(data)) > limit {
		return nil, TooBig{limit}
	}
	return data, nil
}
