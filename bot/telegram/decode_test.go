package telegram

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
)

// named is a bot that knows its name.
func named() *Telegram {
	t := New(Config{Token: testToken})
	t.setUsername("BuurtBot")
	return t
}

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRecordedUpdatesAreDecoded(t *testing.T) {
	noor := bot.UserRef{Platform: Name, ID: "5001", Name: "Noor de Boer", Language: "nl"}
	hidden := bot.UserRef{Platform: Name, ID: "-1001234567890", Anonymous: true}
	private := bot.ChatRef{Platform: Name, ID: "5001", Kind: bot.Private}
	group := bot.ChatRef{Platform: Name, ID: "-1001234567890", Kind: bot.Group, Title: "Lindestraat"}
	old := bot.ChatRef{Platform: Name, ID: "-4321", Kind: bot.Group, Title: "Lindestraat"}
	channel := bot.ChatRef{Platform: Name, ID: "-1009999", Kind: bot.Channel, Title: "Nieuws"}
	point := func(lon, lat float64, name string) bot.Event { return bot.Point{At: orb.Point{lon, lat}, Name: name} }
	for _, c := range []struct {
		file string
		chat bot.ChatRef
		from bot.UserRef
		want bot.Event
	}{
		{"text", private, noor, bot.Text{Body: "De lamp voor nummer 12 is sinds maandag weer kapot, het is hier echt donker 🌙"}},
		{"text_forwarded_old", private, noor, bot.Text{Body: "Let op: dief in de wijk", Forwarded: true}},
		{"text_reply", group, noor, bot.Text{Body: "Om kwart over acht", ReplyTo: "77"}},
		{"text_reply_thread", group, noor, bot.Text{Body: "Om kwart over acht", ReplyTo: "77"}},
		{"text_topic", group, noor, bot.Text{Body: "ik zag ook iets"}},
		{"text_controls", private, noor, bot.Text{Body: "rook bij nr 12\n\tachter 🌙"}},
		{"group_mention", group, noor, bot.Text{Body: "vraag het @buurtbot maar"}},
		{"start_payload", private, noor, bot.Command{Name: "start", Args: "iK7dP0yQ3vXb2mN8sT4uWw"}},
		{"start_too_long", private, noor, bot.Command{Name: "start", Args: strings.Repeat("x", 80)}},
		{"command_ours", group, noor, bot.Command{Name: "melding", Args: "rook bij nr 12"}},
		{"command_dash", private, noor, bot.Command{Name: "melding", Args: "—brand 🔥"}},
		{"command_newline", private, noor, bot.Command{Name: "melding", Args: "rook uit het dak"}},
		{"command_bang", private, noor, bot.Command{Name: "help", Args: "nu"}},
		{"command_forwarded", group, noor, bot.Command{Name: "alarm", Args: "KAS-7F3K", Forwarded: true}},
		{"command_via_bot", group, noor, bot.Command{Name: "alarm", Args: "KAS-7F3K", Forwarded: true}},
		{"command_edited", group, noor, bot.Command{Name: "alarm", Args: "KAS-7F3K", Edited: true}},
		{"command_anonymous", group, hidden, bot.Command{Name: "alarm", Args: "KAS-7F3K"}},
		{
			"command_as_channel", group,
			bot.UserRef{Platform: Name, ID: "-1009999", Anonymous: true},
			bot.Command{Name: "alarm", Args: "KAS-7F3K"},
		},
		{"edited_text", private, noor, bot.Edited{On: "519", Body: "rook bij nummer 14"}},
		{"edited_caption", private, noor, bot.Edited{On: "520", Body: "bij nummer 14"}},
		{"location", private, noor, point(0, 51.2194, "")},
		{"location_live", private, noor, point(4.4025, 51.2194, "")},
		{"venue", private, noor, point(4.4025, 51.2194, "Buurthuis De Linde")},
		{"photo_album", private, noor, bot.Media{
			Kind: bot.MediaPhoto, File: "large", Size: 140000, Caption: "/melding rook", Album: "13899871111",
		}},
		{"photo_forwarded", private, noor, bot.Media{Kind: bot.MediaPhoto, File: "large", Size: 140000, Forwarded: true}},
		{"group_photo", group, noor, bot.Media{Kind: bot.MediaPhoto, File: "large", Size: 140000, Caption: "mijn tuin"}},
		{"document", private, noor, bot.Media{Kind: bot.MediaDocument, File: "doc", Size: 4000000}},
		{"video_large", private, noor, bot.Media{Kind: bot.MediaVideo, File: "vid", Size: 26214400, Caption: "kijk"}},
		{"animation", private, noor, bot.Media{Kind: bot.MediaVideo, File: "gif"}},
		{"voice", private, noor, bot.Media{Kind: bot.MediaVoice, File: "voc", Size: 9000}},
		{"audio", private, noor, bot.Media{Kind: bot.MediaOther, File: "aud", Size: 3000000}},
		{"video_note", private, noor, bot.Media{Kind: bot.MediaVideo, File: "vn"}},
		{"sticker", private, noor, bot.Media{Kind: bot.MediaSticker, File: "st"}},
		{"poll", private, noor, bot.Media{Kind: bot.MediaPoll}},
		{"dice", private, noor, bot.Media{Kind: bot.MediaOther}},
		{"contact", private, noor, bot.Media{Kind: bot.MediaContact}},
		{
			"press", private,
			bot.UserRef{Platform: Name, ID: "5001", Name: "Noor", Language: "nl"},
			bot.Press{Token: "abcdefghijklmnopqrstuv", Key: "fire", On: "42", Query: "21474836480000001"},
		},
		{"press_in_group", group, noor, bot.Press{Token: "abcdefghijklmnopqrstuv", Key: "case.take", On: "42", Query: "9"}},
		{"press_inaccessible", group, noor, bot.Press{Token: "abcdefghijklmnopqrst-_", Key: "case.take", On: "42", Query: "9"}},
		{"press_inline", private, noor, bot.Press{Token: "abcdefghijklmnopqrstuv", Key: "1", Query: "9"}},
		{"press_garbled", private, noor, bot.Press{On: "42", Query: "9"}},
		{"press_game", private, noor, bot.Press{On: "42", Query: "9"}},
		{"member_added", group, noor, bot.Joined{}},
		{"member_added_admin", group, noor, bot.Joined{}},
		{"member_kicked", group, noor, bot.Left{Why: "kicked"}},
		{"member_left", group, bot.UserRef{Platform: Name, ID: "123456789", Name: "Buurtbot"}, bot.Left{Why: "left"}},
		{"member_restricted_out", group, noor, bot.Left{Why: "left"}},
		{"member_blocked", private, noor, bot.Left{Why: "blocked"}},
		{"member_unblocked", private, noor, bot.Joined{}},
		{"member_channel", channel, noor, bot.Joined{}},
		{"member_promoted", group, noor, bot.Entitled{}},
		{"migrate_to", old, bot.UserRef{}, bot.Moved{To: "-1001234567890"}},
		{"migrate_from", old, bot.UserRef{}, bot.Moved{To: "-1001234567890"}},
	} {
		got, err := named().Decode(recorded(t, c.file))
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		want := bot.Update{Chat: c.chat, From: c.from, Event: c.want}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.file, diff)
		}
	}
}

func TestWhatIsNothingForUsIsEmpty(t *testing.T) {
	for _, file := range []string{
		"command_other", "auto_forward", "other_bot", "own_pin", "location_live_moved", "location_live_ended",
		"channel_post", "joined_members", "chat_member", "reaction", "unknown_kind", "sender_missing",
	} {
		got, err := named().Decode(recorded(t, file))
		if err != nil || !got.Empty() {
			t.Errorf("%s: %+v, %v", file, got, err)
		}
	}
}

func TestCommandWithANameIsOursUntilWeKnowOurName(t *testing.T) {
	got, err := New(Config{Token: testToken}).Decode(recorded(t, "command_other"))
	if err != nil || got.Empty() {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUpdateOfUnknownFormIsAnError(t *testing.T) {
	for _, raw := range []string{
		``, `[]`, `7`, `"x"`, `{`, `{"message":7}`, `{"message":{"text":5}}`, `{"callback_query":{"data":{}}}`,
		`{"message":{"location":{"latitude":"north"}}}`, strings.Repeat(" ", maxUpdate+1),
	} {
		if got, err := named().Decode([]byte(raw)); err == nil {
			t.Errorf("%.40q: %+v", raw, got)
		}
	}
}

func TestHollowUpdatesAreNothing(t *testing.T) {
	for _, raw := range []string{
		`null`, `{}`, `{"message":null}`, `{"message":{}}`, `{"message":{"from":{}}}`, `{"callback_query":{}}`, `{"my_chat_member":{}}`,
		`{"edited_message":{}}`, `{"message":{"from":{"id":1},"photo":[]}}`,
	} {
		got, err := named().Decode([]byte(raw))
		if _, left := got.Event.(bot.Left); err != nil || (!got.Empty() && !left) {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
}

func TestOnlyWhatConcernsUsIsWantedFromGroups(t *testing.T) {
	unwanted := map[string]bool{
		"group_chatter": true, "group_photo": true, "command_other": true, "other_bot": true, "own_pin": true, "auto_forward": true,
		"channel_post": true, "chat_member": true, "reaction": true, "text_topic": true, "joined_members": true,
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 60 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if got := named().Wants(recorded(t, name)); got == unwanted[name] {
			t.Errorf("%s: wanted %v", name, got)
		}
	}
	if !named().Wants([]byte(`{"message":7}`)) || !named().Wants([]byte(`nonsense`)) {
		t.Error("what cannot be read is not wanted")
	}
}

func TestUnknownNameMakesEveryMentionWanted(t *testing.T) {
	nameless := New(Config{Token: testToken})
	for name, want := range map[string]bool{"group_mention": true, "command_other": true, "group_chatter": false} {
		if got := nameless.Wants(recorded(t, name)); got != want {
			t.Errorf("%s: wanted %v", name, got)
		}
	}
	mention := strings.Replace(string(recorded(t, "group_chatter")), `"text"`,
		`"entities":[{"type":"text_mention","offset":0,"length":3,"user":{"id":123456789}}],"text"`, 1)
	if !named().Wants([]byte(mention)) {
		t.Error("a mention of our account is not wanted")
	}
}

func TestWhatIsNotWantedWouldHaveBeenNothingOrChatter(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw := recorded(t, strings.TrimSuffix(filepath.Base(file), ".json"))
		tg := named()
		if tg.Wants(raw) {
			continue
		}
		u, err := tg.Decode(raw)
		if err != nil {
			t.Error(file, err)
		}
		switch u.Event.(type) {
		case nil, bot.Text, bot.Media:
		default:
			t.Errorf("%s is not wanted, but is a %T", file, u.Event)
		}
	}
}
