package civic

import (
	"slices"
	"sync"
	"time"
)

// Subject says that a case is about somebody who has a part in the network, as its reporter told it: not who, because no
// reporter is asked for a name, but as what. Nobody reads a case who may be the one it is about (feature B17).
type Subject string

// The subjects of a case.
const (
	SubjectNobody  Subject = "" // of the network
	SubjectStreet  Subject = "street_coordinator"
	SubjectNetwork Subject = "network_coordinator"
	SubjectPolice  Subject = "police"
	SubjectPartner Subject = "partner"
	SubjectAnyone  Subject = "anyone" // somebody of the network besides the police; the reporter does not know as what
)

// Subjects lists whom a case may be about, in the order in which they are offered.
var Subjects = []Subject{SubjectStreet, SubjectNetwork, SubjectPolice, SubjectPartner, SubjectAnyone}

// roles are what somebody may be whom such a case is about.
func (s Subject) roles() []Role {
	switch s {
	case SubjectStreet:
		return []Role{StreetCoordinator, Deputy}
	case SubjectNetwork:
		return []Role{NetworkCoordinator, Deputy}
	case SubjectPolice:
		return []Role{Police}
	case SubjectPartner:
		return []Role{Municipality, Enforcement, Housing}
	case SubjectAnyone:
		return []Role{StreetCoordinator, NetworkCoordinator, Deputy, Municipality, Enforcement, Housing, Admin, DPO}
	case SubjectNobody:
	}
	return nil
}

// Bars reports whether a case about this subject may be about the member. A role of any area and any time counts, one
// that ended as well: who was a coordinator when it happened must not read it as a deputy.
func (s Subject) Bars(m Member) bool {
	roles := s.roles()
	return slices.ContainsFunc(m.Grants, func(g Grant) bool { return slices.Contains(roles, g.Role) })
}

// networkWords are what people of the network are called. What police are called is not among them: half of all reports
// name the police, and their writers mean those who come.
var networkWords = []string{
	"coördinator", "coordinator", "straatcoördinator", "straatcoordinator", "binco", "coördinatoren", "coordinatoren",
	"coordinators", "wijkagent", "wijkinspecteur", "waarnemer", "beheerder", "buurtbeheerder", "administrator",
}

// NamesNetwork reports whether a text names somebody who has a part in the network, by what they are called there. It asks
// for a question to be put, and decides nothing.
func NamesNetwork(text string) bool {
	return slices.ContainsFunc(plainWordsOf(text), func(w string) bool { return slices.Contains(plainNetworkWords(), w) })
}

var plainNetworkWords = sync.OnceValue(func() []string {
	var plain []string
	for _, w := range networkWords {
		plain = append(plain, plainWordsOf(w)...)
	}
	return plain
})

// Reader says which cases somebody may see in a list. The zero Reader sees none.
type Reader struct {
	Work      []AreaID  // where they work on cases
	Sensitive []AreaID  // where they read also what is hidden from street coordinators
	Barred    []Subject // about whom a case may be that is kept from them
}

// Reader is what a member may see in a list of cases now; it is the list's form of [Member.May] for [TriageCase],
// [ReadSensitive] and [Subject.Bars].
func (m Member) Reader(now time.Time) Reader {
	r := Reader{Work: m.AreasOf(TriageCase, now), Sensitive: m.AreasOf(ReadSensitive, now)}
	for _, s := range Subjects {
		if s.Bars(m) {
			r.Barred = append(r.Barred, s)
		}
	}
	return r
}
