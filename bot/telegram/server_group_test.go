package telegram

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestGroupIsHeardOnlyWhenItSpeaksToUs(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Promote(noor, street, botapi.AllRights()) // an administrator hears everything
	s.poll()
	ref := s.send(letterTo(street, "x"))
	s.Say(noor, street, "wie heeft er een ladder?")
	s.Say(noor, street, "/HULP@BuurtBot nu")
	s.Say(noor, street, "/hulp@anderebot")
	s.Say(noor, noor, "/hulp@anderebot")
	s.Say(noor, street, "/hulp—nu")
	s.Say(noor, street, "@buurtbot hoor je mij?")
	s.Say(ivo, street, "ik weet het", botapi.ReplyTo(messageNumber(ref)))
	s.SendPhoto(noor, street, jpegOf(t, 20, 20, 1))
	s.poll()
	var got []bot.Event
	for _, u := range s.updates() {
		got = append(got, u.Event)
	}
	want := []bot.Event{
		bot.Entitled{},
		bot.Command{Name: "hulp", Args: "nu"},
		bot.Command{Name: "hulp", Args: "—nu"},
		bot.Text{Body: "@buurtbot hoor je mij?"},
		bot.Text{Body: "ik weet het", ReplyTo: ref},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestComingAndGoingOfTheBotIsToldOnce(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Promote(noor, street, botapi.AllRights())
	s.Demote(noor, street)
	s.Kick(noor, street)
	s.Invite(noor, street)
	s.Promote(noor, street, botapi.Rights{Pin: true})
	if _, err := s.tg.Call(t.Context(), "leaveChat", map[string]string{"chat_id": fmt.Sprint(street)}); err != nil {
		t.Fatal(err)
	}
	s.poll()
	var got []string
	for _, u := range s.updates() {
		got = append(got, fmt.Sprintf("%T", u.Event))
	}
	want := []string{"bot.Entitled", "bot.Entitled", "bot.Left", "bot.Joined", "bot.Entitled", "bot.Left"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOwnServiceMessagesAndChannelsAreNothing(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Promote(noor, street, botapi.AllRights())
	s.AddGroup(botapi.Group{ID: -1001300000001, Title: "Krant", Type: "channel", Members: []int64{noor}, Status: "administrator"})
	ref := s.send(letterTo(street, "x"))
	pin := map[string]string{"chat_id": fmt.Sprint(street), "message_id": string(ref)}
	if _, err := s.tg.Call(t.Context(), "pinChatMessage", pin); err != nil {
		t.Fatal(err)
	}
	post := s.Say(noor, -1001300000001, "nieuws")
	s.Edit(noor, -1001300000001, post, "ander nieuws")
	if n := s.Pending(); n != 4 {
		t.Fatalf("%d updates", n)
	}
	s.poll()
	got := s.updates()
	if len(got) != 1 || got[0].Event != (bot.Entitled{}) { // the promotion
		t.Errorf("%+v", got)
	}
}
