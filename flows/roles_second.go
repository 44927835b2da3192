package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// grantedTimer rings when the operator confirmed somebody, at the command line; ref: ROLE/PERSON/AREA.
const grantedTimer = "granted"

// claimsSpec is when it is told, in the morning, what nobody confirmed in time.
const claimsSpec = "40 9 * * *"

// askNewSecond puts what waits to be confirmed before somebody who got a role in an area, as far as they may confirm it now:
// from then on the operator may not any more, and without it nobody would be asked.
func askNewSecond(ctx context.Context, t *bot.Turn, person int64, in civic.AreaID) error {
	area, err := t.Tx.Area(ctx, in)
	if err != nil {
		return err
	}
	claims, err := t.Tx.Claims(ctx, area.Scope().Network, t.Now)
	if err != nil {
		return err
	}
	for _, c := range claims {
		seconds, err := secondPersons(ctx, t.Tx, c, t.Now)
		if err == nil && slices.Contains(seconds, person) {
			_, err = askSecond(ctx, t, c, person)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// grantedByOperator follows the role of somebody whom the operator confirmed.
func grantedByOperator(ctx context.Context, t *bot.Turn, ref string) error {
	role, pair, _ := strings.Cut(ref, "/")
	if !strings.Contains(pair, "/") {
		return nil // of a release that named no role: it rang, and what is left of it follows with the next role
	}
	person, id, err := pairOf(pair)
	if err != nil {
		return fmt.Errorf("role %s of %w", role, err)
	}
	area, err := t.Tx.Area(ctx, civic.AreaID(id))
	if err != nil {
		return err
	}
	if err := t.Settle(ctx, area.Scope().Network); err != nil {
		return err
	}
	m, err := t.Tx.Member(ctx, person)
	if errors.Is(err, bot.ErrNotFound) { // who has left since
		return nil
	}
	if err != nil {
		return err
	}
	for _, g := range m.Grants {
		if g.Area != area.ID || !g.HeldAt(t.Late()) || string(g.Role) != role {
			continue
		}
		if err := errors.Join(roleCounts(ctx, t, person, g.Role), granted(ctx, t, person, g.Role, area.ID)); err != nil {
			return err
		}
	}
	return nil
}

// announcedRoles are the roles that nobody gets unseen: they speak to all residents, read what these told, or give such roles.
var announcedRoles = []civic.Role{civic.Admin, civic.Police, civic.NetworkCoordinator, civic.Deputy}

// announceRole tells the coordinators' room who has a role now, so that what a stolen account gave is seen by others; without
// the room, everybody who could have confirmed it.
func announceRole(ctx context.Context, t *bot.Turn, person int64, role civic.Role, area civic.Area) error {
	if !slices.Contains(announcedRoles, role) {
		return nil
	}
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return err
	}
	write := func(lang string) string {
		return t.In(lang, "roles.granted", "name", nameOf(t, lang, m), "role", t.In(lang, "member.role."+string(role)),
			"area", area.Name)
	}
	return deskNews{area.Scope().Network, civic.Grants[civic.ConfirmRole], person, write}.tell(ctx, t)
}

// endClaims ends what nobody confirmed in time, and tells who took the role, who invited them, and who was asked.
func endClaims(ctx context.Context, t *bot.Turn) error {
	claims, err := t.Tx.Claims(ctx, t.Network.ID, time.Time{})
	if err != nil {
		return err
	}
	for _, c := range claims {
		if c.Expires.After(t.Now) {
			continue
		}
		if err := endClaim(ctx, t, c); err != nil {
			return err
		}
	}
	return nil
}

func endClaim(ctx context.Context, t *bot.Turn, c bot.Claim) error {
	err := dropClaim(ctx, t, c, claimExpired)
	if err != nil || c.By == 0 {
		return err
	}
	return tellInviter(ctx, t, c)
}

// tellInviter tells who invited somebody that nobody confirmed it.
func tellInviter(ctx context.Context, t *bot.Turn, c bot.Claim) error {
	m, err := t.Tx.Member(ctx, c.Person)
	if err != nil {
		return err
	}
	chat, err := t.Tx.PrivateChat(ctx, c.By)
	if err != nil || chat == 0 {
		return err
	}
	who := bot.For(civic.InviteRole, civic.Scope{Network: t.Network.ID})
	_, err = t.TellFor(ctx, c.By, who, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "roles.expired", "name", nameOf(t, lang, m), "role",
			t.In(lang, "member.role."+string(c.Role)))}
	})
	return err
}
