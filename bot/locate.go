package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	choiceElsewhere = "elsewhere"
	nearEnough      = 250.0 // metres from a pin to the street it is taken for
	shownStreets    = 8
)

type locate[A any] struct {
	name string
	in   func(*A) *civic.Place
}

// Locate asks for a place: a street from the list or typed, or a pin on the map. Look-alikes are asked, not guessed.
func Locate[A any](name string, in func(*A) *civic.Place) Step[A] {
	return locate[A]{name: name, in: in}
}

func (l locate[A]) Name() string        { return l.name }
func (l locate[A]) Optional() bool      { return false }
func (l locate[A]) Applies(A) bool      { return true }
func (l locate[A]) Wants(in Input) bool { return in.Point != nil || in.Choice != "" || in.Text != "" }
func (l locate[A]) Clear(a *A)          { *l.in(a) = civic.Place{} }

func (l locate[A]) Keys(form string) []string { return []string{form + "." + l.name + ".ask"} }

func (l locate[A]) Ask(ctx context.Context, t *Turn, form string, _ A) (Message, error) {
	streets, err := t.Streets(ctx)
	if err != nil {
		return Message{}, err
	}
	m := Message{Text: t.T(form + "." + l.name + ".ask"), Rows: streetRows(t, streets)}
	return m, nil
}

func streetRows(t *Turn, streets []civic.Area) [][]Choice {
	var choices []Choice
	for _, s := range streets[:min(len(streets), shownStreets)] {
		choices = append(choices, Choice{Key: streetKey(s.ID), Label: s.Name})
	}
	return append(rows(choices), []Choice{{Key: choiceElsewhere, Label: t.T("form.place.elsewhere")}})
}

func streetKey(id civic.AreaID) string { return "s" + strconv.FormatInt(int64(id), 10) }

func (l locate[A]) Take(ctx context.Context, t *Turn, in Input, a *A) error {
	place, err := t.Locate(ctx, in)
	if err != nil {
		return err
	}
	*l.in(a) = place
	return nil
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

// Locate finds the place that an input names; a Refusal asks when it is not clear which.
func (t *Turn) Locate(ctx context.Context, in Input) (civic.Place, error) {
	streets, err := t.Streets(ctx)
	if err != nil {
		return civic.Place{}, err
	}
	if in.Point != nil {
		return t.pinned(streets, in)
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
		return civic.Place{}, Refuse("form.place.which").offer(streetRows(t, streets))
	}
	return t.named(streets, in.Text)
}

func (t *Turn) pinned(streets []civic.Area, in Input) (civic.Place, error) {
	if !civic.Valid(*in.Point) {
		return civic.Place{}, Refuse("form.place.invalid")
	}
	street, metres, ok := civic.Nearest(streets, *in.Point)
	if !ok || metres > nearEnough {
		return civic.Place{}, Refuse("form.place.far").offer(streetRows(t, streets))
	}
	return civic.Place{Street: street.ID, Point: in.Point, Words: civic.Clean(in.PointName, 100)}, nil
}

func (t *Turn) named(streets []civic.Area, typed string) (civic.Place, error) {
	if exact := Mentioned(streets, typed); len(exact) == 1 {
		return civic.Place{Street: exact[0].ID, Words: civic.Clean(typed, 200)}, nil
	}
	alike := lookAlikes(streets, typed)
	if len(alike) == 0 {
		return civic.Place{}, Refuse("form.place.unknown").offer(streetRows(t, streets))
	}
	return civic.Place{}, Refuse("form.place.which").offer(streetRows(t, alike))
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
