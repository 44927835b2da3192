package civic

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// Valid reports whether the point is a place on earth: longitude and latitude in range, and not 0,0, which is what
// programs send when they do not know.
func Valid(p orb.Point) bool {
	return math.Abs(p.Lon()) <= 180 && math.Abs(p.Lat()) <= 90 && p != orb.Point{}
}

// Nearest is the street whose line comes closest to the point, and how far that is in metres; of two that are equally
// close, the one with the lower number. It is false when the point is not [Valid] or no area is a street with a line.
func Nearest(areas []Area, p orb.Point) (street Area, metres float64, ok bool) {
	if !Valid(p) {
		return Area{}, 0, false
	}
	for _, area := range areas {
		if area.Kind != KindStreet {
			continue
		}
		far, known := distance(area.Line, p)
		if known && (!ok || far < metres || far == metres && area.ID < street.ID) {
			street, metres, ok = area, far, true
		}
	}
	return street, metres, ok
}

// distance is how far, in metres, the point lies from the line; false when the line has no points.
func distance(line orb.LineString, p orb.Point) (metres float64, ok bool) {
	if len(line) == 0 {
		return 0, false
	}
	metres = geo.Distance(line[0], p)
	for i := 1; i < len(line); i++ {
		metres = min(metres, geo.Distance(closest(line[i-1], line[i], p), p))
	}
	return metres, !math.IsNaN(metres)
}

// closest is the point between a and b that is closest to p, on a plane laid against the earth at p. Streets are short
// enough for that: over 10 km it errs by less than a metre.
func closest(a, b, p orb.Point) orb.Point {
	squeeze := math.Cos(p.Lat() * math.Pi / 180)
	dx, dy := (b.Lon()-a.Lon())*squeeze, b.Lat()-a.Lat()
	length := dx*dx + dy*dy
	if length == 0 {
		return a
	}
	along := ((p.Lon()-a.Lon())*squeeze*dx + (p.Lat()-a.Lat())*dy) / length
	along = max(0, min(1, along))
	return orb.Point{a.Lon() + along*(b.Lon()-a.Lon()), a.Lat() + along*(b.Lat()-a.Lat())}
}
