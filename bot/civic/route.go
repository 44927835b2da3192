package civic

import (
	"slices"
	"time"
)

// Rule says which partners a case belongs to. What is zero does not matter to it; of the rules that fit a case the most
// particular one counts, and of two that are alike the newer.
type Rule struct {
	ID       int64 // 0 = it stands in [Categories]
	Network  AreaID
	Category Category
	Area     AreaID // a street, a street group or the network
	From     int    // hour of the day, by the network's clock; the same as Until = all day
	Until    int
	Weekend  bool // on Saturdays and Sundays only
	Partners []Role
	Within   time.Duration // by when its partners say something, counted from when they get a case; 0 = [PartnerPromise]
}

// Fits reports whether a rule is about a case, at a time on the network's clock.
func (r Rule) Fits(c Case, local time.Time) bool {
	day := local.Weekday()
	switch {
	case r.Category != "" && r.Category != c.Category:
		return false
	case r.Area != 0 && !c.Scope().Covers(r.Area):
		return false
	case r.Weekend && day != time.Saturday && day != time.Sunday:
		return false
	}
	return r.holds(local.Hour())
}

// holds reports whether the rule counts at an hour of the day; its hours may go past midnight.
func (r Rule) holds(hour int) bool {
	switch {
	case r.From == r.Until:
		return true
	case r.From < r.Until:
		return hour >= r.From && hour < r.Until
	}
	return hour >= r.From || hour < r.Until
}

// weight is how particular a rule is about a case: the area counts most, then the category, then the time.
func (r Rule) weight(c Case) int {
	w := 0
	if places := []AreaID{c.Street, c.Group, c.Network}; r.Area != 0 {
		w = 10 * (len(places) - slices.Index(places, r.Area))
	}
	if r.Category != "" {
		w += 5
	}
	if r.From != r.Until || r.Weekend {
		w++
	}
	return w
}

// Route is the rule that says where a case belongs at a time on the network's clock. Where no rule of the network's fits
// it is the row of [Categories].
func Route(rules []Rule, c Case, local time.Time) Rule {
	info, _ := c.Category.Info()
	best := Rule{Category: c.Category, Partners: partnersOf(info.Route)}
	found := false
	for _, r := range rules {
		if r.Fits(c, local) && (!found || r.weight(c) >= best.weight(c)) {
			best, found = r, true
		}
	}
	return best
}

func partnersOf(roles []Role) []Role {
	return slices.DeleteFunc(slices.Clone(roles), func(r Role) bool { return !slices.Contains(Partners, r) })
}
