package survey

import (
	"slices"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Plan is what a survey changes in a network, in the order in which it can be stored.
type Plan struct {
	Changes   []Change
	Landmarks []LandmarkChange // see [Plan.Place]
	Same      int              // places of the file that are known as they are
	Missing   []string         // what is known and not in the file; it stays
	Findings  []Remark         // what somebody should look at
	Brought   int              // members who come to another street group with their street, once it is stored
}

// Change is one place that is new, or not as it was.
type Change struct {
	Area  civic.Area // as it will be; ID 0 for a new one
	Group string     // of a street: the name of its street group, whose number may not be known yet
	New   bool
	News  []Remark // what is new about a place that is known; none for a new one
}

// comparison is a survey being set against what is known.
type comparison struct {
	Plan
	Mistakes
	survey Survey
	root   civic.Area
	groups []*group          // those known and those new
	byName map[string]*group // by folded name
	known  map[string][]civic.Area
	codes  map[string]bool // taken, in every network
	named  map[civic.AreaID]bool
	streets
}

// group is a street group as it will be.
type group struct {
	civic.Area
	was   civic.Area // zero for a new one
	at    string     // where the file names it; empty when it does not
	bound *orb.Bound // of the border, once it was asked for
}

// has reports whether a place lies in the street group. Thousands of places are asked for, so most are told apart by the
// rectangle round the border.
func (g *group) has(p orb.Point) bool {
	if g.bound == nil {
		bound := g.Border.Bound()
		g.bound = &bound
	}
	return g.bound.Contains(p) && g.Contains(p)
}

// Compare sets a survey against a network as it is known, from its root down; codes are those taken in any network. The
// error is of type [Mistakes], and then nothing can be changed.
func Compare(known []civic.Area, codes map[string]bool, s Survey) (Plan, error) {
	c := &comparison{
		survey: s, byName: map[string]*group{}, known: map[string][]civic.Area{}, codes: codes, named: map[civic.AreaID]bool{},
	}
	for _, a := range known {
		switch a.Kind {
		case civic.KindNetwork:
			c.root = a
		case civic.KindGroup:
			c.addGroup(&group{Area: a, was: a})
		case civic.KindStreet:
			c.known[fold(a.Name)] = append(c.known[fold(a.Name)], a)
		}
	}
	c.rootBorder()
	for _, g := range s.Groups {
		c.group(g)
	}
	c.prefixes()
	if err := c.orNil(); err != nil {
		return Plan{}, err
	}
	c.saveGroups()
	c.allot()
	if err := c.orNil(); err != nil {
		return Plan{}, err
	}
	c.missing(known)
	c.check(known)
	return c.Plan, nil
}

func (c *comparison) addGroup(g *group) {
	c.groups = append(c.groups, g)
	c.byName[fold(g.Name)] = g
}

// groupOf is the street group with this number; nil when there is none.
func (c *comparison) groupOf(id civic.AreaID) *group {
	i := slices.IndexFunc(c.groups, func(g *group) bool { return id != 0 && g.ID == id })
	if i < 0 {
		return nil
	}
	return c.groups[i]
}

func (c *comparison) rootBorder() {
	switch {
	case len(c.survey.Root) == 0:
	case c.root.Border.Equal(c.survey.Root):
		c.Same++
	default:
		news := bordered(c.root.Border)
		c.root.Border = c.survey.Root
		c.Changes = append(c.Changes, Change{Area: c.root, News: []Remark{news}})
	}
}

// group takes a street group of the file.
func (c *comparison) group(g Group) {
	at, known := c.byName[fold(g.Name)]
	if !known {
		at = &group{Area: civic.Area{Parent: c.root.ID, Network: c.root.ID, Kind: civic.KindGroup}}
		at.Name = g.Name
		c.addGroup(at)
	}
	at.at, at.Name = g.At, g.Name
	if g.Prefix != "" {
		at.Prefix = g.Prefix
	}
	if len(g.Border) > 0 {
		at.Border = g.Border
	}
}

// prefixes gives each street group a prefix of its own; one that the file names goes before one that is made.
func (c *comparison) prefixes() {
	taken := map[string]*group{}
	for _, g := range c.groups {
		if g.Prefix == "" {
			continue
		}
		if other := taken[g.Prefix]; other != nil {
			c.add("%s: the prefix %s is that of %s and of %s. Give each street group one of its own", g.place(), g.Prefix,
				other.Name, g.Name)
		}
		taken[g.Prefix] = g
	}
	for _, g := range c.groups {
		if g.Prefix != "" {
			continue
		}
		g.Prefix = makePrefix(g.Name, func(p string) bool { return taken[p] != nil })
		if g.Prefix == "" {
			c.add("%s: no prefix can be made of %s. Give it one of 2 to 5 letters", g.place(), quote(g.Name))
		}
		taken[g.Prefix] = g
	}
}

func (g *group) place() string {
	if g.at == "" {
		return "the network"
	}
	return g.at
}

func (c *comparison) saveGroups() {
	for _, g := range c.groups {
		if g.at == "" {
			continue
		}
		if g.Code == "" {
			g.Code = c.makeCode(g.Name)
		}
		switch news := g.differs(); {
		case g.ID == 0:
			c.Changes = append(c.Changes, Change{Area: g.Area, New: true})
		case len(news) == 0:
			c.Same++
		default:
			c.Changes = append(c.Changes, Change{Area: g.Area, News: news})
		}
	}
}

// differs says what is new about a street group that is known.
func (g *group) differs() []Remark {
	var news []Remark
	if g.Name != g.was.Name {
		news = append(news, remark("respelt", "was", g.was.Name))
	}
	if g.Prefix != g.was.Prefix {
		news = append(news, remark("prefix", "prefix", g.Prefix, "was", g.was.Prefix))
	}
	if g.Code != g.was.Code {
		news = append(news, remark("code", "code", g.Code))
	}
	if !g.Border.Equal(g.was.Border) {
		news = append(news, bordered(g.was.Border))
	}
	return news
}

// bordered says that there is a border now, or another one.
func bordered(was orb.MultiPolygon) Remark {
	if len(was) == 0 {
		return remark("border")
	}
	return remark("border.other")
}

// missing lists what is known and not in the file: of the kinds that the file speaks of.
func (c *comparison) missing(known []civic.Area) {
	for _, g := range c.groups {
		if g.at == "" && len(c.survey.Groups) > 0 {
			c.Missing = append(c.Missing, "street group "+g.Name)
		}
	}
	if len(c.survey.Streets) == 0 {
		return
	}
	for _, a := range known {
		if a.Kind == civic.KindStreet && !c.named[a.ID] {
			c.Missing = append(c.Missing, "street "+a.Name+" in "+c.groupOf(a.Parent).Name)
		}
	}
}

// lineKey orders lines, and tells whether two are the same.
func lineKey(a, b orb.LineString) int {
	if n := len(a) - len(b); n != 0 {
		return n
	}
	for i := range a {
		for axis := range a[i] {
			switch {
			case a[i][axis] < b[i][axis]:
				return -1
			case a[i][axis] > b[i][axis]:
				return 1
			}
		}
	}
	return 0
}
