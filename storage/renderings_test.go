package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// What people typed is held against the labels that were shown, which may name somebody and so cannot be read.
func TestAChoiceIsFoundByItsWords(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	id := post(t, s, bot.Letter{Chat: chat, Token: "tok", Message: bot.Message{About: "member/3", Rows: [][]bot.Choice{
		{{Key: "a:1", Label: "Ja, voor Ana de Wit"}, {Key: "b=2", Label: "Nee"}, {Key: "c", Label: "Later"}, {Key: "d", Label: "later!"}},
		{{Key: "e", Label: "…"}},
	}}})
	claim(t, s, id)
	settle(t, s, id, delivered)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		r, err := tx.Rendering(ctx, "", chat, "m1")
		same(t, "keys", []string{"a:1", "b=2", "c", "d", "e"}, r.Keys)
		for words, want := range map[string]string{
			"ja voor ana de wit": "a:1", "NEE.": "b=2", "later": "", "ja": "", "": "", "…": "", "a:1": "",
		} {
			if key, ok := tx.Labelled(r, words); key != want || ok != (want != "") {
				t.Errorf("%q chooses %q, %v", words, key, ok)
			}
		}
		return err
	})
	do(t, s, func(_ context.Context, tx bot.Tx) error {
		if key, ok := tx.Labelled(bot.Rendering{Keys: []string{"yes"}}, "yes"); ok { // a letter of an older version
			t.Errorf("an older letter offers %q", key)
		}
		return nil
	})
}

// A press is traced by its token in the chat of its letter, or by the message it is on.
func TestAPressIsTracedToWhatWasShown(t *testing.T) {
	s := fresh(t)
	chat, other := room(t, s, "1", bot.Group), room(t, s, "2", bot.Group)
	id := post(t, s, bot.Letter{
		Chat: chat, Person: 7, Token: "tok",
		Message: bot.Message{About: "case/3", Version: 4, Rows: [][]bot.Choice{{{Key: "yes"}}, {{Key: "no"}, {Link: "hi"}}}},
	})
	claim(t, s, id)
	settle(t, s, id, delivered)
	for range 1030 { // so many letters later
		post(t, s, bot.Letter{Chat: other})
	}
	want := bot.Rendering{
		Letter: id, Chat: chat, About: "case/3", Version: 4, Keys: []string{"yes", "no"}, Labels: []string{"", ""}, Person: 7, Message: "m1",
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, c := range []struct {
			token string
			chat  int64
			on    bot.MessageRef
			found bool
		}{
			{"tok", chat, "", true},
			{"", chat, "m1", true},
			{"tok", other, "", false},
			{"guess", chat, "m1", false},
			{"", other, "m1", false},
			{"", chat, "m2", false},
			{"", chat, "", false},
		} {
			got, err := tx.Rendering(ctx, c.token, c.chat, c.on)
			switch {
			case c.found:
				same(t, fmt.Sprintf("%+v", c), want, got)
			case !errors.Is(err, bot.ErrNotFound):
				t.Errorf("%+v: %+v, %v", c, got, err)
			}
		}
		anywhere, err := tx.RenderingOf(ctx, "tok")
		same(t, "by its token alone", want, anywhere)
		for _, token := range []string{"guess", ""} {
			if _, err := tx.RenderingOf(ctx, token); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("token %q: %v", token, err)
			}
		}
		return err
	})
}

// What was shown last in a chat is found as long as the chat was not silent for ever, and only once it was shown.
func TestTheNewestOfAChatIsWhatWasShownLast(t *testing.T) {
	s := fresh(t)
	chat, other := room(t, s, "1", bot.Private), room(t, s, "2", bot.Private)
	choices := bot.Message{About: "case/3", Rows: [][]bot.Choice{{{Key: "yes"}}}}
	first := post(t, s, bot.Letter{Chat: chat, Message: choices})
	claim(t, s, first)
	settle(t, s, first, delivered)
	second := post(t, s, bot.Letter{Chat: chat})
	newest := func() int64 {
		var found bot.Rendering
		do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
			found, err = tx.Newest(ctx, chat)
			return err
		})
		return found.Letter
	}
	same(t, "while the second waits", first, newest())
	claim(t, s, second)
	settle(t, s, second, delivered)
	same(t, "once it was shown", second, newest())
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if found, err := tx.Newest(ctx, other); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("in a chat without a word: %+v, %v", found, err)
		}
		return nil
	})
}
