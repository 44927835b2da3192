package sandbox

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// The drawing, in its own units.
const (
	mapWidth   = 640.0
	mapHeight  = 420.0
	mapMargin  = 56.0
	letter     = 8.2      // of a street name, on average
	aside      = 38.0     // from the middle of a street to a name that does not fit along it
	metresEach = 111320.0 // of a degree of latitude
)

// drawing is the map as the page draws it: north is up, and a metre is as long in both directions.
type drawing struct {
	Width, Height    float64
	West, North      float64 // of the upper left corner
	LonEach, LatEach float64 // degrees in one unit
	Scale            float64 // units that are 100 m long
	Streets          []line
	Houses           string // as an SVG path
}

// line is a street on the map.
type line struct {
	ID, Name string
	Path     string  // as an SVG path
	Points   string  // "x,y x,y"
	Lon, Lat float64 // of its middle
	Along    bool    // the name fits along the line
	X, Y     float64 // of the name otherwise
}

// streetsOf leaves out what cannot be drawn.
func streetsOf(areas []civic.Area) []civic.Area {
	return slices.DeleteFunc(slices.Clone(areas), func(a civic.Area) bool {
		return a.Kind != civic.KindStreet || len(a.Longest()) == 0
	})
}

// draw fits streets into the drawing; nil when there are none.
func draw(streets []civic.Area) *drawing {
	if len(streets) == 0 {
		return nil
	}
	bound := streets[0].Lines.Bound()
	for _, s := range streets[1:] {
		bound = bound.Union(s.Lines.Bound())
	}
	squeeze := math.Cos(bound.Center().Lat() * math.Pi / 180)
	const least = 0.0005 // degrees; a single point is a map too
	wide, high := max((bound.Max.Lon()-bound.Min.Lon())*squeeze, least), max(bound.Max.Lat()-bound.Min.Lat(), least)
	each := max(wide/(mapWidth-2*mapMargin), high/(mapHeight-2*mapMargin)) // degrees of latitude
	centre := bound.Center()
	d := &drawing{
		Width: mapWidth, Height: mapHeight, LonEach: each / squeeze, LatEach: each, Scale: 100 / metresEach / each,
		West: centre.Lon() - mapWidth/2*each/squeeze, North: centre.Lat() + mapHeight/2*each,
	}
	for i, s := range streets {
		d.Streets = append(d.Streets, d.line(i, s))
	}
	d.Houses = houses(d, streets)
	return d
}

func (d *drawing) line(nth int, s civic.Area) line {
	points := slices.Clone(s.Longest())
	if points[0].Lon() > points[len(points)-1].Lon() {
		slices.Reverse(points) // so that the name does not stand on its head
	}
	at := make([]orb.Point, len(points))
	for i, p := range points {
		at[i] = orb.Point{(p.Lon() - d.West) / d.LonEach, (d.North - p.Lat()) / d.LatEach}
	}
	middle := halfway(points)
	return line{
		ID: fmt.Sprintf("street-%d", nth), Name: s.Name, Path: curve(at), Points: pairs(at),
		Lon: middle.Lon(), Lat: middle.Lat(),
		Along: planar.Length(orb.LineString(at)) > letter*float64(len([]rune(s.Name)))+16,
		X:     (middle.Lon() - d.West) / d.LonEach, Y: (d.North-middle.Lat())/d.LatEach + aside,
	}
}

func pairs(at []orb.Point) string {
	all := make([]string, len(at))
	for i, p := range at {
		all[i] = fmt.Sprintf("%.1f,%.1f", p[0], p[1])
	}
	return strings.Join(all, " ")
}

// curve draws a line through all its points without a sharp bend, after Catmull and Rom.
func curve(at []orb.Point) string {
	var path strings.Builder
	path.WriteString("M" + pairs(at[:1]))
	for i := 1; i < len(at); i++ {
		before, from, to, after := at[max(0, i-2)], at[i-1], at[i], at[min(len(at)-1, i+1)]
		path.WriteString(" C" + pairs([]orb.Point{
			{from[0] + (to[0]-before[0])/6, from[1] + (to[1]-before[1])/6},
			{to[0] - (after[0]-from[0])/6, to[1] - (after[1]-from[1])/6},
			to,
		}))
	}
	return path.String()
}

// halfway is the point in the middle of a line, on the line.
func halfway(points orb.LineString) orb.Point {
	var whole float64
	for i := 1; i < len(points); i++ {
		whole += span(points[i-1], points[i])
	}
	left := whole / 2
	for i := 1; i < len(points); i++ {
		step := span(points[i-1], points[i])
		if left <= step && step > 0 {
			part := left / step
			a, b := points[i-1], points[i]
			return orb.Point{a[0] + part*(b[0]-a[0]), a[1] + part*(b[1]-a[1])}
		}
		left -= step
	}
	return points[len(points)-1]
}

func span(a, b orb.Point) float64 {
	squeeze := math.Cos(a.Lat() * math.Pi / 180)
	return math.Hypot((b[0]-a[0])*squeeze, b[1]-a[1])
}
