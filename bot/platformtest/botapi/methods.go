package botapi

import (
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"
)

// method is one that the bot may call.
type method struct {
	name string
	run  func(s *Server, c *call) ([]byte, *refusal)
}

// methods are all that are known, by their names in small letters.
func methods() map[string]*method {
	known := map[string]*method{}
	for _, m := range []*method{
		{"getMe", (*Server).getMe},
		{"getUpdates", (*Server).getUpdates},
		{"setWebhook", (*Server).setWebhook},
		{"deleteWebhook", (*Server).deleteWebhook},
		{"getWebhookInfo", (*Server).getWebhookInfo},
		{"sendMessage", (*Server).sendMessage},
		{"sendPhoto", (*Server).sendPhoto},
		{"sendDocument", (*Server).sendDocument},
		{"sendMediaGroup", (*Server).sendMediaGroup},
		{"sendLocation", (*Server).sendLocation},
		{"getFile", (*Server).getFile},
		{"editMessageText", (*Server).editMessageText},
		{"editMessageCaption", (*Server).editMessageCaption},
		{"editMessageMedia", (*Server).editMessageMedia},
		{"editMessageReplyMarkup", (*Server).editMessageReplyMarkup},
		{"deleteMessage", (*Server).deleteMessage},
		{"deleteMessages", (*Server).deleteMessages},
		{"answerCallbackQuery", (*Server).answerCallbackQuery},
		{"copyMessage", (*Server).copyMessage},
		{"forwardMessage", (*Server).forwardMessage},
		{"pinChatMessage", (*Server).pinChatMessage},
		{"unpinChatMessage", (*Server).unpinChatMessage},
		{"getChat", (*Server).getChat},
		{"getChatMember", (*Server).getChatMember},
		{"getChatAdministrators", (*Server).getChatAdministrators},
		{"leaveChat", (*Server).leaveChat},
		{"sendChatAction", (*Server).sendChatAction},
		{"setMessageReaction", (*Server).setMessageReaction},
		{"setMyCommands", (*Server).setMyCommands},
		{"getMyCommands", (*Server).getMyCommands},
		{"createChatInviteLink", (*Server).createChatInviteLink},
		{"approveChatJoinRequest", (*Server).approveChatJoinRequest},
		{"declineChatJoinRequest", (*Server).declineChatJoinRequest},
		{"banChatMember", (*Server).banChatMember},
		{"unbanChatMember", (*Server).unbanChatMember},
	} {
		known[strings.ToLower(m.name)] = m
	}
	return known
}

var methodTable = methods()

func find(name string) *method { return methodTable[strings.ToLower(name)] }

// call serves a call of a method: the network's delay, the faults that were ordered, the method, and the record.
func (s *Server) call(req *http.Request, name string) answer {
	c := &call{ctx: req.Context(), method: find(name)}
	if err := c.read(req); err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return tooLarge().answer()
		}
		return bad(err.Error()).answer()
	}
	if c.method == nil {
		return refusal{code: http.StatusNotFound, text: "Not Found: method not found"}.answer()
	}
	f := s.meet(c)
	if lost := s.travel(c, f); lost != nil {
		return answer{lost: lost}
	}
	a := s.run(c, f)
	s.record(c, a)
	return a
}

func (s *Server) run(c *call, f *Fault) answer {
	if a, instead := s.fail(c, f); instead {
		return a
	}
	for _, p := range c.params {
		if !utf8.ValidString(p.value) {
			return bad("strings must be encoded in UTF-8").answer()
		}
	}
	if refused := s.shut(c); refused != nil {
		return refused.answer()
	}
	raw, refused := c.method.run(s, c)
	switch {
	case f != nil && f.Kind == DropAfterEffect:
		return answer{lost: errLostAnswer}
	case refused != nil:
		return refused.answer()
	}
	return result(raw)
}

func (s *Server) getMe(*call) ([]byte, *refusal) {
	b := append([]byte(nil), `{"id":`...)
	s.mu.Lock()
	defer s.mu.Unlock()
	me := s.users[s.id]
	b = append(b, me.json[len(`{"id":`):len(me.json)-1]...)
	b = appendTrue(b, "can_join_groups")
	return append(b, `,"can_read_all_group_messages":false,"supports_inline_queries":false}`...), nil
}
