package flows

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// digestKind names the message that tells somebody the information of a day together: as a card "digest/CHAT.DAY", and as
// what its fate is reported under "digest/LETTER".
const digestKind = "digest"

// mostBundled is how many messages are told in one, so that it stays within what a message may hold; more make another.
const mostBundled = 4

// daily reports whether a recipient hears this together with the other information of the day, at a time.
func (b *broadcasting) daily(t *bot.Turn, r civic.Recipient, before time.Time) bool {
	return r.Person != 0 && b.alert.Kind == civic.InfoAlert && b.spoken.Notice != civic.NoticeAllClear &&
		before.Equal(civic.DigestAt(t.Now, zone(t)))
}

// bundle puts the alert into the message of the day for one recipient, and notes it in the ledger.
func (b *broadcasting) bundle(ctx context.Context, t *bot.Turn, r civic.Recipient, before time.Time) error {
	l := bot.Letter{
		Chat: r.Chat, Op: bot.OpPost, Lane: bot.LaneRoutine, Before: before, Expires: before.Add(bot.LaneRoutine.Life()),
	}
	l.Silent = true
	text, err := b.text(ctx, t, r)
	if err != nil {
		return err
	}
	for nth := 1; ; nth++ {
		l.Card, l.Text = dayCard(t, r.Chat, before, nth), text
		full, err := b.full(ctx, t, l)
		if err != nil {
			return err
		}
		if !full {
			break
		}
	}
	if err := t.Tx.Enqueue(ctx, &l); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	if err := b.record(ctx, t, r, l.ID, civic.DeliveryPending); err != nil {
		return err
	}
	lang, err := langOf(ctx, t, r)
	if err != nil {
		return err
	}
	l.Report = bot.About(digestKind, l.ID)
	if l.Text, err = b.composer(t).day(ctx, lang, r.Chat, l.ID); err != nil {
		return err
	}
	return t.Tx.Enqueue(ctx, &l)
}

// dayCard names the nth message of a day in a chat.
func dayCard(t *bot.Turn, chat int64, at time.Time, nth int) string {
	return fmt.Sprintf("%s/%d.%s.%d", digestKind, chat, at.In(zone(t)).Format("2006-01-02"), nth)
}

// full reports whether the message that waits under this card holds as many as it may, and not this one.
func (b *broadcasting) full(ctx context.Context, t *bot.Turn, l bot.Letter) (bool, error) {
	waiting, err := t.Tx.WaitingCard(ctx, l.Card, l.Chat)
	if err != nil || waiting == 0 {
		return false, err
	}
	alerts, err := t.Tx.Bundled(ctx, waiting)
	return len(alerts) >= mostBundled, err
}

// composing writes messages of a day. What is said of an alert in a language is said once.
type composing struct {
	turn   *bot.Turn
	alerts map[int64]civic.Alert
	said   map[string]string
	before map[int64]map[int64]bool // by alert: where an earlier version of it was heard
	gone   int64                    // the alert that is being taken back; 0 = none is
}

func composer(t *bot.Turn) *composing {
	return &composing{
		turn: t, alerts: map[int64]civic.Alert{}, said: map[string]string{}, before: map[int64]map[int64]bool{},
	}
}

func (b *broadcasting) composer(t *bot.Turn) *composing {
	if b.composing == nil {
		b.composing = composer(t)
	}
	return b.composing
}

// day is the message that a letter bundles, as its alerts stand now. One alone reads as it does to everybody.
func (c *composing) day(ctx context.Context, lang string, chat, letter int64) (string, error) {
	ids, err := c.turn.Tx.Bundled(ctx, letter)
	if err != nil {
		return "", err
	}
	var items []string
	for _, id := range ids {
		item, err := c.item(ctx, lang, chat, id, len(ids) == 1)
		if err != nil {
			return "", err
		}
		items = append(items, item)
	}
	if len(items) < 2 {
		return strings.Join(items, ""), nil
	}
	t := c.turn
	items = append([]string{t.In(lang, "digest.head", "network", t.Network.Name)}, items...)
	items = append(items, t.In(lang, "alert.say.calm", "emergency", t.Profile().Emergency)+"\n"+
		t.In(lang, "digest.why", "network", t.Network.Name))
	return strings.Join(items, "\n\n"), nil
}

// item is one alert as it stands now, in a chat; alone it says everything that an alert says.
func (c *composing) item(ctx context.Context, lang string, chat, id int64, alone bool) (string, error) {
	a, err := c.alert(ctx, id)
	if err != nil {
		return "", err
	}
	s := spoken{Notice: civic.NoticeAlarm}
	if text := newestText(a); text != a.Text {
		s = spoken{Notice: civic.NoticeCorrection, Words: text}.to(chat, c.before[id])
	}
	key := fmt.Sprint(id, lang, alone, s.Fresh)
	if said, ok := c.said[key]; ok {
		return said, nil
	}
	said, err := c.say(ctx, lang, a, s, alone)
	c.said[key] = said
	return said, err
}

// alert reads an alert once, with where an earlier version of it was heard.
func (c *composing) alert(ctx context.Context, id int64) (civic.Alert, error) {
	if a, known := c.alerts[id]; known {
		return a, nil
	}
	a, err := c.turn.Tx.Alert(ctx, id)
	if err != nil {
		return a, fmt.Errorf("alert %d of a day: %w", id, err)
	}
	newest, err := corrections(ctx, c.turn, id)
	if err != nil {
		return a, err
	}
	c.alerts[id] = a
	c.before[id], err = outdated(ctx, c.turn, a, newest)
	return a, err
}

func (c *composing) say(ctx context.Context, lang string, a civic.Alert, s spoken, alone bool) (string, error) {
	t := c.turn
	back, err := c.takenBack(ctx, a)
	if err != nil {
		return "", err
	}
	if back {
		return sayTakenBack(ctx, t, lang, a)
	}
	if alone {
		return sayAlert(ctx, t, lang, a, s)
	}
	areas, err := areaNames(ctx, t, lang, a.Areas)
	if err != nil {
		return "", err
	}
	text, err := inTongue(ctx, t, lang, a, newestText(a))
	if err != nil {
		return "", err
	}
	lines := []string{t.In(lang, "alert.say."+string(a.Kind), "network", t.Network.Name, "areas", areas,
		"sender", t.In(lang, "alert.sender."+string(a.Sender)))}
	if s.Notice == civic.NoticeCorrection && !s.Fresh {
		lines = append(lines, t.In(lang, "alert.say.corrected", "time", moment(t, lang, a.Issued)))
	}
	// Whom to call is said once, at the end.
	lines = append(lines, t.In(lang, "alert.say.words", "text", text))
	if when := whenLine(t, lang, a); when != "" {
		lines = append(lines, when)
	}
	return strings.Join(append(lines, footer(t, lang, a)), "\n"), nil
}

// takenBack reports whether what an alert said does not stand anywhere any more.
func (c *composing) takenBack(ctx context.Context, a civic.Alert) (bool, error) {
	if a.ID == c.gone || a.Status == civic.AlertOutcome || a.Status == civic.AlertRetracted {
		return true, nil
	}
	back, err := c.turn.Tx.Deliveries(ctx, a.ID, civic.NoticeTakeBack, 1)
	if err != nil {
		return false, fmt.Errorf("deliveries of alert %s: %w", a.Ref, err)
	}
	return len(back) > 0, nil
}

// unbundle takes an alert out of the messages that wait for their hour. One in which nothing is left is not sent.
func unbundle(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	bundles, err := t.Tx.BundlesOf(ctx, a.ID, digestKind)
	if err != nil {
		return err
	}
	c := composer(t)
	for _, b := range bundles {
		if b.State != bot.LetterPending {
			continue
		}
		if err := t.Tx.Unbundle(ctx, a.ID, b.Letter); err != nil {
			return err
		}
		left, err := t.Tx.Bundled(ctx, b.Letter)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			_, err = c.redraw(ctx, b, bot.OpPost)
		} else {
			_, err = t.Tx.Supersede(ctx, bot.About(digestKind, b.Letter), t.Now)
		}
		if err != nil {
			return fmt.Errorf("alert %s: %w", a.Ref, err)
		}
	}
	return nil
}

// redraw writes a message of a day anew, and gives the letter: one that waits goes at its hour, one that stands is changed
// in place.
func (c *composing) redraw(ctx context.Context, b bot.Bundle, op bot.Op) (int64, error) {
	t := c.turn
	lang, err := t.LangIn(ctx, b.Chat)
	if err != nil {
		return 0, err
	}
	text, err := c.day(ctx, lang, b.Chat, b.Letter)
	if err != nil {
		return 0, err
	}
	l := bot.Letter{
		Chat: b.Chat, Op: op, Lane: bot.LaneRoutine, Card: b.Card, Expires: t.Now.Add(bot.LaneRoutine.Life()),
		Report: bot.About(digestKind, b.Letter), Message: bot.Message{Text: text, Silent: true, Erases: c.gone != 0},
	}
	if op == bot.OpPost {
		l.Before = civic.DigestAt(t.Now, zone(t))
		l.Expires = l.Before.Add(bot.LaneRoutine.Life())
	}
	if err := t.Tx.Enqueue(ctx, &l); err != nil {
		return 0, fmt.Errorf("message of the day in chat %d: %w", b.Chat, err)
	}
	return l.ID, nil
}

// digestSent brings up to date what is shown of the alerts that were told together.
func digestSent(ctx context.Context, t *bot.Turn, ref string) error {
	letter, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("letter of a day %q: %w", ref, err)
	}
	alerts, err := t.Tx.Bundled(ctx, letter)
	if err != nil {
		return err
	}
	for _, id := range alerts {
		if err := t.Refresh(ctx, bot.About(alertKind, id)); err != nil {
			return err
		}
	}
	return nil
}
