package botapi

import "time"

// greetWithin is how long somebody who asks to join can be written to.
const greetWithin = 5 * time.Minute

// Accounts that stand for an administrator who hides behind the group, and for a person who writes as a channel.
const (
	groupAnonymousBot = 1087968824
	channelBot        = 136817688
)

// greeting reports whether somebody asked to join so recently that the bot may write to them.
func (s *Server) greeting(who int64) bool {
	for _, ch := range s.chats {
		if until, asked := ch.greet[who]; asked && s.now().Unix() < until {
			return true
		}
	}
	return false
}

// Block makes a person block the bot.
func (s *Server) Block(who int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.person(who); !u.blocked {
		u.blocked = true
		s.membership("my_chat_member", s.place(who), who, s.id, [2]status{member, kicked})
	}
}

// Unblock makes a person take the bot back.
func (s *Server) Unblock(who int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.person(who); u.blocked {
		u.blocked = false
		s.membership("my_chat_member", s.place(who), who, s.id, [2]status{kicked, member})
	}
}

// Deactivate ends a person's account; nobody tells the bot.
func (s *Server) Deactivate(who int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(who).deactivated = true
}

// membership queues a change of somebody's status that another made.
func (s *Server) membership(kind string, ch *chat, by, who int64, change [2]status) {
	b := append(append(make([]byte, 0, 512), `{"chat":`...), ch.json...)
	b = appendRaw(b, "from", s.person(by).json)
	b = appendNumber(b, "date", s.now().Unix())
	b = s.appendMember(append(b, `,"old_chat_member":`...), ch, who, change[0])
	b = s.appendMember(append(b, `,"new_chat_member":`...), ch, who, change[1])
	s.push(kind, ch.id, updateLife, append(b, '}'))
}

// appendMember writes what somebody is in a chat.
func (s *Server) appendMember(b []byte, ch *chat, who int64, st status) []byte {
	b = append(append(b, `{"user":`...), s.person(who).json...)
	b = appendText(b, "status", string(st))
	switch st {
	case admin:
		rights := AllRights()
		if who == s.id {
			rights = ch.rights
		}
		b = appendRights(b, rights)
		if ch.kind == "channel" && !rights.Mute {
			b = appendTrue(b, "can_post_messages")
		}
	case kicked:
		b = appendNumber(b, "until_date", 0)
	case member, left:
	}
	return append(b, '}')
}

func appendRights(b []byte, r Rights) []byte {
	for _, right := range []struct {
		name  string
		given bool
	}{
		{"can_invite_users", r.Invite},
		{"can_delete_messages", r.Delete},
		{"can_restrict_members", r.Restrict},
		{"can_pin_messages", r.Pin},
	} {
		b = append(append(append(b, ',', '"'), right.name...), '"', ':')
		if right.given {
			b = append(b, "true"...)
		} else {
			b = append(b, "false"...)
		}
	}
	return b
}
