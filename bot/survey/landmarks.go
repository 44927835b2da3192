package survey

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Landmark is a place that people name instead of a street, as a map has it.
type Landmark struct {
	Name  string
	Also  []string
	Point orb.Point
	At    string
}

// LandmarkChange is a landmark that is new, or not as it was.
type LandmarkChange struct {
	Landmark civic.Landmark // as it will be; ID 0 for a new one
	Street   string         // at which it lies
	New      bool
	News     []Remark // what is new about one that is known
}

// otherNames are what maps call the other names of a thing (wiki.openstreetmap.org, Names); several are parted by ";".
var otherNames = []string{"also", "ook", "alt_name", "short_name", "loc_name", "official_name"}

// sameThing is how far apart, in metres, two points of one name are drawn at most that mean the same thing.
const sameThing = 50.0

// mostOthers is how many other names a landmark may have; maps list more of what is famous.
const mostOthers = 8

// point takes a named point as a landmark.
func (m *mapping) point(name string, p properties, at orb.Point) {
	switch {
	case name == "":
		m.left["points"]++
		return
	case p["place"] != "" || p["highway"] != "":
		m.left["towns"]++
		return
	case !m.here(name, orb.LineString{at}):
		return
	}
	l := Landmark{Name: name, Point: at, At: m.at}
	for _, key := range otherNames {
		for other := range strings.SplitSeq(p[key], ";") {
			other, wrong := tidy(other)
			taken := func(s string) bool { return fold(s) == fold(other) }
			if wrong == "" && other != "" && !taken(name) && len(l.Also) < mostOthers && !slices.ContainsFunc(l.Also, taken) {
				l.Also = append(l.Also, other)
			}
		}
	}
	m.kept++
	m.Landmarks = append(m.Landmarks, l)
}

// Place sets the landmarks of a survey against those that are known, once the areas are as the plan makes them, and adds to
// the plan what changes. What lies at no street of the network is left out, and named.
func (p *Plan) Place(areas []civic.Area, known []civic.Landmark, s Survey) {
	if len(s.Landmarks) == 0 {
		return
	}
	c := &comparison{Plan: *p}
	var outside []string
	used := map[int64]bool{}
	var all []civic.Landmark
	for _, l := range once(s.Landmarks) {
		street, ok := civic.StreetOf(areas, civic.Landmark{At: l.Point})
		if !ok {
			outside = append(outside, l.Name)
			continue
		}
		was := knownAs(known, l, used)
		used[was.ID] = true
		now := civic.Landmark{ID: was.ID, Network: street.Network, Name: l.Name, Also: l.Also, At: l.Point}
		all = append(all, now)
		c.landmark(now, was, street)
	}
	for _, l := range known {
		if !used[l.ID] {
			c.Missing = append(c.Missing, "landmark "+l.Name)
			all = append(all, l)
		}
	}
	c.list("landmark.outside", outside)
	c.confusing(areas, all)
	*p = c.Plan
}

// landmark notes what changes about one.
func (c *comparison) landmark(now, was civic.Landmark, street civic.Area) {
	var news []Remark
	if !now.SameNames(was) {
		news = append(news, remark("names"))
	}
	if now.At != was.At {
		news = append(news, remark("point", "street", street.Name))
	}
	if was.ID != 0 && len(news) == 0 {
		c.Same++
		return
	}
	change := LandmarkChange{Landmark: now, Street: street.Name, New: was.ID == 0}
	if !change.New {
		change.News = news
	}
	c.Landmarks = append(c.Landmarks, change)
}

// once leaves out what is drawn twice: the same name at the same spot.
func once(landmarks []Landmark) []Landmark {
	var all []Landmark
	for _, l := range landmarks {
		same := func(o Landmark) bool {
			return fold(o.Name) == fold(l.Name) && geo.Distance(o.Point, l.Point) <= sameThing
		}
		if !slices.ContainsFunc(all, same) {
			all = append(all, l)
		}
	}
	return all
}

// knownAs finds the landmark that is known already: of this name, the nearest of those that are not taken by another. One
// that lies farther than another street of its name would is a second of that name, unless it is the only one.
func knownAs(known []civic.Landmark, l Landmark, used map[int64]bool) civic.Landmark {
	var best civic.Landmark
	named := 0
	for _, k := range known {
		if fold(k.Name) != fold(l.Name) {
			continue
		}
		named++
		if !used[k.ID] && (best.ID == 0 || geo.Distance(k.At, l.Point) < geo.Distance(best.At, l.Point)) {
			best = k
		}
	}
	if named > 1 && best.ID != 0 && geo.Distance(best.At, l.Point) > apart {
		return civic.Landmark{}
	}
	return best
}

// confusing notes landmarks of one name, and those that are called as a street is.
func (c *comparison) confusing(areas []civic.Area, all []civic.Landmark) {
	streets, seen := map[string]bool{}, map[string]int{}
	for _, a := range areas {
		if a.Kind == civic.KindStreet {
			streets[fold(a.Name)] = true
		}
	}
	var twice, asStreet []string
	for _, l := range all {
		if seen[fold(l.Name)]++; seen[fold(l.Name)] == 2 {
			twice = append(twice, l.Name)
		}
		if streets[fold(l.Name)] {
			asStreet = append(asStreet, l.Name)
		}
	}
	c.list("landmark.name", twice)
	c.list("landmark.street", asStreet)
}
