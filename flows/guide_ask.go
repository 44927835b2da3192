package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// ask puts one step of the guide in words.
func (s setup) ask(ctx context.Context, t *bot.Turn, lang string, x step) (bot.Message, error) {
	later := bot.Choice{Key: "next:" + x.name, Label: t.In(lang, "guide.later")}
	switch {
	case x.kind != "":
		key := "guide.room.partner"
		if slices.Contains(namedRooms, x.kind) {
			key = "guide.room." + string(x.kind)
		}
		text := t.In(lang, key, "what", t.In(lang, "room.kind."+string(x.kind)), "word", roomWord(t, lang, x.kind))
		return bot.Message{Text: text, Rows: bot.Rows(later)}, nil
	case x.group.ID != 0:
		return s.askGroup(ctx, t, lang, x)
	}
	switch x.name {
	case stepSecond:
		return s.askInvite(t, lang, x, t.In(lang, "guide.second"), civic.Admin, civic.NetworkCoordinator), nil
	case stepPolice:
		return s.askInvite(t, lang, x, t.In(lang, "guide.officer"), civic.Police), nil
	case stepNetwork:
		n := s.holders(0, civic.NetworkCoordinator)
		text := t.In(lang, "guide.network", "count", n, "enough", civic.EnoughCoordinators)
		return s.askInvite(t, lang, x, text, civic.NetworkCoordinator), nil
	case stepStreets:
		return s.askStreets(t, lang, later), nil
	case stepProof:
		return bot.Message{Text: t.In(lang, "guide.proof"), Rows: bot.Rows(
			bot.Choice{Key: "proof", Label: t.In(lang, "guide.proof.send")}, later)}, nil
	}
	return s.overview(t, lang), nil
}

// roomWord is what is typed behind /koppel for a room.
func roomWord(t *bot.Turn, lang string, kind civic.RoomKind) string {
	words := strings.Split(t.In(lang, "room.words."+string(kind)), ",")
	return strings.TrimSpace(words[0])
}

// askInvite offers to invite somebody to one of the roles, as far as the reader may; who may to none reads who does.
func (s setup) askInvite(t *bot.Turn, lang string, x step, text string, roles ...civic.Role) bot.Message {
	var choices []bot.Choice
	for _, role := range roles {
		if s.mayInvite(role) {
			choices = append(choices, inviteChoice(t, lang, role, x.name))
		}
	}
	if len(choices) == 0 {
		text += "\n\n" + t.In(lang, "guide.admin_invites")
	}
	later := bot.Choice{Key: "next:" + x.name, Label: t.In(lang, "guide.later")}
	return bot.Message{Text: text, Rows: bot.Rows(append(choices, later)...)}
}

// mayInvite reports whether the reader holds a role that lets them invite to another.
func (s setup) mayInvite(role civic.Role) bool {
	return slices.ContainsFunc(s.held, func(h bot.Holding) bool {
		return h.Person == s.reader && slices.Contains(h.Role.Invites(), role)
	})
}

func inviteChoice(t *bot.Turn, lang string, role civic.Role, from string) bot.Choice {
	label := t.In(lang, "guide.invite", "role", t.In(lang, "member.role."+string(role)))
	return bot.Choice{Key: "invite:" + string(role) + "@" + from, Label: label}
}

// askGroup asks how a street group is told: by direct message, by a channel, or in a group. Only the first can be done
// from here; the others are bound where they are.
func (s setup) askGroup(ctx context.Context, t *bot.Turn, lang string, x step) (bot.Message, error) {
	code := x.group.Code
	if code == "" { // without a sign of its own it is bound by a one-time code
		var err error
		i := bot.Invite{Kind: inviteRoom, Room: inviteGroup, Area: x.group.ID, By: t.Actor.ID}
		if code, err = Invite(ctx, t.Tx, t.Random(), i, t.Now); err != nil {
			return bot.Message{}, err
		}
	}
	untold := 0
	for _, g := range s.groups {
		if !s.told(g) {
			untold++
		}
	}
	choices := []bot.Choice{
		{Key: "direct:" + strconv.FormatInt(int64(x.group.ID), 10), Label: t.In(lang, "guide.direct")},
	}
	if untold > 1 {
		choices = append(choices, bot.Choice{Key: "direct:" + guideAll, Label: t.In(lang, "guide.direct.all", "count", untold)})
	}
	choices = append(choices, bot.Choice{Key: "next:" + x.name, Label: t.In(lang, "guide.later")})
	return bot.Message{Text: t.In(lang, "guide.group", "group", x.group.Name, "code", code), Rows: bot.Rows(choices...)}, nil
}

// askStreets names the street groups that lack coordinators, with a button for each of the first.
func (s setup) askStreets(t *bot.Turn, lang string, later bot.Choice) bot.Message {
	const most = 8 // buttons that a message can bear
	var (
		lines   = []string{t.In(lang, "guide.streets", "enough", civic.EnoughCoordinators)}
		choices []bot.Choice
	)
	short := s.short()
	for i, g := range short {
		if i == most {
			lines = append(lines, t.In(lang, "guide.more", "count", len(short)-most))
			break
		}
		lines = append(lines, t.In(lang, "guide.streets.line", "group", g.Name, "count",
			s.holders(g.ID, civic.StreetCoordinator)))
		choices = append(choices, bot.Choice{
			Key: "invite:" + string(civic.StreetCoordinator) + "-" + strconv.FormatInt(int64(g.ID), 10), Label: g.Name,
		})
	}
	return bot.Message{Text: strings.Join(lines, "\n"), Rows: bot.Rows(append(choices, later)...)}
}

// overview lists what is done and what is not.
func (s setup) overview(t *bot.Turn, lang string) bot.Message {
	const most = 12 // street groups that are named; more make a text that nobody reads
	lines := []string{t.In(lang, "guide.head", "network", t.Network.Name)}
	named, left := 0, 0
	for _, x := range s.steps() {
		if x.name == stepEnd || x.name == stepProof {
			continue
		}
		optional := x.kind != "" && !needed(x.kind)
		if !x.done && !optional {
			left++
		}
		if x.group.ID != 0 {
			if named++; named > most {
				continue
			}
		}
		lines = append(lines, s.line(t, lang, x))
	}
	if named > most {
		lines = append(lines, t.In(lang, "guide.more", "count", named-most))
	}
	rows := bot.Rows(bot.Choice{Key: "proof", Label: t.In(lang, "guide.proof.send")})
	if left == 0 {
		return bot.Message{Text: strings.Join(append(lines, "", t.In(lang, "guide.done")), "\n"), Rows: rows}
	}
	rows = append(bot.Rows(bot.Choice{Key: "next", Label: t.In(lang, "guide.go")}), rows...)
	return bot.Message{Text: strings.Join(append(lines, "", t.In(lang, "guide.left", "count", left)), "\n"), Rows: rows}
}

// line is one step in the overview.
func (s setup) line(t *bot.Turn, lang string, x step) string {
	mark := "⬜"
	switch {
	case x.done:
		mark = "✅"
	case x.kind != "" && !needed(x.kind):
		mark = "▫️"
	}
	what := ""
	switch {
	case x.kind != "":
		what = t.In(lang, "room.kind."+string(x.kind))
		if x.done {
			what = t.In(lang, "guide.line.room", "what", what, "title", s.rooms[x.kind].Ref.Title)
		}
	case x.group.ID != 0:
		what = t.In(lang, "guide.line.group", "group", x.group.Name)
		if x.done {
			target := s.where[x.group.ID]
			what += t.In(lang, "guide.kind."+string(target.Kind), "title", s.titles[target.Chat])
		}
	case x.name == stepSecond:
		what = t.In(lang, "guide.line.second")
	case x.name == stepPolice:
		what = t.In(lang, "guide.line.officer", "count", s.holders(0, civic.Police))
	case x.name == stepNetwork:
		what = t.In(lang, "guide.line.network", "count", s.holders(0, civic.NetworkCoordinator),
			"enough", civic.EnoughCoordinators)
	case x.name == stepStreets:
		what = t.In(lang, "guide.line.streets", "count", len(s.groups)-len(s.short()), "of", len(s.groups),
			"enough", civic.EnoughCoordinators)
	}
	return mark + " " + what
}
