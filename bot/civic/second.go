package civic

import (
	"slices"
	"strings"
	"time"
)

// WideReach is how many people one officer may address alone (domain §4, row 49).
const WideReach = 500

// SecondReason is why an alert needs a second officer. It is also the key of its text.
type SecondReason string

// The reasons. An alert belongs to one network, so more than one network is the same words in another alert.
const (
	SecondReach    SecondReason = "reach"
	SecondNetworks SecondReason = "networks"
	SecondPlate    SecondReason = "plate"
	SecondPhoto    SecondReason = "photo"
)

// SecondReasons lists the reasons in the order in which they are told.
var SecondReasons = []SecondReason{SecondReach, SecondNetworks, SecondPlate, SecondPhoto}

// SameWindow is for how long the same words in another network make one alert to several of them.
const SameWindow = 24 * time.Hour

// SameElsewhere reports whether the alerts of another network hold one by the same issuer that says the same and is real; case
// and spaces do not matter.
func (a Alert) SameElsewhere(others []Alert) bool {
	words := func(text string) string { return strings.Join(strings.Fields(strings.ToLower(text)), " ") }
	return slices.ContainsFunc(others, func(o Alert) bool {
		return !a.Drill && !o.Drill && o.Network != a.Network && o.Issuer == a.Issuer && words(o.Text) == words(a.Text)
	})
}

// NeedsSecond tells why a second officer must approve the alert before it goes; none = it goes at once.
func (a Alert) NeedsSecond(p Plan, w World) []SecondReason {
	var why []SecondReason
	if p.People(w) > WideReach {
		why = append(why, SecondReach)
	}
	if w.Elsewhere {
		why = append(why, SecondNetworks)
	}
	if len(Plates(a.Text)) > 0 {
		why = append(why, SecondPlate)
	}
	if a.Photo != 0 {
		why = append(why, SecondPhoto)
	}
	return why
}

// Plates are the licence plates in a text, as they stand in it.
func Plates(text string) []string {
	var plates []string
	for _, h := range Lint(text) {
		if h.Rule == LintPlate && !slices.Contains(plates, h.Words) {
			plates = append(plates, h.Words)
		}
	}
	return plates
}

// People is how many people a plan reaches now or later: who is told one by one, and the members of the street groups whose
// chats are told. A street group with several chats counts once.
func (p Plan) People(w World) int {
	people, groups := map[int64]bool{}, map[AreaID]bool{}
	for _, r := range append(p.Waiting(), p.Tell...) {
		if r.Person != 0 {
			people[r.Person] = true
		} else {
			groups[r.Group] = true
		}
	}
	n := len(people)
	for group := range groups {
		n += w.Members[group]
	}
	return n
}
