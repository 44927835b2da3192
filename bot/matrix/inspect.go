package matrix

import (
	"context"
	"fmt"
	"slices"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

var _ bot.Inspector = (*Matrix)(nil)

// The versions of rooms that we know. Version 10 is the first with restricted rooms that can be knocked on, and with
// levels that have to be numbers.
var knownVersions = []id.RoomVersion{id.RoomV10, id.RoomV11, id.RoomV12}

// Inspect implements [bot.Inspector]: it reads the room's whole state from the server, past what is remembered of it.
func (m *Matrix) Inspect(ctx context.Context, chat bot.ChatRef, use bot.Use) ([]bot.Finding, error) {
	l, err := m.session(ctx)
	if err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	state, err := m.readState(ctx, l, chat.ID)
	absent := []bot.Finding{{Key: bot.FindAbsent, Grave: true}}
	switch {
	case lasting(err): // servers say in different ways that there is no such room, or none of ours
		return absent, nil
	case err != nil:
		m.revoked(ctx, err)
		return nil, fmt.Errorf("inspect: %w", m.classify(err))
	}
	room := lawOf(state, chat.ID)
	if room.people[string(l.UserID)] != "join" {
		return absent, nil // a server may show a room as it was when we went
	}
	return slices.Concat(room.shape(use), room.doors(use), room.walls(use, l.vault != nil), room.rights(l.UserID, use)), nil
}

// when gives the finding if it is one.
func when(is bool, f bot.Finding) []bot.Finding {
	if is {
		return []bot.Finding{f}
	}
	return nil
}

// shape looks at what the room is.
func (l law) shape(use bot.Use) []bot.Finding {
	known := slices.Contains(knownVersions, l.version)
	old := l.version.IsKnown() && !known
	return slices.Concat(
		when(use == bot.UseDelivery && civic.Poses(l.name), bot.Finding{Key: bot.FindPosing, Grave: true}),
		when(l.next != "", bot.Finding{Key: bot.FindReplaced, Grave: true}),
		when(l.space, bot.Finding{Key: bot.FindSpace, Grave: true}),
		when(old, bot.Finding{Key: bot.FindOldVersion}),
		when(!old && !known, bot.Finding{Key: bot.FindNewVersion}),
	)
}

// doors looks at who comes in.
func (l law) doors(use bot.Use) []bot.Finding {
	closed := use == bot.UseClosed
	asked := l.join == "invite" || l.join == "private" || l.join == "knock" || l.join == ""
	return slices.Concat(
		when(l.join == "public", bot.Finding{Key: bot.FindPublic, Grave: closed}),
		when(closed && l.join != "public" && !asked, bot.Finding{Key: bot.FindJoinable, Grave: true}),
		when(l.guests, bot.Finding{Key: bot.FindGuests, Grave: closed}),
	)
}

// walls looks at who reads what is said. A street's room is not encrypted as a rule: what stands in it is for everybody
// who lives there.
func (l law) walls(use bot.Use, keys bool) []bot.Finding {
	closed := use == bot.UseClosed
	later := l.history == "shared" || l.history == "" // which is what a room without the setting has
	return slices.Concat(
		when(l.history == "world_readable", bot.Finding{Key: bot.FindHistoryWorld, Grave: true}),
		when(closed && later, bot.Finding{Key: bot.FindHistory}),
		when(closed && !l.sealed && keys, bot.Finding{Key: bot.FindUnsealed, Grave: true}),
		when(l.sealed && !keys, bot.Finding{Key: bot.FindSealed, Grave: true}),
		when(l.bridged, bot.Finding{Key: bot.FindBridged, Grave: closed}),
	)
}

// rights looks at what we may do, and what members may.
func (l law) rights(me id.UserID, use bot.Use) []bot.Finding {
	words := event.EventMessage
	if l.sealed {
		words = event.EventEncrypted
	}
	delivery := use == bot.UseDelivery
	p := l.powers
	marks := delivery && p.UsersDefault >= p.GetEventLevel(event.EventReaction)
	return slices.Concat(
		when(!l.may(me, p.GetEventLevel(words)), bot.Finding{Key: bot.FindMuted, Grave: true}),
		when(delivery && p.UsersDefault >= p.GetEventLevel(words), bot.Finding{Key: bot.FindMembersWrite}),
		when(!l.may(me, p.GetEventLevel(event.StatePinnedEvents)), bot.Finding{Key: bot.FindNoPin}),
		when(!l.may(me, p.Redact()) && !marks, bot.Finding{Key: bot.FindNoDelete}),
		when(!l.may(me, p.Redact()) && marks, bot.Finding{Key: bot.FindMarks}),
		when(delivery && !l.may(me, p.Invite()), bot.Finding{Key: bot.FindNoInvite}),
		when(delivery && !l.may(me, p.Kick()), bot.Finding{Key: bot.FindNoRemove}),
	)
}
