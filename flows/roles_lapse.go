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

// lapseTimer rings when a role ends on its day. Ref: person/area/Unix second; a role that was ended or given anew before
// has another end, and the timer says nothing.
const lapseTimer = "role.lapse"

// lapseSoonTimer rings a week before, with the same ref: time enough to ask somebody else.
const (
	lapseSoonTimer = "role.lapse.soon"
	lapseNotice    = 7 * day24
)

func lapseRef(person int64, g civic.Grant) string {
	return fmt.Sprintf("%d/%d/%d", person, g.Area, g.Until.Unix())
}

// watchEnds sets a timer for each role of a person in an area that has a last day.
func watchEnds(ctx context.Context, t *bot.Turn, person int64, area civic.AreaID) error {
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return err
	}
	for _, g := range m.Grants {
		if g.Area != area || !g.Until.After(t.Now) {
			continue
		}
		if err := t.Wake(ctx, lapseTimer, lapseRef(person, g), g.Until); err != nil {
			return err
		}
		if soon := g.Until.Add(-lapseNotice); soon.After(t.Now) {
			if err := t.Wake(ctx, lapseSoonTimer, lapseRef(person, g), soon); err != nil {
				return err
			}
		}
	}
	return nil
}

// roleLapses tells who held a role that its last day is over, and the coordinators who is missing now, and puts them out of the
// rooms for it: an end by date is an end like any other.
func roleLapses(ctx context.Context, t *bot.Turn, ref string) error {
	return eachEnding(ctx, t, ref, func(m civic.Member, g civic.Grant, area civic.Area) error {
		if held(m, g, t.Now) {
			return nil
		}
		return lapsed(ctx, t, m, g.Role, area)
	})
}

// roleLapsesSoon tells who holds a role that it ends in a week, and the coordinators, who can ask somebody in time. It says
// nothing of a role that goes on by another grant.
func roleLapsesSoon(ctx context.Context, t *bot.Turn, ref string) error {
	return eachEnding(ctx, t, ref, func(m civic.Member, g civic.Grant, area civic.Area) error {
		if held(m, g, g.Until) || !g.HeldAt(t.Now) {
			return nil
		}
		return lapsesSoon(ctx, t, m, g, area)
	})
}

func lapsesSoon(ctx context.Context, t *bot.Turn, m civic.Member, g civic.Grant, area civic.Area) error {
	args := func(lang string) []any {
		return []any{
			"name", nameOf(t, lang, m), "role", t.In(lang, "member.role."+string(g.Role)), "area", area.Name,
			"date", dayYear(t, lang, g.Until),
		}
	}
	who := bot.ForRoles(area.Scope(), g.Role)
	_, err := t.TellFor(ctx, m.ID, who, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "rolelapse.soon.told", args(lang)...)}
	})
	if err != nil {
		return err
	}
	return tellDesk(ctx, t, t.Network.ID, m.ID, func(lang string) string {
		return t.In(lang, "rolelapse.soon.desk", args(lang)...)
	})
}

// eachEnding calls do with the roles that a timer's ref names, in the turn of their network; who left since has none.
func eachEnding(
	ctx context.Context, t *bot.Turn, ref string, do func(civic.Member, civic.Grant, civic.Area) error,
) error {
	var person, id, until int64
	if _, err := fmt.Sscanf(ref, "%d/%d/%d", &person, &id, &until); err != nil {
		return fmt.Errorf("end of role %q: %w", ref, err)
	}
	m, err := t.Tx.Member(ctx, person)
	if errors.Is(err, bot.ErrNotFound) { // who has left since
		return nil
	}
	if err != nil {
		return err
	}
	area, err := t.Tx.Area(ctx, civic.AreaID(id))
	if err != nil {
		return err
	}
	if err := t.Settle(ctx, area.Scope().Network); err != nil {
		return err
	}
	for _, g := range m.Grants {
		if g.Area != area.ID || g.Until.Unix() != until {
			continue
		}
		if err := do(m, g, area); err != nil {
			return err
		}
	}
	return nil
}

// held reports whether somebody holds the same role in the same area, by this grant or another.
func held(m civic.Member, as civic.Grant, at time.Time) bool {
	return slices.ContainsFunc(m.Grants, func(g civic.Grant) bool {
		return g.Role == as.Role && g.Area == as.Area && g.HeldAt(at)
	})
}

func lapsed(ctx context.Context, t *bot.Turn, m civic.Member, role civic.Role, area civic.Area) error {
	entry := bot.AuditEntry{
		At: t.Now, Action: "role.ended", Object: bot.About(memberKind, m.ID), Detail: string(role) + " by date",
	}
	if err := t.Tx.Audit(ctx, entry); err != nil {
		return err
	}
	_, err := t.Tell(ctx, m.ID, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "rolelapse.told", "role", t.In(lang, "member.role."+string(role)), "area", area.Name)}
	})
	if err != nil {
		return err
	}
	holdings, err := t.Tx.Holdings(ctx, t.Network.ID, t.Now)
	if err != nil {
		return err
	}
	missing := missingCoordinators(t, holdings, []civic.Area{area})
	if err := tellDesk(ctx, t, t.Network.ID, m.ID, func(lang string) string {
		told := t.In(lang, "rolelapse.desk", "name", nameOf(t, lang, m), "role", t.In(lang, "member.role."+string(role)),
			"area", area.Name)
		return strings.Join(append([]string{told}, missing...), "\n")
	}); err != nil {
		return err
	}
	return outOfRooms(ctx, t, m, role, t.Network.ID)
}
