package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	rehangErrand = "room.rehang" // puts a room of ours right where it goes on; its ref is "SUCCESSION/TRY"
	rehangTimer  = "room.rehang"
	rehangTries  = 14 // mornings on which we look whether we were given the rights
)

// placeUse is what the turn's chat is bound as, or what it is to us besides, as a space is; ErrNotFound when it is nothing.
func placeUse(ctx context.Context, t *bot.Turn) (use, error) {
	bound, err := roomUse(ctx, t)
	if !errors.Is(err, bot.ErrNotFound) {
		return bound, err
	}
	h, err := t.Tx.HouseOf(ctx, t.Chat.ID)
	if err != nil {
		return use{}, err
	}
	area, err := t.Tx.Area(ctx, h.Area)
	return use{network: area.Network, group: area, house: h.Kind}, err
}

// hung is a room of ours as it should stand on its platform.
type hung struct {
	bot.Site
	Room   bot.ChatRef   `json:"room"`
	Inside []bot.ChatRef `json:"inside,omitempty"`
}

// standingOf describes a room that we made or took over, with the room that hangs in it.
func standingOf(ctx context.Context, t *bot.Turn, h bot.House) (hung, error) {
	site, err := siteOf(ctx, t, h)
	if err != nil {
		return hung{}, err
	}
	chat, err := t.Tx.Chat(ctx, h.Chat)
	st := hung{Site: site, Room: chat.Ref}
	if err != nil || h.Kind != bot.HouseSpace {
		return st, err
	}
	street, err := t.Tx.HouseIn(ctx, h.Area, bot.HouseStreet)
	if errors.Is(err, bot.ErrNotFound) || err == nil && street.Chat == 0 {
		return st, nil
	}
	if err != nil {
		return st, err
	}
	inside, err := t.Tx.Chat(ctx, street.Chat)
	st.Inside = []bot.ChatRef{inside.Ref}
	return st, err
}

// rehang sends for what a room of ours lost when it went on in another: our mark, and its place among the others. A room
// that people made and bound keeps what they gave it.
func rehang(ctx context.Context, t *bot.Turn, s bot.Succession, try int) error {
	h, err := t.Tx.HouseOf(ctx, s.Chat)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	st, err := standingOf(ctx, t, h)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("house %d: %w", h.ID, err)
	}
	return t.ErrandTo(ctx, h.Platform, bot.Errand{Kind: rehangErrand, Ref: fmt.Sprintf("%d/%d", s.ID, try), Payload: payload})
}

func rehangHouse(ctx context.Context, p bot.Platform, e bot.Errand) ([]byte, error) {
	var st hung
	platform, is := p.(bot.Rehanger)
	if err := json.Unmarshal(e.Payload, &st); err != nil || !is {
		return nil, &bot.FinalError{Err: errors.Join(errors.New("no room can be put right"), err)}
	}
	return nil, platform.Rehang(ctx, st.Site, st.Room, st.Inside...)
}

// rehung tells the coordinators once when the bot lacks the rights to put a room right, and tries again every morning.
func rehung(ctx context.Context, t *bot.Turn, d bot.Done) error {
	id, try, err := rehangRef(d.Ref)
	if err != nil || d.Err == "" {
		return err
	}
	_, bound, err := successionOf(ctx, t, id)
	if err != nil {
		return err
	}
	if err := turnTo(ctx, t, bound.network); err != nil {
		return err
	}
	if try < rehangTries {
		again := fmt.Sprintf("%s/%d", id, try+1)
		if err := t.Wake(ctx, rehangTimer, again, t.Morning(owedHour)); err != nil {
			return err
		}
	}
	if try > 0 {
		return nil
	}
	return tellDesk(ctx, t, bound.network, 0, func(lang string) string {
		return t.In(lang, "succession.rights", "what", bound.label(t, lang))
	})
}

func rehangAgain(ctx context.Context, t *bot.Turn, ref string) error {
	id, try, err := rehangRef(ref)
	if err != nil {
		return err
	}
	s, bound, err := successionOf(ctx, t, id)
	if err != nil {
		return err
	}
	if bound.network == 0 {
		return nil
	}
	if err := turnTo(ctx, t, bound.network); err != nil {
		return err
	}
	return rehang(ctx, t, s, try)
}

func rehangRef(ref string) (id string, try int, err error) {
	id, n, _ := strings.Cut(ref, "/")
	if try, err = strconv.Atoi(n); err != nil {
		return "", 0, fmt.Errorf("room to put right %q: %w", ref, err)
	}
	return id, try, nil
}

// hangAt puts a room that we have right, when its rooms are asked for once more.
func hangAt(ctx context.Context, p bot.Platform, w wanted) ([]byte, error) {
	platform, is := p.(bot.Rehanger)
	if !is {
		return nil, &bot.FinalError{Err: errors.New("no room can be put right")}
	}
	if err := platform.Rehang(ctx, w.Site, w.Here); err != nil {
		return nil, err
	}
	return json.Marshal(w.Here)
}
