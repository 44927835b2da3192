package civic

import "slices"

// WideReach is how many people one officer may address alone (domain §4, row 49).
const WideReach = 500

// SecondReason is why an alert needs a second officer. It is also the key of its text.
type SecondReason string

// The reasons. An alert belongs to one network.
const (
	SecondReach SecondReason = "reach"
	SecondPlate SecondReason = "plate"
	SecondPhoto SecondReason = "photo"
)

// NeedsSecond tells why a second officer must approve the alert before it goes; none = it goes at once.
func (a Alert) NeedsSecond(p Plan, w World) []SecondReason {
	var why []SecondReason
	if p.People(w) > WideReach {
		why = append(why, SecondReach)
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
