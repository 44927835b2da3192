package flows

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// charter is what is stored of what a charter has to say (domain §1.3): the area, who holds which role from when until when,
// and how the network reaches people.
type charter struct {
	Areas  []civic.Area
	Held   []bot.Holding
	Rooms  []civic.RoomKind
	Hears  map[civic.AreaID][]civic.TargetKind // how a street group hears of alerts
	Rules  []civic.Rule
	Terms  int // the version of the house rules
	Police string
}

// mark stands for all of it: it changes whenever any of it does, in whatever language it is read, so that a signed copy can be
// told from one that is out of date.
func (c charter) mark() (string, error) {
	raw, err := json.Marshal(c)
	return fmt.Sprintf("%x", sha256.Sum256(raw))[:8], err
}

// charterOf reads the charter of the turn's network.
func charterOf(ctx context.Context, t *bot.Turn) (charter, error) {
	c := charter{Hears: map[civic.AreaID][]civic.TargetKind{}, Terms: t.Network.Agreed.Version, Police: t.Network.PoliceNumber()}
	var errs [4]error
	c.Areas, errs[0] = t.Tx.Areas(ctx, t.Network.ID)
	c.Held, errs[1] = t.Tx.Holdings(ctx, t.Network.ID, t.Now)
	c.Rules, errs[2] = t.Tx.Rules(ctx, t.Network.ID)
	targets, err := t.Tx.Targets(ctx, t.Network.ID)
	errs[3] = err
	for _, target := range targets {
		if !slices.Contains(c.Hears[target.Group], target.Kind) {
			c.Hears[target.Group] = append(c.Hears[target.Group], target.Kind)
		}
	}
	for _, kind := range civic.RoomKinds {
		room, err := t.Tx.Room(ctx, t.Network.ID, kind)
		if err != nil {
			return c, err
		}
		if room != 0 {
			c.Rooms = append(c.Rooms, kind)
		}
	}
	return c, errors.Join(errs[:]...)
}

// showCharter tells the charter as it stands today.
func showCharter(ctx context.Context, t *bot.Turn, _ string) error {
	c, err := charterOf(ctx, t)
	if err != nil {
		return fmt.Errorf("charter of %s: %w", t.Network.Name, err)
	}
	mark, err := c.mark()
	if err != nil {
		return fmt.Errorf("charter of %s: %w", t.Network.Name, err)
	}
	plan, err := c.plan(ctx, t)
	if err != nil {
		return err
	}
	lines := []string{t.T("charter.head", "network", t.Network.Name, "day", dayYear(t, t.Lang(), t.Now), "mark", mark)}
	lines = slices.Concat(lines, c.area(t), c.roles(t), plan)
	if err := t.Audit(ctx, "charter.shown", bot.About("area", int64(t.Network.ID)), mark); err != nil {
		return err
	}
	for _, part := range inParts(lines, longestTree) {
		if err := t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: part, Protect: true}); err != nil {
			return err
		}
	}
	return nil
}

// area are the street groups with every street of theirs.
func (c charter) area(t *bot.Turn) []string {
	tree := treeOf(c.Areas)
	lines := []string{"\n" + t.T("charter.area")}
	for _, g := range tree.groups {
		streets := strings.Join(tree.of[g.ID], ", ")
		lines = append(lines, t.T("charter.group", "group", g.Name, "prefix", g.Prefix, "streets", streets))
	}
	return lines
}

// roles are who holds which, from when until when.
func (c charter) roles(t *bot.Turn) []string {
	lines := []string{"\n" + t.T("charter.roles")}
	for _, role := range civic.Roles[2:] {
		for _, area := range c.Areas {
			for _, h := range c.Held {
				if h.Role == role && h.Area == area.ID {
					lines = append(lines, charterRole(t, h, area))
				}
			}
		}
	}
	return lines
}

func charterRole(t *bot.Turn, h bot.Holding, area civic.Area) string {
	key, until := "charter.role", ""
	if !h.Until.IsZero() {
		key, until = "charter.role.until", dayYear(t, t.Lang(), h.Until)
	}
	return t.T(key, "role", t.T("member.role."+string(h.Role)), "area", area.Name,
		"name", nameOf(t, t.Lang(), civic.Member{Name: h.Name}), "from", dayYear(t, t.Lang(), h.From), "until", until)
}

// plan is how the network reaches people: whom to call, the rooms, what each street group hears in, and where cases go.
func (c charter) plan(ctx context.Context, t *bot.Turn) ([]string, error) {
	lines := []string{"\n" + t.T("charter.plan"), t.T("charter.numbers", "police", c.Police)}
	for _, kind := range c.Rooms {
		lines = append(lines, t.T("charter.room", "room", t.T("room.kind."+string(kind))))
	}
	for _, g := range treeOf(c.Areas).groups {
		var ways []string
		for _, kind := range c.Hears[g.ID] {
			ways = append(ways, t.T("charter.way."+string(kind)))
		}
		if len(ways) == 0 {
			ways = []string{t.T("charter.way.none")}
		}
		lines = append(lines, t.T("charter.hears", "group", g.Name, "ways", strings.Join(ways, ", ")))
	}
	for _, r := range c.Rules {
		text, err := ruleText(ctx, t, r)
		if err != nil {
			return nil, err
		}
		lines = append(lines, t.T("charter.rule", "rule", raw(text)))
	}
	return append(lines, t.T("charter.rules", "version", c.Terms)), nil
}

func charterKeys() []string {
	keys := []string{"charter.role", "charter.role.until"}
	for _, kind := range []civic.TargetKind{civic.TargetGroup, civic.TargetChannel, civic.TargetDirect} {
		keys = append(keys, "charter.way."+string(kind))
	}
	return keys
}
