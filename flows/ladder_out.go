package flows

import (
	"context"
	"errors"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// carryOut does what the measure is. Who is kept out is remembered as an account that nobody can read (domain §2.4).
func carryOut(ctx context.Context, t *bot.Turn, s civic.Sanction, who civic.Member) error {
	if s.Until.IsZero() {
		return nil
	}
	if err := t.Tx.Bar(ctx, who.ID, s.ID); err != nil {
		return err
	}
	if err := closeDoors(ctx, t, who); err != nil {
		return err
	}
	if s.Measure == civic.MeasureRemoval {
		return endMembership(ctx, t, who)
	}
	who.Standing = civic.StandingSuspended
	if err := t.Tx.SaveMember(ctx, who, t.Now); err != nil {
		return err
	}
	return t.Wake(ctx, suspensionTimer, strconv.FormatInt(s.ID, 10), s.Until)
}

// suspensionEnds lets a member back in, and says so.
func suspensionEnds(ctx context.Context, t *bot.Turn, ref string) error {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return err
	}
	s, err := t.Tx.Sanction(ctx, id)
	if errors.Is(err, bot.ErrNotFound) || err == nil && (s.Person == 0 || s.Ruling == civic.RulingUndone) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.Settle(ctx, s.Network); err != nil {
		return err
	}
	return letBack(ctx, t, s, "ladder.over")
}

// letBack makes a suspended member active again, unless another measure keeps them out still.
func letBack(ctx context.Context, t *bot.Turn, s civic.Sanction, key string) error {
	who, err := t.Tx.MemberIn(ctx, s.Person, s.Network)
	if err != nil || who.Standing != civic.StandingSuspended || who.Network != s.Network {
		return err
	}
	other, out, err := outByAnother(ctx, t, s)
	if err != nil {
		return err
	}
	if out {
		return tellStillOut(ctx, t, other)
	}
	who.Standing = civic.StandingActive
	if err := t.Tx.SaveMember(ctx, who, t.Now); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.back", bot.About(sanctionKind, s.ID), ""); err != nil {
		return err
	}
	if err := settleIn(ctx, t, who); err != nil {
		return err
	}
	_, err = t.Tell(ctx, who.ID, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, key, "network", t.Network.Name)}
	})
	return err
}

// outByAnother is the measure that keeps a person out besides this one; false when there is none.
func outByAnother(ctx context.Context, t *bot.Turn, s civic.Sanction) (civic.Sanction, bool, error) {
	list, err := t.Tx.SanctionsOf(ctx, s.Network, s.Person)
	for _, other := range list {
		if other.ID != s.ID && other.Runs(t.Now) {
			return other, true, err
		}
	}
	return civic.Sanction{}, false, err
}

// tellStillOut tells a member until when they are out by a measure, when another one is over.
func tellStillOut(ctx context.Context, t *bot.Turn, s civic.Sanction) error {
	_, err := t.Tell(ctx, s.Person, bot.LaneRoutine, func(lang string) bot.Message {
		key, args := keptOutWords(t, lang, s)
		return bot.Message{Text: t.In(lang, key, args...)}
	})
	return err
}

// keptOut is the measure that keeps the person of this turn out of the network now, by whom they are or by the account
// they come with; false when there is none.
func keptOut(ctx context.Context, t *bot.Turn) (civic.Sanction, bool, error) {
	list, err := t.Tx.BarredBy(ctx, t.Network.ID, t.From)
	for _, s := range list {
		if s.Runs(t.Now) {
			return s, true, err
		}
	}
	return civic.Sanction{}, false, err
}

// outside refuses who is kept out, by telling until when, and what still can be done.
func outside(ctx context.Context, t *bot.Turn) error {
	s, out, err := keptOut(ctx, t)
	if err != nil || !out {
		return err
	}
	key, args := keptOutWords(t, t.Lang(), s)
	return bot.Refuse(key, args...)
}

// keptOutWords tells somebody until when they are kept out by a measure.
func keptOutWords(t *bot.Turn, lang string, s civic.Sanction) (key string, args []any) {
	key = "ladder.suspended"
	if s.Measure == civic.MeasureRemoval {
		key = "ladder.removed"
	}
	return key, []any{"until", dayYear(t, lang, s.Until), "network", t.Network.Name, "police", policeNumberIn(t, lang)}
}
