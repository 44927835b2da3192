package survey

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// What maps call the properties we read, in the order in which they are looked for: our own words, OpenStreetMap's, those
// of the Dutch and Flemish registers of streets and neighbourhoods.
var (
	nameProperties = []string{
		"name", "naam", "name:nl", "straatnaam", "straat", "street", "openbareruimtenaam", "straatnm", "lstrnm",
		"buurtnaam", "wijknaam", "bu_naam", "wk_naam",
	}
	groupProperties  = []string{"group", "groep", "straatgroep"}
	prefixProperties = []string{"prefix", "voorvoegsel", "afkorting"}
	kindProperties   = []string{"kind", "soort"}
	rootWords        = []string{"network", "netwerk", "bin"}
)

// What is drawn as a line or a surface in OpenStreetMap and is no street and no neighbourhood, and the ways of the
// highway kind at which nobody lives (wiki.openstreetmap.org/wiki/Key:highway).
var (
	otherThings = []string{
		"building", "landuse", "leisure", "amenity", "natural", "waterway", "railway", "power", "barrier", "aeroway",
		"man_made", "route", "aerialway", "tourism", "shop", "historic", "public_transport",
	}
	otherWays = []string{
		"motorway", "motorway_link", "trunk_link", "primary_link", "secondary_link", "construction", "proposed",
		"abandoned", "razed", "platform", "bus_stop", "rest_area", "services", "raceway", "corridor", "elevator",
	}
)

const mostAdmin = 8 // admin_level of a municipality; what has less is larger (wiki.openstreetmap.org, Key:admin_level)

// properties are what a feature says about itself, by lower-case key.
type properties map[string]string

func (p properties) first(keys []string) string {
	for _, key := range keys {
		if v := p[key]; v != "" {
			return v
		}
	}
	return ""
}

func (p properties) any(keys []string) bool { return p.first(keys) != "" }

// feature takes one thing of the map, or counts why not.
func (m *mapping) feature(raw json.RawMessage) {
	var f struct {
		Type       string
		Geometry   json.RawMessage
		Properties map[string]any
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		m.add("%s: this is no feature: %s", m.at, plain(err))
		return
	}
	if len(f.Geometry) == 0 || string(f.Geometry) == "null" {
		m.left["place"]++
		return
	}
	p := properties{}
	for key, value := range f.Properties {
		switch value := value.(type) {
		case string:
			p[strings.ToLower(key)] = strings.TrimSpace(value)
		case float64:
			p[strings.ToLower(key)] = strconv.FormatFloat(value, 'f', -1, 64)
		}
	}
	shape, err := geometry(f.Geometry)
	if err != nil {
		m.add("%s: the coordinates cannot be read: %s", m.at, plain(err))
		return
	}
	m.shape(shape, p)
}

// geometry reads a shape; nil when it is of a kind we do not use.
func geometry(raw json.RawMessage) (orb.Geometry, error) {
	var g struct {
		Type        string
		Coordinates json.RawMessage
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, err
	}
	switch g.Type {
	case "LineString":
		return coordinates[orb.LineString](g.Coordinates)
	case "MultiLineString":
		return coordinates[orb.MultiLineString](g.Coordinates)
	case "Polygon":
		return coordinates[orb.Polygon](g.Coordinates)
	case "MultiPolygon":
		return coordinates[orb.MultiPolygon](g.Coordinates)
	case "Point":
		return coordinates[orb.Point](g.Coordinates)
	case "MultiPoint":
		return orb.MultiPoint{}, nil
	}
	return nil, nil
}

func coordinates[G orb.Geometry](raw json.RawMessage) (orb.Geometry, error) {
	var g G
	err := json.Unmarshal(raw, &g)
	return g, err
}

// plain is what is wrong with a piece of JSON, without the names of our types.
func plain(err error) string {
	if bad, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return "a " + bad.Value + " stands where it does not belong"
	}
	return err.Error()
}

func (m *mapping) shape(g orb.Geometry, p properties) {
	name, wrong := tidy(p.first(nameProperties))
	if wrong != "" {
		m.add("%s: %s", m.at, wrong)
		return
	}
	way := p["highway"]
	switch g := g.(type) {
	case orb.LineString:
		m.street(name, p, orb.MultiLineString{g})
	case orb.MultiLineString:
		m.street(name, p, g)
	case orb.Polygon:
		m.surface(name, way, p, orb.MultiPolygon{g})
	case orb.MultiPolygon:
		m.surface(name, way, p, g)
	case orb.Point:
		m.point(name, p, g)
	case orb.MultiPoint:
		m.left["several"]++
	default:
		m.left["shape"]++
	}
}

// surface is a square, or the border of a street group or of the network.
func (m *mapping) surface(name, way string, p properties, shape orb.MultiPolygon) {
	switch {
	case way != "": // squares are drawn as surfaces; their edge serves as well as a line
		var edges orb.MultiLineString
		for _, part := range shape {
			for _, ring := range part {
				edges = append(edges, orb.LineString(ring))
			}
		}
		m.street(name, p, edges)
	case p.any(otherThings):
		m.left["things"]++
	default:
		m.border(name, p, shape)
	}
}

// street takes a line.
func (m *mapping) street(name string, p properties, lines orb.MultiLineString) {
	switch {
	case p["highway"] == "" && p.any(otherThings):
		m.left["things"]++
		return
	case slices.Contains(otherWays, p["highway"]):
		m.left["roads"]++
		return
	case name == "":
		m.left["nameless"]++
		return
	}
	var whole orb.MultiLineString
	for _, line := range lines {
		if len(line) > 1 && line.Bound().Max != line.Bound().Min {
			whole = append(whole, line)
		}
	}
	if len(whole) == 0 {
		m.left["short"]++
		return
	}
	group, wrong := tidy(p.first(groupProperties))
	if wrong != "" {
		m.add("%s: %s", m.at, wrong)
		return
	}
	for _, line := range whole {
		if !m.here(name, line) {
			return
		}
	}
	m.kept++
	m.Streets = append(m.Streets, Street{Name: name, Group: group, Lines: whole, At: m.at})
}

// border takes the border of a street group or of the whole network.
func (m *mapping) border(name string, p properties, shape orb.MultiPolygon) {
	level, err := strconv.Atoi(p["admin_level"])
	root := slices.Contains(rootWords, strings.ToLower(p.first(kindProperties))) || err == nil && level <= mostAdmin
	prefix := strings.ToUpper(p.first(prefixProperties))
	switch {
	case name == "" && !root:
		m.add("%s: a border without a name. Give it the property name, such as Kastanje", m.at)
		return
	case prefix != "" && !prefixForm.MatchString(prefix):
		m.add("%s: the prefix %s is not 2 to 5 letters, such as KAS", m.at, quote(prefix))
		return
	}
	for _, part := range shape {
		for _, ring := range part {
			if !m.ring(name, ring) {
				return
			}
		}
	}
	m.kept++
	if root {
		m.Root = append(m.Root, shape...)
		return
	}
	i, known := m.groups[fold(name)]
	if !known {
		i = len(m.Groups)
		m.groups[fold(name)] = i
		m.Groups = append(m.Groups, Group{Name: name, At: m.at})
	}
	g := &m.Groups[i]
	g.Border = append(g.Border, shape...)
	if prefix != "" {
		g.Prefix = prefix
	}
}

// mostCorners is how many corners one border may have: more than any neighbourhood has.
const mostCorners = 20_000

// ring checks that it is clear what lies within a border.
func (m *mapping) ring(name string, ring orb.Ring) bool {
	switch {
	case len(ring) < 4:
		m.add("%s: the border of %s has less than three corners", m.at, name)
		return false
	case len(ring) > mostCorners:
		m.add("%s: the border of %s has more than %d corners. Simplify it before you export it", m.at, name, mostCorners)
		return false
	case !m.here(name, orb.LineString(ring)):
		return false
	}
	if at, crosses := civic.SelfCrossing(ring); crosses {
		m.add("%s: the border of %s crosses itself at latitude %.5f, longitude %.5f. Draw it anew there", m.at, name,
			at.Lat(), at.Lon())
		return false
	}
	return true
}

// here checks that a line lies in the network's country. What lies abroad is left out; what is nowhere is a mistake.
func (m *mapping) here(name string, line orb.LineString) bool {
	abroad := false
	for _, p := range line {
		switch {
		case !civic.Valid(p):
			m.add("%s: %s has the place %v, which is no longitude and latitude. Export the file again with EPSG:4326", m.at,
				name, p)
			return false
		case m.profile.Mirrored(p):
			m.add("%s: %s has its coordinates the wrong way round: %v. GeoJSON wants longitude before latitude", m.at, name, p)
			return false
		}
		abroad = abroad || !m.profile.Within(p)
	}
	if abroad {
		m.left["abroad"]++
	}
	return !abroad
}
