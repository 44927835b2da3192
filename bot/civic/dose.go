package civic

import "time"

// The dose of messages to a street (domain §4, row 57).
const (
	DoseWindow = 7 * 24 * time.Hour
	MostDoses  = 3 // messages to a street in that time before people stop reading them
)

// Dose is how many messages a street group gets in a week, with this one.
type Dose struct {
	Group AreaID
	Count int
}

// DoseOf counts the messages to each street group that the alert is for, those of the week before it and itself, and gives
// the group with the most; the first by number when several have as many. What waits to go does not count. What was taken back
// does: whoever asks leaves out those of which the ledger holds no alarm, because they never went.
func DoseOf(a Alert, before []Alert, areas map[AreaID]Area) Dose {
	counts := map[AreaID]int{}
	for group := range groupsOf(a, areas) {
		counts[group] = 1
	}
	for _, b := range before {
		if b.ID == a.ID && a.ID != 0 || !b.went() {
			continue
		}
		for group := range groupsOf(b, areas) {
			if counts[group] > 0 {
				counts[group]++
			}
		}
	}
	var most Dose
	for group, n := range counts {
		if n > most.Count || n == most.Count && group < most.Group {
			most = Dose{Group: group, Count: n}
		}
	}
	return most
}

// Heavy reports whether it is more than people keep reading.
func (d Dose) Heavy() bool { return d.Count > MostDoses }

// went reports whether an alert does not wait to go any more.
func (a Alert) went() bool { return a.Status != AlertChecked && a.Status != AlertQueued }

// groupsOf are the street groups that an alert is for.
func groupsOf(a Alert, areas map[AreaID]Area) map[AreaID]bool {
	where := spread(a.Areas, areas)
	groups := map[AreaID]bool{}
	for id, area := range areas {
		if area.Kind == KindGroup && (where.whole[id] || where.whole[area.Network] || where.groups[id]) {
			groups[id] = true
		}
	}
	return groups
}
