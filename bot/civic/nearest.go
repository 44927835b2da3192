package civic

import (
	"math"

	"github.com/paulmach/orb"
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
	at := -1
	flat := planeAt(p)
	best := math.Inf(1)
	for i := range areas {
		if areas[i].Kind != KindStreet {
			continue
		}
		// What is as far as the best so far counts, too: the lower number is taken.
		far := flat.lines(areas[i].Lines, math.Nextafter(best, math.Inf(1)))
		if far < best || far == best && at >= 0 && areas[i].ID < areas[at].ID { //nolint:gosec // at is an index, or below 0
			at, best = i, far
		}
	}
	if at < 0 {
		return Area{}, 0, false
	}
	return areas[at], math.Sqrt(best), true
}

// plane is a flat map in metres, laid against the earth at its middle. Streets are short enough for that: over 10 km it
// errs by less than a metre. It makes no list of anything, because the nearest street is looked for among thousands.
type plane struct {
	middle  orb.Point
	lon, la float64 // metres of a degree
}

func planeAt(p orb.Point) plane {
	const degree = orb.EarthRadius * math.Pi / 180
	return plane{middle: p, lon: degree * math.Cos(p.Lat()*math.Pi/180), la: degree}
}

func (f plane) x(p orb.Point) float64 { return (p[0] - f.middle[0]) * f.lon }
func (f plane) y(p orb.Point) float64 { return (p[1] - f.middle[1]) * f.la }

// lines is the square of the distance from the middle to the nearest of several lines, if that is less than best; best
// otherwise.
func (f plane) lines(all orb.MultiLineString, best float64) float64 {
	for _, line := range all {
		best = f.line(line, best)
	}
	return best
}

// line does so for one line. Points that are nowhere (NaN) are as far as can be. Most pieces of a town's streets lie
// wholly to one side of what is near enough, and are left out without being measured.
func (f plane) line(line []orb.Point, best float64) float64 {
	if len(line) == 0 {
		return best
	}
	reach := math.Sqrt(best)
	ax, ay := f.x(line[0]), f.y(line[0])
	if far := ax*ax + ay*ay; far < best {
		best, reach = far, math.Sqrt(far)
	}
	for i := 1; i < len(line); i++ {
		bx, by := f.x(line[i]), f.y(line[i])
		aside := ax > reach && bx > reach || ax < -reach && bx < -reach || ay > reach && by > reach || ay < -reach && by < -reach
		if !aside {
			if far := toOrigin(ax, ay, bx, by); far < best {
				best, reach = far, math.Sqrt(far)
			}
		}
		ax, ay = bx, by
	}
	return best
}

// toOrigin is the square of the distance from 0,0 to the piece from a to b.
func toOrigin(ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	if length := dx*dx + dy*dy; length > 0 {
		along := max(0, min(1, -(ax*dx+ay*dy)/length))
		ax, ay = ax+along*dx, ay+along*dy
	}
	return ax*ax + ay*ay
}

// Distance is how far, in metres, the point lies from the nearest of several lines; infinite when there is none.
func Distance(lines orb.MultiLineString, p orb.Point) float64 {
	return math.Sqrt(planeAt(p).lines(lines, math.Inf(1)))
}
