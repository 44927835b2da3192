package telegram

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// A link in a letter shows no picture of a page that nobody looked at, in no part of it and after no change.
func TestNoLetterShowsAPreview(t *testing.T) {
	long := letterTo(-1, strings.Repeat("https://example.org ", 400))
	edit := letterTo(-1, "https://example.org")
	edit.Op, edit.Edits = bot.OpEdit, "7"
	for name, l := range map[string]bot.Letter{"a text": letterTo(-1, "https://example.org"), "a long text": long, "an edit": edit} {
		steps, err := new(Telegram).plan(l, nil)
		if err != nil || len(steps) == 0 {
			t.Fatal(name, len(steps), err)
		}
		for i, s := range steps {
			if got := s.params["link_preview_options"]; got != `{"is_disabled":true}` {
				t.Errorf("%s, call %d: %q", name, i, got)
			}
		}
	}
}
