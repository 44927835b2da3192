package flows

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/survey"
)

const (
	areasKind      = "areas" // what is told of a network's places: "areas/NETWORK"
	areasForm      = "areas"
	areasReadyForm = "areasready"
	areasErrand    = "areas.read"
)

// Areas shows the street groups and streets of a network, and takes a list or a map of them that is sent as a file: first it says
// what that would change, and then it is done or not (feature B11).
func Areas() bot.Feature {
	return bot.Feature{
		Name:  "areas",
		Flows: []bot.Flow{sendingAreas(), applyingAreas()},
		Commands: []bot.CommandSpec{
			{Name: "gebied", Needs: civic.SetUp, Do: showAreas},
			{Name: "convenant", Needs: civic.SetUp, Do: showCharter}, //nolint:misspell // it is Dutch
		},
		Keys:    slices.Concat(charterKeys(), remarkKeys()),
		Actions: []bot.Action{{Name: "areas.file", Needs: civic.SetUp, On: onRoles, Do: beginAreasFile}},
		Tasks:   []bot.Task{{Kind: areasErrand, Run: readAreas, Then: areasRead}},
	}
}

// remarkKeys are the texts of what is told of a file.
func remarkKeys() []string {
	var keys []string
	for _, kind := range survey.Remarks {
		keys = append(keys, "areas.remark."+kind)
	}
	return keys
}

func beginAreasFile(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	return t.Begin(ctx, areasForm, bot.Input{})
}

const (
	longestTree   = 3000 // characters of one message
	mostTree      = 5    // messages
	namedTogether = 12   // streets of a group
)

// showAreas tells the tree of the network's places, and what somebody should look at.
func showAreas(ctx context.Context, t *bot.Turn, _ string) error {
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	world, err := t.Tx.World(ctx, t.Network.ID, 0)
	if err != nil {
		return fmt.Errorf("members of %s: %w", t.Network.Name, err)
	}
	tree := treeOf(areas)
	lines := []string{t.T("areas.head", "network", t.Network.Name, "groups", len(tree.groups), "streets", tree.streets)}
	for _, g := range tree.groups {
		lines = append(lines, t.T("areas.group", "group", g.Name, "prefix", g.Prefix, "members",
			members(t, t.Lang(), world.Members[g.ID]), "streets", fewNames(t, tree.of[g.ID])))
	}
	parts := inParts(append(lines, tree.findings(t)...), longestTree)
	if len(parts) > mostTree {
		parts = append(parts[:mostTree], t.T("areas.more"))
	}
	for _, part := range parts[:len(parts)-1] {
		if err := t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: part}); err != nil {
			return err
		}
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{
		Text: parts[len(parts)-1], About: bot.About(areasKind, int64(t.Network.ID)),
		Rows: bot.Rows(bot.Choice{Key: "file", Label: t.T("areas.button.file")}),
	})
}

// areaTree are the places of a network, by street group.
type areaTree struct {
	groups  []civic.Area
	of      map[civic.AreaID][]string // the names of a group's streets
	streets int
	bare    int            // streets without a line on the map
	named   map[string]int // how many streets have a name
}

func treeOf(areas []civic.Area) areaTree {
	tree := areaTree{of: map[civic.AreaID][]string{}, named: map[string]int{}}
	for _, a := range areas {
		switch a.Kind {
		case civic.KindNetwork:
		case civic.KindGroup:
			tree.groups = append(tree.groups, a)
		case civic.KindStreet:
			tree.of[a.Parent] = append(tree.of[a.Parent], a.Name)
			tree.streets++
			tree.named[a.Name]++
			if len(a.Lines) == 0 {
				tree.bare++
			}
		}
	}
	return tree
}

// findings are what somebody should look at; none when all is well.
func (tree areaTree) findings(t *bot.Turn) []string {
	var lines []string
	for _, g := range tree.groups {
		streets := tree.of[g.ID]
		if len(streets) == 0 {
			lines = append(lines, t.T("areas.look.empty", "group", g.Name))
		}
		for _, name := range streets {
			if tree.named[name] > 1 {
				lines = append(lines, t.T("areas.look.twin", "street", name, "group", g.Name))
			}
		}
	}
	if tree.bare > 0 {
		lines = append(lines, t.T("areas.look.bare", "count", tree.bare))
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{"\n" + t.T("areas.look")}, lines...)
}

// fewNames names the first of the streets, and says how many there are besides.
func fewNames(t *bot.Turn, names []string) bot.HTML {
	if len(names) <= namedTogether {
		return bot.HTML(html.EscapeString(strings.Join(names, ", ")))
	}
	return bot.HTML(t.T("areas.names", "names", strings.Join(names[:namedTogether], ", "), "count", len(names)-namedTogether))
}

// inParts puts lines together into texts of so many characters at most; a line that is longer stands alone.
func inParts(lines []string, most int) []string {
	var parts []string
	for _, line := range lines {
		if n := len(parts); n > 0 && len([]rune(parts[n-1]))+len([]rune(line)) < most {
			parts[n-1] += "\n" + line
			continue
		}
		parts = append(parts, line)
	}
	return parts
}
