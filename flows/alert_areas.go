package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// aiming asks to which streets, street groups or network an alert goes: one of the buttons, a pin, or names, several at
// once if need be.
type aiming struct{}

// Name implements [bot.Step].
func (aiming) Name() string { return "areas" }

// Optional implements [bot.Step].
func (aiming) Optional() bool { return false }

// Applies implements [bot.Step].
func (aiming) Applies(*alarm) bool { return true }

// Wants implements [bot.Step].
func (aiming) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" || in.Point != nil }

// Clear implements [bot.Step].
func (aiming) Clear(a *alarm) { a.Areas = nil }

// Keys implements [bot.Step].
func (aiming) Keys(form string) []string { return []string{form + ".areas.ask"} }

// Ask offers the street and the street group of the case first.
func (s aiming) Ask(ctx context.Context, t *bot.Turn, form string, a alarm) (bot.Message, error) {
	areas, err := aimable(ctx, t, a.Kind)
	if err != nil {
		return bot.Message{}, err
	}
	offered, err := s.offered(ctx, t, a, areas)
	if err != nil {
		return bot.Message{}, err
	}
	choices := make([]bot.Choice, len(offered))
	for i, area := range offered {
		choices[i] = bot.Choice{Key: areaKey(area.ID), Label: areaLabel(t, t.Lang(), area)}
	}
	return bot.Message{Text: t.T(form + ".areas.ask"), Rows: bot.Rows(choices...)}, nil
}

func areaKey(id civic.AreaID) string { return "a" + strconv.FormatInt(int64(id), 10) }

// areaLabel names an area; a network is all of it.
func areaLabel(t *bot.Turn, lang string, area civic.Area) string {
	if area.Kind == civic.KindNetwork {
		return t.In(lang, "alert.areas.all", "network", raw(area.Name))
	}
	return area.Name
}

// aimable lists the areas of the network that the person may send alerts to.
func aimable(ctx context.Context, t *bot.Turn, kind civic.AlertKind) ([]civic.Area, error) {
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return nil, fmt.Errorf("areas for an alert: %w", err)
	}
	var may []civic.Area
	for _, area := range areas {
		if mayReach(t, kind, area.Scope()) {
			may = append(may, area)
		}
	}
	return may, nil
}

// offered are the areas that have buttons: those of the case, the network, and the first street groups.
func (aiming) offered(ctx context.Context, t *bot.Turn, a alarm, areas []civic.Area) ([]civic.Area, error) {
	const most = 8
	var scope civic.Scope
	if a.Case != 0 {
		c, err := mergedCase(ctx, t, a.Case)
		if err != nil {
			return nil, fmt.Errorf("areas of case %d: %w", a.Case, err)
		}
		scope = c.Scope()
	}
	rank := func(area civic.Area) int {
		switch {
		case area.ID == scope.Street:
			return 0
		case area.ID == scope.Group:
			return 1
		case area.Kind == civic.KindNetwork:
			return 3
		}
		return 2
	}
	offered := slices.DeleteFunc(slices.Clone(areas), func(area civic.Area) bool {
		return area.Kind == civic.KindStreet && area.ID != scope.Street
	})
	slices.SortStableFunc(offered, func(x, y civic.Area) int { return rank(x) - rank(y) })
	if n := len(offered); n > most { // the network stands last, and stays
		offered[most-1] = offered[n-1]
		offered = offered[:most]
	}
	return offered, nil
}

// Take takes a button, a pin, or names.
func (s aiming) Take(ctx context.Context, t *bot.Turn, in bot.Input, a *alarm) error {
	areas, err := aimable(ctx, t, a.Kind)
	if err != nil {
		return err
	}
	var chosen []civic.Area
	switch {
	case in.Point != nil:
		chosen, err = pinnedAreas(ctx, t, in, areas)
	case in.Choice != "":
		chosen, err = pressedArea(in.Choice, areas)
	case in.Media != nil:
		err = bot.Refuse("media." + string(in.Media.Kind))
	default:
		chosen, err = s.typed(ctx, t, in.Text, *a, areas)
	}
	if err != nil {
		return err
	}
	a.Areas = widest(chosen)
	return nil
}

// pinnedAreas are the streets that a pin may mean: near a border both, because too few would be worse.
func pinnedAreas(ctx context.Context, t *bot.Turn, in bot.Input, areas []civic.Area) ([]civic.Area, error) {
	if in.Point == nil || !civic.Valid(*in.Point) {
		return nil, bot.Refuse("alert.areas.far")
	}
	found, err := t.Pinned(ctx, *in.Point)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, bot.Refuse("alert.areas.far")
	}
	var chosen []civic.Area
	for _, street := range found {
		area, err := pressedArea(areaKey(street.ID), areas)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, area...)
	}
	return chosen, nil
}

func pressedArea(key string, areas []civic.Area) ([]civic.Area, error) {
	for _, area := range areas {
		if key == areaKey(area.ID) {
			return []civic.Area{area}, nil
		}
	}
	return nil, bot.Refuse("form.pick")
}

// typed finds the areas that were named, or numbered from 1 as the buttons are. Each name must be one that is known: an
// alert that silently goes to fewer streets than its issuer meant would be worse than a question.
func (s aiming) typed(
	ctx context.Context, t *bot.Turn, text string, a alarm, areas []civic.Area,
) ([]civic.Area, error) {
	text = civic.Clean(text, longestAlert)
	if text == "" {
		return nil, bot.Refuse("form.pick")
	}
	if n, err := strconv.Atoi(text); err == nil {
		offered, err := s.offered(ctx, t, a, areas)
		if err == nil && n >= 1 && n <= len(offered) {
			return offered[n-1 : n], nil
		}
		return nil, err
	}
	if named := namedAreas(t, text, areas); named != nil {
		return named, nil
	}
	var chosen []civic.Area
	for _, name := range namesIn(t, text) {
		named := namedAreas(t, name, areas)
		if named == nil {
			return nil, unknownArea(ctx, t, name, areas)
		}
		chosen = append(chosen, named...)
	}
	if len(chosen) == 0 {
		return nil, bot.Refuse("form.pick")
	}
	return chosen, nil
}

// namedAreas gives the areas whose name, or whose label on a button, the text is; nil when there are none.
func namedAreas(t *bot.Turn, text string, areas []civic.Area) []civic.Area {
	text = strings.ToLower(strings.TrimSpace(text))
	whole := slices.Contains(t.Words("alert.areas.all.words"), text)
	var named []civic.Area
	for _, area := range areas {
		network := area.Kind == civic.KindNetwork
		if text == strings.ToLower(area.Name) || network && (whole || text == strings.ToLower(areaLabel(t, t.Lang(), area))) {
			named = append(named, area)
		}
	}
	return named
}

// namesIn cuts "Kastanje, Meidoorn en Centrum" into its names.
func namesIn(t *bot.Turn, text string) []string {
	for _, and := range t.Words("alert.and.words") {
		text = strings.ReplaceAll(strings.ToLower(text), " "+and+" ", ",")
	}
	return slices.DeleteFunc(
		strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;+&\n", r) }),
		func(s string) bool { return strings.TrimSpace(s) == "" })
}

// unknownArea refuses a name, and names what it may have been. Who has a part in the network of that name hears that a message
// goes to one network.
func unknownArea(ctx context.Context, t *bot.Turn, name string, areas []civic.Area) error {
	const mostAlike = 4
	name = strings.TrimSpace(name)
	other, err := ownNetwork(ctx, t, name)
	switch {
	case err != nil:
		return err
	case other != "":
		return bot.Refuse("alert.areas.other", "name", other)
	}
	var alike []string
	for _, area := range areas {
		known := strings.ToLower(area.Name)
		begins := len(name) >= 3 && strings.HasPrefix(known, strings.ToLower(name))
		near := len(name) <= 60 && levenshtein.Distance(strings.ToLower(name), known, nil) <= 1+len(known)/5
		if (begins || near) && len(alike) < mostAlike {
			alike = append(alike, area.Name)
		}
	}
	if len(alike) == 0 {
		return bot.Refuse("alert.areas.unknown", "name", civic.Clean(name, 60))
	}
	return bot.Refuse("alert.areas.which", "name", civic.Clean(name, 60), "names", joined(t, t.Lang(), alike))
}

// ownNetwork is the name of the network that is called so and in which the person has a part; empty when there is none.
func ownNetwork(ctx context.Context, t *bot.Turn, name string) (string, error) {
	parts, err := t.Parts(ctx)
	if err != nil {
		return "", err
	}
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return "", fmt.Errorf("networks: %w", err)
	}
	for _, n := range networks {
		if strings.EqualFold(n.Name, name) && slices.Contains(parts, n.ID) {
			return n.Name, nil
		}
	}
	return "", nil
}

// widest drops areas that lie in others that were chosen, and keeps each once. They are in the order in which they are stored, so
// that what is looked over, approved and sent reads the same.
func widest(chosen []civic.Area) []civic.AreaID {
	has := func(id civic.AreaID) bool {
		return slices.ContainsFunc(chosen, func(a civic.Area) bool { return a.ID == id })
	}
	var ids []civic.AreaID
	for _, area := range chosen {
		inside := area.Kind != civic.KindNetwork && (has(area.Parent) || has(area.Network))
		if !inside && !slices.Contains(ids, area.ID) {
			ids = append(ids, area.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// joined lists names as one says them: "Kastanje, Meidoorn en Centrum".
func joined(t *bot.Turn, lang string, names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return t.In(lang, "alert.and", "first", raw(strings.Join(names[:last], ", ")), "last", raw(names[last]))
}
