package telegram

import (
	"errors"
	"strconv"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// held lists the messages of a group that are pinned.
func (s strict) held(chat int64) (ids []string) {
	for _, m := range s.Messages(chat) {
		if m.Pinned {
			ids = append(ids, strconv.FormatInt(m.ID, 10))
		}
	}
	return ids
}

func TestPinnedMessageIsHeldAndLetGo(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Promote(noor, street, botapi.AllRights())
	l := bot.Letter{ID: 1, Op: bot.OpPost, Lane: bot.LaneUrgent, Message: bot.Message{Text: "Let op"}}
	l.To = bot.ChatRef{Platform: Name, ID: strconv.FormatInt(street, 10), Kind: bot.Group}
	on, err := s.tg.Send(t.Context(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a crash after the call repeats it
		if err := s.tg.Pin(t.Context(), l.To, on); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.held(street); len(got) != 1 || got[0] != string(on) {
		t.Errorf("pinned: %v", got)
	}
	for range 2 {
		if err := s.tg.Unpin(t.Context(), l.To, on); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.held(street); len(got) != 0 {
		t.Errorf("still pinned: %v", got)
	}
}

func TestWhatCannotBePinnedIsNotTriedAgain(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	room := bot.ChatRef{Platform: Name, ID: strconv.FormatInt(street, 10), Kind: bot.Group}
	var last *bot.FinalError
	if err := s.tg.Pin(t.Context(), room, "1"); !errors.As(err, &last) {
		t.Errorf("without the right: %v", err)
	}
	s.Promote(noor, street, botapi.AllRights())
	if err := s.tg.Pin(t.Context(), room, "999999"); !errors.As(err, &last) {
		t.Errorf("no such message: %v", err)
	}
	s.Fail(botapi.Fault{Method: "pinChatMessage", Kind: botapi.Status502HTML})
	if err := s.tg.Pin(t.Context(), room, "1"); err == nil || errors.As(err, &last) {
		t.Errorf("a server that fails: %v", err)
	}
}
