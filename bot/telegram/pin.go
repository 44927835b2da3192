package telegram

import (
	"context"
	"errors"
	"fmt"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

var _ bot.Pinner = (*Telegram)(nil)

// Pin holds a message at the top of its group, without a sound: the message made one itself.
func (t *Telegram) Pin(ctx context.Context, chat bot.ChatRef, on bot.MessageRef) error {
	params := tgbotapi.Params{"chat_id": chat.ID, "message_id": string(on)}
	params.AddBool("disable_notification", true)
	_, err := t.Call(ctx, "pinChatMessage", params)
	return t.pinError(err)
}

// Unpin lets a message go from the top. One that is not pinned is no error.
func (t *Telegram) Unpin(ctx context.Context, chat bot.ChatRef, on bot.MessageRef) error {
	_, err := t.Call(ctx, "unpinChatMessage", tgbotapi.Params{"chat_id": chat.ID, "message_id": string(on)})
	var fault *Fault
	if errors.As(err, &fault) && fault.says(400, "message to unpin not found") {
		return nil
	}
	return t.pinError(err)
}

// pinError tells what trying again does not mend: the right that is missing, or the message.
func (t *Telegram) pinError(err error) error {
	if err == nil {
		return nil
	}
	e := t.sendError(err)
	var fault *Fault
	if errors.As(err, &fault) && fault.says(400, "not enough rights") {
		return &bot.FinalError{Err: fmt.Errorf("pin: %w", fault)}
	}
	switch e.Remedy {
	case bot.Never, bot.Gone, bot.Lost, bot.MovedTo, bot.Unchanged:
		return &bot.FinalError{Err: fmt.Errorf("pin: %w", errors.Unwrap(e))}
	case bot.Later, bot.Uncertain, bot.Down, bot.Markup, bot.Over:
	}
	return fmt.Errorf("pin: %w", e)
}
