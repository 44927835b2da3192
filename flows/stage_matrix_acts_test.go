package flows_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// perform lets a person act in their client.
func (s *matrixStage) perform(a act) error {
	who, room := s.account(a.person), s.rooms[a.room]
	switch a.kind {
	case "press":
		return s.press(a, who, room)
	case "pin":
		geo := fmt.Sprintf("geo:%g,%g", a.point[1], a.point[0])
		s.server.Send(room, who, "m.room.message", map[string]any{"msgtype": "m.location", "body": "hier", "geo_uri": geo})
	case "media":
		s.share(a, who, room)
	case "block":
		s.server.Member(room, who, who, "leave")
	case "unblock":
		s.comeBack(a.person, a.room)
	case "say":
		s.say(a, who, room)
	default:
		return fmt.Errorf("nobody can %s on Matrix", a.kind)
	}
	return nil
}

// comeBack opens another private chat, or invites the bot to a room.
func (s *matrixStage) comeBack(person, room string) {
	if person != room {
		s.server.Member(s.rooms[room], s.account(person), matrixBot, "invite")
		return
	}
	id := s.server.CreateRoom(s.account(person), matrixfake.Room{Direct: true}, matrixBot)
	s.rooms[person], s.names[id] = id, person
}

var typedCommand = regexp.MustCompile(`^/([a-z_]+)`)

// say writes as people on Matrix do: commands begin with an exclamation mark.
func (s *matrixStage) say(a act, who, room string) {
	key := a.person + "@" + a.room
	text := typedCommand.ReplaceAllString(a.text, "!$1")
	content := map[string]any{"msgtype": "m.text", "body": text, "m.mentions": map[string]any{}}
	switch {
	case a.edited:
		on := s.said[key]
		if on == "" {
			on = "$before"
		}
		s.server.Send(room, who, "m.room.message", map[string]any{
			"msgtype": "m.text", "body": "* " + text, "m.new_content": content,
			"m.relates_to": map[string]any{"rel_type": "m.replace", "event_id": on},
		})
		return
	case a.reply:
		content["m.relates_to"] = map[string]any{"m.in_reply_to": map[string]any{"event_id": s.newest(room)}}
	}
	s.said[key] = s.server.Send(room, who, "m.room.message", content)
}

func (s *matrixStage) share(a act, who, room string) {
	name, kind, data := "bestand", "m.file", testPhoto()
	switch a.media {
	case bot.MediaPhoto:
		kind = "m.image"
	case bot.MediaVideo:
		kind = "m.video"
	case bot.MediaVoice:
		kind, data = "m.audio", testVoice()
	case bot.MediaSticker:
		s.server.Send(room, who, "m.sticker", map[string]any{"body": "kat", "url": "mxc://hs.test/s"})
		return
	case bot.MediaPoll:
		s.server.Send(room, who, "m.poll.start", map[string]any{})
		return
	case bot.MediaDocument, bot.MediaContact, bot.MediaOther:
	}
	if a.data != nil {
		kind, data = "m.image", a.data
	}
	if a.list {
		kind = "m.file"
	}
	content := map[string]any{
		"msgtype": kind, "body": name, "filename": name, "info": map[string]any{"size": a.size},
	}
	maps.Copy(content, s.server.attach(room, data))
	if a.text != "" {
		content["body"] = a.text
	}
	if a.media == bot.MediaVoice {
		content["org.matrix.msc3245.voice"] = map[string]any{}
	}
	if a.reply {
		content["m.relates_to"] = map[string]any{"m.in_reply_to": map[string]any{"event_id": s.newest(room)}}
	}
	s.server.Send(room, who, "m.room.message", content)
}

// press chooses on the newest message that has such a choice: by its number, or in words where it has none. A choice with
// a link tells what to write in the private chat.
func (s *matrixStage) press(a act, who, room string) error {
	for _, o := range slices.Backward(s.offers) {
		i := slices.IndexFunc(o.choices, func(c bot.Choice) bool { return c.Label == a.text })
		if o.room != room || i < 0 {
			continue
		}
		switch c := o.choices[i]; {
		case c.Link != "":
			s.text(s.rooms[a.person], who, "!start "+c.Link)
		case c.Word != "":
			s.text(room, who, c.Word)
		case wordy(o.choices) && o.event == s.newest(room): // under an older message a number is the only way
			s.text(room, who, c.Label)
		case room != s.rooms[a.person] && s.inWords(o.choices, c):
			s.answer(room, who, o.event, c.Label)
		default:
			n := len(slices.DeleteFunc(slices.Clone(o.choices[:i]), func(c bot.Choice) bool { return c.Link != "" })) + 1
			s.react(room, who, o.event, fmt.Sprint(n, "\uFE0F\u20E3"))
		}
		return nil
	}
	return fmt.Errorf("nobody offers [%s] in %s", a.text, a.room)
}

// inWords lets people type the words of every second choice in a room, in answer to the message, where they mean one only.
func (s *matrixStage) inWords(choices []bot.Choice, c bot.Choice) bool {
	same := 0
	for _, other := range choices {
		if bot.SameWords(c.Label, other.Label) {
			same++
		}
	}
	return len(s.offers)%2 == 1 && same == 1
}

func (s *matrixStage) answer(room, who, on, words string) {
	s.server.Send(room, who, "m.room.message", map[string]any{
		"msgtype": "m.text", "body": words, "m.mentions": map[string]any{},
		"m.relates_to": map[string]any{"m.in_reply_to": map[string]any{"event_id": on}},
	})
}

func (s *matrixStage) text(room, who, words string) {
	s.server.Send(room, who, "m.room.message", map[string]any{"msgtype": "m.text", "body": words, "m.mentions": map[string]any{}})
}

func (s *matrixStage) react(room, who, on, with string) {
	s.server.Send(room, who, "m.reaction", map[string]any{
		"m.relates_to": map[string]any{"rel_type": "m.annotation", "event_id": on, "key": with},
	})
}

// spell types the word that a deed asks for, as everybody does on Matrix and nobody elsewhere: as it stands there, in other
// letters, or as though it were a command.
func (s *matrixStage) spell(ctx context.Context, l bot.Letter, on bot.MessageRef) (bot.MessageRef, error) {
	who, word := s.actors[0], l.Choices()[0].Word
	s.actors = s.actors[1:]
	ways := []string{word, "“" + strings.ToLower(word) + ".”", "!" + strings.ToLower(word)}
	if typed := ways[len(s.offers)%len(ways)]; l.To.Kind == bot.Private {
		s.text(l.To.ID, who, typed)
	} else {
		s.answer(l.To.ID, who, string(on), typed)
	}
	return on, s.poll(ctx, s.inbox)
}

// wordy reports whether a message asks for words: its choices have no numbers, but are typed.
func wordy(choices []bot.Choice) bool {
	return !slices.ContainsFunc(choices, func(c bot.Choice) bool { return !c.Way() && c.Word == "" })
}

// newest finds the message to reply to: the newest of the bot's that has choices, else the newest.
func (s *matrixStage) newest(room string) string {
	last := ""
	for _, o := range slices.Backward(s.offers) {
		if o.room != room {
			continue
		}
		if len(o.choices) > 0 {
			return o.event
		}
		if last == "" {
			last = o.event
		}
	}
	return last
}
