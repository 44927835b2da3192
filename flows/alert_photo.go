package flows

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// pictured asks for the picture that goes with an alert of the police. It is not asked by itself: who looks the message over
// can add it there.
func pictured() bot.Step[alarm] {
	return bot.If(func(a *alarm) bool { return a.Kind != civic.InfoAlert },
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

// captionRoom is what is left free below a picture, in UTF-16 units: a correction says besides that it is one.
const captionRoom = 120

// onShow reports whether the picture of an alert is shown now: there is one, and the time for which it may stand is not over.
func onShow(t *bot.Turn, a civic.Alert) bool {
	return a.Photo != 0 && (a.KeptUntil.IsZero() || a.KeptUntil.After(t.Now))
}

// illustrate puts the picture above the words of a letter, as one message with them, where the platform can and they fit.
func (b *broadcasting) illustrate(ctx context.Context, t *bot.Turn, l *bot.Letter) error {
	if !onShow(t, b.alert) || b.spoken.Notice == civic.NoticeAllClear || b.stands[l.Chat] != "" {
		return nil
	}
	most, err := t.Caption(ctx, l.Chat)
	if err == nil && bot.Units(l.Text)+captionRoom <= most {
		l.Photos, l.Protect = []int64{b.alert.Photo}, true
	}
	return err
}

// showPicture sends the picture after the words, as a message of its own, where it is not one with them.
func (b *broadcasting) showPicture(ctx context.Context, t *bot.Turn, words bot.Letter) error {
	chat, before, expires := words.Chat, words.Before, words.Expires
	if !onShow(t, b.alert) || len(words.Photos) > 0 || b.spoken.Notice == civic.NoticeAllClear {
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

// captioned refuses words that do not fit below the picture any more, where they are one message with it.
func captioned(ctx context.Context, t *bot.Turn, a civic.Alert, s spoken) error {
	if a.Photo == 0 {
		return nil
	}
	words, err := places(ctx, t, noticeOf(a.ID, 0))
	if err != nil {
		return err
	}
	apart, err := places(ctx, t, pictureOf(a.ID))
	if err != nil {
		return err
	}
	for _, chat := range slices.Sorted(maps.Keys(words)) {
		if _, two := apart[chat]; two || words[chat] == "" {
			continue
		}
		over, err := overCaption(ctx, t, chat, a, s)
		if err != nil {
			return err
		}
		if over > 0 {
			return bot.Refuse("alert.photo.long", "count", over).Reopen("text")
		}
	}
	return nil
}

// overCaption is by how much an alert is too long for the words below a picture in a chat; at most 0 when it is not.
func overCaption(ctx context.Context, t *bot.Turn, chat int64, a civic.Alert, s spoken) (int, error) {
	most, err := t.Caption(ctx, chat)
	if err != nil || most == 0 {
		return 0, err
	}
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return 0, err
	}
	said, err := sayAlert(ctx, t, lang, a, s)
	return bot.Units(said) - most, err
}

// pictureFate tells whether the picture was taken away everywhere: by itself, or, where it is one message with the words, with
// what was done to them.
func pictureFate(t *bot.Turn, lang string, words, apart []civic.Delivery) []string {
	deliveries := slices.Clone(apart)
	for _, d := range words {
		if !slices.ContainsFunc(apart, func(a civic.Delivery) bool { return a.Chat == d.Chat }) {
			deliveries = append(deliveries, d)
		}
	}
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
