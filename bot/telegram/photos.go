package telegram

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// show posts pictures. One that Telegram holds already is named and not uploaded again. Pictures that it will not have,
// or that the chat does not allow, are left out: their words are worth more than they are.
func (t *Telegram) show(ctx context.Context, l bot.Letter, s step) (bot.MessageRef, error) {
	keys := keysOf(s.photos)
	known, release, err := t.pictures.take(ctx, keys)
	if err != nil {
		return "", &Fault{Method: s.method, Chat: l.To.ID, Err: err}
	}
	defer release()
	raw, err := t.upload(ctx, s, keys, known)
	if len(known) > 0 && fileLost(err) {
		t.pictures.forget(keys)
		raw, err = t.upload(ctx, s, keys, nil)
	}
	if pictureRefused(err) {
		t.log.WarnContext(ctx, "pictures left out of a letter", "letter", l.ID, "error", err)
		return t.tell(ctx, l, s, err)
	}
	if err != nil {
		return "", err
	}
	messages := postedPictures(raw)
	for i, m := range messages[:min(len(messages), len(keys))] {
		if photo, found := largest(m.Photo); found && photo.ID != "" {
			t.pictures.learn(keys[i], photo.ID)
		}
	}
	if len(messages) == 0 {
		return "", nil
	}
	return messageRef(messages[0].ID), nil
}

// upload makes the call, with the bytes of those pictures that Telegram does not hold.
func (t *Telegram) upload(ctx context.Context, s step, keys []picture, known map[picture]string) (json.RawMessage, error) {
	params := maps.Clone(s.params)
	var files []tgbotapi.RequestFile
	media := make([]map[string]string, len(keys))
	for i, key := range keys {
		media[i] = map[string]string{"type": "photo", "media": known[key]}
		if known[key] != "" {
			continue
		}
		name := s.file()
		if s.method == "sendMediaGroup" {
			name = "f" + strconv.Itoa(i)
			media[i]["media"] = "attach://" + name
		}
		data := tgbotapi.FileBytes{Name: s.file() + bot.KindOf(s.photos[i]).Ext, Bytes: s.photos[i]}
		files = append(files, tgbotapi.RequestFile{Name: name, Data: data})
	}
	if s.method == "sendMediaGroup" {
		list, err := json.Marshal(media)
		if err != nil {
			return nil, err
		}
		params["media"] = string(list)
	} else {
		params.AddNonEmpty(s.file(), known[keys[0]])
	}
	return t.Call(ctx, s.method, params, files...)
}

// file is what the call names what it posts.
func (s step) file() string {
	if s.method == "sendDocument" {
		return "document"
	}
	return "photo"
}

// tell posts the words of a picture that cannot be shown. A picture without words is passed over when the letter's
// words have a message of their own.
func (t *Telegram) tell(ctx context.Context, l bot.Letter, s step, refusal error) (bot.MessageRef, error) {
	if !s.shown {
		return "", nil
	}
	if strings.TrimSpace(stripped(s.text)) == "" {
		return "", refusal
	}
	params := maps.Clone(s.params)
	delete(params, "caption")
	setText(params, l, "text", s.text)
	params["link_preview_options"] = noPreview
	raw, err := t.Call(ctx, "sendMessage", params)
	if err != nil {
		return "", err
	}
	return t.posted(raw), nil
}

type postedPicture struct {
	ID    int64       `json:"message_id"`
	Photo []wirePhoto `json:"photo"`
}

// postedPictures reads one message or a list of them; what was posted stays posted when it cannot be read.
func postedPictures(raw json.RawMessage) []postedPicture {
	var list []postedPicture
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		_ = json.Unmarshal(raw, &list)
		return list
	}
	var one postedPicture
	if json.Unmarshal(raw, &one) != nil {
		return nil
	}
	return []postedPicture{one}
}

// fileLost reports whether Telegram no longer knows a picture that it once held.
func fileLost(err error) bool {
	return refusedWith(err, "wrong file", "wrong remote file", "file_reference", "failed to get http url content",
		"file is temporarily unavailable")
}

// pictureRefused reports whether it is the pictures that are refused, and not the letter.
func pictureRefused(err error) bool {
	var fault *Fault
	if errors.As(err, &fault) && fault.Code == 413 {
		return true
	}
	return refusedWith(err, "photo_", "image_process_failed", "file is too big", "media_empty", "media_invalid",
		"not enough rights to send photos", "chat_send_photos_forbidden", "chat_send_media_forbidden")
}

func refusedWith(err error, words ...string) bool {
	var fault *Fault
	return errors.As(err, &fault) && slices.ContainsFunc(words, func(w string) bool { return fault.says(400, w) })
}

// picture is the hash of a picture's bytes.
type picture [sha256.Size]byte

func keysOf(photos [][]byte) []picture {
	keys := make([]picture, len(photos))
	for i, p := range photos {
		keys[i] = sha256.Sum256(p)
	}
	return keys
}

// gallery remembers Telegram's ids of the pictures it holds, so that one picture for fifty groups is uploaded once:
// uploads of equal size in quick succession are throttled. While a picture is being uploaded, others wait for its id.
type gallery struct {
	mu   sync.Mutex
	ids  recent[picture, string]
	busy map[picture]chan struct{}
}

// maxPictures is how many ids are remembered; the oldest is forgotten first.
const maxPictures = 1000

// take gives the known ids and reserves the unknown pictures for the caller until release. Reservations are made in one
// order for everybody, so two albums never wait for each other.
func (g *gallery) take(ctx context.Context, keys []picture) (known map[picture]string, release func(), err error) {
	sorted := slices.SortedFunc(slices.Values(keys), func(a, b picture) int { return bytes.Compare(a[:], b[:]) })
	known = make(map[picture]string, len(keys))
	var held []picture
	release = func() { g.release(held) }
	for _, key := range slices.Compact(sorted) {
		id, err := g.reserve(ctx, key)
		switch {
		case err != nil:
			release()
			return nil, nil, err
		case id != "":
			known[key] = id
		default:
			held = append(held, key)
		}
	}
	return known, release, nil
}

// reserve waits until a picture is known or free; an empty id means that it is the caller's to upload.
func (g *gallery) reserve(ctx context.Context, key picture) (id string, err error) {
	for {
		g.mu.Lock()
		id, busy := g.ids.get(key), g.busy[key]
		if id == "" && busy == nil {
			if g.busy == nil {
				g.busy = map[picture]chan struct{}{}
			}
			g.busy[key] = make(chan struct{})
		}
		g.mu.Unlock()
		if id != "" || busy == nil {
			return id, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func (g *gallery) release(held []picture) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, key := range held {
		close(g.busy[key])
		delete(g.busy, key)
	}
}

func (g *gallery) learn(key picture, id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ids.put(key, id, maxPictures)
}

func (g *gallery) forget(keys []picture) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, key := range keys {
		g.ids.drop(key)
	}
}
