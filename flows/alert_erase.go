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
