package flows

import (
	"context"
	"errors"
	"fmt"
	"html"
	"slices"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// broughtTimer rings for a member whose street came to another street group; ref: PERSON/GROUP, where they were before.
const broughtTimer = "brought"

// heardLine tells a member in which chat the alerts of their street are read; empty when they read them in private, or are
// asked about a room of ours, which comes with its own words.
func heardLine(ctx context.Context, t *bot.Turn, lang string, m civic.Member) (string, error) {
	targets, err := t.Tx.Targets(ctx, m.Network)
	if err != nil || m.Group == 0 {
		return "", err
	}
	var titles []string
	for _, target := range targets {
		if target.Group != m.Group || target.Chat == 0 || target.Rolled {
			continue
		}
		chat, err := t.Tx.Chat(ctx, target.Chat)
		if err != nil {
			return "", err
		}
		if chat.Ref.Title != "" {
			titles = append(titles, html.EscapeString(chat.Ref.Title))
		}
	}
	if len(titles) == 0 {
		return "", nil
	}
	return "\n\n" + t.In(lang, "member.heard", "chats", raw(joined(t, lang, titles))), nil
}

// settleIn gives somebody who came to live in a street group what belongs to it: the room of ours, and the chat that they
// asked to be let into.
func settleIn(ctx context.Context, t *bot.Turn, m civic.Member) error {
	if err := offerSpace(ctx, t, m); err != nil {
		return err
	}
	return openDoors(ctx, t, m)
}

// PlaceArea stores an area, as an import or the configuration has it, and gives how many members come to another street
// group with their street. They are told by the bot, once it runs, and go out of one chat and into the other; and a street
// group in which nobody was told of alerts tells them in private from then on.
func PlaceArea(ctx context.Context, tx bot.Tx, a *civic.Area, at time.Time) (int, error) {
	var brought []bot.Resident
	var err error
	if a.ID != 0 && a.Kind == civic.KindStreet {
		if brought, err = tx.Brought(ctx, a.ID, a.Parent); err != nil {
			return 0, err
		}
	}
	if err := tx.SaveArea(ctx, a); err != nil || len(brought) == 0 {
		return 0, err
	}
	if err := heardOf(ctx, tx, a.Network, a.Parent); err != nil {
		return 0, err
	}
	for _, r := range brought {
		ref := bot.About(strconv.FormatInt(r.Person, 10), int64(r.Group))
		if err := tx.Wake(ctx, bot.Timer{Kind: broughtTimer, Ref: ref, At: at}); err != nil {
			return 0, fmt.Errorf("resident of %s: %w", a.Name, err)
		}
	}
	return len(brought), nil
}

// brought tells a member that their street belongs to another street group, and sees to the doors of both.
func brought(ctx context.Context, t *bot.Turn, ref string) error {
	person, before, err := pairOf(ref)
	if err != nil {
		return fmt.Errorf("resident %w", err)
	}
	m, err := t.Person(ctx, person)
	if errors.Is(err, bot.ErrNotFound) || err == nil && m.Group == civic.AreaID(before) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.Settle(ctx, m.Network); err != nil {
		return err
	}
	was := m
	was.Group = civic.AreaID(before)
	if err := moveOut(ctx, t, was); err != nil || !m.Active() {
		return err
	}
	if err := tellBrought(ctx, t, m); err != nil {
		return err
	}
	return settleIn(ctx, t, m)
}

func tellBrought(ctx context.Context, t *bot.Turn, m civic.Member) error {
	group, err := t.Tx.Area(ctx, m.Group)
	if err != nil {
		return err
	}
	lang := t.LangOf(m)
	street, err := placeLabel(ctx, t, lang, civic.Place{Street: m.Street})
	if err != nil {
		return err
	}
	heard, err := heardLine(ctx, t, lang, m)
	if err != nil {
		return err
	}
	_, err = t.Tell(ctx, m.ID, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "moved.brought", "street", street, "group", group.Name) + heard}
	})
	return err
}

// moveOut puts somebody out of the chat of a street group where they do not live any more, unless they work there.
func moveOut(ctx context.Context, t *bot.Turn, was civic.Member) error {
	if was.Group == 0 {
		return nil
	}
	group, err := t.Tx.Area(ctx, was.Group)
	if err != nil || worksIn(t, was, group) {
		return err
	}
	return closeDoors(ctx, t, was)
}

// worksIn reports whether somebody coordinates in a street group, wherever they live.
func worksIn(t *bot.Turn, m civic.Member, group civic.Area) bool {
	return slices.ContainsFunc(roomRoles[civic.RoomCoordinators], func(role civic.Role) bool {
		return m.Holds(role, group.Scope(), t.Late())
	})
}
