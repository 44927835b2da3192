package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// check notes what somebody should look at, in the order in which it matters.
func (c *comparison) check(known []civic.Area) {
	c.Findings = append(c.Findings, c.twice...)
	c.Findings = append(c.Findings, c.unsure...)
	c.list("beyond", c.beyond)
	c.list("outside", c.outside)
	c.overlaps()
	c.gaps()
	if c.survey.Map && len(c.survey.Streets) > 0 {
		c.list("no.line", c.withoutLine(known))
	}
	c.list("no.street", c.empty(known))
	c.alike(known)
}

// list notes several of a kind in one finding.
func (c *comparison) list(kind string, names []string) {
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	c.Findings = append(c.Findings, Remark{Kind: kind, Names: names})
}

// Names lists names, and says how many more there are.
func Names(names []string) string {
	const enough = 10
	if len(names) <= enough {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:enough], ", "), len(names)-enough)
}

// least is the surface, in square metres, from which an overlap or a gap is worth looking at: a garden.
const least = 200.0

// overlaps notes street groups whose borders overlap.
func (c *comparison) overlaps() {
	for i, a := range c.groups {
		for _, b := range c.groups[i+1:] {
			if len(a.Border) == 0 || len(b.Border) == 0 {
				continue
			}
			both := func(p orb.Point) bool { return a.has(p) && b.has(p) }
			if metres, at := surface(cut(a.Border.Bound(), b.Border.Bound()), both); metres >= least {
				c.Findings = append(c.Findings, remark("overlap", "group", a.Name, "other", b.Name, "metres", rounded(metres),
					"place", place(at)))
			}
		}
	}
}

// gaps notes what of the network lies in no street group.
func (c *comparison) gaps() {
	if len(c.root.Border) == 0 {
		return
	}
	none := func(p orb.Point) bool {
		return c.root.Contains(p) && !slices.ContainsFunc(c.groups, func(g *group) bool { return g.has(p) })
	}
	if metres, at := surface(c.root.Border.Bound(), none); metres >= least {
		c.Findings = append(c.Findings, remark("gap", "metres", rounded(metres), "place", place(at)))
	}
}

func cut(a, b orb.Bound) orb.Bound {
	return orb.Bound{
		Min: orb.Point{max(a.Min[0], b.Min[0]), max(a.Min[1], b.Min[1])},
		Max: orb.Point{min(a.Max[0], b.Max[0]), min(a.Max[1], b.Max[1])},
	}
}

// surface is about how many square metres of a rectangle are so, and where that begins. It looks at a point in each of
// 200 by 200 cells.
func surface(b orb.Bound, so func(orb.Point) bool) (metres float64, first orb.Point) {
	if b.Min[0] >= b.Max[0] || b.Min[1] >= b.Max[1] {
		return 0, first
	}
	const cells = 200
	wide, high := (b.Max[0]-b.Min[0])/cells, (b.Max[1]-b.Min[1])/cells
	hits := 0
	for i := range cells {
		for j := range cells {
			p := orb.Point{b.Min[0] + (float64(i)+0.5)*wide, b.Min[1] + (float64(j)+0.5)*high}
			if !so(p) {
				continue
			}
			if hits == 0 {
				first = p
			}
			hits++
		}
	}
	return float64(hits) / (cells * cells) * geo.BoundWidth(b) * geo.BoundHeight(b), first
}

// place is a point as maps and phones take it: north first.
func place(p orb.Point) string { return fmt.Sprintf("%.5f, %.5f", p.Lat(), p.Lon()) }

func rounded(metres float64) int { return int(math.Round(metres)) }

// after is the streets as they will be.
func (c *comparison) after(known []civic.Area) []civic.Area {
	changed := map[civic.AreaID]bool{}
	var all []civic.Area
	for _, change := range c.Changes {
		if change.Area.Kind == civic.KindStreet {
			all = append(all, change.Area)
			changed[change.Area.ID] = true
		}
	}
	for _, a := range known {
		if a.Kind == civic.KindStreet && !changed[a.ID] {
			all = append(all, a)
		}
	}
	return all
}

func (c *comparison) withoutLine(known []civic.Area) []string {
	var names []string
	for _, a := range c.after(known) {
		if len(a.Lines) == 0 {
			names = append(names, a.Name)
		}
	}
	return names
}

func (c *comparison) empty(known []civic.Area) []string {
	full := map[string]bool{}
	moved := map[civic.AreaID]bool{}
	for _, change := range c.Changes {
		if change.Area.Kind == civic.KindStreet {
			full[fold(change.Group)] = true
			moved[change.Area.ID] = true
		}
	}
	for _, a := range known {
		if a.Kind == civic.KindStreet && !moved[a.ID] {
			full[fold(c.groupOf(a.Parent).Name)] = true
		}
	}
	var names []string
	for _, g := range c.groups {
		if !full[fold(g.Name)] {
			names = append(names, g.Name)
		}
	}
	return names
}

// alike notes names that may be one street written twice, and names that differ in their ending only, of which people
// take one for the other.
func (c *comparison) alike(known []civic.Area) {
	var names []string
	seen := map[string]int{}
	for _, a := range c.after(known) {
		if seen[a.Name]++; seen[a.Name] == 1 {
			names = append(names, a.Name)
		}
	}
	slices.Sort(names)
	var twice []string
	for _, name := range names {
		if seen[name] > 1 {
			twice = append(twice, fmt.Sprintf("%s (%d)", name, seen[name]))
		}
	}
	c.list("one.name", twice)
	c.list("spellings", spellings(names))
	c.list("endings", endings(names))
}

// short forms in names of streets, as signs and registers write them.
var shortForms = map[string]string{
	"st": "sint", "burg": "burgemeester", "dr": "doctor", "ds": "dominee", "pr": "prins", "past": "pastoor",
	"prof": "professor", "str": "straat", "ln": "laan", "v": "van", "d": "de", "mgr": "monseigneur", "gen": "generaal",
}

func longForm(name string) string {
	words := strings.Fields(fold(name))
	for i, word := range words {
		if long, ok := shortForms[word]; ok {
			words[i] = long
		}
	}
	whole := strings.Join(words, "")
	if stem, ok := strings.CutSuffix(whole, "str"); ok {
		return stem + "straat"
	}
	return whole
}

// spellings lists pairs of names that are one letter apart or the same when written out. Names that share a letter left
// out are found by what remains, so that a town does not take a comparison of all with all.
func spellings(names []string) []string {
	rest := map[string][]int{}
	for i, name := range names {
		long := []rune(longForm(name))
		seen := map[string]bool{string(long): true}
		for j := range long {
			seen[string(long[:j])+string(long[j+1:])] = true
		}
		for key := range seen {
			rest[key] = append(rest[key], i)
		}
	}
	pairs := map[[2]int]bool{}
	for _, same := range rest {
		for n, i := range same {
			for _, j := range same[n+1:] {
				pairs[[2]int{min(i, j), max(i, j)}] = true
			}
		}
	}
	var all []string
	for pair := range pairs {
		a, b := longForm(names[pair[0]]), longForm(names[pair[1]])
		if levenshtein.Distance(a, b, nil) <= 1 && digits(a) == digits(b) {
			all = append(all, names[pair[0]]+" / "+names[pair[1]])
		}
	}
	return all
}

// digits are the figures in a name: 1e and 2e Dwarsstraat are two streets.
func digits(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}

// roadWords are what names of streets end in.
var roadWords = []string{
	"straat", "laan", "weg", "hof", "pad", "plein", "dijk", "steeg", "kade", "singel", "dreef", "park", "ring", "plantsoen",
	"erf", "lei", "baan", "akker", "gracht",
}

// endings lists the names that differ in their ending only.
func endings(names []string) []string {
	stems := map[string][]string{}
	for _, name := range names {
		whole := strings.ReplaceAll(fold(name), " ", "")
		for _, word := range roadWords {
			if stem, ok := strings.CutSuffix(whole, word); ok && len(stem) > 2 {
				stems[stem] = append(stems[stem], name)
				break
			}
		}
	}
	var all []string
	for _, same := range stems {
		if len(same) > 1 {
			all = append(all, strings.Join(same, " / "))
		}
	}
	return all
}
