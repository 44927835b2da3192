package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// openStreet lets alerts go into a street's room, and tells the members that they may come in.
func openStreet(ctx context.Context, t *bot.Turn, h bot.House, group civic.Area, asked int64) error {
	if err := targetStreet(ctx, t, h, group); err != nil {
		return err
	}
	if err := tellAsker(ctx, t, asked, "space.made", group); err != nil {
		return err
	}
	w, err := t.Tx.World(ctx, group.Network, 0)
	if err != nil {
		return err
	}
	for _, l := range w.Listeners {
		if l.Group != group.ID || l.Chat == 0 {
			continue
		}
		m, err := t.Tx.MemberIn(ctx, l.Person, group.Network)
		if err != nil {
			return err
		}
		if err := offerSpace(ctx, t, m); err != nil {
			return err
		}
	}
	return nil
}

// targetStreet stores where alerts go. Who is not in the room is told one by one, as before; a group that had another
// chat keeps it, and those of its members who are on the room's network get direct messages until they come in.
func targetStreet(ctx context.Context, t *bot.Turn, h bot.House, group civic.Area) error {
	targets, err := t.Tx.Targets(ctx, group.Network)
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(targets, func(a civic.Target) bool { return a.Group != group.ID || a.Chat == h.Chat })
	street := civic.Target{Group: group.ID, Kind: civic.TargetChannel, Chat: h.Chat, Rolled: true}
	if err := t.Tx.SaveTarget(ctx, &street); err != nil {
		return err
	}
	if slices.ContainsFunc(own, func(a civic.Target) bool { return a.Kind == civic.TargetDirect }) {
		return nil
	}
	direct := civic.Target{Group: group.ID, Kind: civic.TargetDirect}
	if slices.ContainsFunc(own, civic.Target.Ordinary) {
		direct.Platform = h.Platform
	}
	return t.Tx.SaveTarget(ctx, &direct)
}

// offerSpace tells a member, before they come in, that the members of the rooms see each other, and lets them choose. It
// tells nothing to who has no private chat on the rooms' network.
func offerSpace(ctx context.Context, t *bot.Turn, m civic.Member) error {
	h, err := t.Tx.HouseIn(ctx, m.Group, bot.HouseStreet)
	if errors.Is(err, bot.ErrNotFound) || err == nil && h.Chat == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	chat, err := t.Tx.PrivateChat(ctx, m.ID)
	if err != nil || chat == 0 {
		return err
	}
	private, err := t.Tx.Chat(ctx, chat)
	if err != nil || private.Ref.Platform != h.Platform {
		return err
	}
	group, err := t.Tx.Area(ctx, m.Group)
	if err != nil {
		return err
	}
	lang := t.LangOf(m)
	return t.Mail(ctx, bot.Letter{
		Chat: chat, Lane: bot.LaneRoutine, Person: m.ID,
		Message: bot.Message{
			Text: t.In(lang, "space.offer", "group", group.Name), About: bot.About(spaceKind, int64(group.ID)),
			Rows: bot.Rows(
				bot.Choice{Key: "join", Label: t.In(lang, "space.join")},
				bot.Choice{Key: "no", Label: t.In(lang, "space.no")},
			),
		},
	})
}

// onOwnSpace lets members choose about the rooms of their own street group only.
func onOwnSpace(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	area, err := areaOfRef(ctx, t, r)
	if err == nil && area.ID != t.Actor.Group {
		return bot.Thing{}, bot.Refuse("space.elsewhere")
	}
	return bot.Thing{Scope: area.Scope()}, err
}

// passing is what an errand needs to let somebody into rooms.
type passing struct {
	Rooms   []bot.ChatRef `json:"rooms"`
	Account string        `json:"account"`
}

// joinSpace lets a member in, by their own press.
func joinSpace(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	p := passing{Account: t.From.ID}
	for _, kind := range []bot.HouseKind{bot.HouseSpace, bot.HouseStreet} {
		h, err := t.Tx.HouseIn(ctx, t.Actor.Group, kind)
		if errors.Is(err, bot.ErrNotFound) || err == nil && (h.Chat == 0 || h.Platform != t.From.Platform) {
			return bot.Refuse("space.elsewhere")
		}
		if err != nil {
			return err
		}
		chat, err := t.Tx.Chat(ctx, h.Chat)
		if err != nil {
			return err
		}
		p.Rooms = append(p.Rooms, chat.Ref)
	}
	if err := sendPassing(ctx, t, bot.About(memberKind, t.Actor.ID), p); err != nil {
		return err
	}
	return t.Answer(ctx, "space.inviting")
}

func sendPassing(ctx context.Context, t *bot.Turn, ref string, p passing) error {
	payload, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("%s: %w", admitErrand, err)
	}
	return t.ErrandTo(ctx, p.Rooms[0].Platform, bot.Errand{Kind: admitErrand, Ref: ref, Payload: payload})
}

func stayPrivate(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	return t.Answer(ctx, "space.private")
}

func admit(ctx context.Context, p bot.Platform, e bot.Errand) ([]byte, error) {
	var w passing
	builder, is := p.(bot.Builder)
	if err := json.Unmarshal(e.Payload, &w); err != nil || !is {
		return nil, &bot.FinalError{Err: errors.Join(errors.New("no room opens here"), err)}
	}
	for _, room := range w.Rooms {
		if err := builder.Admit(ctx, room, w.Account); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// admitted tells a member that could not be invited; who was sees the invitation.
func admitted(ctx context.Context, t *bot.Turn, d bot.Done) error {
	if d.Err == "" {
		return nil
	}
	_, id, _ := strings.Cut(d.Ref, "/")
	person, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("admit %q: %w", d.Ref, err)
	}
	_, err = t.Tell(ctx, person, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "space.shut")}
	})
	return err
}
