package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// hasPartElsewhere reports whether somebody is a member of another network than this one of theirs, or holds a role there.
func hasPartElsewhere(ctx context.Context, t *bot.Turn, m civic.Member) (bool, error) {
	networks, err := t.Tx.Belongs(ctx, m.ID)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(networks, func(n civic.AreaID) bool { return n != m.Network }) {
		return true, nil
	}
	whole, err := t.Tx.Member(ctx, m.ID)
	if err != nil {
		return false, err
	}
	held, err := heldByNetwork(ctx, t, whole)
	delete(held, m.Network)
	return len(held) > 0, err
}

// partNames names the networks that somebody goes from who goes from all.
func partNames(ctx context.Context, t *bot.Turn) (string, error) {
	list, err := choosable(ctx, t)
	if err != nil || len(list) == 0 {
		return t.Network.Name, err
	}
	var names []string
	for _, n := range list {
		names = append(names, n.Name)
	}
	return strings.Join(names, ", "), nil
}

// askWhere asks somebody with a part in several networks which of them they want to leave.
func askWhere(ctx context.Context, t *bot.Turn) error {
	about := aboutIn("leave", t.Actor.ID, t.Network.ID)
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneAnswer,
		Message: bot.Message{
			Text: t.T("leave.ask.several", "network", t.Network.Name), About: about,
			Rows: bot.Rows(bot.Choice{Key: "here", Label: t.T("leave.here", "network", t.Network.Name)},
				bot.Choice{Key: "yes", Label: t.T("leave.everywhere")}, bot.Choice{Key: "no", Label: t.T("leave.no")}),
		},
	})
}

// leaveHere takes a person out of one network, with their roles in it, and of no other. No network is left without an
// administrator.
func leaveHere(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	m := t.Actor
	if slices.ContainsFunc(m.Grants, func(g civic.Grant) bool { return g.Role == civic.Admin && g.HeldAt(t.Late()) }) {
		if last, err := lastAdmin(ctx, t, m.ID, t.Network.ID); err != nil || last {
			if err == nil {
				err = bot.Refuse("leave.last_admin")
			}
			return err
		}
	}
	held := civic.Member{ID: m.ID, Name: m.Name, Grants: m.Grants}
	if len(held.Roles(t.Late())) > 0 {
		if err := endRolesIn(ctx, t, t.Network.ID, held); err != nil {
			return err
		}
	}
	if err := outOfAllRooms(ctx, t, m, t.Network.ID); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.left", bot.About(memberKind, m.ID), ""); err != nil {
		return err
	}
	if err := goneFrom(ctx, t, m); err != nil {
		return err
	}
	if err := t.Assure(ctx, "leave.done.here", "network", t.Network.Name); err != nil {
		return err
	}
	return t.Tx.Depart(ctx, m.ID, t.Network.ID)
}

// goneFrom draws over what the coordinators have of a person's request, and closes the doors of their street group.
func goneFrom(ctx context.Context, t *bot.Turn, m civic.Member) error {
	if err := eraseRequest(ctx, t, m, func(lang string) string { return t.In(lang, "member.card.left") }); err != nil {
		return err
	}
	return closeDoors(ctx, t, m)
}

// outEverywhere does so in every network.
func outEverywhere(ctx context.Context, t *bot.Turn, person int64) error {
	networks, err := t.Tx.Belongs(ctx, person)
	if err != nil {
		return err
	}
	for _, n := range networks {
		m, err := t.Tx.MemberIn(ctx, person, n)
		if err != nil {
			return err
		}
		if err := goneFrom(ctx, t, m); err != nil {
			return err
		}
	}
	return nil
}
