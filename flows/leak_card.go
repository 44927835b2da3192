package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// onLeak finds a leak of a network in which the person has a part.
func onLeak(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	l, err := leakBy(ctx, t, r.ID)
	if err != nil {
		return bot.Thing{}, err
	}
	if there, err := t.Visit(ctx, l.Network); err != nil || !there {
		return bot.Thing{}, errors.Join(err, bot.Refuse("press.old"))
	}
	if !l.Open() {
		return bot.Thing{}, bot.Refuse("leak.decided")
	}
	return bot.Thing{Scope: civic.Scope{Network: l.Network}, Version: l.Version}, nil
}

// leakBy finds a leak by its number.
func leakBy(ctx context.Context, t *bot.Turn, id string) (civic.Leak, error) {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return civic.Leak{}, fmt.Errorf("leak %q: %w", id, bot.ErrNotFound)
	}
	return t.Tx.Leak(ctx, number)
}

// postLeak puts the card of a leak at the end of a chat.
func postLeak(ctx context.Context, t *bot.Turn, chat int64, l civic.Leak) error {
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return err
	}
	m, err := leakCard(ctx, t, lang, strconv.FormatInt(l.ID, 10))
	if err != nil {
		return err
	}
	m.About, m.For = bot.About(leakKind, l.ID), handlersOf(l)
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: m.About, Message: m})
}

// leakCard shows a leak, and what can be done about it while it is open.
func leakCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	l, err := leakBy(ctx, t, id)
	if err != nil {
		return bot.Message{}, err
	}
	there, err := inNetwork(ctx, t, l.Network)
	if err != nil {
		return bot.Message{}, err
	}
	text, err := leakText(ctx, there, lang, l)
	m := bot.Message{Text: text, Version: l.Version}
	if l.Open() {
		m.Rows = leakRows(there, lang, l)
	}
	return m, err
}

func leakRows(t *bot.Turn, lang string, l civic.Leak) [][]bot.Choice {
	choices := []bot.Choice{{Key: "end", Label: t.In(lang, "leak.button.end")}}
	if l.Halt != civic.HaltAll {
		choices = append(choices, bot.Choice{Key: "halt", Label: t.In(lang, "leak.button.halt")})
	}
	if l.Halt != civic.HaltNone {
		choices = append(choices, bot.Choice{Key: "lift", Label: t.In(lang, "leak.button.lift")})
	}
	return bot.Rows(choices...)
}

// leakText tells of a leak: what happened, whom it concerns, and what is to be done until when, or what was decided.
func leakText(ctx context.Context, t *bot.Turn, lang string, l civic.Leak) (string, error) {
	whom, err := leakPeople(ctx, t, lang, l)
	if err != nil {
		return "", err
	}
	lines := []string{
		t.In(lang, "leak.card.head", "network", t.Network.Name, "kind", t.In(lang, "leak.kind."+string(l.Kind))),
		t.In(lang, "leak.card.found", "time", moment(t, lang, l.Found)),
		t.In(lang, "leak.card.data", "data", t.In(lang, "leak.data."+string(l.Data))),
	}
	lines = append(lines, whom...)
	if l.Words != "" {
		lines = append(lines, t.In(lang, "leak.card.words", "words", l.Words))
	}
	if !l.Open() {
		return strings.Join(append(lines, leakEnd(t, lang, l)...), "\n"), nil
	}
	halt := string(l.Halt)
	if l.Halt == civic.HaltNone {
		halt = haltNothing
	}
	lines = append(lines, "", t.In(lang, "leak.card.halt."+halt), t.In(lang, "leak.card.first."+string(l.Kind)),
		leakDue(t, lang, l))
	return strings.Join(lines, "\n"), nil
}

// leakDue tells until when it must be decided.
func leakDue(t *bot.Turn, lang string, l civic.Leak) string {
	key, term := "leak.card.due", t.Profile().LeakTerm()
	due := l.Due(term)
	if !due.After(t.Now) {
		key = "leak.card.late"
	}
	return t.In(lang, key, "time", moment(t, lang, due), "hours", int(term/time.Hour))
}

// leakEnd tells what was decided.
func leakEnd(t *bot.Turn, lang string, l civic.Leak) []string {
	lines := []string{"", t.In(lang, "leak.card.verdict", "verdict", t.In(lang, "leakend.verdict."+string(l.Verdict)),
		"time", moment(t, lang, l.Decided))}
	if l.Told != "" {
		lines = append(lines, t.In(lang, "leak.card.told", "told", t.In(lang, "leakend.told."+string(l.Told))))
	}
	return append(lines, t.In(lang, "leak.card.done", "words", l.Done))
}

// leakPeople counts whom a leak concerns, how they are reached, and who holds a role there. Few people are not counted.
func leakPeople(ctx context.Context, t *bot.Turn, lang string, l civic.Leak) ([]string, error) {
	area, err := t.Tx.Area(ctx, l.Area)
	if err != nil {
		return nil, err
	}
	reached, err := t.Tx.Reached(ctx, area.Scope())
	if err != nil {
		return nil, err
	}
	all := 0
	for _, r := range reached {
		all += r.Members
	}
	lines := []string{t.In(lang, "leak.card.people", "area", area.Name, "members", members(t, lang, all))}
	if all > 0 {
		lines = append(lines, reachedLine(t, lang, reached))
	}
	roles, err := rolesIn(ctx, t, lang, area)
	if roles != "" {
		lines = append(lines, t.In(lang, "leak.card.roles", "roles", roles))
	}
	return lines, err
}

// reachedLine tells whether people are reached, and where there are several ways, by which: how many by each, unless a number
// would be too small.
func reachedLine(t *bot.Turn, lang string, reached []bot.Reached) string {
	few := slices.ContainsFunc(reached, func(r bot.Reached) bool { return civic.TooFew(r.Members) })
	var ways []string
	for _, r := range reached {
		if r.Platform == "" {
			continue
		}
		way := strings.ToUpper(r.Platform[:1]) + r.Platform[1:]
		if !few {
			way = t.In(lang, "leak.card.way", "way", way, "count", r.Members)
		}
		ways = append(ways, way)
	}
	key := "leak.card.reached"
	if len(ways) < len(reached) {
		key += ".some"
	}
	switch len(ways) {
	case 0:
		return t.In(lang, "leak.card.reached.none")
	case 1:
		return t.In(lang, key)
	}
	return t.In(lang, key) + " " + t.In(lang, "leak.card.ways", "ways", joined(t, lang, ways))
}

// rolesIn counts who holds a role in an area, or anywhere in a network.
func rolesIn(ctx context.Context, t *bot.Turn, lang string, area civic.Area) (string, error) {
	held, err := t.Tx.Holdings(ctx, t.Network.ID, t.Now)
	if err != nil {
		return "", err
	}
	var counts []string
	for _, role := range civic.Roles {
		people := map[int64]bool{}
		for _, h := range held {
			if h.Role == role && (area.Kind == civic.KindNetwork || h.Area == area.ID) {
				people[h.Person] = true
			}
		}
		if len(people) > 0 {
			name := t.In(lang, "member.role."+string(role))
			counts = append(counts, t.In(lang, "leak.card.role", "count", len(people), "role", name))
		}
	}
	return joined(t, lang, counts), nil
}
