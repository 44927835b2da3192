package telegram

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever comes as an update is something, nothing, or an error, and never both.
func FuzzDecode(f *testing.F) {
	for _, raw := range []string{
		text(7, "/alarm@BuurtBot KAS-7F3K"),
		`{"update_id":1,"callback_query":{"id":"9","from":{"id":5},"data":"x:1"}}`,
		`{"update_id":1,"my_chat_member":{"chat":{"id":-1,"type":"group"},"new_chat_member":{"status":"kicked"}}}`,
		`{"update_id":1,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"location":{"latitude":1e400}}}`,
		`{"update_id":1,"message":{"photo":[]}}`, `{"message":null}`, `[]`,
	} {
		f.Add([]byte(raw))
	}
	tg := New(Config{Token: testToken})
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := tg.Decode(raw)
		if err != nil && !u.Empty() {
			t.Errorf("an error with %v", u)
		}
	})
}

// A text of ours is cut into parts that Telegram takes, in which every tag is closed, and nothing that people wrote is lost.
func FuzzSplit(f *testing.F) {
	f.Add("Er is iets gebeurd", "b", 40)
	f.Add("5 < 6 & \"7\"", "code", 12)
	f.Add(strings.Repeat("👨‍👩‍👧", 50), "i", 20)
	f.Add("\u202eomgekeerd\u202c \x00", "b", 9)
	f.Fuzz(func(t *testing.T, words, tag string, limit int) {
		if tag != "b" && tag != "i" && tag != "code" || limit < 8 || limit > textLimit || !utf8.ValidString(words) {
			return
		}
		parts := split("<"+tag+">"+html.EscapeString(words)+"</"+tag+">", limit)
		var all strings.Builder
		for _, part := range parts {
			if n := seen(part); n > limit {
				t.Errorf("a part of %d, the limit is %d: %q", n, limit, part)
			}
			if strings.Count(part, "<"+tag+">") != strings.Count(part, "</"+tag+">") {
				t.Errorf("a tag that stays open: %q", part)
			}
			all.WriteString(stripped(part))
		}
		if got, want := blankless(all.String()), blankless(words); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}
