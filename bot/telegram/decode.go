package telegram

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
)

// maxUpdate is the largest update that is decoded, in bytes; Telegram's own stay far below.
const maxUpdate = 1 << 20

// Accounts that stand for somebody else.
const (
	groupAnonymousBot = 1087968824 // an administrator who hides behind the group
	channelBot        = 136817688  // a person who writes as a channel
	serviceAccount    = 777000     // a channel's post passed on into its group
)

// tokenLength is that of a rendering's token: 128 bits in base64.
const tokenLength = 22

// Decode turns a stored update into what happened. It needs nothing but the bytes and, for commands with an @, the
// bot's own name; as long as that is not known, such a command counts as ours. The zero Update is nothing for us. An
// error means that a field we use has a form we do not know.
func (t *Telegram) Decode(raw []byte) (bot.Update, error) {
	if len(raw) > maxUpdate {
		return bot.Update{}, fmt.Errorf("decode: update of %d bytes", len(raw))
	}
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil {
		return bot.Update{}, fmt.Errorf("decode: %w", err)
	}
	switch {
	case w.Message != nil:
		return t.decodeMessage(w.Message), nil
	case w.Edited != nil:
		return t.decodeEdited(w.Edited), nil
	case w.Callback != nil:
		return decodePress(w.Callback), nil
	case w.Mine != nil:
		return decodeMember(w.Mine), nil
	case w.Joining != nil:
		return decodeJoin(w.Joining), nil
	case w.Member != nil:
		return decodeOther(w.Member), nil
	}
	return bot.Update{}, nil
}

func (t *Telegram) decodeMessage(m *wireMessage) bot.Update {
	if u, moved := decodeMove(m); moved {
		return u
	}
	from, person := author(m)
	if !person {
		return bot.Update{}
	}
	event := content(m)
	if event == nil {
		event = t.words(m)
	}
	if event == nil {
		return bot.Update{}
	}
	return bot.Update{Chat: chatRef(m.Chat), From: from, Event: event}
}

// decodeMove reads either of the two service messages of a group that became a supergroup: one is in the old chat, one
// in the new, and they come in any order.
func decodeMove(m *wireMessage) (u bot.Update, moved bool) {
	if m.To != 0 {
		return bot.Update{Chat: chatRef(m.Chat), Event: bot.Moved{To: formatID(m.To)}}, true
	}
	if m.Old != 0 {
		chat := chatRef(m.Chat)
		chat.ID = formatID(m.Old)
		return bot.Update{Chat: chat, Event: bot.Moved{To: formatID(m.Chat.ID)}}, true
	}
	return bot.Update{}, false
}

// author says who wrote a message. Bots and channels' passed-on posts are nobody to us, ourselves included. A hidden
// administrator and a person who writes as a channel have no name and no role.
func author(m *wireMessage) (from bot.UserRef, person bool) {
	if m.From == nil || m.Auto || m.From.ID == serviceAccount {
		return bot.UserRef{}, false
	}
	if m.Sender != nil {
		return bot.UserRef{Platform: Name, ID: formatID(m.Sender.ID), Anonymous: true}, true
	}
	if m.From.ID == groupAnonymousBot || m.From.ID == channelBot {
		return bot.UserRef{Platform: Name, ID: formatID(m.From.ID), Anonymous: true}, true
	}
	return userRef(m.From), !m.From.Bot
}

// words is the text of a message: a command, something said, or nothing.
func (t *Telegram) words(m *wireMessage) bot.Event {
	if m.Text == "" {
		return nil
	}
	text, reply, forwarded := clean(m.Text), replyTo(m), forwarded(m)
	c, is := parseCommand(text)
	switch {
	case is && !t.named(c.bot):
		return nil
	case is:
		return bot.Command{Name: c.name, Args: c.args, ReplyTo: reply, Forwarded: forwarded || bool(m.Via)}
	}
	return bot.Text{Body: text, ReplyTo: reply, Forwarded: forwarded}
}

// decodeEdited never makes an edited command look like a new one. The moves of a live location come as edits without
// words, and are nothing.
func (t *Telegram) decodeEdited(m *wireMessage) bot.Update {
	from, person := author(m)
	if !person || m.Location != nil {
		return bot.Update{}
	}
	u := bot.Update{Chat: chatRef(m.Chat), From: from}
	if event, is := t.words(m).(bot.Command); is {
		event.Edited = true
		u.Event = event
		return u
	}
	body := clean(m.Text)
	if body == "" {
		body = clean(m.Caption)
	}
	if _, is := parseCommand(body); body == "" || is {
		return bot.Update{}
	}
	u.Event = bot.Edited{On: messageRef(m.ID), Body: body}
	return u
}

// decodePress reads a button. The message it is on may be too old to be shown to us, or missing; the token in the data
// says what the press means. Data of another form gives a press without a token, which is answered and has no effect.
func decodePress(c *wireCallback) bot.Update {
	if c.From == nil || c.From.Bot {
		return bot.Update{}
	}
	press := bot.Press{Query: c.ID}
	if token, key, found := strings.Cut(c.Data, "."); found && isToken(token) && key != "" {
		press.Token, press.Key = token, clean(key)
	}
	chat := bot.ChatRef{Platform: Name, ID: formatID(c.From.ID), Kind: bot.Private}
	if c.Message != nil && c.Message.Chat.ID != 0 {
		chat, press.On = chatRef(c.Message.Chat), messageRef(c.Message.ID)
	}
	return bot.Update{Chat: chat, From: userRef(c.From), Event: press}
}

func isToken(s string) bool {
	if len(s) != tokenLength {
		return false
	}
	for _, c := range []byte(s) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// decodeMember reads a change of our own membership. In a private chat it is a person who blocks us or takes us back.
// A change of rights within a group is neither coming nor leaving.
func decodeMember(m *wireMember) bot.Update {
	u := bot.Update{Chat: chatRef(m.Chat)}
	if m.From != nil && m.From.ID != groupAnonymousBot {
		u.From = userRef(m.From)
	}
	was, is := m.Old.inside(), m.New.inside()
	switch {
	case is && !was:
		u.Event = bot.Joined{}
	case !is && (was || m.Old.Status == ""):
		u.Event = bot.Left{Why: leaving(m)}
	case is && m.Chat.Type != "private":
		u.Event = bot.Entitled{}
	default:
		return bot.Update{}
	}
	return u
}

// decodeJoin reads a request to be let in.
func decodeJoin(j *wireJoin) bot.Update {
	if j.From == nil || j.From.Bot || j.From.ID == 0 {
		return bot.Update{}
	}
	alone := j.Alone
	if alone == 0 { // a server of before 2022; a private chat has the number of the account
		alone = j.From.ID
	}
	ref := bot.ChatRef{Platform: Name, ID: formatID(alone), Kind: bot.Private}
	return bot.Update{Chat: chatRef(j.Chat), From: userRef(j.From), Event: bot.AskedIn{Alone: ref}}
}

// decodeOther reads that somebody is in a chat no more. The person is who went, whoever put them out.
func decodeOther(m *wireMember) bot.Update {
	if !m.wentOut() {
		return bot.Update{}
	}
	return bot.Update{Chat: chatRef(m.Chat), From: userRef(m.New.User), Event: bot.WentOut{}}
}

// wentOut reports whether a person was in the chat and is not any more.
func (m *wireMember) wentOut() bool {
	who := m.New.User
	return who != nil && !who.Bot && m.Chat.Type != "private" && m.Old.inside() && !m.New.inside()
}

func leaving(m *wireMember) string {
	if m.Chat.Type == "private" {
		return "blocked"
	}
	if m.New.Status == "kicked" {
		return "kicked"
	}
	return "left"
}

func content(m *wireMessage) bot.Event {
	if m.Venue != nil {
		return point(m.Venue.Location.Longitude, m.Venue.Location.Latitude, m.Venue.Title)
	}
	if m.Location != nil {
		return point(m.Location.Longitude, m.Location.Latitude, "")
	}
	media, is := mediaOf(&m.wireContent)
	if !is {
		return nil
	}
	media.Caption, media.Album, media.ReplyTo, media.Forwarded = clean(m.Caption), m.Album, replyTo(m), forwarded(m)
	return media
}

func point(longitude, latitude float64, name string) bot.Event {
	return bot.Point{At: orb.Point{longitude, latitude}, Name: clean(name)}
}

// replyTo is the message that is answered. In a topic every message answers the one that opened it, which is no answer.
func replyTo(m *wireMessage) bot.MessageRef {
	if m.Reply == nil || (m.Topic && m.Reply.ID == m.Thread) {
		return ""
	}
	return messageRef(m.Reply.ID)
}

func forwarded(m *wireMessage) bool { return bool(m.Origin || m.Forward) }

func messageRef(id int64) bot.MessageRef {
	if id == 0 {
		return ""
	}
	return bot.MessageRef(formatID(id))
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

func chatRef(c wireChat) bot.ChatRef {
	ref := bot.ChatRef{Platform: Name, ID: formatID(c.ID), Kind: bot.Group, Title: clean(c.Title)}
	switch c.Type {
	case "private":
		ref.Kind = bot.Private
	case "channel":
		ref.Kind = bot.Channel
	}
	return ref
}

func userRef(u *wireUser) bot.UserRef {
	name := strings.TrimSpace(clean(u.FirstName + " " + u.LastName))
	return bot.UserRef{Platform: Name, ID: formatID(u.ID), Name: name, Language: u.Language}
}

// clean drops control characters, which have no business in a text and upset what comes after; lines and tabs stay.
func clean(s string) string {
	if strings.IndexFunc(s, unwanted) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unwanted(r) {
			return -1
		}
		return r
	}, s)
}

func unwanted(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
