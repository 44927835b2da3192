package sandbox

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// The drawing, in its own units.
const (
	mapWidth   = 640.0
	mapHeight  = 420.0
	mapMargin  = 56.0
	letter     = 8.2      // of a street name, on average
	metresEach = 111320.0 // of a degree of latitude
)

// drawing is the map as the page draws it: north is up, and a metre is as long in both directions.
type drawing struct {
	Width, Height    float64
	West, North      float64 // of the upper left corner
	LonEach, LatEach float64 // degrees in one unit
	Scale            float64 // units that are 100 m long
	Streets          []line
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
		return a.Kind != civic.KindStreet || len(a.Line) == 0
	})
}

// draw fits streets into the drawing; nil when there are none.
func draw(streets []civic.Area) *drawing {
	if len(streets) == 0 {
		return nil
	}
	bound := streets[0].Line.Bound()
	for _, s := range streets[1:] {
		bound = bound.Union(s.Line.Bound())
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
	return d
}

func (d *drawing) line(nth int, s civic.Area) line {
	points := slices.Clone(s.Line)
	if points[0].Lon() > points[len(points)-1].Lon() {
		slices.Reverse(points) // so that the name does not stand on its head
	}
	l := line{ID: fmt.Sprintf("street-%d", nth), Name: s.Name}
	var path, pairs []string
	var length float64
	var before orb.Point
	for i, p := range points {
		at := orb.Point{(p.Lon() - d.West) / d.LonEach, (d.North - p.Lat()) / d.LatEach}
		pair := fmt.Sprintf("%.1f,%.1f", at[0], at[1])
		pairs = append(pairs, pair)
		if i == 0 {
			path = append(path, "M"+pair)
		} else {
			path = append(path, "L"+pair)
			length += math.Hypot(at[0]-before[0], at[1]-before[1])
		}
		before = at
	}
	l.Path, l.Points = strings.Join(path, " "), strings.Join(pairs, " ")
	middle := halfway(points)
	l.Lon, l.Lat = middle.Lon(), middle.Lat()
	l.Along = length > letter*float64(len([]rune(s.Name)))+16
	l.X, l.Y = (middle.Lon()-d.West)/d.LonEach, (d.North-middle.Lat())/d.LatEach+22
	return l
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
