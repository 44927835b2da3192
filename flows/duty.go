package flows

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// dutyRoles are the roles of which it is told who is there today, in the order in which they are told.
var dutyRoles = []civic.Role{civic.NetworkCoordinator, civic.StreetCoordinator, civic.Deputy, civic.Police}

// showDuty tells who is on duty today and who is away, and where nobody is: of the whole network, or, to who works for some
// street groups alone, of these and of the network as a whole.
func showDuty(ctx context.Context, t *bot.Turn, _ string) error {
	held, err := t.Tx.Holdings(ctx, t.Network.ID, t.Now)
	if err != nil {
		return err
	}
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	lines := []string{t.T("duty.head", "network", t.Network.Name, "day", day(t, t.Lang(), t.Now))}
	for _, area := range areas {
		if !seesDuty(t, area) {
			continue
		}
		of, err := dutyIn(ctx, t, area, held)
		if err != nil {
			return fmt.Errorf("duty in %s: %w", area.Name, err)
		}
		lines = append(lines, of...)
	}
	for _, part := range inParts(lines, longestTree) {
		if err := t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: part}); err != nil {
			return err
		}
	}
	return nil
}

// seesDuty reports whether the person reads who is on duty in an area: in the network as a whole everybody who works for it does,
// and in a street group who works there or for all of them.
func seesDuty(t *bot.Turn, area civic.Area) bool {
	switch area.Kind {
	case civic.KindNetwork:
		return true
	case civic.KindGroup:
		network := civic.Scope{Network: t.Network.ID}
		if t.May(civic.SeeDuty, network) {
			return true
		}
		return slices.Contains(t.Actor.AreasOf(civic.SeeDuty, t.Late()), area.ID)
	case civic.KindStreet:
	}
	return false
}

// dutyIn tells of one area who is there and who is away until when, and whether nobody is left for its cases.
func dutyIn(ctx context.Context, t *bot.Turn, area civic.Area, held []bot.Holding) ([]string, error) {
	lines := []string{"\n" + t.T("duty.area", "area", area.Name)}
	for _, role := range dutyRoles {
		names, err := dutyNames(ctx, t, area, role, held)
		if err != nil {
			return nil, err
		}
		if names != "" {
			lines = append(lines, t.T("duty.line", "role", t.T("member.role."+string(role)), "names", bot.HTML(names)))
		}
	}
	people, err := onDuty(ctx, t, area, 0, t.Now)
	if err != nil || len(people) > 0 {
		return lines, err
	}
	key := "duty.nobody"
	if area.Kind == civic.KindGroup {
		key = "duty.nobody.group"
	}
	return append(lines, t.T(key)), nil
}

// dutyNames are who holds a role in an area, and of who is away until when; markup.
func dutyNames(ctx context.Context, t *bot.Turn, area civic.Area, role civic.Role, held []bot.Holding) (string, error) {
	var names []string
	for _, h := range held {
		if h.Role != role || h.Area != area.ID {
			continue
		}
		away, err := t.Tx.Absence(ctx, h.Person)
		if err != nil {
			return "", err
		}
		name := h.Name
		if name == "" {
			name = t.T("member.unnamed")
		}
		key, until := "duty.there", ""
		if away.At(t.Now) {
			key, until = "duty.away", lastDay(t, t.Lang(), away)
		}
		names = append(names, t.T(key, "name", name, "until", until))
	}
	return strings.Join(names, ", "), nil
}
