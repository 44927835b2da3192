package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// later is what came to a case after partners got it.
type later struct {
	key   string         // of what is said where the card shows it as well; with ".desk", where no card changes
	from  string         // reference of the case that it came from; empty = none
	fresh []civic.Report // what was told
}

func (l later) text(t *bot.Turn, lang string, c civic.Case) string {
	return t.In(lang, l.key, "ref", c.Ref, "from", l.from)
}

// letter is what a desk reads of it: what was told, with its pictures, and never what is for the police alone. Such a letter
// goes on in the clear, and cannot be taken back.
func (l later) letter(t *bot.Turn, lang string, c civic.Case) bot.Message {
	f := &facts{lang: lang, whole: true}
	f.reports(t, l.fresh)
	head := t.In(lang, l.key+".desk", "ref", c.Ref, "from", l.from)
	return bot.Message{Text: lines([]string{head}, f.told), Photos: f.photos, Retells: true}
}

// tellDesks sends what came to a case to every partner that has it and reads it at a desk: others see it on the card.
func tellDesks(ctx context.Context, t *bot.Turn, c civic.Case, l later) error {
	all, err := holders(ctx, t, c)
	if err != nil || len(l.fresh) == 0 || c.Subject != civic.SubjectNobody {
		return err
	}
	for _, h := range all {
		chat, err := addressOf(ctx, t, c.Network, h.Partner)
		if err != nil {
			return err
		}
		if chat == 0 || !theirs(c, h) {
			continue
		}
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		m := l.letter(t, lang, c)
		m.About = handoverAbout(c, h.Partner)
		if err := postOf(ctx, t, c, chat, m); err != nil {
			return err
		}
	}
	return nil
}

// correctHolders tells every partner that saw a case that its reporter said something afterwards, which it is to read.
func correctHolders(ctx context.Context, t *bot.Turn, c civic.Case, l later) error {
	return tellHolders(ctx, t, c, civic.CorrectSent, func(lang string, h civic.Handover, desk bool) bot.Message {
		if desk && theirs(c, h) {
			return l.letter(t, lang, c)
		}
		return bot.Message{Text: l.text(t, lang, c)}
	})
}

// laterKeys are the texts whose keys are made while talking.
func laterKeys() []string {
	var keys []string
	for _, key := range []string{
		"amend.told." + string(civic.Addition), "amend.told." + string(civic.Correction),
	} {
		keys = append(keys, key, key+".desk")
	}
	return append(keys, "handover.witness.desk", "handover.merged.desk")
}
