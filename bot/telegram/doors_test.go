package telegram

import (
	"errors"
	"strconv"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// at carries out an order about somebody at the door of the street, and gives what is to be done about the error.
func (s strict) at(order bot.DoorOrder, who int64) string {
	s.t.Helper()
	err := s.tg.Doors(s.t.Context(), order, bot.ChatRef{Platform: Name, ID: strconv.FormatInt(street, 10)},
		bot.UserRef{Platform: Name, ID: strconv.FormatInt(who, 10)})
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, bot.ErrUnasked):
		return "unasked"
	case errors.Is(err, bot.ErrCrowded):
		return "crowded"
	}
	if _, final := errors.AsType[*bot.FinalError](err); final {
		return "final"
	}
	return "again"
}

// The bot goes away itself when it is told to; where it is not any more there is nothing to do.
func TestTheBotLeavesAChat(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	if got := s.at(bot.DoorLeave, 0); got != "done" {
		t.Errorf("leaving is %s", got)
	}
	_, err := s.tg.Call(t.Context(), "sendMessage", tgbotapi.Params{"chat_id": strconv.FormatInt(street, 10), "text": "?"})
	if err == nil {
		t.Error("the bot is still inside")
	}
	if got := s.at(bot.DoorLeave, 0); got == "again" {
		t.Error("leaving is tried again for ever")
	}
}

func TestOrdersAtTheDoorAreDoneOnce(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	const eva = 5900
	s.AddUser(botapi.User{ID: eva, FirstName: "Eva"})
	var got []string
	do := func(order bot.DoorOrder, who int64) { got = append(got, s.at(order, who)) }
	do(bot.DoorAdmit, eva) // not an administrator
	s.Promote(noor, street, botapi.Rights{Pin: true})
	do(bot.DoorAdmit, eva)  // without the right to invite
	do(bot.DoorPutOut, eva) // who is not inside anyway
	s.Promote(noor, street, botapi.AllRights())
	do(bot.DoorAdmit, eva) // she did not ask
	s.AskToJoin(eva, street)
	do(bot.DoorAdmit, eva)
	do(bot.DoorAdmit, eva)
	inside := s.Inside(eva, street)
	do(bot.DoorTurnAway, eva)
	do(bot.DoorPutOut, eva)
	do(bot.DoorPutOut, eva)
	s.AskToJoin(eva, street)
	do(bot.DoorTurnAway, eva)
	do(bot.DoorAdmit, eva)
	s.AskToJoin(eva, street) // who was put out may come back
	do(bot.DoorAdmit, eva)
	if !inside || !s.Inside(eva, street) {
		t.Errorf("inside: %t, and after coming back: %t", inside, s.Inside(eva, street))
	}
	s.Appoint(eva, street)
	do(bot.DoorPutOut, eva) // an administrator of the group is nobody's to put out
	want := []string{
		"final", "final", "done", "unasked", "done", "done", "done", "done", "done", "done", "unasked", "done", "final",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Who is in as many chats as Telegram allows is not let in, and can ask again when they have left some.
func TestWhoIsInTooManyChatsIsNotLetIn(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	const eva = 5900
	s.AddUser(botapi.User{ID: eva, FirstName: "Eva"})
	s.Promote(noor, street, botapi.AllRights())
	s.Crowd(eva, true)
	s.AskToJoin(eva, street)
	got := []string{s.at(bot.DoorAdmit, eva), s.at(bot.DoorAdmit, eva)}
	inside := s.Inside(eva, street)
	s.Crowd(eva, false)
	s.AskToJoin(eva, street)
	got = append(got, s.at(bot.DoorAdmit, eva))
	if diff := cmp.Diff([]string{"crowded", "unasked", "done"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if inside || !s.Inside(eva, street) {
		t.Errorf("inside at first: %t, and in the end: %t", inside, s.Inside(eva, street))
	}
}

// Whom somebody else let in meanwhile is inside, though nobody asks any more.
func TestWhomAnotherLetInIsInside(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Promote(noor, street, botapi.AllRights())
	s.Join(ivo, street)
	if got := s.at(bot.DoorAdmit, ivo); got != "done" {
		t.Errorf("letting in is %s", got)
	}
}

func TestRequestsAndDeparturesAreDecoded(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	for name, c := range map[string]struct {
		raw  string
		want bot.Update
	}{
		"asked in": {
			`{"update_id":1,"chat_join_request":{"chat":{"id":-1001,"type":"supergroup","title":"Straat"},` +
				`"from":{"id":7,"first_name":"Eva","language_code":"nl"},"user_chat_id":7,"date":1}}`,
			bot.Update{
				Chat:  bot.ChatRef{Platform: Name, ID: "-1001", Kind: bot.Group, Title: "Straat"},
				From:  bot.UserRef{Platform: Name, ID: "7", Name: "Eva", Language: "nl"},
				Event: bot.AskedIn{Alone: bot.ChatRef{Platform: Name, ID: "7", Kind: bot.Private}},
			},
		},
		"put out by another": {
			`{"update_id":2,"chat_member":{"chat":{"id":-1001,"type":"supergroup"},"from":{"id":8},"date":1,` +
				`"old_chat_member":{"user":{"id":7,"first_name":"Eva"},"status":"restricted","is_member":true},` +
				`"new_chat_member":{"user":{"id":7,"first_name":"Eva"},"status":"kicked","until_date":0}}}`,
			bot.Update{
				Chat:  bot.ChatRef{Platform: Name, ID: "-1001", Kind: bot.Group},
				From:  bot.UserRef{Platform: Name, ID: "7", Name: "Eva"},
				Event: bot.WentOut{},
			},
		},
		"came in": {raw: `{"update_id":3,"chat_member":{"chat":{"id":-1001,"type":"supergroup"},"from":{"id":7},"date":1,` +
			`"old_chat_member":{"user":{"id":7},"status":"left"},"new_chat_member":{"user":{"id":7},"status":"member"}}}`},
		"another bot left": {raw: `{"update_id":4,"chat_member":{"chat":{"id":-1001,"type":"supergroup"},"from":{"id":9},"date":1,` +
			`"old_chat_member":{"user":{"id":9,"is_bot":true},"status":"member"},` +
			`"new_chat_member":{"user":{"id":9,"is_bot":true},"status":"left"}}}`},
		"nobody asks": {raw: `{"update_id":5,"chat_join_request":{"chat":{"id":-1001,"type":"supergroup"},"date":1}}`},
	} {
		got, err := s.tg.Decode([]byte(c.raw))
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
}
