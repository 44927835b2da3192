package flows

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// askLeave asks what is to be stopped: the form that is open, or the membership.
func askLeave(ctx context.Context, t *bot.Turn, _ string) error {
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	last, err := lastAdminAnywhere(ctx, t)
	if err != nil {
		return err
	}
	switch {
	case t.Actor.Guest():
		return stopGuest(ctx, t, open)
	case last && open == nil:
		return bot.Refuse("leave.last_admin")
	case t.Actor.Standing == civic.StandingPending && open == nil:
		return stillWaiting(ctx, t)
	case open == nil:
		if elsewhere, err := hasPartElsewhere(ctx, t, t.Actor); err != nil || elsewhere {
			return errors.Join(err, askWhere(ctx, t))
		}
		return askWith(ctx, t, "leave.ask", bot.Choice{Key: "yes", Label: t.T("leave.yes")},
			bot.Choice{Key: "no", Label: t.T("leave.no")})
	}
	key, stop := "leave.ask.form", "leave.form"
	if open.Form == reportForm {
		key, stop = "leave.ask.report", "leave.report"
	}
	return askWith(ctx, t, key, bot.Choice{Key: "form", Label: t.T(stop)},
		bot.Choice{Key: "yes", Label: t.T("leave.yes")}, bot.Choice{Key: "no", Label: t.T("leave.go")})
}

func askWith(ctx context.Context, t *bot.Turn, key string, choices ...bot.Choice) error {
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneAnswer,
		Message: bot.Message{
			Text: t.T(key, "network", t.Network.Name), About: bot.About("leave", t.Actor.ID), Rows: bot.Rows(choices...),
		},
	})
}

// stopGuest wipes what a guest was telling; nothing else is known of them.
func stopGuest(ctx context.Context, t *bot.Turn, open *bot.Session) error {
	if open != nil {
		if err := t.EndSession(ctx); err != nil {
			return err
		}
	}
	if err := wipeWaiting(ctx, t); err != nil {
		return err
	}
	return t.Say(ctx, "leave.guest")
}

// stay goes on with what was open, if anything was.
func stay(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if open == nil {
		return t.Say(ctx, "leave.stayed")
	}
	return t.Again(ctx)
}

// stopForm wipes the form that is open, and takes up what waited behind it.
func stopForm(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if open == nil {
		return bot.Refuse("press.done")
	}
	if err := t.EndSession(ctx); err != nil {
		return err
	}
	if err := t.Say(ctx, "form.cancelled"); err != nil {
		return err
	}
	return t.TakeUp(ctx, t.Actor.ID)
}

// letGo lets a person go who may: no network is left without an administrator. What waits for them is called back, so
// that the goodbye is the last that they hear.
func letGo(ctx context.Context, t *bot.Turn, m civic.Member) error {
	last, err := lastAdminAnywhere(ctx, t)
	if err != nil {
		return err
	}
	if last {
		return bot.Refuse("leave.last_admin")
	}
	return t.Tx.Hush(ctx, m.ID)
}

// leave forgets a person at their own word. Cases stay, without their teller; roles end.
func leave(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	m, err := t.Tx.Member(ctx, t.Actor.ID) // with the roles in every network
	if err != nil {
		return err
	}
	if err := letGo(ctx, t, m); err != nil {
		return err
	}
	if err := endRoles(ctx, t, m); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.left", bot.About(memberKind, m.ID), ""); err != nil {
		return err
	}
	names, err := partNames(ctx, t)
	if err != nil {
		return err
	}
	if err := t.Say(ctx, "leave.done", "network", names); err != nil {
		return err
	}
	if err := outEverywhere(ctx, t, m.ID); err != nil {
		return err
	}
	return t.Tx.Forget(ctx, m.ID, t.Now)
}

// endRoles notes each role that ends, tells the coordinators that somebody is missing now, and puts who held it out of the
// rooms for it.
func endRoles(ctx context.Context, t *bot.Turn, m civic.Member) error {
	held, err := heldByNetwork(ctx, t, m)
	if err != nil {
		return err
	}
	for _, network := range slices.Sorted(maps.Keys(held)) {
		if err := endRolesIn(ctx, t, network, civic.Member{ID: m.ID, Name: m.Name, Grants: held[network]}); err != nil {
			return err
		}
		if err := outOfAllRooms(ctx, t, m, network); err != nil {
			return err
		}
	}
	return nil
}

// heldByNetwork parts the roles that somebody holds now by their networks.
func heldByNetwork(ctx context.Context, t *bot.Turn, m civic.Member) (map[civic.AreaID][]civic.Grant, error) {
	held := map[civic.AreaID][]civic.Grant{}
	for _, g := range m.Grants {
		if !g.HeldAt(t.Late()) {
			continue
		}
		area, err := t.Tx.Area(ctx, g.Area)
		if err != nil {
			return nil, fmt.Errorf("area %d of a role: %w", g.Area, err)
		}
		held[area.Network] = append(held[area.Network], g)
	}
	return held, nil
}

// endRolesIn notes that the roles of one network end, and tells its coordinators; of roles elsewhere they read nothing.
func endRolesIn(ctx context.Context, t *bot.Turn, network civic.AreaID, held civic.Member) error {
	for _, role := range held.Roles(t.Late()) {
		if err := t.Audit(ctx, "role.ended", bot.About(memberKind, held.ID), string(role)); err != nil {
			return err
		}
	}
	return tellDesk(ctx, t, network, held.ID, func(lang string) string {
		return t.In(lang, "leave.role", "name", nameOf(t, lang, held), "roles", roleNames(t, lang, held))
	})
}
