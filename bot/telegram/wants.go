package telegram

import (
	"encoding/json"
	"strings"
)

// Wants reports whether an update is worth storing. What people say among themselves in a group is not: only commands,
// presses, answers to us, texts that name us, and what happens to us there. It is pure, asked before anything is
// stored, and says yes when it does not know the kind.
func (t *Telegram) Wants(raw []byte) bool {
	_, wanted := t.wants(raw)
	return wanted
}

func (t *Telegram) wants(raw []byte) (id int64, wanted bool) {
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil {
		return w.ID, true
	}
	switch {
	case w.Message != nil:
		return w.ID, t.wantsMessage(w.Message)
	case w.Edited != nil:
		return w.ID, t.wantsMessage(w.Edited)
	case w.Callback != nil || w.Mine != nil || w.Joining != nil:
		return w.ID, true
	case w.Member != nil:
		return w.ID, w.Member.wentOut()
	case bool(w.Reaction || w.Reactions || w.Channel || w.EditedChannel):
		return w.ID, false
	}
	return w.ID, true
}

func (t *Telegram) wantsMessage(m *wireMessage) bool {
	if m.Chat.Type != "group" && m.Chat.Type != "supergroup" && m.Chat.Type != "channel" {
		return true
	}
	if m.To != 0 || m.Old != 0 {
		return true
	}
	if m.Auto || (m.From != nil && m.From.Bot && m.Sender == nil && m.From.ID != groupAnonymousBot) {
		return false
	}
	if c, is := parseCommand(clean(m.Text)); is {
		return t.named(c.bot)
	}
	return t.repliesToUs(m) || t.mentionsUs(m)
}

func (t *Telegram) repliesToUs(m *wireMessage) bool {
	return replyTo(m) != "" && m.Reply.From != nil && m.Reply.From.Bot && t.isUs(m.Reply.From.ID)
}

// isUs compares with the id in our token; a token without one leaves it open.
func (t *Telegram) isUs(id int64) bool {
	return formatID(id) == t.account || strings.HasPrefix(t.account, "h")
}

// mentionsUs looks for our name in the words, or for a mention of our account. As long as our name is not known, every
// mention may be one of us.
func (t *Telegram) mentionsUs(m *wireMessage) bool {
	for _, entities := range [...][]mention{m.Entities, m.Captions} {
		for _, e := range entities {
			if e.Type == "text_mention" && e.User != nil && t.isUs(e.User.ID) {
				return true
			}
		}
	}
	return t.namesUs(m.Text) || t.namesUs(m.Caption)
}

func (t *Telegram) namesUs(text string) bool {
	if !strings.Contains(text, "@") {
		return false
	}
	own := t.Username()
	return own == "" || strings.Contains(strings.ToLower(text), "@"+strings.ToLower(own))
}
