package botapi

import (
	"fmt"
	"strconv"
)

// change gives the bot another status in a group, and tells it.
func (s *Server) change(by int64, ch *chat, to status, rights Rights) {
	from := ch.me
	ch.me, ch.rights = to, rights
	s.membership("my_chat_member", ch, by, s.id, [2]status{from, to})
}

// Invite brings the bot into a group.
func (s *Server) Invite(by, chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(by, s.place(chat), member, Rights{})
}

// Kick throws the bot out of a group.
func (s *Server) Kick(by, chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(by, s.place(chat), kicked, Rights{})
}

// Promote makes the bot an administrator with some rights, or gives it others.
func (s *Server) Promote(by, chat int64, rights Rights) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(by, s.place(chat), admin, rights)
}

// Demote makes the bot an ordinary member.
func (s *Server) Demote(by, chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(by, s.place(chat), member, Rights{})
}

// Forbid says what members of a group may not send; nobody tells the bot.
func (s *Server) Forbid(chat int64, deny Deny) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.place(chat).deny = deny
}

// DeleteGroup ends a group; nobody tells the bot.
func (s *Server) DeleteGroup(chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.place(chat).deleted = true
}

// Join brings a person into a group. The group is told in a service message; an administrator is told besides.
func (s *Server) Join(who, chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.join(who, who, s.place(chat))
}

func (s *Server) join(by, who int64, ch *chat) {
	from := ch.status(who)
	ch.people[who] = member
	about := append(append([]byte(`,"new_chat_members":[`), s.person(who).json...), ']')
	s.announce(by, ch, about)
	s.tellMember(by, who, ch, [2]status{from, member})
}

// LeaveChat takes a person out of a group.
func (s *Server) LeaveChat(who, chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.place(chat)
	from := ch.status(who)
	ch.people[who] = left
	s.announce(who, ch, append([]byte(`,"left_chat_member":`), s.person(who).json...))
	s.tellMember(who, who, ch, [2]status{from, left})
}

// Appoint makes a member an administrator.
func (s *Server) Appoint(who, chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.place(chat)
	from := ch.status(who)
	ch.people[who] = admin
	s.tellMember(who, who, ch, [2]status{from, admin})
}

// status is what somebody is in a chat.
func (ch *chat) status(who int64) status {
	if st, known := ch.people[who]; known {
		return st
	}
	return left
}

func (s *Server) tellMember(by, who int64, ch *chat, change [2]status) {
	if ch.me == admin {
		s.membership("chat_member", ch, by, who, change)
	}
}

// announce posts a service message.
func (s *Server) announce(from int64, ch *chat, media []byte) {
	m := &message{Message: Message{Kind: service, From: from}, media: media}
	s.add(ch, m)
	s.offer("message", m)
}

// Migrate makes a supergroup of a group. The old chat and the new are told, in this order; what is written to the old is
// refused with the new id from then on.
func (s *Server) Migrate(group int64) (supergroup int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.place(group)
	if old.kind != "group" {
		panic(fmt.Sprintf("botapi: chat %d is no group", group))
	}
	id := -1_000_000_000_000 - 1_500_000_000 - s.next()
	next := &chat{
		id: id, kind: "supergroup", title: old.title, people: old.people, me: old.me, rights: old.rights, deny: old.deny,
		messages: map[int64]*message{}, asking: map[int64]bool{}, greet: map[int64]int64{},
	}
	b := strconv.AppendInt([]byte(`{"id":`), id, 10)
	next.json = append(appendText(b, "title", old.title), `,"type":"supergroup"}`...)
	s.chats[id] = next
	s.announce(groupAnonymousBot, old, appendNumber(nil, "migrate_to_chat_id", id))
	old.moved = id
	s.announce(groupAnonymousBot, next, appendNumber(nil, "migrate_from_chat_id", group))
	return id
}
