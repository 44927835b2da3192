package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Sight is a landmark with the street at which it lies.
type Sight struct {
	civic.Landmark
	Street civic.Area
}

// Sights lists the landmarks of the network that words name, each with its street, and none that lies at no street of
// ours.
func (t *Turn) Sights(ctx context.Context, words string) ([]Sight, error) {
	known, err := t.Tx.Landmarks(ctx, t.Network.ID)
	if err != nil || len(known) == 0 {
		return nil, err
	}
	named := civic.LandmarksIn(known, words)
	if len(named) == 0 {
		return nil, nil
	}
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return nil, fmt.Errorf("landmarks: %w", err)
	}
	var sights []Sight
	for _, l := range named {
		if street, ok := civic.StreetOf(areas, l); ok {
			sights = append(sights, Sight{l, street})
		}
	}
	return sights, nil
}

// Sighted is the place that landmarks name: none when there is none, or several at different streets. With a street that is
// known already, only a landmark at that street counts.
func Sighted(sights []Sight, street civic.AreaID) civic.Place {
	if street != 0 {
		sights = slices.DeleteFunc(slices.Clone(sights), func(s Sight) bool { return s.Street.ID != street })
	}
	if len(sights) == 0 || len(streetsOf(sights)) > 1 {
		return civic.Place{Street: street}
	}
	return civic.Place{Street: sights[0].Street.ID, Landmark: sights[0].ID}
}

// streetsOf lists the streets at which landmarks lie, each once.
func streetsOf(sights []Sight) []civic.Area {
	var streets []civic.Area
	for _, s := range sights {
		if !slices.ContainsFunc(streets, func(a civic.Area) bool { return a.ID == s.Street.ID }) {
			streets = append(streets, s.Street)
		}
	}
	return streets
}

// LandmarkName is the name of a landmark of the network; empty when there is none of this number.
func (t *Turn) LandmarkName(ctx context.Context, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	known, err := t.Tx.Landmarks(ctx, t.Network.ID)
	for _, l := range known {
		if l.ID == id {
			return l.Name, err
		}
	}
	return "", err
}
