package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	choiceElsewhere = "elsewhere"
	shownStreets    = 8
)

type locate[A any] struct {
	name, elsewhere string // elsewhere is the key of what the button for none of the streets says
	in              func(*A) *civic.Place
	likely          func(*A) []civic.AreaID // streets that are offered before the others; nil = none
}

// Locate asks for a place: a street from the list or typed, or a pin on the map. Look-alikes are asked, not guessed, and
// so is a pin near the border between two street groups.
func Locate[A any](name string, in func(*A) *civic.Place) Step[A] {
	return LocateOr(name, in, "form.place.elsewhere")
}

// LocateFrom asks for a place as Locate does, and offers the streets first that likely names.
func LocateFrom[A any](name string, in func(*A) *civic.Place, likely func(*A) []civic.AreaID) Step[A] {
	return locate[A]{name: name, in: in, elsewhere: "form.place.elsewhere", likely: likely}
}

// LocateOr asks for a place as Locate does; the button for none of the streets says what stands in the text of this key.
func LocateOr[A any](name string, in func(*A) *civic.Place, elsewhere string) Step[A] {
	return locate[A]{name: name, in: in, elsewhere: elsewhere}
}

func (l locate[A]) Name() string        { return l.name }
func (l locate[A]) Optional() bool      { return false }
func (l locate[A]) Applies(*A) bool     { return true }
func (l locate[A]) Wants(in Input) bool { return in.Point != nil || in.Choice != "" || in.Text != "" }
func (l locate[A]) Clear(a *A)          { *l.in(a) = civic.Place{} }

func (l locate[A]) Keys(form string) []string { return []string{form + "." + l.name + ".ask"} }

// Ask offers the streets; of a pin that came before the question, and of which it is not clear what it means, it asks that.
func (l locate[A]) Ask(ctx context.Context, t *Turn, form string, a A) (Message, error) {
	if place := *l.in(&a); place.Street == 0 && place.Point != nil && place.Words == "" {
		_, err := t.pinned(ctx, Input{Point: place.Point})
		if why, refused := asRefusal(l.inWords(t, err)); refused {
			return Message{Text: t.T(why.Key, why.Args...), Rows: why.rows}, nil
		}
		if err != nil {
			return Message{}, err
		}
	}
	streets, err := t.Streets(ctx)
	if err != nil {
		return Message{}, err
	}
	if l.likely != nil {
		likely := l.likely(&a)
		slices.SortStableFunc(streets, func(a, b civic.Area) int { return after(likely, a.ID) - after(likely, b.ID) })
	}
	rows, err := t.streetRows(ctx, streets)
	return Message{Text: t.T(form + "." + l.name + ".ask"), Rows: l.label(t, rows)}, err
}

// after is 0 for a street that is one of the likely ones, and 1 for the others.
func after(likely []civic.AreaID, id civic.AreaID) int {
	if slices.Contains(likely, id) {
		return 0
	}
	return 1
}

// label writes on the button for none of the streets what it says in this question.
func (l locate[A]) label(t *Turn, rows [][]Choice) [][]Choice {
	for _, row := range rows {
		for i := range row {
			if row[i].Key == choiceElsewhere {
				row[i].Label = t.T(l.elsewhere)
			}
		}
	}
	return rows
}

// inWords lets a refusal speak of the buttons as they are labelled in this question.
func (l locate[A]) inWords(t *Turn, err error) error {
	why, refused := asRefusal(err)
	if !refused {
		return err
	}
	named := append([]any{"elsewhere", t.T(l.elsewhere)}, why.Args...) // the first of a name is what a text says
	return why.InWords(why.Key, named...).Offer(l.label(t, why.rows))
}

// streetRows offers the first of the streets, and none of them.
func (t *Turn) streetRows(ctx context.Context, streets []civic.Area) ([][]Choice, error) {
	var choices []Choice
	for _, s := range streets[:min(len(streets), shownStreets)] {
		label, err := t.StreetLabel(ctx, s)
		if err != nil {
			return nil, err
		}
		choices = append(choices, Choice{Key: streetKey(s.ID), Label: label})
	}
	return append(rows(choices), []Choice{{Key: choiceElsewhere, Label: t.T("form.place.elsewhere")}}), nil
}

// StreetLabel is what a street is called: its name, with its street group where the network has several of that name.
func (t *Turn) StreetLabel(ctx context.Context, s civic.Area) (string, error) {
	areas, err := t.Tx.Areas(ctx, s.Network)
	if err != nil {
		return "", fmt.Errorf("street %d: %w", s.ID, err)
	}
	var group string
	twin := false
	for i := range areas {
		twin = twin || areas[i].Kind == civic.KindStreet && areas[i].ID != s.ID && areas[i].Name == s.Name
		if areas[i].ID == s.Parent {
			group = areas[i].Name
		}
	}
	if !twin {
		return s.Name, nil
	}
	return s.Name + " (" + group + ")", nil
}

// which asks which of these streets is meant, in the words of key.
func (t *Turn) which(ctx context.Context, key string, streets []civic.Area, args ...any) error {
	rows, err := t.streetRows(ctx, streets)
	if err != nil {
		return err
	}
	return Refuse(key, append(args, "elsewhere", t.T("form.place.elsewhere"))...).Offer(rows)
}

func streetKey(id civic.AreaID) string { return "s" + strconv.FormatInt(int64(id), 10) }

// Take keeps a pin of which it was asked what it means: with the answer, the place is where it was put.
func (l locate[A]) Take(ctx context.Context, t *Turn, in Input, a *A) error {
	if plainWords(in.Text) == plainWords(t.T(l.elsewhere)) {
		in.Choice = choiceElsewhere
	}
	place, err := t.Locate(ctx, in)
	if err != nil {
		if place.Point != nil || place.Words != "" {
			*l.in(a) = place
		}
		return l.inWords(t, err)
	}
	if before := *l.in(a); before.Street == 0 && place.Point == nil {
		if err := t.keeping(ctx, before, &place); err != nil {
			return err
		}
	}
	*l.in(a) = place
	return nil
}

// keeping keeps of a place that was asked about where it was put on the map, if that is near, and the words that it was
// named with.
func (t *Turn) keeping(ctx context.Context, before civic.Place, place *civic.Place) error {
	if place.Street != 0 && place.Words == "" {
		place.Words = before.Words
	}
	if before.Point == nil {
		return nil
	}
	street, err := t.street(ctx, place.Street)
	if err == nil && (place.Street == 0 || civic.Distance(street.Lines, *before.Point) <= civic.NearStreet) {
		place.Point = before.Point
	}
	return err
}

// street gives a street of the network; none for 0.
func (t *Turn) street(ctx context.Context, id civic.AreaID) (civic.Area, error) {
	if id == 0 {
		return civic.Area{}, nil
	}
	return t.Tx.Area(ctx, id)
}

// Streets lists the network's streets, the actor's own street group first.
func (t *Turn) Streets(ctx context.Context) ([]civic.Area, error) {
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return nil, fmt.Errorf("streets: %w", err)
	}
	streets := slices.DeleteFunc(slices.Clone(areas), func(a civic.Area) bool { return a.Kind != civic.KindStreet })
	own := func(a civic.Area) int {
		if t.Actor.Group != 0 && a.Parent == t.Actor.Group {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(streets, func(a, b civic.Area) int { return own(a) - own(b) })
	return streets, nil
}

// Locate finds the place that an input names; a Refusal asks when it is not clear which. With the Refusal of a pin comes
// where the pin was put.
func (t *Turn) Locate(ctx context.Context, in Input) (civic.Place, error) {
	if in.Point != nil {
		return t.pinned(ctx, in)
	}
	streets, err := t.Streets(ctx)
	if err != nil {
		return civic.Place{}, err
	}
	elsewhere := plainWords(t.T("form.place.elsewhere"))
	if in.Choice == choiceElsewhere || plainWords(in.Text) == elsewhere {
		return civic.Place{Words: t.T("form.place.elsewhere")}, nil
	}
	for _, s := range streets {
		if in.Choice == streetKey(s.ID) {
			return civic.Place{Street: s.ID}, nil
		}
	}
	if civic.Blank(in.Text) {
		return civic.Place{}, t.which(ctx, "form.place.which", streets)
	}
	return t.named(ctx, streets, in.Text)
}

func (t *Turn) pinned(ctx context.Context, in Input) (civic.Place, error) {
	if !civic.Valid(*in.Point) {
		return civic.Place{}, Refuse("form.place.invalid")
	}
	place := civic.Place{Point: in.Point, Words: civic.Clean(in.PointName, 100)}
	found, err := t.Pinned(ctx, *in.Point)
	switch {
	case err != nil:
		return place, err
	case len(found) == 0:
		return place, t.tooFar(ctx)
	case len(found) > 1:
		return place, t.which(ctx, "form.place.border", found)
	}
	place.Street = found[0].ID
	return place, nil
}

// Pinned lists the streets that a place on the map may mean: one, two near the border between two street groups, or none.
func (t *Turn) Pinned(ctx context.Context, at orb.Point) ([]civic.Area, error) {
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return nil, fmt.Errorf("pin: %w", err)
	}
	return civic.Pin(areas, at), nil
}

// tooFar says that a place is none of ours, and whom to turn to.
func (t *Turn) tooFar(ctx context.Context) error {
	streets, err := t.Streets(ctx)
	if err != nil {
		return err
	}
	police := t.T("form.place.police")
	if number := t.Profile().Police; number != "" {
		police = number
	}
	return t.which(ctx, "form.place.far", streets, "network", t.Network.Name, "emergency", t.emergency(), "police", police)
}

func (t *Turn) named(ctx context.Context, streets []civic.Area, typed string) (civic.Place, error) {
	unclear := civic.Place{Words: civic.Clean(typed, 200)} // what was typed is kept until it is known which street is meant
	meant := civic.StreetsIn(streets, typed)               // those named in full, or else with a mistake
	exact, err := t.narrowed(ctx, Mentioned(meant, typed), typed)
	if err != nil {
		return civic.Place{}, err
	}
	sights, err := t.Sights(ctx, typed)
	if err != nil {
		return civic.Place{}, err
	}
	at := streetsOf(sights)
	switch {
	case len(exact) == 1:
		at = exact
	case len(exact) > 1:
		return unclear, t.which(ctx, "form.place.which", exact)
	case len(at) > 1:
		return unclear, t.which(ctx, "form.place.which", at)
	}
	if len(at) == 1 {
		place := Sighted(sights, at[0].ID)
		place.Words = unclear.Words
		return place, nil
	}
	alike := append(meant, slices.DeleteFunc(lookAlikes(streets, typed), func(s civic.Area) bool {
		return slices.ContainsFunc(meant, func(m civic.Area) bool { return m.ID == s.ID })
	})...)
	if len(alike) == 0 {
		return unclear, t.which(ctx, "form.place.unknown", streets)
	}
	return unclear, t.which(ctx, "form.place.which", alike)
}

// narrowed keeps, of streets of one name, those whose street group was named along.
func (t *Turn) narrowed(ctx context.Context, streets []civic.Area, typed string) ([]civic.Area, error) {
	if !sameName(streets) {
		return streets, nil
	}
	words := " " + plainWords(typed) + " "
	var named []civic.Area
	for _, s := range streets {
		group, err := t.Tx.Area(ctx, s.Parent)
		if err != nil {
			return nil, fmt.Errorf("street group of %d: %w", s.ID, err)
		}
		if strings.Contains(words, " "+plainWords(group.Name)+" ") {
			named = append(named, s)
		}
	}
	if len(named) == 0 {
		return streets, nil
	}
	return named, nil
}

// sameName reports whether there are several streets, all of one name.
func sameName(streets []civic.Area) bool {
	for _, s := range streets {
		if s.Name != streets[0].Name {
			return false
		}
	}
	return len(streets) > 1
}

// Mentioned lists the streets whose full name stands in a text, each once.
func Mentioned(streets []civic.Area, text string) []civic.Area {
	const enough = 2000 // characters; what comes later does not name the place
	if len(text) > enough {
		text = text[:enough]
	}
	words := " " + plainWords(text) + " "
	var found []civic.Area
	for _, s := range streets {
		if strings.Contains(words, " "+plainWords(s.Name)+" ") {
			found = append(found, s)
		}
	}
	return found
}

// lookAlikes lists the streets that a typed name may have meant.
func lookAlikes(streets []civic.Area, typed string) []civic.Area {
	const longest = 60 // characters of a street name worth comparing
	words := plainWords(typed)
	if len(words) > longest {
		return nil
	}
	var alike []civic.Area
	for _, s := range streets {
		name := plainWords(s.Name)
		begins := len(words) >= 3 && strings.HasPrefix(name, words)
		if begins || levenshtein.Distance(words, name, nil) <= 1+len(name)/5 {
			alike = append(alike, s)
		}
	}
	return alike
}
