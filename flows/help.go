package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Guidance greets people and tells them what they can do here; the commands it knows are those of the features.
func Guidance(features ...bot.Feature) bot.Feature {
	g := &guidance{}
	own := []bot.CommandSpec{
		{Name: "start", Needs: civic.AskHelp, Where: bot.Anywhere, Do: start},
		{Name: "privacy", Needs: civic.AskHelp, Do: privacy},
		{Name: "help", Needs: civic.AskHelp, Where: bot.Anywhere, Do: g.help},
	}
	for _, f := range append(features, bot.Feature{Commands: own}) {
		g.commands = append(g.commands, f.Commands...)
	}
	var keys []string
	for _, role := range helpRoles {
		keys = append(keys, "help.role."+string(role))
	}
	keys = append(keys, unknownCodeKey, unknownCodeKey+".guest", usedCodeKey+".guest", oldCodeKey+".guest")
	return bot.Feature{Name: "guidance", Commands: own, Keys: keys}
}

// guidance knows what there is to be helped with.
type guidance struct{ commands []bot.CommandSpec }

// helpRoles are the roles for which help has words of its own, the most particular first.
var helpRoles = []civic.Role{
	civic.Police, civic.NetworkCoordinator, civic.StreetCoordinator, civic.Deputy, civic.Admin, civic.Resident, civic.Guest,
}

// help names the emergency number first, then what fits the person: who they are here, and every command they may give.
func (g *guidance) help(ctx context.Context, t *bot.Turn, _ string) error {
	if t.Chat.Ref.Kind != bot.Private {
		return roomHelp(ctx, t)
	}
	lines := []string{t.T("help.emergency", "police", policeNumberIn(t, t.Lang()), "app", t.Profile().App)}
	if line := otherNumber(t); line != "" {
		lines = append(lines, line)
	}
	lines = append(lines, "",
		t.T("help.role."+string(helpRole(t)), "network", t.Network.Name),
		"",
	)
	several, err := choosable(ctx, t)
	if err != nil {
		return err
	}
	for _, c := range g.commands {
		if offered(t, c) && (c.Name != "netwerk" || len(several) > 1) {
			lines = append(lines, t.T("help.line", "command", spelling(t, c.Name), "what", t.T("help."+c.Name)))
		}
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: strings.Join(lines, "\n")})
}

// helpRole is the role that help speaks to.
func helpRole(t *bot.Turn) civic.Role {
	held := t.Actor.Roles(t.Late())
	for _, role := range helpRoles {
		if slices.Contains(held, role) {
			return role
		}
	}
	return civic.Guest
}

// offered reports whether a command is worth naming to the person: they may give it, in this country.
func offered(t *bot.Turn, c bot.CommandSpec) bool {
	if c.Needs == civic.SendInfo {
		_, err := broadcaster(t, civic.InfoAlert)
		return err == nil
	}
	return mayAnywhere(t, offeredTo(c))
}

// offeredTo is the permission that makes a command worth naming. An invitation to a room lets everybody give /koppel
// once, and comes with its own words.
func offeredTo(c bot.CommandSpec) civic.Permission {
	if c.Needs == civic.ConnectRoom {
		return civic.BindRoom
	}
	return c.Needs
}

// mayAnywhere reports whether the person may do something in one of the areas where they hold a role.
func mayAnywhere(t *bot.Turn, p civic.Permission) bool {
	if t.May(p, civic.Scope{Network: t.Network.ID}) {
		return true
	}
	for _, g := range t.Actor.Grants {
		if t.May(p, civic.Scope{Network: t.Network.ID, Group: g.Area}) {
			return true
		}
	}
	return false
}

// spelling is how a command is written in the turn's language.
func spelling(t *bot.Turn, name string) string {
	first, _, _ := strings.Cut(t.T("command."+name), ",")
	return "/" + strings.TrimSpace(first)
}

// roomHelp tells in one line what the bot does in this room.
func roomHelp(ctx context.Context, t *bot.Turn) error {
	what, err := roomUse(ctx, t)
	if errors.Is(err, bot.ErrNotFound) {
		return t.Say(ctx, "help.room.none")
	}
	if err != nil {
		return err
	}
	if what.kind != "" {
		return t.Say(ctx, "help.room."+string(what.kind))
	}
	return t.Say(ctx, "help.room.target", "group", what.group.Name)
}

// privacy tells what is kept, who sees it, for how long, and how to have it wiped.
func privacy(ctx context.Context, t *bot.Turn, _ string) error {
	return t.Say(ctx, "privacy.text", privacyArgs(t)...)
}

// privacyArgs are the network, who answers there for what is kept, and which version this is since when.
func privacyArgs(t *bot.Turn) []any {
	a, answers := t.Network.Agreed, bot.HTML("")
	if a.Controller != "" {
		answers += bot.HTML("\n\n" + t.T("privacy.controller", "controller", a.Controller))
	}
	if a.Contact != "" {
		answers += bot.HTML("\n" + t.T("privacy.contact", "contact", a.Contact))
	}
	if a.More != "" {
		answers += bot.HTML("\n" + t.T("privacy.more", "address", a.More))
	}
	if !a.At.IsZero() {
		answers += bot.HTML("\n\n" + t.T("privacy.version", "version", a.Version, "day", dayYear(t, t.Lang(), a.At)))
	}
	return []any{"network", t.Network.Name, "answers", answers}
}
