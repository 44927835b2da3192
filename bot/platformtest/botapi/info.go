package botapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (s *Server) getChat(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.seen(c)
	if refused != nil {
		return nil, refused
	}
	b := append([]byte(nil), ch.json[:len(ch.json)-1]...)
	if n := len(ch.pinned); n > 0 {
		b = s.appendDeep(append(b, `,"pinned_message":`...), ch.messages[ch.pinned[n-1]], nil)
	}
	if ch.user == nil && ch.kind != "channel" {
		b = append(b, `,"permissions":{"can_send_messages":`...)
		b = append(strconv.AppendBool(b, !ch.deny.Text), `,"can_send_photos":`...)
		b = append(strconv.AppendBool(b, !ch.deny.Photos), '}')
	}
	return append(b, `,"accent_color_id":0,"max_reaction_count":11}`...), nil
}

// seen finds a chat that the bot may look at.
func (s *Server) seen(c *call) (*chat, *refusal) {
	ch, refused := s.lookup(c)
	switch {
	case refused != nil:
		return nil, refused
	case ch.user != nil && !ch.user.started && !s.greeting(ch.id):
		return nil, bad("chat not found")
	case ch.user == nil && ch.deleted, ch.user == nil && !ch.me.inside():
		return nil, ch.writable()
	}
	return ch, nil
}

func (s *Server) getChatMember(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.seen(c)
	if refused != nil {
		return nil, refused
	}
	who := c.id("user_id")
	if s.users[who] == nil {
		return nil, bad("PARTICIPANT_ID_INVALID")
	}
	st := ch.status(who)
	if who == s.id {
		st = ch.me
	}
	return s.appendMember(nil, ch, who, st), nil
}

func (s *Server) getChatAdministrators(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.seen(c)
	if refused != nil {
		return nil, refused
	}
	if ch.user != nil {
		return nil, bad("there are no administrators in the private chat")
	}
	var list [][]byte
	if ch.me == admin {
		list = append(list, s.appendMember(nil, ch, s.id, admin))
	}
	for _, who := range sortedKeys(ch.people) {
		if ch.people[who] == admin && !s.users[who].Bot {
			list = append(list, s.appendMember(nil, ch, who, admin))
		}
	}
	return append(append([]byte{'['}, bytes.Join(list, []byte{','})...), ']'), nil
}

// leaveChat takes the bot out of a group.
func (s *Server) leaveChat(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.target(c)
	if refused != nil {
		return nil, refused
	}
	if ch.user != nil {
		return nil, bad("can't leave a private chat")
	}
	s.change(s.id, ch, left, Rights{})
	return yes, nil
}

func (s *Server) sendChatAction(c *call) ([]byte, *refusal) {
	if c.text("action") == "" {
		return nil, bad("wrong parameter action in request")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, refused := s.target(c); refused != nil {
		return nil, refused
	}
	return yes, nil
}

// setMessageReaction puts at most one reaction below a message.
func (s *Server) setMessageReaction(c *call) ([]byte, *refusal) {
	var list []struct{ Type, Emoji string }
	if raw := c.text("reaction"); raw != "" && json.Unmarshal([]byte(raw), &list) != nil {
		return nil, bad("can't parse reaction types")
	}
	if len(list) > 1 {
		return nil, bad("REACTIONS_TOO_MANY")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.target(c)
	if refused != nil {
		return nil, refused
	}
	if m := ch.messages[c.id("message_id")]; m == nil || m.Deleted {
		return nil, bad("message to react not found")
	}
	return yes, nil
}

// Limits of commands.
const (
	commandsMost     = 100
	commandLength    = 32
	descriptionLimit = 256 // characters
)

// setMyCommands takes the commands for a scope and a language.
func (s *Server) setMyCommands(c *call) ([]byte, *refusal) {
	var list []struct{ Command, Description string }
	raw := c.text("commands")
	if !strings.HasPrefix(raw, "[") || json.Unmarshal([]byte(raw), &list) != nil {
		return nil, bad("can't parse commands: expected an Array of BotCommand")
	}
	if len(list) > commandsMost {
		return nil, bad("BOT_COMMANDS_TOO_MUCH")
	}
	for _, command := range list {
		name := strings.TrimPrefix(command.Command, "/")
		if name == "" || len(name) > commandLength || strings.ContainsFunc(name, notCommand) {
			return nil, bad("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(strings.TrimSpace(command.Description)); n < 1 || n > descriptionLimit {
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[c.text("scope")+"|"+c.text("language_code")] = json.RawMessage(raw)
	return yes, nil
}

// getMyCommands gives what was set for exactly this scope and language.
func (s *Server) getMyCommands(c *call) ([]byte, *refusal) {
	stands := s.Commands(c.text("scope"), c.text("language_code"))
	if stands == nil {
		return []byte("[]"), nil
	}
	return stands, nil
}

func notCommand(r rune) bool { return !isWord(r) || (r >= 'A' && r <= 'Z') }

// Commands is what the bot set for a scope, as JSON, and a language; nil = nothing.
func (s *Server) Commands(scope, language string) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commands[scope+"|"+language]
}

const linkNameLimit = 32

// createChatInviteLink makes a link into a group.
func (s *Server) createChatInviteLink(c *call) ([]byte, *refusal) {
	if utf8.RuneCountInString(c.text("name")) > linkNameLimit {
		return nil, bad("INVITE_LINK_NAME_TOO_LONG")
	}
	asks := c.flag("creates_join_request")
	if asks && c.id("member_limit") != 0 {
		return nil, bad("member limit can't be specified for links requiring administrator approval")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.governed(c)
	if refused != nil {
		return nil, refused
	}
	if !ch.rights.Invite {
		return nil, bad("not enough rights to manage chat invite link")
	}
	address := fmt.Sprintf("https://t.me/+%016x", s.next())
	b := appendString([]byte(`{"invite_link":`), address)
	b = appendRaw(b, "creator", s.users[s.id].json)
	if asks {
		b = appendTrue(b, "creates_join_request")
	}
	if name := c.text("name"); name != "" {
		b = appendText(b, "name", name)
	}
	return append(b, `,"is_primary":false,"is_revoked":false}`...), nil
}
