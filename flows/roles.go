package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// rolesKind is what the list of roles is about: "roles/NETWORK".
const rolesKind = "roles"

// Roles lists who holds which role, invites people to roles, and lets a second person confirm them.
func Roles() bot.Feature {
	return bot.Feature{
		Name:     "roles",
		Flows:    []bot.Flow{inviting(), endingRole()},
		Commands: []bot.CommandSpec{{Name: "rollen", Needs: civic.ReadRoles, Do: listRoles}},
		Actions: []bot.Action{
			{Name: "roles.invite", Needs: civic.InviteRole, On: onRoles, Do: beginInviting},
			{Name: "roles.end", Needs: civic.EndRole, On: onRoles, Do: beginEnding},
			{Name: "claim.confirm", Needs: civic.ConfirmRole, On: onClaim, Do: confirmClaim},
			{Name: "claim.refuse", Needs: civic.ConfirmRole, On: onClaim, Do: refuseClaim},
		},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			grantedTimer: grantedByOperator, lapseTimer: roleLapses, lapseSoonTimer: roleLapsesSoon,
		},
		Jobs: []bot.Job{{Name: "claims", Spec: claimsSpec, Each: true, Do: endClaims}},
		Keys: claimKeys(),
	}
}

// onRoles is the network whose list it was.
func onRoles(_ context.Context, _ *bot.Turn, r bot.Ref) (bot.Thing, error) {
	id, err := strconv.ParseInt(r.ID, 10, 64)
	if err != nil {
		return bot.Thing{}, bot.ErrNotFound
	}
	return bot.Thing{Scope: civic.Scope{Network: civic.AreaID(id)}}, nil
}

// listRoles tells who holds which role and where one is missing, to who may see that, and in private.
func listRoles(ctx context.Context, t *bot.Turn, _ string) error {
	held, err := t.Tx.Holdings(ctx, t.Network.ID, t.Now)
	if err != nil {
		return err
	}
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	lines := []string{t.T("roles.head", "network", t.Network.Name)}
	for _, role := range civic.Roles[2:] {
		for _, area := range areas {
			if names := holderNames(t, held, role, area.ID); names != "" {
				lines = append(lines, t.T("roles.line", "role", t.T("member.role."+string(role)), "area", area.Name, "names",
					names))
			}
		}
	}
	waiting, err := waitingLines(ctx, t)
	if err != nil {
		return err
	}
	lines = append(append(lines, waiting...), missingCoordinators(t, held, areas)...)
	m := bot.Message{Text: strings.Join(lines, "\n"), About: bot.About(rolesKind, int64(t.Network.ID))}
	if t.May(civic.InviteRole, civic.Scope{Network: t.Network.ID}) {
		m.Rows = bot.Rows(bot.Choice{Key: "invite", Label: t.T("roles.invite")},
			bot.Choice{Key: "end", Label: t.T("roles.end")})
	}
	return t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Message: m})
}

// holderNames lists who holds a role in an area; empty when nobody does.
func holderNames(t *bot.Turn, held []bot.Holding, role civic.Role, area civic.AreaID) string {
	var names []string
	for _, h := range held {
		if h.Role != role || h.Area != area {
			continue
		}
		name := h.Name
		if name == "" {
			name = t.T("member.unnamed")
		}
		if !h.Until.IsZero() {
			name = t.T("roles.until", "name", name, "date", day(t, t.Lang(), h.Until))
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// waitingLines tells which roles wait to be confirmed.
func waitingLines(ctx context.Context, t *bot.Turn) ([]string, error) {
	claims, err := t.Tx.Claims(ctx, t.Network.ID, t.Now)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, c := range claims {
		m, err := t.Tx.Member(ctx, c.Person)
		if err != nil {
			return nil, err
		}
		lines = append(lines, t.T("roles.waiting", "name", nameOf(t, t.Lang(), m), "role", t.T("member.role."+string(c.Role))))
	}
	return lines, nil
}

// missingCoordinators warns of street groups, and of a network, with fewer coordinators than it takes.
func missingCoordinators(t *bot.Turn, held []bot.Holding, areas []civic.Area) []string {
	var lines []string
	for _, area := range areas {
		role := civic.StreetCoordinator
		switch area.Kind {
		case civic.KindNetwork:
			role = civic.NetworkCoordinator
		case civic.KindGroup:
		case civic.KindStreet:
			continue
		}
		n := 0
		for _, h := range held {
			if h.Role == role && h.Area == area.ID {
				n++
			}
		}
		if n < civic.EnoughCoordinators {
			lines = append(lines, t.T("roles.missing", "area", area.Name, "count", n, "role", t.T("member.role."+string(role)),
				"enough", civic.EnoughCoordinators))
		}
	}
	return lines
}

// lastAdminAnywhere reports whether nobody could administer one of the networks of the actor any more without them: also
// one that the turn is not in, because who goes is in none of them any more.
func lastAdminAnywhere(ctx context.Context, t *bot.Turn) (bool, error) {
	if t.Actor.Guest() {
		return false, nil
	}
	m, err := t.Tx.Member(ctx, t.Actor.ID)
	if err != nil {
		return false, err
	}
	for _, g := range m.Grants {
		if g.Role != civic.Admin || !g.HeldAt(t.Late()) {
			continue
		}
		if last, err := lastAdmin(ctx, t, m.ID, g.Area); last || err != nil {
			return last, err
		}
	}
	return false, nil
}

// lastAdmin reports whether nobody could administer a network any more without this person, who does.
func lastAdmin(ctx context.Context, t *bot.Turn, person int64, network civic.AreaID) (bool, error) {
	holders, err := t.Tx.Holders(ctx, civic.Admin, civic.Scope{Network: network}, t.Late())
	return !slices.ContainsFunc(holders, func(other int64) bool { return other != person }), err
}
