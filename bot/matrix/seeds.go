package matrix

import (
	"context"
	"fmt"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// Reactions are put under a message for people to tap, where they cost little: few choices, few people, and a server
// that did not complain lately. Every one counts as an event there, and a server may allow ten in a minute.
const (
	seedChoices = 5
	seedCrowd   = 12
	seedPause   = 10 * time.Minute
)

// seed puts the numbers of the choices under a message. The letter has arrived without them, so their failure is none of
// the letter's.
func (d *delivery) seed(ctx context.Context, on bot.MessageRef) {
	n := numbered(d.letter.Message)
	if n == 0 && d.letter.Op != bot.OpEdit || d.letter.Token == "" && n > 0 {
		return
	}
	if n > seedChoices || d.room.crowd > seedCrowd || d.m.limitedLately() {
		return
	}
	have, err := d.seeded(ctx, on)
	if err != nil {
		d.m.log.InfoContext(ctx, "no numbers under a message", "letter", d.letter.ID, "error", redact(err))
		return
	}
	for i := 1; i <= n; i++ {
		if _, is := have[i]; is {
			continue
		}
		if err := d.react(ctx, on, i); err != nil {
			d.m.log.InfoContext(ctx, "no number under a message", "letter", d.letter.ID, "error", redact(d.m.classify(err)))
			return
		}
	}
	for i, old := range have {
		if i > n {
			d.unreact(ctx, old)
		}
	}
}

func (m *Matrix) limitedLately() bool {
	last := m.limited.Load()
	return last != 0 && m.now().Sub(time.UnixMilli(last)) < seedPause
}

// seeded lists the numbers that stand under a message already; a new message has none.
func (d *delivery) seeded(ctx context.Context, on bot.MessageRef) (map[int]id.EventID, error) {
	have := map[int]id.EventID{}
	if d.letter.Op != bot.OpEdit && d.letter.Tries <= 1 {
		return have, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	got, err := d.link.GetRelations(ctx, id.RoomID(d.letter.To.ID), id.EventID(on),
		&mautrix.ReqGetRelations{RelationType: event.RelAnnotation, EventType: event.EventReaction, Limit: 100})
	if err != nil {
		return nil, fmt.Errorf("reactions: %w", err)
	}
	for _, e := range got.Chunk {
		if e.Sender != d.link.UserID {
			continue
		}
		_ = e.Content.ParseRaw(event.EventReaction) // one of another form is none of ours
		if n, is := numberOf(e.Content.AsReaction().RelatesTo.Key); is {
			have[n] = e.ID
		}
	}
	return have, nil
}

func (d *delivery) react(ctx context.Context, on bot.MessageRef, n int) error {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	c := content{"m.relates_to": map[string]any{"rel_type": "m.annotation", "event_id": string(on), "key": keycap(n)}}
	_, err := d.link.SendMessageEvent(ctx, id.RoomID(d.letter.To.ID), event.EventReaction, c,
		mautrix.ReqSendEvent{TransactionID: fmt.Sprintf("bb.seed.%d.%d.%s", d.letter.ID, n, digest([]byte(on)))})
	return err
}

func (d *delivery) unreact(ctx context.Context, old id.EventID) {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	again := mautrix.ReqRedact{TxnID: "bb.unseed." + digest([]byte(old))}
	_, err := d.link.RedactEvent(ctx, id.RoomID(d.letter.To.ID), old, again)
	if err != nil {
		d.m.log.InfoContext(ctx, "an old number stays under a message", "error", redact(err))
	}
}
