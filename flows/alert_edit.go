package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The timers of what is taken back; the reference is the alert's number.
const (
	neutralTimer = "alert.neutral" // the description has stood long enough
	takenTimer   = "alert.taken"   // time to tell the issuer where it could not be taken back
)

const (
	describedFor = 72 * time.Hour   // how long a description of people may stand (domain §2.4)
	takenPause   = 15 * time.Minute // how long changes in place may take before the issuer hears of those that failed
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

// eraseAlert takes what an alert described out of every chat in which it stands, and its picture. Where that cannot be done,
// because nobody knows whether the message arrived, the ledger says so. What was taken back already stays as it is.
func eraseAlert(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	n, err := eraseWhole(ctx, t, a)
	if err != nil || n == 0 {
		return err
	}
	return t.WakeIn(ctx, takenTimer, alertRef(a), takenPause)
}

// eraseWhole takes an alert, its corrections and its picture away; it gives how many messages that concerns.
func eraseWhole(ctx context.Context, t *bot.Turn, a civic.Alert) (int, error) {
	count, err := corrections(ctx, t, a.ID)
	if err != nil {
		return 0, err
	}
	more := 0
	for nth := range count + 1 {
		w := rewriting{alert: a, about: noticeOf(a.ID, nth), bare: a.Photo != 0, erase: true}
		w.text = func(lang string, _ int64) (string, error) { return sayTakenBack(ctx, t, lang, a) }
		n, err := w.everywhere(ctx, t, nth, count)
		if err != nil {
			return 0, err
		}
		more += n
	}
	n, err := erasePicture(ctx, t, a, count)
	return more + n, err
}

// erasePicture takes the picture of an alert away where it is a message of its own; it gives in how many chats.
func erasePicture(ctx context.Context, t *bot.Turn, a civic.Alert, corrections int) (int, error) {
	if a.Photo == 0 {
		return 0, nil
	}
	w := rewriting{alert: a, about: pictureOf(a.ID), gone: true, text: func(lang string, _ int64) (string, error) {
		return t.In(lang, "alert.taken.photo", "ref", a.Ref), nil
	}}
	return w.everywhere(ctx, t, pictureNth, corrections)
}

// everywhere takes back one message of an alert in each chat where it was heard: the alert itself, its nth correction, or
// its picture. It gives how many there are that were not taken back before.
func (w rewriting) everywhere(ctx context.Context, t *bot.Turn, nth, corrections int) (int, error) {
	var err error
	if nth == 0 {
		w.day = composer(t)
		w.day.gone = w.alert.ID
		w.to, w.days, err = standsIn(ctx, t, w.alert)
	} else {
		w.to, err = places(ctx, t, w.about)
	}
	if err != nil || len(w.to)+len(w.days) == 0 {
		return 0, err
	}
	before, err := t.Tx.Deliveries(ctx, w.alert.ID, civic.NoticeTakeBack, nth+1)
	if err != nil {
		return 0, fmt.Errorf("deliveries of alert %s: %w", w.alert.Ref, err)
	}
	heard, err := heardBy(ctx, t, w.alert, nth, corrections)
	if err != nil {
		return 0, err
	}
	more := 0
	for _, d := range heard {
		_, stands := w.to[d.Chat]
		same := func(b civic.Delivery) bool { return b.Chat == d.Chat }
		done := slices.IndexFunc(before, same)
		if !stands && len(w.days[d.Chat]) == 0 || done >= 0 && before[done].Status != civic.DeliverySuperseded {
			continue
		}
		more++
		if done >= 0 { // it was called back with what followed the alert, before it went
			err = w.anew(ctx, t, before[done])
		} else {
			d.Notice, d.Nth = civic.NoticeTakeBack, nth+1
			err = w.first(ctx, t, d)
		}
		if err != nil {
			return more, err
		}
	}
	return more, nil
}

// first takes back what is in a chat, and notes it in the ledger.
func (w rewriting) first(ctx context.Context, t *bot.Turn, d civic.Delivery) (err error) {
	d.At, d.Status = t.Now, civic.DeliveryPending
	if d.Letter, err = w.in(ctx, t, d.Chat); err != nil {
		return err
	}
	if d.Letter == 0 {
		d.Status = civic.DeliveryFailed
	}
	if err := t.Tx.Record(ctx, d); err != nil {
		return fmt.Errorf("alert %s: %w", w.alert.Ref, err)
	}
	return nil
}

// anew takes back once more what was called back before it went.
func (w rewriting) anew(ctx context.Context, t *bot.Turn, d civic.Delivery) error {
	var err error
	if d.Letter, err = w.in(ctx, t, d.Chat); err != nil || d.Letter == 0 {
		return err
	}
	d.At = t.Now
	if err := t.Tx.Redeliver(ctx, d); err != nil {
		return fmt.Errorf("alert %s: %w", w.alert.Ref, err)
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

// sayTakenBack is what stands in the place of an alert whose description is taken back.
func sayTakenBack(ctx context.Context, t *bot.Turn, lang string, a civic.Alert) (string, error) {
	areas, err := areaNames(ctx, t, lang, a.Areas)
	if err != nil {
		return "", err
	}
	key := "alert.taken.old"
	switch {
	case a.Status == civic.AlertOutcome:
		key = "alert.taken.outcome"
	case a.Status == civic.AlertRetracted:
		key = "alert.taken.retracted"
	case t.Now.Sub(a.Issued) < describedFor && !a.Until.After(t.Now):
		key = "alert.taken.over"
	}
	lines := []string{
		t.In(lang, "alert.taken.head", "network", t.Network.Name, "areas", areas,
			"sender", t.In(lang, "alert.sender."+string(a.Sender))),
		t.In(lang, key, "ref", a.Ref, "time", moment(t, lang, a.Issued), "until", moment(t, lang, a.Until)),
	}
	if a.Drill {
		lines = append(append([]string{t.In(lang, "alert.drill.begin")}, lines...), t.In(lang, "alert.drill.end"))
	}
	return strings.Join(lines, "\n"), nil
}

// neutralise takes back the description of an alert that stood for three days.
func neutralise(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	if err != nil || a.ID == 0 {
		return err
	}
	if err := eraseAlert(ctx, t, a); err != nil {
		return err
	}
	if err := t.Audit(ctx, "alert.neutral", bot.About(alertKind, a.ID), ""); err != nil {
		return err
	}
	return showAnew(ctx, t, a)
}

// takenBack takes back what arrived late, and tells the issuer where a description could not be taken back, so that somebody
// takes it away by hand. It looks again while something is on its way; the timer's reference then tells of how many places the
// issuer knows: "3.1".
func takenBack(ctx context.Context, t *bot.Turn, ref string) error {
	ref, known, _ := strings.Cut(ref, ".")
	told, _ := strconv.Atoi(known) // none at first
	a, t, err := ringing(ctx, t, ref)
	if err != nil || a.ID == 0 {
		return err
	}
	more, err := eraseWhole(ctx, t, a)
	if err != nil {
		return err
	}
	if a.Photo != 0 {
		if err := t.Tx.DropPhoto(ctx, a.Photo); err != nil && !errors.Is(err, bot.ErrNotFound) {
			return fmt.Errorf("picture of alert %s: %w", a.Ref, err)
		}
	}
	left, moving, err := notTakenBack(ctx, t, a)
	if err != nil {
		return err
	}
	if more > 0 || moving {
		again := fmt.Sprintf("%s.%d", ref, max(len(left), told))
		if err := t.WakeIn(ctx, takenTimer, again, takenPause); err != nil {
			return err
		}
	}
	if len(left) <= told {
		return nil
	}
	where, err := lostPlaces(ctx, t, networkLang(t), left)
	if err != nil {
		return err
	}
	return tellIssuer(ctx, t, a, "alert.taken.left", "where", raw(where))
}

// notTakenBack lists where what an alert described still stands, or may stand; moving tells that some of it is still being taken
// back.
func notTakenBack(ctx context.Context, t *bot.Turn, a civic.Alert) (left []civic.Delivery, moving bool, err error) {
	count, err := corrections(ctx, t, a.ID)
	if err != nil {
		return nil, false, err
	}
	nths := []int{pictureNth}
	for nth := range count + 1 {
		nths = append(nths, nth)
	}
	for _, nth := range nths {
		list, err := t.Tx.Deliveries(ctx, a.ID, civic.NoticeTakeBack, nth+1)
		if err != nil {
			return nil, false, fmt.Errorf("deliveries of alert %s: %w", a.Ref, err)
		}
		for _, d := range list {
			moving = moving || d.Status == civic.DeliveryPending
			known := slices.ContainsFunc(left, func(l civic.Delivery) bool { return l.Chat == d.Chat })
			if !known && d.Status != civic.DeliverySent && d.Status != civic.DeliveryPending {
				left = append(left, d)
			}
		}
	}
	return left, moving, nil
}

// takenFates tells in how many places what an alert described was taken back.
func takenFates(t *bot.Turn, lang string, deliveries []civic.Delivery) []string {
	if len(deliveries) == 0 {
		return nil
	}
	done, groups, people, alone := 0, 0, 0, 0
	for _, d := range deliveries {
		sent := 0
		if d.Status == civic.DeliverySent {
			sent = 1
		}
		if d.Person == 0 {
			groups, done = groups+1, done+sent
		} else {
			people, alone = people+1, alone+sent
		}
	}
	var lines []string
	if groups > 0 {
		lines = append(lines, t.In(lang, "alert.card.taken", "sent", done, "count", groups))
	}
	if people > 0 {
		lines = append(lines, taken(t, lang, people, alone))
	}
	return lines
}
