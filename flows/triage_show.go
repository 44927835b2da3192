package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// desk is where the cards of a role are shown.
type desk struct {
	room civic.RoomKind
	role civic.Role
}

var (
	coordinatorsDesk = desk{civic.RoomCoordinators, civic.NetworkCoordinator}
	policeDesk       = partnerDesk(civic.Police)
)

// partnerDesk is where a partner's cards are shown.
func partnerDesk(partner civic.Role) desk { return desk{partner.Room(), partner} }

// about names the card of a case on this desk.
func (d desk) about(c civic.Case) string {
	if d.role == civic.NetworkCoordinator {
		return bot.About(caseKind, c.ID)
	}
	return handoverAbout(c, d.role)
}

// showCase puts the card of a case before the coordinators, and an emergency or what answers an alert also before the police.
// In a rush it comes to stand in a list instead.
func showCase(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	if c.Subject != civic.SubjectNobody {
		return showApart(ctx, t, c)
	}
	if err := noteQueue(ctx, t, *c); err != nil {
		return err
	}
	if listed, err := rushed(ctx, t, *c); listed || err != nil {
		return err
	}
	if many, err := crowded(ctx, t, *c); err != nil {
		return err
	} else if many {
		return listTip(ctx, t, *c)
	}
	if err := coordinatorsDesk.show(ctx, t, *c); err != nil || c.Urgency != civic.Emergency && c.Alert == 0 {
		return err
	}
	return policeDesk.show(ctx, t, *c)
}

// show puts the card of a case into the room, or, where there is none that can be reached, into the private chat of
// everybody who holds the role.
func (d desk) show(ctx context.Context, t *bot.Turn, c civic.Case) error {
	chats, err := d.chats(ctx, t, c)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		if err := t.Show(ctx, chat, d.about(c)); err != nil {
			return err
		}
	}
	return nil
}

// chats are where the cards of a case are shown to the role: the address of a partner that is reached elsewhere, its room,
// or the private chats of who holds it. A case about somebody of the network is in no room.
func (d desk) chats(ctx context.Context, t *bot.Turn, c civic.Case) ([]int64, error) {
	if c.Subject == civic.SubjectNobody {
		shared, err := d.shared(ctx, t, c)
		if len(shared) > 0 || err != nil {
			return shared, err
		}
	}
	people, err := t.Tx.Holders(ctx, d.role, c.Scope(), t.Now)
	if err != nil {
		return nil, err
	}
	if people, err = unbarred(ctx, t, c, people); err != nil {
		return nil, err
	}
	if people, err = present(ctx, t, people); err != nil {
		return nil, err
	}
	var chats []int64
	for _, person := range people {
		chat, err := privateWith(ctx, t, person)
		if err != nil {
			return nil, err
		}
		if chat != 0 {
			chats = append(chats, chat)
		}
	}
	return chats, nil
}

// shared are the chats in which a whole desk reads: a partner's own address, or else the room. An emergency is in the room as
// well: mail is read later. None when there are none that can be reached.
func (d desk) shared(ctx context.Context, t *bot.Turn, c civic.Case) ([]int64, error) {
	var chats []int64
	if d.role != civic.NetworkCoordinator {
		chat, err := addressOf(ctx, t, c.Network, d.role)
		if err != nil {
			return nil, err
		}
		if chat != 0 {
			chats = append(chats, chat)
		}
		if chat != 0 && c.Urgency != civic.Emergency {
			return chats, nil
		}
	}
	room, err := t.Tx.Room(ctx, c.Network, d.room)
	if err != nil {
		return nil, err
	}
	if ok, err := reaches(ctx, t, room); !ok || err != nil {
		return chats, err
	}
	if d.room == civic.RoomCoordinators {
		if shut, err := veiled(ctx, t, c.Network); shut || err != nil {
			return chats, err
		}
	}
	return append(chats, room), nil
}

// readers are those of what is said of a case to the role in private.
func (d desk) readers(c civic.Case) *bot.Readers {
	if d.role == civic.NetworkCoordinator {
		return bot.For(civic.TriageCase, c.Scope())
	}
	return bot.ForRoles(c.Scope(), d.role)
}

// reaches reports whether a chat is there and can be written to.
func reaches(ctx context.Context, t *bot.Turn, chat int64) (bool, error) {
	if chat == 0 {
		return false, nil
	}
	known, err := t.Tx.Chat(ctx, chat)
	return known.Reachable, err
}

// privateWith is the chat in which a person can be told something in private; 0 where there is none.
func privateWith(ctx context.Context, t *bot.Turn, person int64) (int64, error) {
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil {
		return 0, err
	}
	if ok, err := reaches(ctx, t, chat); !ok || err != nil {
		return 0, err
	}
	return chat, nil
}

// spokenTo is a person, and the chat of [privateWith].
func spokenTo(ctx context.Context, t *bot.Turn, person int64) (civic.Member, int64, error) {
	chat, err := privateWith(ctx, t, person)
	if err != nil || chat == 0 {
		return civic.Member{}, 0, err
	}
	m, err := t.Tx.Member(ctx, person)
	return m, chat, err
}

// ownerOf is the name of the coordinator who took a case.
func ownerOf(ctx context.Context, t *bot.Turn, lang string, c civic.Case) (string, error) {
	return colleague(ctx, t, lang, c.Owner)
}

// colleague is what coordinators and police call each other.
func colleague(ctx context.Context, t *bot.Turn, lang string, person int64) (string, error) {
	m, err := t.Tx.Member(ctx, person)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return "", fmt.Errorf("name of person %d: %w", person, err)
	}
	return nameOf(t, lang, m), nil
}

// tellOwner tells the coordinator who took a case something, alone; a card that changes in place makes no sound.
func tellOwner(ctx context.Context, t *bot.Turn, c civic.Case, key string, args ...any) error {
	return tellCoordinator(ctx, t, c, c.Owner, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, key, append([]any{"ref", c.Ref}, args...)...)}
	})
}

// tellCoordinator tells a coordinator about a case what write makes for their language, unless they did it themselves or
// may not know any more.
func tellCoordinator(
	ctx context.Context, t *bot.Turn, c civic.Case, person int64, write func(lang string) bot.Message,
) error {
	if person == 0 || person == t.Actor.ID {
		return nil
	}
	if ok, err := mayKnow(ctx, t, c, person); !ok || err != nil {
		return err
	}
	_, err := t.TellFor(ctx, person, bot.For(civic.TriageCase, c.Scope()), bot.LaneRoutine, write)
	return err
}

// tellOwnerAdded tells the coordinator who took a case that its reporter said more, which in an emergency cannot wait.
func tellOwnerAdded(ctx context.Context, t *bot.Turn, c civic.Case, key string) error {
	if callLane(c) != bot.LaneUrgent || c.Owner == 0 || c.Owner == t.Actor.ID {
		return tellOwner(ctx, t, c, key)
	}
	if ok, err := mayKnow(ctx, t, c, c.Owner); !ok || err != nil {
		return err
	}
	owner, err := t.Person(ctx, c.Owner)
	if err != nil {
		return err
	}
	chat, err := t.Tx.PrivateChat(ctx, c.Owner)
	if err != nil || chat == 0 {
		return err
	}
	return postOf(ctx, t, c, chat, bot.Message{
		Text: t.In(t.LangOf(owner), key, "ref", c.Ref), For: bot.For(civic.TriageCase, c.Scope()),
	})
}
