package botapi

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
)

// Limits of keyboards.
const (
	dataLimit    = 64  // bytes
	buttonsLimit = 100 // of one keyboard
)

// Button is one button of a keyboard below a message.
type Button struct {
	Label string
	Data  string // what a press carries; empty = it opens URL
	URL   string
}

// keyboard is what a reply_markup asks for.
type keyboard struct {
	rows  [][]Button
	fixed bool // a keyboard in place of the letters, or a forced reply: its message cannot be edited
	raw   []byte
}

type wireButton struct {
	Text     *string `json:"text"`
	Data     *string `json:"callback_data"`
	URL      *string `json:"url"`
	WebApp   present `json:"web_app"`
	Login    present `json:"login_url"`
	Switch   present `json:"switch_inline_query"`
	Here     present `json:"switch_inline_query_current_chat"`
	Chosen   present `json:"switch_inline_query_chosen_chat"`
	CopyText present `json:"copy_text"`
	Game     present `json:"callback_game"`
	Pay      present `json:"pay"`
}

// present notes only that a member is there.
type present bool

// UnmarshalJSON is part of encoding/json's contract.
func (p *present) UnmarshalJSON([]byte) error {
	*p = true
	return nil
}

// readKeyboard reads reply_markup.
func readKeyboard(c *call) (keyboard, *refusal) {
	raw := c.text("reply_markup")
	if raw == "" {
		return keyboard{}, nil
	}
	var markup struct {
		Inline json.RawMessage `json:"inline_keyboard"`
		Fixed  json.RawMessage `json:"keyboard"`
		Force  bool            `json:"force_reply"`
		Remove bool            `json:"remove_keyboard"`
	}
	if raw[0] != '{' {
		return keyboard{}, bad("object expected as reply markup")
	}
	if err := json.Unmarshal([]byte(raw), &markup); err != nil {
		return keyboard{}, bad("can't parse reply keyboard markup JSON object")
	}
	switch {
	case markup.Inline != nil:
		return readInline(markup.Inline)
	case markup.Fixed != nil:
		if markup.Fixed[0] != '[' {
			return keyboard{}, bad(`field "keyboard" must be of type Array`)
		}
		return keyboard{fixed: true}, nil
	}
	return keyboard{fixed: markup.Force}, nil
}

func readInline(raw json.RawMessage) (keyboard, *refusal) {
	var rows [][]wireButton
	if raw[0] != '[' {
		return keyboard{}, bad(`field "inline_keyboard" must be of type Array`)
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		return keyboard{}, bad("can't parse inline keyboard button: " + err.Error())
	}
	var k keyboard
	count := 0
	for _, row := range rows {
		buttons := make([]Button, 0, len(row))
		for _, w := range row {
			button, refused := w.button()
			if refused != nil {
				return keyboard{}, refused
			}
			buttons = append(buttons, button)
		}
		if count += len(buttons); count > buttonsLimit {
			return keyboard{}, bad("reply markup is too long")
		}
		if len(buttons) > 0 {
			k.rows = append(k.rows, buttons)
		}
	}
	k.raw = encodeRows(k.rows)
	return k, nil
}

// button checks one button. Telegram takes the first type of a button that has two; its documentation allows exactly one,
// and so does this server.
func (w *wireButton) button() (Button, *refusal) {
	const prefix = "can't parse inline keyboard button: "
	if w.Text == nil {
		return Button{}, bad(prefix + `Can't find field "text"`)
	}
	types := 0
	for _, there := range []bool{
		w.Data != nil, w.URL != nil, bool(w.WebApp), bool(w.Login), bool(w.Switch), bool(w.Here), bool(w.Chosen),
		bool(w.CopyText), bool(w.Game), bool(w.Pay),
	} {
		if there {
			types++
		}
	}
	switch {
	case types == 0:
		return Button{}, bad(prefix + "Text buttons are unallowed in the inline keyboard")
	case types > 1:
		return Button{}, bad(prefix + "exactly one type must be specified")
	case strings.TrimSpace(*w.Text) == "":
		return Button{}, bad("inline keyboard button text must be non-empty")
	case w.Data != nil && (*w.Data == "" || len(*w.Data) > dataLimit):
		return Button{}, bad("BUTTON_DATA_INVALID")
	}
	b := Button{Label: *w.Text}
	if w.Data != nil {
		b.Data = *w.Data
	}
	if w.URL != nil {
		if !isLink(*w.URL) {
			return Button{}, bad("BUTTON_URL_INVALID")
		}
		b.URL = *w.URL
	}
	return b, nil
}

func isLink(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "tg") && u.Host != ""
}

// encodeRows writes a keyboard as Telegram gives it back.
func encodeRows(rows [][]Button) []byte {
	if len(rows) == 0 {
		return nil
	}
	b := append(make([]byte, 0, 128), `{"inline_keyboard":[`...)
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j, button := range row {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendString(append(b, `{"text":`...), button.Label)
			if button.URL != "" {
				b = appendText(b, "url", button.URL)
			} else {
				b = appendText(b, "callback_data", button.Data)
			}
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, ']', '}')
}

func (k keyboard) equals(raw []byte) bool { return bytes.Equal(k.raw, raw) }
