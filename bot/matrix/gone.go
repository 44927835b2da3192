package matrix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// takeAway redacts the message that the letter is about, the pictures that came with it, and all that was written in its
// place. The message itself goes last: it names the others, so an attempt that breaks off can be made again. What is taken
// away already is no error.
func (d *delivery) takeAway(ctx context.Context) error {
	on := id.EventID(d.letter.Edits)
	with, err := d.parts(ctx, on)
	if err != nil {
		return fmt.Errorf("take away: parts: %w", err)
	}
	edits, err := d.edits(ctx, on)
	if err != nil {
		return fmt.Errorf("take away: edits: %w", err)
	}
	for _, one := range slices.Concat(with, edits, []id.EventID{on}) {
		if err := d.redact(ctx, one); err != nil {
			return fmt.Errorf("take away: %w", err)
		}
	}
	return nil
}

// errErased is why a message is written anew: an edit leaves what it replaces in a history that everybody can open.
var errErased = errors.New("what stood here is erased")

// expunge takes a message away so that it is posted anew. At the top of its room it stands no longer.
func (d *delivery) expunge(ctx context.Context) error {
	if err := d.takeAway(ctx); err != nil {
		return err
	}
	if d.room.kind != kindPrivate {
		final := new(bot.FinalError)
		if err := d.m.Unpin(ctx, d.letter.To, d.letter.Edits); err != nil && !errors.As(err, &final) {
			return err
		}
	}
	return &bot.SendError{Remedy: bot.Lost, Err: errErased}
}

func (d *delivery) redact(ctx context.Context, one id.EventID) error {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	again := mautrix.ReqRedact{TxnID: fmt.Sprintf("bb.gone.%d.%s", d.letter.ID, digest([]byte(one)))}
	_, err := d.link.RedactEvent(ctx, id.RoomID(d.letter.To.ID), one, again)
	return unlessMissing(err)
}

// parts lists the events that came before the last one of a letter, which names them; what is taken away names none.
func (d *delivery) parts(ctx context.Context, on id.EventID) ([]id.EventID, error) {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	var got struct {
		Content struct {
			Parts []id.EventID `json:"org.buurtbot.parts"`
		} `json:"content"`
	}
	path := mautrix.ClientURLPath{"v3", "rooms", d.letter.To.ID, "event", on}
	_, err := d.link.MakeRequest(ctx, http.MethodGet, d.link.BuildURLWithQuery(path, nil), nil, &got)
	return got.Content.Parts, unlessMissing(err)
}

// edits lists the events with which we changed a message, sealed or not.
func (d *delivery) edits(ctx context.Context, on id.EventID) ([]id.EventID, error) {
	const pages, page = 50, 100
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	ask := &mautrix.ReqGetRelations{RelationType: event.RelReplace, Limit: page}
	var all []id.EventID
	for range pages {
		got, err := d.link.GetRelations(ctx, id.RoomID(d.letter.To.ID), on, ask)
		if err != nil {
			return nil, unlessMissing(err)
		}
		for _, e := range got.Chunk {
			if e.Sender == d.link.UserID && e.Unsigned.RedactedBecause == nil {
				all = append(all, e.ID)
			}
		}
		if ask.From = got.NextBatch; ask.From == "" {
			break
		}
	}
	return all, nil
}

// unlessMissing is the error, unless it says that the event is not there.
func unlessMissing(err error) error {
	if refusedWith(err, http.StatusNotFound) {
		return nil
	}
	return err
}
