package telegram

import (
	"bytes"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// bared is a letter that takes the picture of a message in the street away and leaves these words.
func bared(on bot.MessageRef, text string) bot.Letter {
	l := editOf(street, on, text)
	l.Bare = true
	return l
}

func TestThePictureGoesAndTheWordsStay(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	s := newStrict(t, botapi.Config{Now: func() time.Time { return now }})
	photo := jpegOf(t, 40, 30, 1)
	one, two := s.send(letterTo(street, "een"), photo), s.send(letterTo(street, "twee"), photo)
	text := s.send(letterTo(street, "drie"))
	now = now.Add(72 * time.Hour) // when nothing can be deleted any more
	for on, words := range map[bot.MessageRef]string{one: "een, oud", two: "twee, oud", text: "drie, oud"} {
		s.send(bared(on, words))
		if e := s.refuse(bared(on, words)); e.Remedy != bot.Unchanged {
			t.Errorf("once more: %+v", e)
		}
	}
	for i, m := range s.Messages(street) {
		if m.Deleted || bytes.Equal(m.Picture, photo) || m.Text != []string{"een, oud", "twee, oud", "drie, oud"}[i] {
			t.Errorf("%+v", m)
		}
	}
	uploads := 0
	for _, r := range s.Called("editMessageMedia") {
		uploads += len(r.Files)
	}
	if uploads != 1 {
		t.Errorf("the blank picture was uploaded %d times", uploads)
	}
}

func TestWhereNoOtherPictureIsTakenTheMessageGoes(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	photo := jpegOf(t, 40, 30, 1)
	on := s.send(letterTo(street, "een"), photo)
	s.Fail(botapi.Fault{Kind: botapi.Puzzled, Method: "editMessageMedia"})
	s.send(bared(on, "een, oud"))
	if m := s.Messages(street)[0]; !m.Deleted {
		t.Errorf("%+v", m)
	}
	if e := s.refuse(bared(on, "een, oud")); e.Remedy != bot.Lost {
		t.Errorf("%+v", e)
	}
}

func TestPictureOfItsOwnIsCoveredOnceItCannotBeDeleted(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	s := newStrict(t, botapi.Config{Now: func() time.Time { return now }})
	photo := jpegOf(t, 40, 30, 1)
	on := s.send(letterTo(street, "foto"), photo)
	now = now.Add(72 * time.Hour)
	gone := editOf(street, on, "weggehaald")
	gone.Gone = true
	s.send(gone)
	if m := s.Messages(street)[0]; m.Deleted || bytes.Equal(m.Picture, photo) || m.Text != "weggehaald" {
		t.Errorf("%+v", m)
	}
}
