package civic

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Contains reports whether the point lies within the area's border; never when the border is not known.
func (a Area) Contains(p orb.Point) bool {
	for _, part := range a.Border {
		if part.Bound().Contains(p) && planar.PolygonContains(part, p) {
			return true
		}
	}
	return false
}

// Beyond is how far, in metres, the point lies outside the area's border: 0 inside it, infinite when it is not known.
func (a Area) Beyond(p orb.Point) float64 {
	if a.Contains(p) {
		return 0
	}
	flat, best := planeAt(p), math.Inf(1)
	for _, part := range a.Border {
		for _, ring := range part {
			best = flat.line(ring, best)
		}
	}
	return math.Sqrt(best)
}

// SelfCrossing finds a place where a border crosses or touches itself, so that nobody can say what is inside. Rings are
// closed by themselves: the last point need not be the first.
func SelfCrossing(ring orb.Ring) (at orb.Point, crosses bool) {
	points := slices.Compact(slices.Clone([]orb.Point(ring)))
	if n := len(points); n > 1 && points[0] == points[n-1] {
		points = points[:n-1]
	}
	n := len(points)
	for i := range n {
		a, b := points[i], points[(i+1)%n]
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue // neighbours over the seam
			}
			if p, ok := crossing(a, b, points[j], points[(j+1)%n]); ok {
				return p, true
			}
		}
	}
	return orb.Point{}, false
}

// crossing is where the piece from a to b meets the one from c to d; never for pieces that run side by side.
func crossing(a, b, c, d orb.Point) (orb.Point, bool) {
	if max(a[0], b[0]) < min(c[0], d[0]) || max(c[0], d[0]) < min(a[0], b[0]) ||
		max(a[1], b[1]) < min(c[1], d[1]) || max(c[1], d[1]) < min(a[1], b[1]) {
		return orb.Point{}, false
	}
	rx, ry, sx, sy := b[0]-a[0], b[1]-a[1], d[0]-c[0], d[1]-c[1]
	cross := rx*sy - ry*sx
	if cross == 0 {
		return orb.Point{}, false
	}
	t := ((c[0]-a[0])*sy - (c[1]-a[1])*sx) / cross
	u := ((c[0]-a[0])*ry - (c[1]-a[1])*rx) / cross
	if t < 0 || t > 1 || u < 0 || u > 1 {
		return orb.Point{}, false
	}
	return orb.Point{a[0] + t*rx, a[1] + t*ry}, true
}
