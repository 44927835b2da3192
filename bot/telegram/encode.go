package telegram

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// maxData is Telegram's limit for what a button carries, in bytes.
const maxData = 64

const noPreview = `{"is_disabled":true}`

// step is one call of the several that a letter may need.
type step struct {
	method string
	params tgbotapi.Params
	photos [][]byte
	text   string // what is told when the pictures cannot be shown
	shown  bool   // its message is the one that is pressed and edited later
}

// plan lists the calls that deliver a letter.
func (t *Telegram) plan(l bot.Letter, photos [][]byte) ([]step, error) {
	keyboard, err := t.keyboard(l)
	if err != nil {
		return nil, err
	}
	l.Text = strings.ToValidUTF8(strings.TrimRight(l.Text, " \n"), "\uFFFD")
	if l.Op == bot.OpEdit {
		return planEdit(l, keyboard)
	}
	photos, recordings := parted(photos)
	words := planWords(l, keyboard)
	var steps []step
	switch {
	case len(photos) == 0:
		steps = words
	case len(photos) > 1:
		steps = append(planAlbums(l, photos), words...)
	case seen(l.Text) <= captionLimit:
		steps = []step{planCaption(l, photos, keyboard)}
	default:
		steps = append(words, planPhoto(l, photos))
	}
	for _, r := range recordings {
		steps = append(steps, step{method: "sendDocument", params: envelope(l), photos: [][]byte{r}})
	}
	if len(steps) == 0 {
		return nil, fmt.Errorf("letter %d has nothing in it", l.ID)
	}
	if id, err := strconv.ParseInt(string(l.Reply), 10, 64); err == nil {
		steps[0].params["reply_parameters"] = fmt.Sprintf(`{"message_id":%d,"allow_sending_without_reply":true}`, id)
	}
	return steps, nil
}

// envelope is what every call that posts something has in common.
func envelope(l bot.Letter) tgbotapi.Params {
	params := make(tgbotapi.Params, 8)
	params["chat_id"] = l.To.ID
	params.AddBool("protect_content", l.Protect)
	params.AddBool("disable_notification", l.Silent)
	return params
}

// setText puts a text under a name, as markup or plain.
func setText(params tgbotapi.Params, l bot.Letter, name, text string) {
	if text == "" {
		return
	}
	if l.Plain {
		params[name] = plain(text)
		return
	}
	params[name] = text
	params["parse_mode"] = tgbotapi.ModeHTML
}

// planWords gives one call for each part of the text; the last part has the buttons.
func planWords(l bot.Letter, keyboard string) []step {
	if strings.TrimSpace(stripped(l.Text)) == "" {
		return nil
	}
	parts := split(l.Text, textLimit)
	steps := make([]step, len(parts))
	for i, part := range parts {
		steps[i] = step{method: "sendMessage", params: envelope(l), shown: i == len(parts)-1}
		setText(steps[i].params, l, "text", part)
		steps[i].params["link_preview_options"] = noPreview
		if steps[i].shown {
			steps[i].params.AddNonEmpty("reply_markup", keyboard)
		}
	}
	return steps
}

func planCaption(l bot.Letter, photos [][]byte, keyboard string) step {
	s := planPhoto(l, photos)
	s.text, s.shown = l.Text, true
	setText(s.params, l, "caption", l.Text)
	s.params.AddNonEmpty("reply_markup", keyboard)
	return s
}

func planPhoto(l bot.Letter, photos [][]byte) step {
	return step{method: "sendPhoto", params: envelope(l), photos: photos}
}

// parted parts pictures from what was spoken or filmed, which goes as a file, each by itself: Telegram keeps a file as it is.
func parted(all [][]byte) (photos, recordings [][]byte) {
	for _, data := range all {
		if bot.KindOf(data).Media == bot.MediaPhoto {
			photos = append(photos, data)
		} else {
			recordings = append(recordings, data)
		}
	}
	return photos, recordings
}

// planAlbums gives one call for every ten pictures. Telegram allows no album of one, so none is left alone.
func planAlbums(l bot.Letter, photos [][]byte) []step {
	var steps []step
	for len(photos) > 0 {
		n := min(len(photos), 10)
		if len(photos) == 11 {
			n = 9
		}
		steps = append(steps, step{method: "sendMediaGroup", params: envelope(l), photos: photos[:n]})
		photos = photos[n:]
	}
	return steps
}

// planEdit changes a text message, or the caption of a picture when the message turns out to be one. An edit is one
// message, so a text that is too long ends with an ellipsis. Without a keyboard in it, an edit takes the buttons away.
func planEdit(l bot.Letter, keyboard string) ([]step, error) {
	id, err := strconv.ParseInt(string(l.Edits), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("letter %d edits the message %q: %w", l.ID, l.Edits, err)
	}
	if l.Gone {
		gone := tgbotapi.Params{"chat_id": l.To.ID, "message_id": formatID(id)}
		return []step{{method: "deleteMessage", params: gone, shown: true}}, nil
	}
	params := tgbotapi.Params{"chat_id": l.To.ID, "message_id": formatID(id), "link_preview_options": noPreview}
	setText(params, l, "text", shorten(l.Text, textLimit))
	params.AddNonEmpty("reply_markup", keyboard)
	return []step{{method: "editMessageText", params: params, text: l.Text, shown: true}}, nil
}

func shorten(text string, limit int) string {
	if seen(text) <= limit {
		return text
	}
	return split(text, limit-1)[0] + "…"
}

// keyboard writes a letter's choices as buttons; empty = none. A choice that opens the private chat needs our name, and
// is left out while that is not known; one that is pressed needs the rendering's token.
func (t *Telegram) keyboard(l bot.Letter) (string, error) {
	rows := make([][]tgbotapi.InlineKeyboardButton, 0, len(l.Rows))
	for _, choices := range l.Rows {
		row := make([]tgbotapi.InlineKeyboardButton, 0, len(choices))
		for _, c := range choices {
			button, shown, err := t.button(c, l.Token)
			if err != nil {
				return "", fmt.Errorf("letter %d: %w", l.ID, err)
			}
			if shown {
				row = append(row, button)
			}
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return "", nil
	}
	markup, err := json.Marshal(tgbotapi.InlineKeyboardMarkup{InlineKeyboard: rows})
	if err != nil {
		return "", fmt.Errorf("letter %d: buttons: %w", l.ID, err)
	}
	return string(markup), nil
}

func (t *Telegram) button(c bot.Choice, token string) (button tgbotapi.InlineKeyboardButton, shown bool, err error) {
	button.Text = strings.ToValidUTF8(c.Label, "\uFFFD")
	switch {
	case c.Link != "":
		name := t.Username()
		link := "https://t.me/" + name + "?start=" + url.QueryEscape(c.Link)
		button.URL = &link
		return button, name != "", nil
	case token == "":
		return button, false, nil
	}
	data := token + "." + c.Key
	if len(data) > maxData {
		return button, false, fmt.Errorf("choice %q: %d bytes of callback data", c.Key, len(data))
	}
	button.CallbackData = &data
	return button, true, nil
}
