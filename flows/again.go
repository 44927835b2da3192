package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// How often and how long after its end somebody may ask for a case to be taken up again. After 30 days nothing is left of
// what was told (domain §2.4); and what was looked at three times in vain is better told anew than asked a fourth time.
const (
	mostAgain = 3
	againLife = 30 * day24
)

// tooOften refuses kindly what was asked too often or too late, and names the way that is left.
func tooOften(t *bot.Turn, c civic.Case) error {
	switch {
	case c.Again >= mostAgain:
		return bot.Refuse("case.again.often", "ref", c.Ref, "times", c.Again)
	case t.Now.Sub(c.Changed) > againLife:
		return bot.Refuse("case.again.late", "ref", c.Ref)
	}
	return nil
}

// partnerAgain is a partner's word that what it finished is not over. A coordinator decides.
func partnerAgain(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, _ string) error {
	if !finished(c, h) {
		return stands(t, c)
	}
	if err := tooOften(t, c); err != nil {
		return err
	}
	if err := askAgain(ctx, t, c, "case.owner.again.partner", "partner", partnerShort(t, networkLang(t), h.Partner)); err != nil {
		return err
	}
	return t.Answer(ctx, "handover.again", "ref", c.Ref)
}

// finished reports whether a partner finished a case that has ended.
func finished(c civic.Case, h civic.Handover) bool {
	return h.Status == civic.Resolved && c.Status.May(civic.ReopenRequested)
}
