package telegram

import (
	"context"
	"errors"
	"fmt"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

var _ bot.Inspector = (*Telegram)(nil)

// standing is what we are in a chat (ChatMember of Bot API 10.1), as far as we read it.
type standing struct {
	Status   string `json:"status"`
	Inside   bool   `json:"is_member"` // of somebody restricted
	Send     *bool  `json:"can_send_messages"`
	Post     bool   `json:"can_post_messages"`
	Pin      bool   `json:"can_pin_messages"`
	Delete   bool   `json:"can_delete_messages"`
	Invite   bool   `json:"can_invite_users"`
	Restrict bool   `json:"can_restrict_members"`
}

func (s standing) inside() bool {
	switch s.Status {
	case "creator", "administrator", "member":
		return true
	case "restricted":
		return s.Inside
	}
	return false
}

func (s standing) admin() bool { return s.Status == "creator" || s.Status == "administrator" }

// speaks reports whether we may write in a group without being its administrator.
func (s standing) speaks(in house) bool {
	if s.Send != nil {
		return *s.Send
	}
	return in.Permissions.Send
}

// house is how a chat is set up (ChatFullInfo), as far as we read it.
type house struct {
	Type        string `json:"type"`
	Username    string `json:"username"` // a public chat has one
	Title       string `json:"title"`
	Permissions struct {
		Send bool `json:"can_send_messages"`
	} `json:"permissions"`
}

// Inspect implements [bot.Inspector]: it asks what we are in the chat and how the chat is set up. The rights are those
// that the link with which we are added asks for.
func (t *Telegram) Inspect(ctx context.Context, chat bot.ChatRef, use bot.Use) ([]bot.Finding, error) {
	var (
		us    standing
		place house
	)
	err := t.ask(ctx, "getChatMember", tgbotapi.Params{"chat_id": chat.ID, "user_id": t.account}, &us)
	if err == nil && us.inside() {
		err = t.ask(ctx, "getChat", tgbotapi.Params{"chat_id": chat.ID}, &place)
	}
	switch e := t.sendError(err); {
	case err == nil && us.inside():
		return findings(us, place, use), nil
	case err == nil, e.Remedy == bot.Gone:
		return []bot.Finding{{Key: bot.FindAbsent, Grave: true}}, nil
	case e.Remedy == bot.Never:
		return nil, &bot.FinalError{Err: fmt.Errorf("inspect: %w", errors.Unwrap(e))}
	default:
		return nil, fmt.Errorf("inspect: %w", e)
	}
}

func findings(us standing, place house, use bot.Use) []bot.Finding {
	var found []bot.Finding
	note := func(is bool, f bot.Finding) {
		if is {
			found = append(found, f)
		}
	}
	channel := place.Type == "channel"
	delivery := use == bot.UseDelivery
	note(place.Username != "", bot.Finding{Key: bot.FindPublic, Grave: !delivery})
	note(delivery && civic.Poses(place.Title), bot.Finding{Key: bot.FindPosing, Grave: true})
	note(delivery && !channel && place.Permissions.Send, bot.Finding{Key: bot.FindMembersWrite})
	if channel {
		note(!us.Post, bot.Finding{Key: bot.FindMuted, Grave: true})
		note(us.admin() && !us.Invite, bot.Finding{Key: bot.FindNoInvite})
		return found
	}
	if !us.admin() {
		note(!us.speaks(place), bot.Finding{Key: bot.FindMuted, Grave: true})
		return append(found, bot.Finding{Key: bot.FindNoAdmin})
	}
	note(!us.Pin, bot.Finding{Key: bot.FindNoPin})
	note(!us.Delete, bot.Finding{Key: bot.FindNoDelete})
	note(delivery && !us.Invite, bot.Finding{Key: bot.FindNoInvite})
	note(delivery && !us.Restrict, bot.Finding{Key: bot.FindNoRemove})
	return found
}
