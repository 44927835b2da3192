package telegram

import (
	"context"
	"errors"
	"fmt"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

var _ bot.Doorkeeper = (*Telegram)(nil)

// doorMethods are the calls that an order takes, one after the other: who was put out may ask to come back, so the ban
// that puts them out is lifted again.
var doorMethods = map[bot.DoorOrder][]string{
	bot.DoorAdmit:    {"approveChatJoinRequest"},
	bot.DoorTurnAway: {"declineChatJoinRequest"},
	bot.DoorPutOut:   {"banChatMember", "unbanChatMember"},
}

// Doors implements [bot.Doorkeeper].
func (t *Telegram) Doors(ctx context.Context, order bot.DoorOrder, chat bot.ChatRef, who bot.UserRef) error {
	for _, method := range doorMethods[order] {
		params := tgbotapi.Params{"chat_id": chat.ID, "user_id": who.ID}
		if method == "unbanChatMember" {
			params["only_if_banned"] = "true"
		}
		_, err := t.Call(ctx, method, params)
		var fault *Fault
		if err == nil || errors.As(err, &fault) && doneAlready(fault) {
			continue
		}
		if e := t.sendError(err); e.Remedy == bot.Never || e.Remedy == bot.Gone || e.After == rightsPause {
			return &bot.FinalError{Err: fmt.Errorf("%s: %w", order, err)}
		}
		return fmt.Errorf("%s: %w", order, err)
	}
	return nil
}

// doneAlready reports whether a refusal says that there is nothing left to do.
func doneAlready(f *Fault) bool {
	for _, text := range []string{
		"hide_requester_missing", "user_already_participant", "user_not_participant",
		"method is available for supergroup", // to lift a ban in a basic group, where none lasts
	} {
		if f.says(400, text) {
			return true
		}
	}
	return false
}
