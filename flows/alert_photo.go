package flows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// pictured asks for the picture that goes with an alert of the police. It is not asked by itself: who looks the message over
// can add it there.
func pictured() bot.Step[alarm] {
	return bot.If(func(a alarm) bool { return a.Kind != civic.InfoAlert },
		bot.Upload("photos", func(a *alarm) *[]int64 { return &a.Photos }, 1))
}

// pictureReady refuses an alert whose picture is still on its way, or could not be read: nobody sends or approves what they
// cannot see.
func pictureReady(ctx context.Context, t *bot.Turn, a *alarm) error {
	if a.Photo() == 0 {
		return nil
	}
	p, err := t.Tx.Photo(ctx, a.Photo())
	if errors.Is(err, bot.ErrNotFound) {
		a.Photos = nil
		return bot.Refuse("alert.photo.lost")
	}
	if err != nil {
		return fmt.Errorf("picture of an alert: %w", err)
	}
	if p.Data == nil {
		return bot.Refuse("alert.photo.wait")
	}
	return nil
}

// pictureOfAlert is the bytes of an alert's picture, which an approval is about as well; nil = there is none.
func pictureOfAlert(ctx context.Context, t *bot.Turn, a civic.Alert) ([]byte, error) {
	if a.Photo == 0 {
		return nil, nil
	}
	p, err := t.Tx.Photo(ctx, a.Photo)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return nil, fmt.Errorf("picture of alert %s: %w", a.Ref, err)
	}
	return p.Data, nil
}

// showPicture sends the picture after the words, as a message of its own: it can be taken away without them.
func (b *broadcasting) showPicture(ctx context.Context, t *bot.Turn, chat int64, before, expires time.Time) error {
	if b.alert.Photo == 0 || b.spoken.Notice == civic.NoticeAllClear {
		return nil
	}
	if b.spoken.Notice == civic.NoticeCorrection && b.stands[chat] != "" {
		return nil // it stands there already
	}
	l := bot.Letter{
		Chat: chat, Op: bot.OpPost, Lane: bot.LaneRoutine, Before: before, Expires: expires, Card: pictureOf(b.alert.ID),
		Report:  bot.About(alertKind, b.alert.ID),
		Message: bot.Message{Photos: []int64{b.alert.Photo}, Protect: true, Silent: true},
	}
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return err
	}
	l.Text = t.In(lang, "alert.photo.caption", "ref", b.alert.Ref)
	if b.alert.Drill {
		l.Text = t.In(lang, "alert.drill.begin") + "\n" + l.Text
	}
	if err := t.Tx.Enqueue(ctx, &l); err != nil {
		return fmt.Errorf("enqueue picture: %w", err)
	}
	return nil
}

// pictureFate tells whether the picture was taken away everywhere.
func pictureFate(t *bot.Turn, lang string, deliveries []civic.Delivery) []string {
	if len(deliveries) == 0 {
		return nil
	}
	for _, d := range deliveries {
		if d.Status != civic.DeliverySent {
			return []string{t.In(lang, "alert.card.photo.left")}
		}
	}
	return []string{t.In(lang, "alert.card.photo.gone")}
}
