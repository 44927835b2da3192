package sandbox

import (
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// The houses of the drawing, in its units; nothing depends on them.
const (
	houseSide  = 15.0
	houseEach  = 27.0 // along the street
	houseFront = 29.0 // from the middle of the street
	houseRoom  = 21.0 // to the middle of another house
)

// houses draws a row on both sides of every street, where there is room.
func houses(d *drawing, streets []civic.Area) string {
	lines := make([]orb.LineString, len(streets))
	for i, s := range streets {
		for _, p := range s.Longest() {
			lines[i] = append(lines[i], orb.Point{(p.Lon() - d.West) / d.LonEach, (d.North - p.Lat()) / d.LatEach})
		}
	}
	var built []orb.Point
	var paths []string
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			built, paths = row(l[i-1], l[i], lines, built, paths)
		}
	}
	return strings.Join(paths, " ")
}

// row builds along one straight piece of a street.
func row(a, b orb.Point, lines []orb.LineString, built []orb.Point, paths []string) ([]orb.Point, []string) {
	length := planar.Distance(a, b)
	along := orb.Point{(b[0] - a[0]) / length, (b[1] - a[1]) / length}
	for at := houseEach / 2; at < length; at += houseEach {
		for _, side := range []float64{-houseFront, houseFront} {
			house := orb.Point{a[0] + along[0]*at - along[1]*side, a[1] + along[1]*at + along[0]*side}
			if free(house, lines, built) {
				built, paths = append(built, house), append(paths, square(house, along))
			}
		}
	}
	return built, paths
}

func free(house orb.Point, lines []orb.LineString, built []orb.Point) bool {
	crowded := slices.ContainsFunc(built, func(b orb.Point) bool { return planar.Distance(b, house) < houseRoom })
	return !crowded && !slices.ContainsFunc(lines, func(l orb.LineString) bool {
		return planar.DistanceFrom(l, house) < houseFront-1
	})
}

func square(middle, along orb.Point) string {
	half := houseSide / 2
	var corners []orb.Point
	for turn := range 4 {
		angle := math.Pi/4 + float64(turn)*math.Pi/2
		x, y := math.Cos(angle)*half*math.Sqrt2, math.Sin(angle)*half*math.Sqrt2
		corners = append(corners, orb.Point{middle[0] + along[0]*x - along[1]*y, middle[1] + along[1]*x + along[0]*y})
	}
	return "M" + pairs(corners) + "Z"
}
