package flows

import (
	"context"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// broadcasting is a notice on its way to the ledger and the outbox.
type broadcasting struct {
	alert   civic.Alert
	plan    civic.Plan
	nth     int
	spoken  spoken
	before  civic.Alert              // what a corrected alert was before
	quietly bool                     // who has it already is not told again
	same    bool                     // a correction that changes no words
	said    map[string]string        // by language; what was written so far
	stands  map[int64]bot.MessageRef // where the alert stands

	outdated  map[int64]bool           // where an earlier version than the words of a correction was heard
	pierced   map[civic.Recipient]bool // in whose quiet hours it comes; nil until asked
	composing *composing               // of messages of the day; nil until there is one
}

// send writes one letter and one row of the ledger for each recipient of the plan. Who was meant to hear the alarm and
// cannot be reached stands in the ledger as well, so that the issuer sees it.
func (b *broadcasting) send(ctx context.Context, t *bot.Turn) error {
	b.said = map[string]string{}
	if err := b.look(ctx, t); err != nil {
		return err
	}
	for _, r := range b.plan.Tell {
		if err := b.tell(ctx, t, r, time.Time{}); err != nil {
			return fmt.Errorf("alert %s: %w", b.alert.Ref, err)
		}
	}
	for _, r := range b.plan.Waiting() {
		if err := b.tell(ctx, t, r, b.plan.Later[r]); err != nil {
			return fmt.Errorf("alert %s: %w", b.alert.Ref, err)
		}
	}
	if b.spoken.Notice != civic.NoticeAlarm {
		return nil
	}
	for _, r := range b.plan.SkippedFor(civic.SkipUnreachable, civic.SkipNoChat) {
		if err := b.record(ctx, t, r, 0, civic.DeliveryFailed); err != nil {
			return fmt.Errorf("alert %s: %w", b.alert.Ref, err)
		}
	}
	return nil
}

// look finds where the alert stands already.
func (b *broadcasting) look(ctx context.Context, t *bot.Turn) error {
	to, days, err := standsIn(ctx, t, b.alert)
	if err != nil {
		return err
	}
	for chat, list := range days {
		if to[chat] == "" {
			to[chat] = list[len(list)-1].Message
		}
	}
	b.stands = to
	if b.spoken.Notice == civic.NoticeCorrection {
		since := b.nth
		if b.same {
			since--
		}
		b.outdated, err = outdated(ctx, t, b.alert, since)
	}
	return err
}

// tell enqueues the notice for one recipient, not before a time, and notes it in the ledger.
func (b *broadcasting) tell(ctx context.Context, t *bot.Turn, r civic.Recipient, before time.Time) error {
	if b.quietly && b.stands[r.Chat] != "" {
		return nil
	}
	if b.daily(t, r, before) {
		return b.bundle(ctx, t, r, before)
	}
	l, err := b.letter(ctx, t, r)
	if err != nil {
		return err
	}
	lane := bot.LaneRoutine
	if b.alert.Pressing() {
		lane = bot.LaneUrgent
	}
	l.Lane, l.Before, l.Expires = lane, before, b.expires(t.Now, lane, before)
	if err := t.Tx.Enqueue(ctx, &l); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	if err := b.showPicture(ctx, t, l); err != nil {
		return err
	}
	return b.record(ctx, t, r, l.ID, civic.DeliveryPending)
}

// expires is until when the notice is worth delivering: a pressing alarm as long as it holds (architecture §1.3), so that a
// network that is down for an hour does not swallow it; information a day at most; what follows a day.
func (b *broadcasting) expires(now time.Time, lane bot.Lane, before time.Time) time.Time {
	from := now
	if before.After(now) {
		from = before
	}
	if b.spoken.Notice != civic.NoticeAlarm {
		return from.Add(bot.LaneRoutine.Life())
	}
	if life := from.Add(lane.Life()); lane != bot.LaneUrgent && life.Before(b.alert.Until) {
		return life
	}
	return b.alert.Until
}

func (b *broadcasting) record(
	ctx context.Context, t *bot.Turn, r civic.Recipient, letter int64, status civic.DeliveryStatus,
) error {
	err := t.Tx.Record(ctx, civic.Delivery{
		Alert: b.alert.ID, Notice: b.spoken.Notice, Nth: b.nth, Target: r.Target, Person: r.Person, Chat: r.Chat,
		Letter: letter, Status: status, At: t.Now,
	})
	if err != nil {
		return fmt.Errorf("record target %d: %w", r.Target, err)
	}
	return nil
}

// letter is the notice for one recipient. Where the alert stands already, a correction is a short word that leads to it;
// elsewhere all of it is said.
func (b *broadcasting) letter(ctx context.Context, t *bot.Turn, r civic.Recipient) (bot.Letter, error) {
	l := bot.Letter{Chat: r.Chat, Op: bot.OpPost, Report: bot.About(alertKind, b.alert.ID)}
	l.Silent, l.Reply = silent(b.alert, b.spoken.Notice), b.stands[r.Chat]
	text := b.text
	switch {
	case b.spoken.Notice == civic.NoticeAllClear:
	case l.Reply != "":
		l.Card, text = noticeOf(b.alert.ID, b.nth), b.short
	default:
		lang, err := langOf(ctx, t, r)
		if err != nil {
			return l, err
		}
		l.Card, l.Rows = noticeOf(b.alert.ID, 0), replyRows(t, lang, b.alert)
	}
	var err error
	if l.Text, err = text(ctx, t, r); err != nil {
		return l, err
	}
	return l, b.illustrate(ctx, t, &l)
}

// short is the word about a correction, in the recipient's language; each language is written once.
func (b *broadcasting) short(ctx context.Context, t *bot.Turn, r civic.Recipient) (string, error) {
	lang, err := langOf(ctx, t, r)
	if err != nil {
		return "", err
	}
	key, quiet := lang+" short", b.pierces(r)
	if quiet {
		key += " quiet"
	}
	if said, ok := b.said[key]; ok {
		return said, nil
	}
	said, err := sayShort(ctx, t, lang, b.alert, b.before)
	if quiet {
		said += "\n" + t.In(lang, "alert.say.quiet")
	}
	b.said[key] = said
	return said, err
}

// text is the notice in the recipient's language; each language is written once.
func (b *broadcasting) text(ctx context.Context, t *bot.Turn, r civic.Recipient) (string, error) {
	lang, err := langOf(ctx, t, r)
	if err != nil {
		return "", err
	}
	s := b.spoken.to(r.Chat, b.outdated)
	key := lang
	if s.Fresh {
		key += " fresh"
	}
	if s.Quiet = b.pierces(r); s.Quiet {
		key += " quiet"
	}
	if said, ok := b.said[key]; ok {
		return said, nil
	}
	said, err := sayAlert(ctx, t, lang, b.alert, s)
	b.said[key] = said
	return said, err
}

// pierces reports whether the notice comes in the quiet hours of a recipient.
func (b *broadcasting) pierces(r civic.Recipient) bool {
	if b.pierced == nil {
		b.pierced = map[civic.Recipient]bool{}
		for _, quiet := range b.plan.Pierced {
			b.pierced[quiet] = true
		}
	}
	return b.pierced[r]
}

// langOf is the language of a recipient: the person's, or the room's.
func langOf(ctx context.Context, t *bot.Turn, r civic.Recipient) (string, error) {
	if r.Person == 0 {
		return t.LangIn(ctx, r.Chat)
	}
	m, err := t.Tx.Member(ctx, r.Person)
	return t.LangOf(m), err
}
