package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// recall asks everybody who has a case, or had it, to stop with it: its reporter took it back, or it proved false. Each
// partner says that it read so.
func recall(ctx context.Context, t *bot.Turn, c civic.Case, key string) error {
	chats, err := coordinatorsDesk.chats(ctx, t, c)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		m := bot.Message{Text: t.In(lang, key, "ref", c.Ref), Thread: bot.About(caseKind, c.ID), For: coordinatorsDesk.readers(c)}
		if err := t.Post(ctx, chat, bot.LaneRoutine, m); err != nil {
			return err
		}
	}
	return tellHolders(ctx, t, c, civic.RecallSent, func(lang string, _ civic.Handover, _ bool) bot.Message {
		return bot.Message{Text: t.In(lang, key, "ref", c.Ref)}
	})
}

// holders are how a case stands with every partner that saw it.
func holders(ctx context.Context, t *bot.Turn, c civic.Case) ([]civic.Handover, error) {
	all, err := t.Tx.Handovers(ctx, c.ID)
	police := slices.ContainsFunc(all, func(h civic.Handover) bool { return h.Partner == civic.Police })
	if beforePolice(c) && !police {
		all = append(all, civic.Handover{Case: c.ID, Partner: civic.Police, Status: civic.Closed, At: t.Now})
	}
	return all, err
}

// tellHolders tells every partner that a case was handed over to something that it has to read. What write makes depends on
// how the case stands with the partner, and on whether it reads at a desk.
func tellHolders(
	ctx context.Context, t *bot.Turn, c civic.Case, what civic.Recall,
	write func(lang string, h civic.Handover, desk bool) bot.Message,
) error {
	all, err := holders(ctx, t, c)
	if err != nil {
		return err
	}
	for _, h := range all {
		h.Recall = what
		if err := t.Tx.SaveHandover(ctx, h); err != nil {
			return err
		}
		chats, err := partnerDesk(h.Partner).chats(ctx, t, c)
		if err != nil {
			return err
		}
		for _, chat := range chats {
			lang, err := t.LangIn(ctx, chat)
			if err != nil {
				return err
			}
			desk, err := t.AtDesk(ctx, chat)
			if err != nil {
				return err
			}
			m := acknowledged(t, lang, c, h, write(lang, h, desk))
			m.For = partnerDesk(h.Partner).readers(c)
			if err := postOf(ctx, t, c, chat, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// acknowledged is a message about a case with the button by which a partner says that it read it.
func acknowledged(t *bot.Turn, lang string, c civic.Case, h civic.Handover, m bot.Message) bot.Message {
	m.About, m.Version = handoverAbout(c, h.Partner), c.Version
	m.Rows = bot.Rows(bot.Choice{Key: "read", Label: t.In(lang, "handover.button.read")})
	m.Hint = t.In(lang, "handover.words.hint.read")
	return m
}

// recallRead is a partner's word that it read a recall or a correction. It is kept with the hand-over.
func recallRead(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, _ string) error {
	if h.Recall == "" || h.Recall == civic.RecallRead {
		return t.Answer(ctx, "handover.read", "ref", c.Ref)
	}
	h.Recall = civic.RecallRead
	if err := t.Tx.SaveHandover(ctx, h); err != nil {
		return err
	}
	if err := t.Audit(ctx, "case.recall_read", bot.About(caseKind, c.ID), string(h.Partner)); err != nil {
		return err
	}
	if err := t.Refresh(ctx, bot.About(caseKind, c.ID)); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.read", "ref", c.Ref)
}
