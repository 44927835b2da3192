package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"strconv"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// blankPicture is what stands in the place of a picture that is taken away: nothing but grey.
var blankPicture = sync.OnceValue(func() []byte {
	const width, height = 640, 80
	img := image.NewGray(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.Gray{Y: 0xC0}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		return nil // a buffer takes everything
	}
	return b.Bytes()
})

// bare takes the picture of a message away and leaves its words. Where Telegram does not let one picture take the place of
// another, the message goes as a whole.
func (t *Telegram) bare(ctx context.Context, l bot.Letter, s step) error {
	err := t.cover(ctx, l)
	var fault *Fault
	if !errors.As(err, &fault) || fault.Code != 400 && fault.Code != 404 || fault.says(400, "message is not modified") {
		return err
	}
	gone := tgbotapi.Params{"chat_id": l.To.ID, "message_id": s.params["message_id"]}
	if _, late := t.Call(ctx, "deleteMessage", gone); late == nil || refusedWith(late, "message to delete not found") {
		return nil
	}
	return err
}

// cover puts the blank picture, with the letter's words and buttons, in the place of a picture. There is no time after which
// that is refused.
func (t *Telegram) cover(ctx context.Context, l bot.Letter) error {
	id, err := strconv.ParseInt(string(l.Edits), 10, 64)
	if err != nil {
		return fmt.Errorf("letter %d covers a picture of the message %q: %w", l.ID, l.Edits, err)
	}
	keyboard, err := t.keyboard(l)
	if err != nil {
		return err
	}
	params := tgbotapi.Params{"chat_id": l.To.ID, "message_id": formatID(id)}
	params.AddNonEmpty("reply_markup", keyboard)
	photos := [][]byte{blankPicture()}
	keys := keysOf(photos)
	known, release, err := t.pictures.take(ctx, keys)
	if err != nil {
		return &Fault{Method: "editMessageMedia", Chat: l.To.ID, Err: err}
	}
	defer release()
	raw, err := t.replace(ctx, l, params, known[keys[0]])
	if known[keys[0]] != "" && fileLost(err) {
		t.pictures.forget(keys)
		raw, err = t.replace(ctx, l, params, "")
	}
	if err != nil {
		return err
	}
	for _, m := range postedPictures(raw) {
		if photo, found := largest(m.Photo); found && photo.ID != "" {
			t.pictures.learn(keys[0], photo.ID)
		}
	}
	return nil
}

// replace makes the call that puts the blank picture in the place of another, with its bytes where Telegram does not hold it.
func (t *Telegram) replace(ctx context.Context, l bot.Letter, params tgbotapi.Params, file string) (json.RawMessage, error) {
	caption := tgbotapi.Params{}
	setText(caption, l, "caption", shorten(l.Text, captionLimit))
	caption["type"], caption["media"] = "photo", file
	var files []tgbotapi.RequestFile
	if file == "" {
		caption["media"] = "attach://blank"
		data := tgbotapi.FileBytes{Name: "blank.jpg", Bytes: blankPicture()}
		files = append(files, tgbotapi.RequestFile{Name: "blank", Data: data})
	}
	media, err := json.Marshal(caption)
	if err != nil {
		return nil, fmt.Errorf("letter %d: picture: %w", l.ID, err)
	}
	params["media"] = string(media)
	return t.Call(ctx, "editMessageMedia", params, files...)
}
