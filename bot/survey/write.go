package survey

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// WriteList writes the places of a network as a list that [Read] takes: each street with its street group. A street group
// without a street has no line in a list.
func WriteList(w io.Writer, places []civic.Area) error {
	list := csv.NewWriter(w)
	list.Comma = ';'
	rows := [][]string{{"naam", "groep", "prefix"}}
	groups, streets := sorted(places)
	for _, g := range groups {
		for _, street := range streets[g.ID] {
			rows = append(rows, []string{safe(street.Name), safe(g.Name), g.Prefix})
		}
	}
	return list.WriteAll(rows)
}

// safe keeps a spreadsheet from calculating a name.
func safe(name string) string {
	if strings.ContainsAny(name[:min(1, len(name))], "=+-@\t\r") {
		return "'" + name
	}
	return name
}

// sorted are the street groups of a network, and the streets of each, as they are stored.
func sorted(places []civic.Area) (groups []civic.Area, streets map[civic.AreaID][]civic.Area) {
	streets = map[civic.AreaID][]civic.Area{}
	for _, a := range places {
		switch a.Kind {
		case civic.KindGroup:
			groups = append(groups, a)
		case civic.KindStreet:
			streets[a.Parent] = append(streets[a.Parent], a)
		case civic.KindNetwork:
		}
	}
	return groups, streets
}

// thing is a feature of a map (RFC 7946).
type thing struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
	Geometry   shape             `json:"geometry"`
}

type shape struct {
	Type        string       `json:"type"`
	Coordinates orb.Geometry `json:"coordinates"`
}

// thingOf is a feature with a name and, unless it is empty, one more property.
func thingOf(g orb.Geometry, name, key, value string) thing {
	t := thing{Type: "Feature", Properties: map[string]string{"name": name}, Geometry: shape{g.GeoJSONType(), g}}
	if value != "" {
		t.Properties[key] = value
	}
	return t
}

// WriteMap writes what is known of where the places of a network are, as a map that [Read] takes: borders, streets and
// landmarks. What has no place is left out.
func WriteMap(w io.Writer, places []civic.Area, landmarks []civic.Landmark) error {
	var all []thing
	for _, a := range places {
		if a.Kind == civic.KindNetwork && len(a.Border) > 0 {
			all = append(all, thingOf(a.Border, a.Name, "kind", rootWords[0]))
		}
	}
	groups, streets := sorted(places)
	for _, g := range groups {
		if len(g.Border) > 0 {
			all = append(all, thingOf(g.Border, g.Name, "prefix", g.Prefix))
		}
		for _, street := range streets[g.ID] {
			if len(street.Lines) > 0 {
				all = append(all, thingOf(street.Lines, street.Name, "group", g.Name))
			}
		}
	}
	for _, l := range landmarks {
		all = append(all, thingOf(l.At, l.Name, "also", strings.Join(l.Also, ";")))
	}
	raw, err := json.MarshalIndent(map[string]any{"type": "FeatureCollection", "features": append([]thing{}, all...)}, "", " ")
	if err == nil {
		_, err = fmt.Fprintf(w, "%s\n", raw)
	}
	return err
}
