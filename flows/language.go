package flows

import (
	"context"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// languageKind is what the choice of a language is about: "language/CHAT".
const languageKind = "language"

// askLanguage offers the network's languages: for oneself in the private chat, for everybody in a room when a
// coordinator asks there.
func askLanguage(ctx context.Context, t *bot.Turn, _ string) error {
	if t.Chat.Ref.Kind != bot.Private && !t.May(civic.BindRoom, civic.Scope{Network: t.Network.ID}) {
		alone, ok, err := t.Alone(ctx)
		if err != nil || !ok {
			return err
		}
		t = alone
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{
		Text: t.T("language.ask"), About: bot.About(languageKind, t.Chat.ID), Rows: languageRows(t, "set:"),
	})
}

// languagesInRow is how many languages stand side by side: their names are read on a narrow phone.
const languagesInRow = 3

// languageRows are a button for each language that can be spoken here, in that language.
func languageRows(t *bot.Turn, prefix string) [][]bot.Choice {
	var rows [][]bot.Choice
	for some := range slices.Chunk(t.Languages(), languagesInRow) {
		var row []bot.Choice
		for _, lang := range some {
			row = append(row, bot.Choice{Key: prefix + lang, Label: t.In(lang, "language.name")})
		}
		rows = append(rows, row)
	}
	return rows
}

// onLanguage lets everybody choose for their own chat, and coordinators for a room.
func onLanguage(_ context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	scope := civic.Scope{Network: t.Network.ID}
	switch {
	case r.ID != strconv.FormatInt(t.Chat.ID, 10):
		return bot.Thing{}, bot.Refuse("press.old")
	case t.Chat.Ref.Kind != bot.Private && !t.May(civic.BindRoom, scope):
		return bot.Thing{}, bot.Refuse("refused.role")
	}
	return bot.Thing{Scope: scope}, nil
}

func setLanguage(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	if err := speak(ctx, t, r.Arg); err != nil {
		return err
	}
	if err := t.Say(ctx, "language.set"); err != nil || t.Chat.Ref.Kind != bot.Private {
		return err
	}
	return t.Again(ctx)
}

// speak makes lang the language of this chat, and of the person in their own, from now on.
func speak(ctx context.Context, t *bot.Turn, lang string) error {
	if !slices.Contains(t.Languages(), lang) {
		return bot.Refuse("press.old")
	}
	t.Chat.Language = lang
	if err := t.Tx.SetChatLanguage(ctx, t.Chat.ID, lang); err != nil {
		return err
	}
	if t.Chat.Ref.Kind != bot.Private || t.Actor.Guest() {
		return nil
	}
	t.Actor.Language = lang
	return t.Tx.SaveMember(ctx, t.Actor, t.Now)
}
