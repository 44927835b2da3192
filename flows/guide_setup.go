package flows

import (
	"context"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// setup is how far a network is set up.
type setup struct {
	rooms  map[civic.RoomKind]bot.Chat
	desks  map[civic.RoomKind]bool // those of rooms that are desks
	areas  []civic.Area
	groups []civic.Area // the street groups among them
	where  map[civic.AreaID]civic.Target
	titles map[int64]string // of the chats of targets
	held   []bot.Holding
	claims []bot.Claim
	reader int64 // who reads a step of the guide
}

// guidedRooms are the rooms of a network in the order in which they are set up; those of partners come last, because a
// network can begin without them.
var guidedRooms = civic.RoomKinds

// namedRooms have words of their own in the guide; the others are those of partners.
var namedRooms = []civic.RoomKind{civic.RoomCoordinators, civic.RoomPolice, civic.RoomOperators}

// needed reports whether a network cannot begin without the room.
func needed(kind civic.RoomKind) bool {
	return kind == civic.RoomCoordinators || kind == civic.RoomPolice
}

// readSetup reads how far the turn's network is set up.
func readSetup(ctx context.Context, t *bot.Turn) (setup, error) {
	s := setup{
		rooms: map[civic.RoomKind]bot.Chat{}, desks: map[civic.RoomKind]bool{},
		where: map[civic.AreaID]civic.Target{}, titles: map[int64]string{},
	}
	s.reader = t.Actor.ID
	var err error
	if s.areas, err = t.Tx.Areas(ctx, t.Network.ID); err != nil {
		return s, err
	}
	for _, a := range s.areas {
		if a.Kind == civic.KindGroup {
			s.groups = append(s.groups, a)
		}
	}
	if s.held, err = t.Tx.Holdings(ctx, t.Network.ID, t.Now); err != nil {
		return s, err
	}
	if s.claims, err = t.Tx.Claims(ctx, t.Network.ID, t.Now); err != nil {
		return s, err
	}
	return s, s.readRooms(ctx, t)
}

// readDesk takes the desk of a partner for its room: it needs none.
func (s setup) readDesk(ctx context.Context, t *bot.Turn, partner civic.Role) error {
	chat, err := addressOf(ctx, t, t.Network.ID, partner)
	if err != nil || chat == 0 {
		return err
	}
	desk, err := t.Tx.Chat(ctx, chat)
	desk.Ref.Title = desk.Ref.ID
	s.rooms[partner.Room()] = desk
	s.desks[partner.Room()] = true
	return err
}

func (s setup) readRooms(ctx context.Context, t *bot.Turn) error {
	for _, kind := range guidedRooms {
		if err := s.readRoom(ctx, t, kind); err != nil {
			return err
		}
	}
	return s.readTargets(ctx, t)
}

// readRoom finds a room, or for a partner without one the desk.
func (s setup) readRoom(ctx context.Context, t *bot.Turn, kind civic.RoomKind) error {
	id, err := t.Tx.Room(ctx, t.Network.ID, kind)
	if err != nil {
		return err
	}
	if id != 0 {
		if s.rooms[kind], err = t.Tx.Chat(ctx, id); err != nil {
			return err
		}
	}
	if s.rooms[kind].Reachable || !slices.Contains(civic.Partners, civic.Role(kind)) {
		return nil
	}
	return s.readDesk(ctx, t, civic.Role(kind))
}

// readTargets finds where each street group hears alerts; a chat that cannot be reached counts for nothing.
func (s setup) readTargets(ctx context.Context, t *bot.Turn) error {
	targets, err := t.Tx.Targets(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	for _, target := range targets {
		if target.Chat != 0 {
			chat, err := t.Tx.Chat(ctx, target.Chat)
			if err != nil {
				return err
			}
			if !chat.Reachable {
				continue
			}
			s.titles[target.Chat] = chat.Ref.Title
		}
		if _, before := s.where[target.Group]; !before {
			s.where[target.Group] = target
		}
	}
	return nil
}

// begun reports whether anything was set up before.
func (s setup) begun() bool { return len(s.rooms) > 0 || len(s.where) > 0 }

// told reports whether a street group hears alerts anywhere.
func (s setup) told(group civic.Area) bool {
	_, is := s.where[group.ID]
	return is
}

// holders counts the persons who hold one of the roles in the network or in the area.
func (s setup) holders(area civic.AreaID, roles ...civic.Role) int {
	seen := map[int64]bool{}
	for _, h := range s.held {
		if slices.Contains(roles, h.Role) && (area == 0 || h.Area == area) {
			seen[h.Person] = true
		}
	}
	return len(seen)
}

// claimed reports whether somebody took the role and waits to be confirmed.
func (s setup) claimed(role civic.Role) bool {
	return slices.ContainsFunc(s.claims, func(c bot.Claim) bool { return c.Role == role })
}

// short lists the street groups that have fewer coordinators than it takes.
func (s setup) short() []civic.Area {
	var list []civic.Area
	for _, g := range s.groups {
		if s.holders(g.ID, civic.StreetCoordinator) < civic.EnoughCoordinators {
			list = append(list, g)
		}
	}
	return list
}

// The steps that are neither a room nor a street group.
const (
	stepSecond  = "second"
	stepPolice  = "officer"
	stepNetwork = "network"
	stepStreets = "streets"
	stepProof   = "proof"
	stepEnd     = "end"
)

func roomStep(kind civic.RoomKind) string { return "room-" + string(kind) }
func groupStep(group civic.Area) string   { return "group-" + strconv.FormatInt(int64(group.ID), 10) }

// step is one thing to do.
type step struct {
	name  string
	done  bool
	kind  civic.RoomKind // of a room
	group civic.Area     // of a street group
}

// steps lists what there is to do, in order: what an alert needs first.
func (s setup) steps() []step {
	var all []step
	room := func(want bool) {
		for _, kind := range guidedRooms {
			if needed(kind) == want {
				all = append(all, step{name: roomStep(kind), kind: kind, done: s.rooms[kind].Reachable})
			}
		}
	}
	room(true)
	for _, g := range s.groups {
		all = append(all, step{name: groupStep(g), group: g, done: s.told(g)})
	}
	const two = 2 // one to claim and another to confirm
	all = append(all,
		step{name: stepSecond, done: s.holders(0, civic.Grants[civic.ConfirmRole]...) >= two},
		step{name: stepPolice, done: s.holders(0, civic.Police) > 0 || s.claimed(civic.Police)},
		step{name: stepProof},
		step{name: stepNetwork, done: s.holders(0, civic.NetworkCoordinator) >= civic.EnoughCoordinators},
		step{name: stepStreets, done: len(s.short()) == 0})
	room(false)
	return append(all, step{name: stepEnd})
}

// after is the first step after another that is not done; empty is before the first. At the end it is [stepEnd].
func (s setup) after(name string) step {
	all := s.steps()
	from := slices.IndexFunc(all, func(x step) bool { return x.name == name }) + 1
	for _, x := range all[from:] {
		if !x.done {
			return x
		}
	}
	return all[len(all)-1]
}

// lastGroup is the step of the last street group.
func (s setup) lastGroup() string {
	if len(s.groups) == 0 {
		return ""
	}
	return groupStep(s.groups[len(s.groups)-1])
}
