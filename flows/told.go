package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// tellStep tells the reporters of a step that partners took or got.
func tellStep(ctx context.Context, t *bot.Turn, c civic.Case, key string, partners []civic.Role) error {
	return tellNews(ctx, t, c, func(lang string) string {
		return t.In(lang, key, "ref", c.Ref, "partner", partnerNames(t, lang, partners))
	})
}

// tellNews tells the reporters of a step that means something to them.
func tellNews(ctx context.Context, t *bot.Turn, c civic.Case, write func(lang string) string) error {
	return tellReportersWith(ctx, t, c, func(lang string) bot.Message { return bot.Message{Text: write(lang)} })
}
