package flows_test

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
)

const stageToken = "123456789:AAEhTranscriptsAreReadByEverybody"

// telegramStage is a Bot API server with the transcript's people and rooms, and the adapter that talks to it.
type telegramStage struct {
	*telegram.Telegram
	t      *testing.T
	server *botapi.Server
	ids    map[string]int64 // of people and rooms
	names  map[int64]string
	rooms  []string
	said   map[string]int64     // the last message of a person in a room
	old    map[string]oldButton // everything that could ever be pressed, by room and label
	read   int                  // the last event that was looked at
	// somebody of the cast does what nobody in the story does, such as throwing the bot out.
	somebody int64
	looks    looks
	gathers  bool // edits are gathered, as in a group that bears few writes
}

type oldButton struct {
	message int64
	data    string
}

var doer = regexp.MustCompile(`(?m)^([\w+]+?)(@\w+)? > `)

func newTelegramStage(t *testing.T, tr transcript, w sandbox.World, now func() time.Time) *telegramStage {
	t.Helper()
	s := &telegramStage{
		t: t, server: botapi.New(botapi.Config{Token: stageToken, Username: "buurtbot", Now: now, Impatient: true}),
		ids: map[string]int64{}, names: map[int64]string{}, said: map[string]int64{}, old: map[string]oldButton{}, looks: looks{},
		rooms: []string{sandbox.DeskRoom, sandbox.PoliceRoom, "kastanje", "meidoorn", "nieuw", "kanaal"},
	}
	s.Telegram = telegram.New(telegram.Config{
		Token: stageToken, URL: "http://telegram.test", Transport: s.server, Now: now, Log: testLog(t),
	})
	var people []int64
	for _, c := range w.Citizens {
		people = append(people, s.meet(c.ID, c.Language, c.Role != civic.Guest))
	}
	for _, m := range doer.FindAllStringSubmatch(strings.Join(tr.lines, "\n"), -1) {
		for name := range strings.SplitSeq(m[1], "+") {
			if s.ids[name] == 0 {
				people = append(people, s.meet(name, "", false))
			}
		}
	}
	s.somebody = people[0]
	for i, room := range s.rooms {
		id := -1001000000001 - int64(i)
		g := botapi.Group{ID: id, Title: room, Members: people}
		if room == "kanaal" {
			g.Type, g.Admins = "channel", people
			if bound(w, room) {
				g.Status, g.Rights = "administrator", botapi.AllRights()
			}
		}
		if !bound(w, room) && strings.Contains(strings.Join(tr.lines, "\n"), "@"+room+" > (unblocks)") {
			g.Status = "left" // until somebody adds the bot
		}
		s.server.AddGroup(g)
		s.ids[room], s.names[id] = id, room
	}
	return s
}

// bound reports whether a room is one of the world's.
func bound(w sandbox.World, room string) bool {
	return slices.ContainsFunc(w.Groups, func(g sandbox.ExampleGroup) bool { return g.Room == room }) ||
		slices.Contains(slices.Collect(maps.Values(w.Rooms)), room)
}

// meet makes a person known.
func (s *telegramStage) meet(name, language string, started bool) int64 {
	id := int64(5001 + len(s.ids))
	s.server.AddUser(botapi.User{ID: id, FirstName: strings.ToUpper(name[:1]) + name[1:], Language: language, Started: started})
	s.ids[name], s.names[id] = id, name
	return id
}

// Caps leaves edits as they come: when they are gathered is not what a transcript tells.
func (s *telegramStage) Caps() bot.Caps {
	c := s.Telegram.Caps()
	if !s.gathers {
		c.Gather = 0
		return c
	}
	c.GroupPerM = telegram.DefaultLimits().GroupPerM
	return c
}

func (s *telegramStage) platform() bot.Platform       { return s }
func (s *telegramStage) account(person string) string { return strconv.FormatInt(s.ids[person], 10) }

func (s *telegramStage) rename(w sandbox.World) sandbox.World {
	for i, c := range w.Citizens {
		w.Citizens[i].ID = s.account(c.ID)
	}
	for i, g := range w.Groups {
		if g.Room != "" {
			w.Groups[i].Room = s.account(g.Room)
		}
	}
	for kind, room := range w.Rooms {
		w.Rooms[kind] = s.account(room)
	}
	return w
}

func (s *telegramStage) throwOut(ctx context.Context, in bot.Inbox, room string) error {
	s.server.Kick(s.somebody, s.ids[room])
	return s.PollOnce(ctx, in)
}

func (s *telegramStage) do(ctx context.Context, in bot.Inbox, a act) error {
	s.look()
	if err := s.perform(a); err != nil {
		return err
	}
	return s.PollOnce(ctx, in)
}

// perform lets a person act in the app.
func (s *telegramStage) perform(a act) error {
	who, room := s.ids[a.person], s.ids[a.room]
	switch a.kind {
	case "press":
		return s.press(a, who, room)
	case "press old":
		b, was := s.old[a.room+" "+a.text]
		if !was {
			return fmt.Errorf("nobody ever offered [%s] in %s", a.text, a.room)
		}
		s.server.PressData(who, room, b.message, b.data)
	case "forge":
		s.server.PressData(who, room, 1, "AAAAAAAAAAAAAAAAAAAAAA.take")
	case "pin":
		s.server.SendLocation(who, room, botapi.Place{Latitude: a.point[1], Longitude: a.point[0]})
	case "media":
		s.share(a, who, room)
	case "block":
		s.server.Block(who)
	case "unblock":
		s.comeBack(who, room)
	default:
		s.say(a, who, room)
	}
	return nil
}

// comeBack takes the bot back in a private chat, or puts it into a room.
func (s *telegramStage) comeBack(who, room int64) {
	switch {
	case who == room:
		s.server.Unblock(who)
	case s.names[room] == "kanaal":
		s.server.Promote(who, room, botapi.AllRights())
	default:
		s.server.Invite(who, room)
	}
}

func (s *telegramStage) say(a act, who, room int64) {
	key := a.person + "@" + a.room
	if a.edited {
		if s.said[key] == 0 {
			s.said[key] = s.before(who, room)
		}
		s.server.Edit(who, room, s.said[key], a.text)
		return
	}
	id := s.server.Say(who, room, a.text, s.manner(a, room)...)
	if !a.forwarded && !a.anonymous && !a.channel {
		s.said[key] = id
	}
}

// before is a message from before the transcript begins, which the bot got long ago.
func (s *telegramStage) before(who, room int64) int64 {
	id := s.server.Say(who, room, "Hoi")
	other := telegram.New(telegram.Config{Token: stageToken, URL: "http://telegram.test", Transport: s.server})
	for range 2 { // the second confirms
		if err := other.PollOnce(s.t.Context(), forgetful{}); err != nil {
			s.t.Fatal(err)
		}
	}
	return id
}

// forgetful is an inbox of which nothing comes.
type forgetful struct{}

func (forgetful) Checkpoint(context.Context, string, string) (string, error) { return "", nil }
func (forgetful) Held(context.Context, string) ([]bot.Chat, error)           { return nil, nil }

func (forgetful) Receive(context.Context, string, string, []bot.Raw, string) error { return nil }

func (s *telegramStage) manner(a act, room int64) []botapi.Option {
	var how []botapi.Option
	if a.forwarded {
		how = append(how, botapi.Forwarded())
	}
	if a.anonymous {
		how = append(how, botapi.AsAnonymousAdmin())
	}
	if a.channel {
		how = append(how, botapi.AsChannel(s.ids["kanaal"]))
	}
	if a.reply {
		how = append(how, botapi.ReplyTo(s.newest(room)))
	}
	if a.kind == "media" && a.text != "" {
		how = append(how, botapi.Caption(a.text))
	}
	return how
}

func (s *telegramStage) share(a act, who, room int64) {
	how := s.manner(a, room)
	file := botapi.File{Name: "bestand.pdf", Mime: "application/pdf", Data: []byte("%PDF"), Size: a.size}
	if a.data != nil {
		file = botapi.File{Name: "foto.jpg", Mime: "image/jpeg", Data: a.data}
	}
	if a.list {
		file.Name, file.Mime = "straten.csv", "text/csv"
	}
	switch a.media {
	case bot.MediaPhoto:
		if a.count > 1 {
			s.server.SendAlbum(who, room, slices.Repeat([][]byte{testPhoto()}, a.count), how...)
			return
		}
		s.server.SendPhoto(who, room, testPhoto(), how...)
	case bot.MediaVideo:
		s.server.SendVideo(who, room, file, how...)
	case bot.MediaVoice:
		file.Data = testVoice()
		s.server.SendVoice(who, room, file, how...)
	case bot.MediaSticker:
		s.server.SendSticker(who, room, how...)
	case bot.MediaPoll:
		s.server.SendPoll(who, room, "Wie?", "Ik", "Jij")
	case bot.MediaContact:
		s.server.SendContact(who, room, "0612345678", "Piet")
	case bot.MediaDocument, bot.MediaOther:
		s.server.SendDocument(who, room, file, how...)
	}
}

// press finds the newest message in a room that has a button with this label; a button with a link opens the private
// chat.
func (s *telegramStage) press(a act, who, room int64) error {
	messages := s.server.Messages(room)
	for _, m := range slices.Backward(messages) {
		for _, b := range slices.Concat(m.Keyboard...) {
			if b.Label != a.text || m.Deleted {
				continue
			}
			if b.URL != "" {
				return s.follow(who, b.URL)
			}
			// Not [botapi.Server.Press]: who is not in the room may still send such a press with a changed app.
			s.server.PressData(who, room, m.ID, b.Data)
			return nil
		}
	}
	return fmt.Errorf("nobody offers [%s] in %s", a.text, a.room)
}

func (s *telegramStage) follow(who int64, link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Host != "t.me" || u.Path != "/buurtbot" {
		return fmt.Errorf("the link %q opens something else: %w", link, err)
	}
	s.server.StartLink(who, u.Query().Get("start"))
	return nil
}

// newest finds the message to reply to: the newest of the bot's that has buttons, else the newest.
func (s *telegramStage) newest(room int64) int64 {
	var last int64
	for _, m := range slices.Backward(s.server.Messages(room)) {
		if s.names[m.From] != "" || m.Deleted {
			continue
		}
		if len(m.Keyboard) > 0 {
			return m.ID
		}
		if last == 0 {
			last = m.ID
		}
	}
	return last
}

// look notes what can be pressed.
func (s *telegramStage) look() {
	for _, room := range s.ids {
		for _, m := range s.server.Messages(room) {
			for _, b := range slices.Concat(m.Keyboard...) {
				s.old[s.names[room]+" "+b.Label] = oldButton{m.ID, b.Data}
			}
		}
	}
}

// shown gives what people saw of the bot since the last time. Pictures belong to the words beside them.
func (s *telegramStage) shown() []shown {
	var out []shown
	pictures := map[int64]int{} // that came before their words
	for _, e := range s.server.Since(s.read) {
		s.read = e.Number
		chat := s.names[e.Chat]
		switch {
		case e.Kind == botapi.Answered && e.Text != "":
			out = append(out, shown{who: place(s.names[e.From], chat), sign: "~", text: e.Text})
		case e.Kind == botapi.Sent && s.names[e.From] == "" && !s.guarded(e):
			s.t.Errorf("in %s anybody may pass on, or open a page from: %q", chat, e.Message.Text)
		case e.Kind == botapi.Sent && e.Message.Text == "" && (e.Message.Kind == "photo" || e.Message.Kind == "document"):
			if i := slices.IndexFunc(out, func(b shown) bool { return b.who == chat }); i >= 0 && e.Message.Album == "" {
				out[i].photos++
				continue
			}
			pictures[e.Chat]++
		case e.Kind == botapi.Sent || e.Kind == botapi.Edited && s.names[e.From] == "":
			b := shownMessage(chat, e)
			b.photos += pictures[e.Chat]
			delete(pictures, e.Chat)
			out = s.looks.add(out, fmt.Sprint(e.Chat, "/", e.Message.ID), b)
		}
	}
	return out
}

// guarded reports whether nobody can pass on what tells of reporters in the rooms of those who work with reports, and whether a
// link in somebody's words stays closed.
func (s *telegramStage) guarded(e botapi.Event) bool {
	room := s.names[e.Chat]
	staff := room == sandbox.DeskRoom || room == sandbox.PoliceRoom
	telling := reference.MatchString(e.Message.Text) || strings.Contains(e.Message.Text, "Nieuwe aanvraag")
	return (!staff || !telling || e.Message.Protected) && (e.Message.Kind != "text" || e.Message.NoPreview)
}

func shownMessage(chat string, e botapi.Event) shown {
	b := shown{who: chat, sign: "<", text: e.Message.Text}
	if e.Kind == botapi.Edited {
		b.sign = "="
	}
	if e.Message.Kind == "photo" && e.Kind == botapi.Sent {
		b.photos = 1
	}
	for _, row := range e.Message.Keyboard {
		var labels []string
		for _, button := range row {
			labels = append(labels, button.Label)
		}
		b.rows = append(b.rows, labels)
	}
	return b
}
