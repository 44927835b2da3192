package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
)

// deed is what a person, or a room, did.
type deed string

const (
	deedSay   deed = "say"
	deedPress deed = "press"
	deedPin   deed = "pin"
	deedMedia deed = "media"
	deedEdit  deed = "edit"
	deedJoin  deed = "join"
	deedLeave deed = "leave"
)

// raw is one update as it stands in the inbox: all that Decode needs.
type raw struct {
	Number    int64          `json:"number"`
	Do        deed           `json:"do"`
	Room      string         `json:"room"`
	Kind      bot.ChatKind   `json:"kind"`
	Title     string         `json:"title"`
	Person    string         `json:"person,omitempty"`
	Name      string         `json:"name,omitempty"`
	Language  string         `json:"language,omitempty"`
	Text      string         `json:"text,omitempty"`
	Reply     bot.MessageRef `json:"reply,omitempty"`
	Forwarded bool           `json:"forwarded,omitempty"`
	On        bot.MessageRef `json:"on,omitempty"`
	Token     string         `json:"token,omitempty"`
	Key       string         `json:"key,omitempty"`
	Point     *orb.Point     `json:"point,omitempty"`
	Media     bot.MediaKind  `json:"media,omitempty"`
	File      string         `json:"file,omitempty"`
	Size      int64          `json:"size,omitempty"`
	Album     string         `json:"album,omitempty"`
}

// Decode turns a stored update into what happened.
func (s *Sandbox) Decode(body []byte) (bot.Update, error) {
	var r raw
	if err := json.Unmarshal(body, &r); err != nil {
		return bot.Update{}, fmt.Errorf("sandbox update: %w", err)
	}
	event := r.event()
	if event == nil {
		return bot.Update{}, fmt.Errorf("sandbox update %d: nobody can %q", r.Number, r.Do)
	}
	u := bot.Update{Chat: bot.ChatRef{Platform: Name, ID: r.Room, Kind: r.Kind, Title: r.Title}, Event: event}
	if r.Person != "" {
		u.From = bot.UserRef{Platform: Name, ID: r.Person, Name: r.Name, Language: r.Language}
	}
	return u, nil
}

func (r *raw) event() bot.Event {
	switch r.Do {
	case deedSay:
		return r.words()
	case deedPress:
		return bot.Press{Token: r.Token, On: r.On, Key: r.Key, Query: queryOf(r.Number, r.Person, r.Room)}
	case deedPin:
		if r.Point == nil {
			return nil
		}
		return bot.Point{At: *r.Point, Name: r.Text}
	case deedMedia:
		return bot.Media{
			Kind: r.Media, File: r.File, Size: r.Size, Caption: r.Text, Album: r.Album, ReplyTo: r.Reply, Forwarded: r.Forwarded,
		}
	case deedEdit:
		return r.edited()
	case deedJoin:
		return bot.Joined{}
	case deedLeave:
		return bot.Left{Why: r.Text}
	}
	return nil
}

func (r *raw) words() bot.Event {
	if name, args, is := command(r.Text); is {
		return bot.Command{Name: name, Args: args, ReplyTo: r.Reply, Forwarded: r.Forwarded}
	}
	return bot.Text{Body: r.Text, ReplyTo: r.Reply, Forwarded: r.Forwarded}
}

// edited never makes an edited command look like a new one.
func (r *raw) edited() bot.Event {
	if name, args, is := command(r.Text); is {
		return bot.Command{Name: name, Args: args, Edited: true}
	}
	return bot.Edited{On: r.On, Body: r.Text}
}

// command reads "/name", "/name@bot" and "!name" with what follows. A sign that no name follows, a path, and a name
// that goes on in other characters than letters a to z, digits and _ are no commands.
func command(text string) (name, args string, is bool) {
	if text == "" || (text[0] != '/' && text[0] != '!') {
		return "", "", false
	}
	name, rest := cutName(text[1:])
	if name == "" || len(name) > 32 || (text[0] == '!' && !unicode.IsLetter(rune(name[0]))) {
		return "", "", false
	}
	if addressed, found := strings.CutPrefix(rest, "@"); found {
		_, rest = cutName(addressed)
	}
	if next, _ := utf8.DecodeRuneInString(rest); next == '/' || unicode.IsLetter(next) || unicode.IsDigit(next) {
		return "", "", false
	}
	return strings.ToLower(name), strings.TrimSpace(rest), true
}

func cutName(s string) (name, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

// queryOf names a press, so that an answer finds the person who pressed and the room it was done in.
func queryOf(number int64, person, room string) string {
	return fmt.Sprintf("%d/%s/%s", number, person, room)
}

func parseQuery(query string) (person, room string, err error) {
	parts := strings.Split(query, "/")
	if len(parts) != 3 {
		return "", "", fmt.Errorf("answer: %q is no press of ours", query)
	}
	return parts[1], parts[2], nil
}
