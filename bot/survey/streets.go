package survey

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	// apart is how far pieces of one street lie from each other at most, in metres; what is farther is another street of
	// the same name.
	apart = 300.0
	// Of a street this part and this many metres lie in another street group before it is said to be in two.
	muchShare, muchMetres = 0.2, 50.0
	sampleEach            = 10.0 // metres between the places at which a line is looked at
)

// streets is what is found out while streets are allotted.
type streets struct {
	outside []string // streets in no street group
	twice   []Remark // findings about streets in two
	beyond  []string // streets that are known and lie outside the border of their group
	unsure  []Remark // findings about streets of one name
}

// parcel is a street of the file: everything of one name that lies together.
type parcel struct {
	name   string
	group  map[string]float64 // the groups that the file names, with what of the street is said to be in each
	lines  orb.MultiLineString
	others int // more streets of this name in the file
}

// allot puts every street of the file into its street group.
func (c *comparison) allot() {
	for _, p := range c.parcels() {
		known := c.known[fold(p.name)]
		g, ok := c.groupFor(p, known)
		if !ok {
			continue
		}
		c.saveStreet(p, g, match(p, g, known))
	}
}

// match finds the street that is known already: the one of this name in the group, or else the only one of this name.
func match(p parcel, g *group, known []civic.Area) civic.Area {
	for _, a := range known {
		if g.ID != 0 && a.Parent == g.ID {
			return a
		}
	}
	if len(known) == 1 && p.others == 0 {
		return known[0]
	}
	return civic.Area{}
}

// saveStreet notes what changes about a street.
func (c *comparison) saveStreet(p parcel, g *group, was civic.Area) {
	a := was
	a.Network, a.Kind, a.Parent, a.Name = c.root.ID, civic.KindStreet, g.ID, p.name
	if len(p.lines) > 0 {
		a.Lines = p.lines
	}
	if a.Code == "" {
		a.Code = c.makeCode(p.name)
	}
	if was.ID == 0 {
		c.Changes = append(c.Changes, Change{Area: a, Group: g.Name, New: true})
		return
	}
	c.named[was.ID] = true
	var news []Remark
	if a.Name != was.Name {
		news = append(news, remark("respelt", "was", was.Name))
	}
	if old := c.groupOf(was.Parent); old != g {
		news = append(news, remark("moved", "from", old.Name, "group", g.Name))
	}
	switch {
	case a.Lines.Equal(was.Lines):
	case len(was.Lines) == 0:
		news = append(news, remark("line"))
	default:
		news = append(news, remark("line.other", "metres", rounded(geo.Length(a.Lines)), "was", rounded(geo.Length(was.Lines))))
	}
	if a.Code != was.Code {
		news = append(news, remark("code", "code", a.Code))
	}
	if len(news) == 0 {
		c.Same++
		return
	}
	c.Changes = append(c.Changes, Change{Area: a, Group: g.Name, News: news})
}

// parcels joins the pieces of each street.
func (c *comparison) parcels() []parcel {
	var order []string
	byName := map[string][]Street{}
	for _, s := range c.survey.Streets {
		key := fold(s.Name)
		if byName[key] == nil {
			order = append(order, key)
		}
		byName[key] = append(byName[key], s)
	}
	var all []parcel
	for _, key := range order {
		all = append(all, joined(byName[key])...)
	}
	return all
}

// joined makes one parcel of the pieces that lie together, the largest first.
func joined(pieces []Street) []parcel {
	var parcels []parcel
	for _, piece := range pieces {
		whole := parcel{name: piece.Name, lines: piece.Lines, group: map[string]float64{}}
		if piece.Group != "" {
			whole.group[piece.Group] += geo.Length(piece.Lines)
		}
		parcels = slices.DeleteFunc(parcels, func(p parcel) bool {
			if !near(p.lines, whole.lines) {
				return false
			}
			whole.lines = append(slices.Clone(p.lines), whole.lines...)
			whole.name = p.name
			for g, metres := range p.group {
				whole.group[g] += metres
			}
			return true
		})
		parcels = append(parcels, whole)
	}
	for i := range parcels {
		slices.SortFunc(parcels[i].lines, lineKey)
		parcels[i].lines = slices.CompactFunc(parcels[i].lines, func(a, b orb.LineString) bool { return lineKey(a, b) == 0 })
		parcels[i].others = len(parcels) - 1
	}
	slices.SortStableFunc(parcels, func(a, b parcel) int { return int(geo.Length(b.lines) - geo.Length(a.lines)) })
	return parcels
}

// near reports whether two lines lie so close that they can be one street; lists have no lines, and one street of a name.
func near(a, b orb.MultiLineString) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	return geo.BoundPad(a.Bound(), apart).Intersects(b.Bound()) && (within(a, b) || within(b, a))
}

// within reports whether a corner of b lies close to a.
func within(a, b orb.MultiLineString) bool {
	for _, line := range b {
		for _, p := range line {
			if civic.Distance(a, p) <= apart {
				return true
			}
		}
	}
	return false
}

// groupFor decides to which street group a street belongs: the file's word, then where it is known, then the borders.
func (c *comparison) groupFor(p parcel, known []civic.Area) (*group, bool) {
	if len(p.group) > 0 {
		return c.saidGroup(p)
	}
	shares, whole := c.shares(p.lines)
	most := largest(shares)
	if len(known) == 1 && p.others == 0 {
		return c.staysOrMoves(p, c.groupOf(known[0].Parent), shares, whole), true
	}
	if most == nil || shares[most] < min(muchShare*whole, muchMetres) {
		if len(known) > 0 {
			c.unsure = append(c.unsure, remark("unsure", "name", p.name, "streets", len(known)))
			return nil, false
		}
		c.outside = append(c.outside, p.name)
		return nil, false
	}
	c.inTwo(p.name, most, shares, whole)
	return most, true
}

// saidGroup is the street group that the file names; of several the one with most of the street.
func (c *comparison) saidGroup(p parcel) (*group, bool) {
	names := slices.SortedFunc(maps.Keys(p.group), func(a, b string) int {
		if p.group[a] != p.group[b] {
			return int(math.Copysign(1, p.group[b]-p.group[a]))
		}
		return strings.Compare(a, b)
	})
	if len(names) > 1 {
		c.twice = append(c.twice, Remark{Kind: "file.two", Names: names, Args: []any{"name", p.name, "group", names[0]}})
	}
	g, known := c.byName[fold(names[0])]
	if !known {
		c.add("%s: there is no street group %s. Give its border in the map, or import a list with its prefix first",
			p.name, quote(names[0]))
	}
	return g, known
}

// staysOrMoves leaves a street where it is known while part of it lies there.
func (c *comparison) staysOrMoves(p parcel, here *group, shares map[*group]float64, whole float64) *group {
	most := largest(shares)
	switch {
	case most == nil || len(here.Border) == 0:
		if len(here.Border) > 0 && whole > 0 {
			c.beyond = append(c.beyond, fmt.Sprintf("%s, in %s", p.name, here.Name))
		}
		return here
	case shares[here] >= min(muchShare*whole, muchMetres):
		c.inTwo(p.name, here, shares, whole)
		return here
	}
	c.inTwo(p.name, most, shares, whole)
	return most
}

// inTwo notes that much of a street lies in another group than the one it goes to.
func (c *comparison) inTwo(name string, in *group, shares map[*group]float64, length float64) {
	for _, g := range c.groups {
		if share := shares[g]; g != in && share >= muchShare*length && share >= muchMetres {
			c.twice = append(c.twice, remark("in.two", "name", name, "part", rounded(share), "metres", rounded(length),
				"other", g.Name, "group", in.Name))
		}
	}
}

// shares is how many metres of a street lie in each street group, and how long it is.
func (c *comparison) shares(lines orb.MultiLineString) (map[*group]float64, float64) {
	shares, whole := map[*group]float64{}, 0.0
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			length := geo.Distance(line[i-1], line[i])
			steps := math.Ceil(length/sampleEach) + 1
			whole += length
			for n := range int(steps) {
				f := (float64(n) + 0.5) / steps
				at := orb.Point{line[i-1][0] + f*(line[i][0]-line[i-1][0]), line[i-1][1] + f*(line[i][1]-line[i-1][1])}
				for _, g := range c.groups {
					if g.has(at) {
						shares[g] += length / steps
					}
				}
			}
		}
	}
	return shares, whole
}

// largest is the group with most of a street; nil when it lies in none.
func largest(shares map[*group]float64) *group {
	var most *group
	for g, share := range shares {
		if most == nil || share > shares[most] || share == shares[most] && g.Name < most.Name {
			most = g
		}
	}
	return most
}
