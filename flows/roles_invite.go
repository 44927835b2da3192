package flows

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const inviteForm = "invite"

// inviteDraft is an invitation to a role that is being made.
type inviteDraft struct {
	Role civic.Role `json:"role,omitempty"`
	Area string     `json:"area,omitempty"`
}

// inArea reports whether the role is held in a street group, or may be, so that it is asked in which.
func (d *inviteDraft) inArea() bool {
	return d.Role == civic.StreetCoordinator || d.Role == civic.Deputy
}

// inviting is the form in which a coordinator or an administrator makes an invitation.
func inviting() bot.Form[inviteDraft] {
	return bot.Form[inviteDraft]{
		Name: inviteForm, Needs: civic.InviteRole, Done: invited,
		Steps: []bot.Step[inviteDraft]{
			bot.PickFrom("role", func(d *inviteDraft) *civic.Role { return &d.Role }, rolesToInvite),
			bot.If((*inviteDraft).inArea, bot.PickFrom("area", func(d *inviteDraft) *string { return &d.Area }, areasToInvite)),
		},
	}
}

func beginInviting(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	return t.Begin(ctx, inviteForm, bot.Input{})
}

// rolesToInvite are the roles to which the actor may invite.
func rolesToInvite(_ context.Context, t *bot.Turn, _ inviteDraft) ([]bot.Option, error) {
	var options []bot.Option
	for _, role := range civic.Roles {
		if mayInvite(t, role) {
			options = append(options, bot.Option{Key: string(role), Label: t.T("member.role." + string(role))})
		}
	}
	return options, nil
}

func mayInvite(t *bot.Turn, role civic.Role) bool {
	return invites(t.Actor, role, t.Network.ID, t.Late())
}

// invites reports whether somebody holds a role in a network, at a time, that lets them invite to another.
func invites(by civic.Member, role civic.Role, network civic.AreaID, at time.Time) bool {
	return slices.ContainsFunc(by.Roles(at), func(held civic.Role) bool {
		return by.Holds(held, civic.Scope{Network: network}, at) && slices.Contains(held.Invites(), role)
	})
}

// areasToInvite are the areas in which the role may be held. Who stands in may do so for coordinators of the whole network.
func areasToInvite(ctx context.Context, t *bot.Turn, d inviteDraft) ([]bot.Option, error) {
	groups, err := groupOptions(ctx, t)
	if d.Role != civic.Deputy {
		return groups, err
	}
	whole := bot.Option{
		Key: strconv.FormatInt(int64(t.Network.ID), 10), Label: t.T("alert.areas.all", "network", t.Network.Name),
	}
	return append([]bot.Option{whole}, groups...), err
}

// groupOptions are the street groups of the turn's network.
func groupOptions(ctx context.Context, t *bot.Turn) ([]bot.Option, error) {
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, a := range areas {
		if a.Kind == civic.KindGroup {
			options = append(options, bot.Option{Key: strconv.FormatInt(int64(a.ID), 10), Label: a.Name})
		}
	}
	return options, nil
}

// invited makes the invitation and shows its code.
func invited(ctx context.Context, t *bot.Turn, d inviteDraft) error {
	if !mayInvite(t, d.Role) { // a role may have ended meanwhile
		return bot.Refuse("refused.role")
	}
	i := bot.Invite{Kind: inviteRole, Role: d.Role, Area: t.Network.ID, By: t.Actor.ID}
	if d.inArea() {
		id, err := strconv.ParseInt(d.Area, 10, 64)
		if err != nil {
			return bot.Refuse("press.old")
		}
		i.Area = civic.AreaID(id)
	}
	area, err := t.Tx.Area(ctx, i.Area)
	if err != nil {
		return err
	}
	code, err := Invite(ctx, t.Tx, t.Random(), i, t.Now)
	if err != nil {
		return err
	}
	text := t.T("invite.made", "code", code, "role", t.T("member.role."+string(d.Role)), "area", area.Name,
		"days", int(InviteLife.Hours()/24))
	if d.Role.NeedsSecond(area.Kind, false) {
		text += "\n\n" + t.T("invite.made.second")
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{
		Text: text, Rows: bot.Rows(bot.Choice{Link: code, Label: t.T("invite.take")}), // a link stays on what is passed on
	})
}
