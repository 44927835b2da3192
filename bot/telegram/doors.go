package telegram

import (
	"context"
	"errors"
	"fmt"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

var _ bot.Doorkeeper = (*Telegram)(nil)

// Doors implements [bot.Doorkeeper].
func (t *Telegram) Doors(ctx context.Context, order bot.DoorOrder, chat bot.ChatRef, who bot.UserRef) error {
	params := tgbotapi.Params{"chat_id": chat.ID, "user_id": who.ID}
	switch order {
	case bot.DoorAdmit:
		return t.letIn(ctx, params)
	case bot.DoorTurnAway:
		return t.doorCall(ctx, "declineChatJoinRequest", params)
	case bot.DoorPutOut:
		return t.putOut(ctx, params)
	case bot.DoorLeave:
		return t.doorCall(ctx, "leaveChat", tgbotapi.Params{"chat_id": chat.ID})
	}
	return &bot.FinalError{Err: fmt.Errorf("there is no order %q", order)}
}

// letIn lets in who asks. Whose request is gone may be inside, because somebody else let them in. Who is in as many chats
// as Telegram allows is turned away, so that they can ask again when they have left some.
func (t *Telegram) letIn(ctx context.Context, params tgbotapi.Params) error {
	_, err := t.Call(ctx, "approveChatJoinRequest", params)
	switch {
	case refusedWith(err, "hide_requester_missing"):
		return t.insideAnyway(ctx, params)
	case refusedWith(err, "user_channels_too_much"):
		if err := t.doorCall(ctx, "declineChatJoinRequest", params); err != nil {
			return err
		}
		return &bot.FinalError{Err: fmt.Errorf("%w: %w", bot.ErrCrowded, err)}
	}
	return t.doorError(err)
}

// insideAnyway is nil for who is in the chat although nobody asks there.
func (t *Telegram) insideAnyway(ctx context.Context, params tgbotapi.Params) error {
	var them standing
	if err := t.doorError(t.ask(ctx, "getChatMember", params, &them)); err != nil && !final(err) {
		return err
	}
	if !them.inside() {
		return &bot.FinalError{Err: bot.ErrUnasked}
	}
	return nil
}

// putOut turns away a request that may be open, and puts out who is inside. Who was put out may ask to come back, so the
// ban that puts them out is lifted again. Without being an administrator we may not be told who is inside; then the ban is
// tried, and refused.
func (t *Telegram) putOut(ctx context.Context, params tgbotapi.Params) error {
	if err := t.doorCall(ctx, "declineChatJoinRequest", params); err != nil && !final(err) {
		return err
	}
	var them standing
	if err := t.ask(ctx, "getChatMember", params, &them); err == nil && !them.inside() {
		return nil
	}
	if err := t.doorCall(ctx, "banChatMember", params); err != nil {
		return err
	}
	params["only_if_banned"] = "true"
	return t.doorCall(ctx, "unbanChatMember", params)
}

// doorCall makes one call of an order.
func (t *Telegram) doorCall(ctx context.Context, method string, params tgbotapi.Params) error {
	_, err := t.Call(ctx, method, params)
	return t.doorError(err)
}

// doorError says whether a call is to be made again. A refusal that says that there is nothing left to do is none.
func (t *Telegram) doorError(err error) error {
	var fault *Fault
	if err == nil || errors.As(err, &fault) && doneAlready(fault) {
		return nil
	}
	if e := t.sendError(err); e.Remedy == bot.Never || e.Remedy == bot.Gone || e.Right {
		return &bot.FinalError{Err: err}
	}
	return err
}

func final(err error) bool {
	_, is := errors.AsType[*bot.FinalError](err)
	return is
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
