package flows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// sendAlarm stores the alert, tells everybody in the plan and shows the issuer what becomes of it: all of it, or
// nothing.
func sendAlarm(ctx context.Context, t *bot.Turn, d alarm) error {
	if _, err := broadcaster(t, d.Kind); err != nil {
		return err
	}
	if err := mayAim(ctx, t, d); err != nil {
		return err
	}
	if err := checkTimes(t, d); err != nil {
		return err
	}
	if err := replace(ctx, t, d); err != nil {
		return err
	}
	plan, w, err := planAlarm(ctx, t, d)
	if err != nil {
		return err
	}
	if len(plan.Tell)+len(plan.Later) == 0 {
		return bot.Refuse("alert.nobody").Reopen("areas")
	}
	if err := pictureReady(ctx, t, &d); err != nil {
		return reopened(err, "photos")
	}
	a := drafted(t, d)
	if why := a.NeedsSecond(plan, w); len(why) > 0 {
		return holdBack(ctx, t, a, plan, why)
	}
	if !a.Planned.IsZero() {
		return planAlert(ctx, t, a)
	}
	if a, err = createAlert(ctx, t, a); err != nil {
		return err
	}
	if err := launch(ctx, t, a, plan); err != nil {
		return err
	}
	if err := t.Audit(ctx, "alert.sent", bot.About(alertKind, a.ID), tallied(plan)+d.Words.kept()); err != nil {
		return err
	}
	if err := showAlert(ctx, t, a, t.Chat.ID); err != nil {
		return err
	}
	return tellCase(ctx, t, a)
}

// checkTimes refuses what would go or end at a time that has passed, or too far away.
func checkTimes(t *bot.Turn, d alarm) error {
	if !d.Planned.IsZero() {
		if err := checkPlanned(t, d.Planned); err != nil {
			return reopened(err, "planned")
		}
	}
	return reopened(checkHold(then(t, d.Planned), d.Until), "until")
}

// launch tells everybody in the plan, and minds when the alert is over and when its outcome is owed: the next working day
// (domain §1.1), however long it holds.
func launch(ctx context.Context, t *bot.Turn, a civic.Alert, plan civic.Plan) error {
	out := broadcasting{alert: a, plan: plan, nth: 1, spoken: spoken{Notice: civic.NoticeAlarm}}
	if err := out.send(ctx, t); err != nil {
		return err
	}
	if err := tellCoordinators(ctx, t, a, plan); err != nil {
		return err
	}
	ref := alertRef(a)
	if a.KeptWhy != "" {
		if err := t.Wake(ctx, keptTimer, ref, a.KeptUntil); err != nil {
			return err
		}
	}
	if err := t.WakeIn(ctx, neutralTimer, ref, describedFor); err != nil {
		return err
	}
	if a.OwesOutcome() {
		if err := t.Wake(ctx, owedTimer, ref, workMorning(t)); err != nil {
			return err
		}
	}
	return t.Wake(ctx, expiryTimer, ref, a.Until)
}

// reopened asks a step again after a refusal; other errors stay as they are.
func reopened(err error, step string) error {
	if refusal, ok := errors.AsType[*bot.Refusal](err); ok {
		return refusal.Reopen(step)
	}
	return err
}

// mayAim refuses areas that the person may not send to any more.
func mayAim(ctx context.Context, t *bot.Turn, d alarm) error {
	for _, id := range d.Areas {
		area, err := t.Tx.Area(ctx, id)
		if err != nil {
			return fmt.Errorf("area %d of an alert: %w", id, err)
		}
		if !mayReach(t, d.Kind, area.Scope()) {
			return bot.Refuse("refused." + string(d.Kind.Needs()))
		}
	}
	return nil
}

// createAlert stores an alert; should its reference have been taken since it was chosen, it gets another.
func createAlert(ctx context.Context, t *bot.Turn, a civic.Alert) (civic.Alert, error) {
	err := t.Tx.CreateAlert(ctx, &a)
	if errors.Is(err, bot.ErrConflict) {
		if a.Ref, err = freeAlertRef(ctx, t); err != nil {
			return a, err
		}
		err = t.Tx.CreateAlert(ctx, &a)
	}
	if err != nil {
		return a, fmt.Errorf("alert %s: %w", a.Ref, err)
	}
	return a, nil
}

// tallied sums a plan up for the audit trail.
func tallied(p civic.Plan) string {
	return fmt.Sprintf("told %d, later %d, skipped %d", len(p.Tell), len(p.Later), len(p.Skip))
}

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

// showAlert puts the card of an alert into the issuer's private chat and the room of their colleagues: the police's, or the
// coordinators'. The issuer follows one that went to several networks in one card.
func showAlert(ctx context.Context, t *bot.Turn, a civic.Alert, chat int64) error {
	about := bot.About(alertKind, a.ID)
	main, with, err := shownIn(ctx, t, a, chat)
	switch {
	case err != nil:
		return err
	case with:
		err = errors.Join(t.Show(ctx, chat, bot.About(alertKind, main.ID)),
			t.Say(ctx, "alert.twin.shown", "ref", a.Ref, "other", main.Ref))
	default:
		err = t.Show(ctx, chat, about)
	}
	if err != nil {
		return err
	}
	kind := civic.RoomPolice
	if a.Sender != civic.Police {
		kind = civic.RoomCoordinators
	}
	room, err := t.Tx.Room(ctx, t.Network.ID, kind)
	if err != nil {
		return fmt.Errorf("room for alert %s: %w", a.Ref, err)
	}
	if room == 0 {
		return nil
	}
	return t.Show(ctx, room, about)
}

// tellCase lets those who have to do with the case of an alert know: its card follows, and its reporters are told.
func tellCase(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	if a.Case == 0 {
		return nil
	}
	c, err := mergedCase(ctx, t, a.Case)
	if err != nil {
		return fmt.Errorf("case of alert %s: %w", a.Ref, err)
	}
	if err := t.Refresh(ctx, bot.About(caseKind, c.ID)); err != nil {
		return err
	}
	return tellReporters(ctx, t, c, "alert.reporter")
}
