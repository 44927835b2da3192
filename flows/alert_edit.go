package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// rewriting is a change of an alert where it stands.
type rewriting struct {
	alert civic.Alert
	to    map[int64]bot.MessageRef
	days  map[int64][]bot.Bundle // the messages of a day that tell it with others
	day   *composing             // which writes those
	text  func(lang string, chat int64) (string, error)
	about string
	gone  bool // the message is taken away as a whole, with its picture
	erase bool // nobody is to read any more what stood there
	bare  bool // its picture is taken away, if it is one message with it
	reply bool // whoever saw something can still say so
}

// in changes the alert in one chat; it gives the letter, or 0 where nothing is known to stand. Nobody is woken by it, and it
// waits for what must be heard first.
func (w rewriting) in(ctx context.Context, t *bot.Turn, chat int64) (int64, error) {
	if w.to[chat] == "" && len(w.days[chat]) == 0 {
		return 0, nil
	}
	known, err := t.Tx.Chat(ctx, chat)
	if errors.Is(err, bot.ErrNotFound) || err == nil && !known.Reachable {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("alert %s: %w", w.alert.Ref, err)
	}
	letter, err := w.inDays(ctx, w.days[chat])
	if err != nil || w.to[chat] == "" {
		return letter, err
	}
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return 0, err
	}
	text, err := w.text(lang, chat)
	if err != nil {
		return 0, err
	}
	l := bot.Letter{
		Chat: chat, Op: bot.OpEdit, Lane: bot.LaneRoutine, Card: w.about, Expires: t.Now.Add(bot.LaneRoutine.Life()),
		Report:  bot.About(alertKind, w.alert.ID),
		Message: bot.Message{Text: text, Silent: true, Gone: w.gone, Bare: w.bare, Erases: w.erase},
	}
	if w.reply {
		l.Rows = replyRows(t, lang, w.alert)
	}
	if err := t.Tx.Enqueue(ctx, &l); err != nil {
		return 0, fmt.Errorf("alert %s: change in chat %d: %w", w.alert.Ref, chat, err)
	}
	return l.ID, nil
}

// inDays changes the alert in each message of a day in one chat that tells it with others; it gives the last letter.
func (w rewriting) inDays(ctx context.Context, days []bot.Bundle) (int64, error) {
	letter := int64(0)
	for _, b := range days {
		if b.Message == "" {
			continue
		}
		var err error
		if letter, err = w.day.redraw(ctx, b, bot.OpEdit); err != nil {
			return 0, err
		}
	}
	return letter, nil
}

// standsIn is where an alert stands: in messages of its own, and in messages of a day that tell it with others.
func standsIn(ctx context.Context, t *bot.Turn, a civic.Alert) (map[int64]bot.MessageRef, map[int64][]bot.Bundle, error) {
	to, err := places(ctx, t, noticeOf(a.ID, 0))
	if err != nil {
		return nil, nil, err
	}
	bundles, err := t.Tx.BundlesOf(ctx, a.ID, digestKind)
	if err != nil {
		return nil, nil, err
	}
	days := map[int64][]bot.Bundle{}
	for _, b := range bundles {
		if b.State == bot.LetterSuperseded {
			continue
		}
		days[b.Chat] = append(days[b.Chat], b)
	}
	return to, days, nil
}

// rewriteCorrected puts the corrected text in the place of the old one, everywhere it is known to stand. A picture whose time
// is over goes with the old text.
func rewriteCorrected(ctx context.Context, t *bot.Turn, out broadcasting) error {
	a := out.alert
	w := rewriting{alert: a, about: noticeOf(a.ID, 0), reply: true, bare: a.Photo != 0 && !onShow(t, a)}
	w.text = func(lang string, chat int64) (string, error) {
		return sayAlert(ctx, t, lang, a, out.spoken.to(chat, out.outdated))
	}
	w.day = composer(t)
	var err error
	if w.to, w.days, err = standsIn(ctx, t, a); err != nil {
		return err
	}
	for _, r := range append(out.plan.Waiting(), out.plan.Tell...) {
		if _, err := w.in(ctx, t, r.Chat); err != nil {
			return err
		}
	}
	return nil
}

// heardBy lists where an alert, or its nth correction, was or may have been heard.
func heardBy(ctx context.Context, t *bot.Turn, a civic.Alert, nth, corrections int) ([]civic.Delivery, error) {
	type notice struct {
		civic.Notice
		nth int
	}
	notices := []notice{{civic.NoticeCorrection, nth}}
	if nth == 0 || nth == pictureNth { // a correction that took the place of what was not sent stands where the alert would
		notices[0] = notice{civic.NoticeAlarm, 1}
		for n := range corrections {
			notices = append(notices, notice{civic.NoticeCorrection, n + 1})
		}
	}
	var heard []civic.Delivery
	for _, n := range notices {
		list, err := t.Tx.Deliveries(ctx, a.ID, n.Notice, n.nth)
		if err != nil {
			return nil, fmt.Errorf("deliveries of alert %s: %w", a.Ref, err)
		}
		for _, d := range list {
			known := slices.ContainsFunc(heard, func(h civic.Delivery) bool { return h.Chat == d.Chat })
			if !known && (d.Status == civic.DeliverySent || d.Status == civic.DeliveryUnknown) {
				heard = append(heard, d)
			}
		}
	}
	return heard, nil
}

// outdated are the chats in which something was heard, or may have been, that came before the nth correction of an alert.
func outdated(ctx context.Context, t *bot.Turn, a civic.Alert, nth int) (map[int64]bool, error) {
	chats := map[int64]bool{}
	if nth < 1 {
		return chats, nil
	}
	heard, err := heardBy(ctx, t, a, 0, nth-1)
	for _, d := range heard {
		chats[d.Chat] = true
	}
	return chats, err
}
