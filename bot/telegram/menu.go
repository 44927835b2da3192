package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// privateChats is where menus are shown: in a group the bot is spoken to with buttons, and by those who know its commands.
const privateChats = `{"type":"all_private_chats"}`

type wireCommand struct {
	Name string `json:"command"`
	What string `json:"description"`
}

// Offer has people's apps show the menus. Telegram keeps them and limits how often they are set, so one that stands there
// already is left alone.
func (t *Telegram) Offer(ctx context.Context, menus []bot.Menu) error {
	for _, m := range menus {
		if err := t.offer(ctx, m); err != nil {
			return fmt.Errorf("menu in %q: %w", m.Language, err)
		}
	}
	return nil
}

func (t *Telegram) offer(ctx context.Context, m bot.Menu) error {
	params := tgbotapi.Params{"scope": privateChats}
	params.AddNonEmpty("language_code", m.Language)
	want := make([]wireCommand, 0, len(m.Lines))
	for _, l := range m.Lines {
		want = append(want, wireCommand(l))
	}
	var stands []wireCommand
	if err := t.ask(ctx, "getMyCommands", params, &stands); err != nil || slices.Equal(stands, want) {
		return err
	}
	raw, err := json.Marshal(want)
	if err != nil {
		return err
	}
	params["commands"] = string(raw)
	_, err = t.Call(ctx, "setMyCommands", params)
	return err
}
