package botapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestPrivacyKeepsChatterFromTheBot(t *testing.T) {
	w := newTown(t, botapi.Config{})
	own := w.ok("sendMessage", "chat_id", lane, "text", "x").id()
	w.Say(noor, lane, "wie heeft er een ladder?")
	w.Say(noor, lane, "@buurtbot, hoor je mij?")
	w.Say(noor, lane, "😀 /hulp@BuurtBot nu")
	w.Say(noor, lane, "/hulp")
	w.Say(noor, lane, "/hulp@echobot")
	w.Say(noor, lane, "en/of")
	w.Say(noor, lane, "antwoord", botapi.ReplyTo(own))
	w.SendPhoto(noor, lane, picture(t, 40, 30, 1))
	w.SendPhoto(noor, lane, picture(t, 40, 30, 1), botapi.ReplyTo(own), botapi.Caption("zie"))
	w.AddUser(botapi.User{ID: 5009, FirstName: "Bo"})
	w.Join(5009, lane)
	want := []string{"message 😀 /hulp@BuurtBot nu", "message /hulp", "message antwoord", "message zie", "message"}
	if diff := cmp.Diff(want, w.heard()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	w.forward(4 * time.Second)
	w.poll("offset", -1)
	w.Promote(noor, lane, botapi.AllRights())
	w.Say(noor, lane, "en nu?")
	if got := w.heard(); got[len(got)-1] != "message en nu?" {
		t.Errorf("an administrator does not hear all: %v", got)
	}
}

func TestMaskedAuthorsAreShownAsTelegramShowsThem(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.AddGroup(botapi.Group{ID: -1007, Title: "Krant", Type: "channel", Members: []int64{noor}, Status: "administrator"})
	w.Say(noor, lane, "/a", botapi.AsAnonymousAdmin())
	w.Say(noor, lane, "/b", botapi.AsChannel(-1007))
	w.Say(noor, lane, "/c", botapi.Forwarded())
	w.Say(noor, -1007, "post")
	type message struct {
		From   struct{ ID int64 }
		Sender struct{ ID int64 } `json:"sender_chat"`
		Origin json.RawMessage    `json:"forward_origin"`
	}
	var got [][2]int64
	for _, raw := range w.poll() {
		var u struct {
			Message message
			Post    message `json:"channel_post"`
		}
		_ = json.Unmarshal(raw, &u)
		got = append(got, [2]int64{u.Message.From.ID, u.Message.Sender.ID})
		if (u.Message.Origin != nil) != (len(got) == 3) {
			t.Errorf("%s", raw)
		}
	}
	if diff := cmp.Diff([][2]int64{{1087968824, lane}, {136817688, -1007}, {noor, 0}, {0, 0}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGroupIsClosedToABotThatIsNotInIt(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.AddGroup(botapi.Group{ID: -1009, Title: "Ver", Status: "left"})
	w.AddGroup(botapi.Group{ID: -1007, Title: "Krant", Type: "channel"})
	send := func(want string, chat int64) {
		t.Helper()
		w.refused(want, "sendMessage", "chat_id", chat, "text", "x")
	}
	send("Forbidden: bot is not a member of the group chat", -1009)
	send("Bad Request: need administrator rights in the channel chat", -1007)
	w.Kick(noor, lane)
	send("Forbidden: bot was kicked from the supergroup chat", lane)
	w.Invite(noor, lane)
	w.ok("sendMessage", "chat_id", lane, "text", "x")
	w.Forbid(lane, botapi.Deny{Text: true, Photos: true})
	send("Bad Request: not enough rights to send text messages to the chat", lane)
	if r := w.upload("sendPhoto", map[string][]byte{"photo": picture(t, 40, 30, 1)}, "chat_id", lane); r.Description != "Bad Request: not enough rights to send photos to the chat" {
		t.Errorf("%+v", r)
	}
	w.Promote(noor, lane, botapi.Rights{})
	w.ok("sendMessage", "chat_id", lane, "text", "x")
	w.ok("leaveChat", "chat_id", lane)
	send("Forbidden: bot is not a member of the supergroup chat", lane)
	w.DeleteGroup(yard)
	send("Forbidden: the group chat was deleted", yard)
	if diff := cmp.Diff([]string{"my_chat_member", "my_chat_member", "my_chat_member", "my_chat_member"}, w.heard()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGroupMovesToASupergroup(t *testing.T) {
	w := newTown(t, botapi.Config{})
	next := w.Migrate(yard)
	r := w.refused("Bad Request: group chat was upgraded to a supergroup chat", "sendMessage", "chat_id", yard, "text", "x")
	if r.Parameters.Migrate != next || r.Code != 400 {
		t.Errorf("%+v", r)
	}
	w.ok("sendMessage", "chat_id", next, "text", "x")
	var got [][2]int64
	for _, raw := range w.poll() {
		var u struct {
			Message struct {
				To  int64 `json:"migrate_to_chat_id"`
				Old int64 `json:"migrate_from_chat_id"`
			}
		}
		_ = json.Unmarshal(raw, &u)
		got = append(got, [2]int64{u.Message.To, u.Message.Old})
	}
	if diff := cmp.Diff([][2]int64{{next, 0}, {0, yard}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPinNeedsItsRight(t *testing.T) {
	w := newTown(t, botapi.Config{})
	m := w.ok("sendMessage", "chat_id", lane, "text", "x").id()
	pin := []any{"chat_id", lane, "message_id", m}
	const want = "Bad Request: not enough rights to manage pinned messages in the chat"
	w.refused(want, "pinChatMessage", pin...)
	w.Promote(noor, lane, botapi.Rights{Delete: true})
	w.refused(want, "pinChatMessage", pin...)
	w.Promote(noor, lane, botapi.AllRights())
	w.ok("pinChatMessage", pin...)
	w.refused("Bad Request: message to pin not found", "pinChatMessage", "chat_id", lane, "message_id", 99)
	if last, _ := w.Last(lane); !last.Pinned {
		t.Errorf("%+v", last)
	}
	if got := w.heard(); got[len(got)-1] != "message" {
		t.Errorf("no service message: %v", got)
	}
	w.ok("unpinChatMessage", pin...)
	w.refused("Bad Request: message to unpin not found", "unpinChatMessage", pin...)
}

func TestRequestToJoinCanBeAnsweredFiveMinutesLong(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.AddUser(botapi.User{ID: 5009, FirstName: "Bo"})
	join := []any{"chat_id", lane, "user_id", 5009}
	w.refused("Bad Request: CHAT_ADMIN_REQUIRED", "approveChatJoinRequest", join...)
	w.Promote(noor, lane, botapi.Rights{Pin: true})
	w.refused("Bad Request: not enough rights to manage chat join requests", "approveChatJoinRequest", join...)
	w.Promote(noor, lane, botapi.AllRights())
	w.refused("Bad Request: HIDE_REQUESTER_MISSING", "approveChatJoinRequest", join...)
	w.AskToJoin(5009, lane)
	w.ok("sendMessage", "chat_id", 5009, "text", "welkom")
	w.forward(5 * time.Minute)
	w.refused("Forbidden: bot can't initiate conversation with a user", "sendMessage", "chat_id", 5009, "text", "welkom")
	w.ok("approveChatJoinRequest", join...)
	w.refused("Bad Request: USER_ALREADY_PARTICIPANT", "approveChatJoinRequest", join...)
	w.refused("Bad Request: HIDE_REQUESTER_MISSING", "declineChatJoinRequest", join...)
	w.refused("Bad Request: user not found", "declineChatJoinRequest", "chat_id", lane, "user_id", 1)
}

func TestMembersAreToldOnlyToAnAdministratorWhoAsks(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Promote(noor, lane, botapi.AllRights())
	w.LeaveChat(ivo, lane)
	w.poll("allowed_updates", `["chat_member"]`)
	w.Join(ivo, lane)
	w.Demote(noor, lane)
	w.LeaveChat(ivo, lane)
	w.forward(4 * time.Second)
	if diff := cmp.Diff([]string{"my_chat_member", "message", "chat_member"}, w.heard()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestChatTellsWhoIsInIt(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Appoint(ivo, lane)
	w.Promote(noor, lane, botapi.Rights{Pin: true})
	if r := w.ok("getChat", "chat_id", lane); !strings.Contains(string(r.Result), `"title":"Lindestraat"`) {
		t.Errorf("%s", r.Result)
	}
	for who, want := range map[int64]string{
		bot: `"status":"administrator","can_invite_users":false,"can_delete_messages":false,"can_restrict_members":false,"can_pin_messages":true`,
		ivo: `"status":"administrator"`, noor: `"status":"member"`, 1087968824: `"status":"left"`,
	} {
		if r := w.ok("getChatMember", "chat_id", lane, "user_id", who); !strings.Contains(string(r.Result), want) {
			t.Errorf("%d: %s", who, r.Result)
		}
	}
	w.refused("Bad Request: PARTICIPANT_ID_INVALID", "getChatMember", "chat_id", lane, "user_id", 1)
	var admins []json.RawMessage
	_ = json.Unmarshal(w.ok("getChatAdministrators", "chat_id", lane).Result, &admins)
	if len(admins) != 2 {
		t.Errorf("%s", admins)
	}
	w.refused("Bad Request: there are no administrators in the private chat", "getChatAdministrators", "chat_id", startedNoor(w))
}

func startedNoor(w town) int64 {
	w.Say(noor, noor, "/start")
	return noor
}

func TestLinkIntoAGroupIsChecked(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.refused("Bad Request: CHAT_ADMIN_REQUIRED", "createChatInviteLink", "chat_id", lane)
	w.Promote(noor, lane, botapi.Rights{Pin: true})
	w.refused("Bad Request: not enough rights to manage chat invite link", "createChatInviteLink", "chat_id", lane)
	w.Promote(noor, lane, botapi.AllRights())
	w.refused("Bad Request: INVITE_LINK_NAME_TOO_LONG", "createChatInviteLink", "chat_id", lane, "name", strings.Repeat("é", 33))
	w.refused("Bad Request: member limit can't be specified for links requiring administrator approval", "createChatInviteLink",
		"chat_id", lane, "creates_join_request", "true", "member_limit", 1)
	w.ok("createChatInviteLink", "chat_id", lane, "creates_join_request", "true", "name", strings.Repeat("é", 32))
}

func TestCommandsHaveTheirLimits(t *testing.T) {
	w := newTown(t, botapi.Config{})
	one := func(name, description string) string {
		return `[{"command":"` + name + `","description":"` + description + `"}]`
	}
	many := "[" + strings.Repeat(`{"command":"a","description":"b"},`, 100) + `{"command":"a","description":"b"}]`
	for _, c := range []struct{ commands, want string }{
		{"null", "can't parse commands: expected an Array of BotCommand"},
		{many, "BOT_COMMANDS_TOO_MUCH"},
		{one("Hulp", "x"), "BOT_COMMAND_INVALID"},
		{one("hulp-nu", "x"), "BOT_COMMAND_INVALID"},
		{one(strings.Repeat("a", 33), "x"), "BOT_COMMAND_INVALID"},
		{one("hulp", ""), "BOT_COMMAND_DESCRIPTION_INVALID"},
		{one("hulp", strings.Repeat("é", 257)), "BOT_COMMAND_DESCRIPTION_INVALID"},
	} {
		w.refused("Bad Request: "+c.want, "setMyCommands", "commands", c.commands)
	}
	w.ok("setMyCommands", "commands", one("hulp", "Help"), "scope", `{"type":"default"}`, "language_code", "nl")
	if got := w.Commands(`{"type":"default"}`, "nl"); got == nil || w.Commands("", "") != nil {
		t.Errorf("%s", got)
	}
}

func TestProtectedMessageIsCopiedButNotForwarded(t *testing.T) {
	w := newTown(t, botapi.Config{})
	m := w.ok("sendMessage", "chat_id", lane, "text", "x", "protect_content", "true").id()
	on := []any{"chat_id", yard, "from_chat_id", lane, "message_id", m}
	w.refused("Bad Request: message has protected content and can't be forwarded", "forwardMessage", on...)
	w.ok("copyMessage", on...)
	w.refused("Bad Request: message to copy not found", "copyMessage", "chat_id", yard, "from_chat_id", lane, "message_id", 99)
	free := w.ok("sendMessage", "chat_id", lane, "text", "x").id()
	passed := w.ok("forwardMessage", "chat_id", yard, "from_chat_id", lane, "message_id", free).id()
	w.refused("Bad Request: message can't be edited", "editMessageText", "chat_id", yard, "message_id", passed, "text", "y")
}

func TestSmallCallsAreChecked(t *testing.T) {
	w := newTown(t, botapi.Config{})
	m := w.ok("sendMessage", "chat_id", lane, "text", "x").id()
	w.ok("sendChatAction", "chat_id", lane, "action", "typing")
	w.refused("Bad Request: wrong parameter action in request", "sendChatAction", "chat_id", lane)
	w.ok("setMessageReaction", "chat_id", lane, "message_id", m, "reaction", `[{"type":"emoji","emoji":"👀"}]`)
	w.refused("Bad Request: REACTIONS_TOO_MANY", "setMessageReaction", "chat_id", lane, "message_id", m,
		"reaction", `[{"type":"emoji","emoji":"👀"},{"type":"emoji","emoji":"👍"}]`)
	w.refused("Bad Request: message to react not found", "setMessageReaction", "chat_id", lane, "message_id", 99)
}
