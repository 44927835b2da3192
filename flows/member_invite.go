package flows

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The kinds of invitation.
const (
	inviteRole = "role"
	inviteRoom = "room"
)

// The rooms that an invitation can be for.
const (
	inviteGroup   = "target:" + string(civic.TargetGroup)
	inviteChannel = "target:" + string(civic.TargetChannel)
)

var inviteRooms = []string{
	string(civic.RoomCoordinators), string(civic.RoomPolice), string(civic.RoomMunicipality), string(civic.RoomEnforcement),
	string(civic.RoomHousing), inviteGroup, inviteChannel,
}

// InviteLife is how long an invitation can be used when nothing else was said.
const InviteLife = 7 * 24 * time.Hour

// DeputyLife is how long a deputy stands in when nothing else was said: a long summer.
const DeputyLife = 60 * 24 * time.Hour

// Invite makes a one-time code, of which only a hash is stored: for a role, given with /start CODE in the private chat
// with the bot, or for a room, given with /koppel CODE in the group that is to be that room. i.Kind is "role" with
// i.Role, or "room" with i.Room; i.Area is where the role is held or what the room is for, 0 is the first network; a
// zero i.Expires is [InviteLife] after at, and a deputy's zero i.Until is [DeputyLife] after it. The error names what cannot be.
func Invite(ctx context.Context, tx bot.Tx, random io.Reader, i bot.Invite, at time.Time) (code string, err error) {
	area, err := invitedArea(ctx, tx, i.Area)
	if err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	i.Area = area.ID
	if err := invitable(i, area); err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	if i.Expires.IsZero() {
		i.Expires = at.Add(InviteLife)
	}
	if i.Role == civic.Deputy && i.Until.IsZero() {
		i.Until = at.Add(DeputyLife)
	}
	if code, err = civic.JoinCode(random); err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	if err := tx.CreateInvite(ctx, code, i, at); err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	return code, tx.Audit(ctx, bot.AuditEntry{
		At: at, Actor: i.By, Action: "invite." + i.Kind, Object: bot.About("area", int64(i.Area)),
		Detail: i.Room + string(i.Role),
	})
}

// invitedArea is the area, or the first network when none was named.
func invitedArea(ctx context.Context, tx bot.Tx, id civic.AreaID) (civic.Area, error) {
	if id != 0 {
		return tx.Area(ctx, id)
	}
	networks, err := tx.Networks(ctx)
	if err != nil {
		return civic.Area{}, err
	}
	if len(networks) == 0 {
		return civic.Area{}, errors.New("there is no network yet")
	}
	return tx.Area(ctx, networks[0].ID)
}

// invitable tells why there can be no such invitation; nil when there can.
func invitable(i bot.Invite, area civic.Area) error {
	streets := i.Room == inviteGroup || i.Room == inviteChannel
	granted := slices.Contains(civic.Roles, i.Role) && i.Role != civic.Guest && i.Role != civic.Resident
	switch {
	case i.Kind == inviteRole && !granted:
		return fmt.Errorf("nobody is invited as %q", i.Role)
	case i.Kind == inviteRole && area.Kind == civic.KindStreet:
		return errors.New("a role is held in a network or a street group, not in a street")
	case i.Kind == inviteRole && i.Role == civic.StreetCoordinator && area.Kind != civic.KindGroup:
		return errors.New("a street coordinator needs a street group")
	case i.Kind == inviteRole:
		return nil
	case i.Kind != inviteRoom:
		return fmt.Errorf("kind %q is neither role nor room", i.Kind)
	case !slices.Contains(inviteRooms, i.Room):
		return fmt.Errorf("there is no room %q", i.Room)
	case streets && area.Kind != civic.KindGroup:
		return fmt.Errorf("room %s needs a street group", i.Room)
	case !streets && area.Kind != civic.KindNetwork:
		return fmt.Errorf("room %s belongs to a network", i.Room)
	}
	return nil
}

const invitedForm = "invited"

// taking is an invitation to a role that somebody is reading.
type taking struct {
	Code   string       `json:"code"`
	Role   civic.Role   `json:"role"`
	Area   civic.AreaID `json:"area"`
	Known  bool         `json:"known,omitempty"` // the coordinators know the person by name
	Accept string       `json:"accept,omitempty"`
	Name   string       `json:"name,omitempty"`
}

// invitation is the form in which a role is taken: a link may be opened by somebody else, so it asks first.
func invitation() bot.Form[taking] {
	return bot.Form[taking]{
		Name: invitedForm, Needs: civic.Join, Start: startTaking, Done: roleTaken, Life: time.Hour,
		Steps: []bot.Step[taking]{
			bot.Ending[taking](accepting{bot.Pick("accept", func(a *taking) *string { return &a.Accept }, answerYes, answerNo)}),
			bot.If(func(a *taking) bool { return a.Accept == answerYes && !a.Known },
				bot.Write("name", func(a *taking) *string { return &a.Name }, longestName)),
		},
	}
}

func startTaking(ctx context.Context, t *bot.Turn, in bot.Input) (taking, []string, error) {
	i, err := inForce(ctx, t, in.Args)
	return taking{Code: in.Args, Role: i.Role, Area: i.Area, Known: t.Actor.Name != ""}, nil, err
}

// inForce is the invitation of a code, as long as the actor can take it: it was not used, they did not make it themselves,
// and who made it may still give that role. A right that ended takes with it what was given by it and not taken yet.
func inForce(ctx context.Context, t *bot.Turn, code string) (bot.Invite, error) {
	i, err := t.Tx.PeekInvite(ctx, code, t.Now)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return i, spent(ctx, t, code)
	case err != nil:
		return i, err
	case i.By != 0 && i.By == t.Actor.ID:
		return i, bot.Refuse("invited.own")
	}
	stands, err := invitationStands(ctx, t.Tx, i, t.Late())
	if err == nil && !stands {
		err = bot.Refuse("invited.lapsed")
	}
	return i, err
}

// invitationStands reports whether who made an invitation to a role may give that role at a time. The operator always may.
func invitationStands(ctx context.Context, tx bot.Tx, i bot.Invite, at time.Time) (bool, error) {
	if i.By == 0 {
		return true, nil
	}
	by, err := tx.Member(ctx, i.By)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	area, err := tx.Area(ctx, i.Area)
	return err == nil && invites(by, i.Role, area.Scope().Network, at), err
}

// accepting asks whether the person is the one who was meant.
type accepting struct{ bot.Step[taking] }

// Ask names the role and where it is held.
func (s accepting) Ask(ctx context.Context, t *bot.Turn, form string, a taking) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, a)
	if err != nil {
		return m, err
	}
	area, err := t.Tx.Area(ctx, a.Area)
	m.Text = t.T("invited.accept.ask", "role", t.T("member.role."+string(a.Role)), "area", area.Name)
	return m, err
}

// roleTaken gives the role to who accepted it.
func roleTaken(ctx context.Context, t *bot.Turn, a taking) error {
	if a.Accept != answerYes {
		return t.Say(ctx, "invited.no")
	}
	m, err := holderToBe(ctx, t, a)
	if err != nil {
		return err
	}
	i, err := t.Tx.UseInvite(ctx, a.Code, m.ID, t.Now)
	if errors.Is(err, bot.ErrNotFound) {
		return spent(ctx, t, a.Code)
	}
	if err != nil {
		return err
	}
	t.Actor = m
	area, err := t.Tx.Area(ctx, i.Area)
	if err != nil {
		return err
	}
	if i.Role.NeedsSecond(area.Kind, i.By == 0) {
		return claim(ctx, t, i)
	}
	if err := t.Tx.Grant(ctx, m.ID, civic.Grant{Role: i.Role, Area: i.Area, From: t.Now, Until: i.Until}, i.By); err != nil {
		return err
	}
	if err := t.Audit(ctx, "role.granted", bot.About(memberKind, m.ID), string(i.Role)); err != nil {
		return err
	}
	err = t.Say(ctx, "invited.done", "role", t.T("member.role."+string(i.Role)), "network", t.Network.Name)
	if err != nil {
		return err
	}
	if err := granted(ctx, t, m.ID, i.Role, i.Area); err != nil || i.Role != civic.Admin {
		return err
	}
	return beginGuide(ctx, t)
}

// holderToBe is the person who takes the role; a guest becomes known with it.
func holderToBe(ctx context.Context, t *bot.Turn, a taking) (civic.Member, error) {
	if _, err := inForce(ctx, t, a.Code); err != nil {
		return civic.Member{}, err
	}
	m := t.Actor
	if m.Guest() {
		area, err := t.Tx.Area(ctx, a.Area)
		if err != nil {
			return m, err
		}
		if m, err = t.Tx.Adopt(ctx, t.From, t.Chat.ID, area.Network, t.Now); err != nil {
			return m, err
		}
		m.Language = t.Lang()
	}
	if a.Name != "" {
		m.Name = a.Name
	}
	return m, t.Tx.SaveMember(ctx, m, t.Now)
}
