package telegram

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestIdenticalEditIsAsGoodAsDone(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	s.Say(noor, noor, "/start")
	l := letterTo(noor, "<b>een</b>")
	l.Rows = [][]bot.Choice{{{Key: "a", Label: "A"}}}
	l.Op, l.Edits = bot.OpEdit, s.send(l)
	if e := s.refuse(l); e.Remedy != bot.Unchanged {
		t.Errorf("%+v", e)
	}
	l.Text = "een"
	s.send(l)
	if m, _ := s.Last(noor); m.Text != "een" || len(m.Keyboard) != 1 {
		t.Errorf("the buttons are gone: %+v", m)
	}
	l.Rows = nil
	s.send(l)
	if m, _ := s.Last(noor); len(m.Keyboard) != 0 {
		t.Errorf("the buttons stay: %+v", m)
	}
}

func TestCardThatIsGoneIsPostedAnew(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	s.Say(noor, noor, "/start")
	ref := s.send(letterTo(noor, "een"))
	if _, err := s.tg.Call(t.Context(), "deleteMessage", map[string]string{"chat_id": "5001", "message_id": string(ref)}); err != nil {
		t.Fatal(err)
	}
	fixed, err := s.tg.Call(t.Context(), "sendMessage",
		map[string]string{"chat_id": "5001", "text": "x", "reply_markup": `{"keyboard":[[{"text":"a"}]]}`})
	if err != nil {
		t.Fatal(err)
	}
	for _, on := range []bot.MessageRef{ref, s.tg.posted(fixed), "999"} {
		if e := s.refuse(editOf(noor, on, "twee")); e.Remedy != bot.Lost {
			t.Errorf("%s: %+v", on, e)
		}
	}
}

func TestPictureIsEditedByItsCaption(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	ref := s.send(letterTo(street, "een"), jpegOf(t, 40, 30, 1))
	s.send(editOf(street, ref, "twee"))
	long := strings.Repeat("lang ", 500)
	s.send(editOf(street, ref, long))
	if m, _ := s.Last(street); m.Kind != "photo" || !strings.HasSuffix(m.Text, "…") {
		t.Errorf("%+v", m)
	}
}

func TestEditIsCutToOneMessage(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	ref := s.send(letterTo(street, "een"))
	s.send(editOf(street, ref, strings.Repeat("<b>lang</b> &amp; ", 1000)))
	if m, _ := s.Last(street); !strings.HasSuffix(m.Text, "…") || utf8.RuneCountInString(m.Text) < 4000 {
		t.Errorf("%d characters", utf8.RuneCountInString(m.Text))
	}
}

func TestWordsTooLongForACaptionStandBesideThePicture(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	for _, n := range []int{1024, 1025, 4096, 4097} {
		s.send(letterTo(street, strings.Repeat("a", n)), jpegOf(t, 20, 20, n))
	}
	var got []int
	for _, m := range s.Messages(street) {
		got = append(got, len(m.Text)*(1-2*m.Photos))
	}
	if diff := cmp.Diff([]int{-1024, 1025, 0, 4096, 0, 4096, 1, 0}, got); diff != "" {
		t.Errorf("characters, below zero for a picture (-want +got)\n%s", diff)
	}
}
