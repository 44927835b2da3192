package civic

import (
	"slices"
	"time"
)

// Standing is where a person stands with a network.
type Standing string

// The standings of a person; somebody unknown has none.
const (
	StandingNone      Standing = ""
	StandingPending   Standing = "pending" // asked to join, nobody decided yet
	StandingActive    Standing = "active"
	StandingSuspended Standing = "suspended" // for a time; danger can still be reported
	StandingDormant   Standing = "dormant"   // did not say that they still live here; one tap wakes it
)

// Member is a person as the bot knows them; the zero Member is a guest, of whom nothing is stored.
type Member struct {
	ID       int64
	Network  AreaID
	Group    AreaID
	Street   AreaID
	Standing Standing
	Name     string // shown to coordinators only; may be empty
	Language string // BCP 47; empty = the network's
	Rules    int    // version of the house rules agreed to
	Grants   []Grant
	Wishes
}

// Grant is a role held in an area for a time.
type Grant struct {
	Role  Role
	Area  AreaID
	From  time.Time
	Until time.Time // zero = no end
}

// In is the person as a network knows them that they are no member of.
func (m Member) In(network AreaID) Member {
	return Member{ID: m.ID, Network: network, Name: m.Name, Language: m.Language, Grants: m.Grants}
}

// HeldAt reports whether the grant is in force at now.
func (g Grant) HeldAt(now time.Time) bool {
	return !now.Before(g.From) && (g.Until.IsZero() || now.Before(g.Until))
}

// Guest reports whether nothing is known of the person.
func (m Member) Guest() bool { return m.ID == 0 }

// Active reports whether the person is a member in good standing.
func (m Member) Active() bool { return m.Standing == StandingActive }

// Scope is where the member lives.
func (m Member) Scope() Scope { return Scope{Network: m.Network, Group: m.Group, Street: m.Street} }

// Holds reports whether the member has the role somewhere within scope at now.
func (m Member) Holds(role Role, scope Scope, now time.Time) bool {
	for _, g := range m.Grants {
		if g.Role == role && g.HeldAt(now) && scope.Covers(g.Area) {
			return true
		}
	}
	return false
}

// Roles lists the roles the member holds anywhere at now, resident first, each once.
func (m Member) Roles(now time.Time) []Role {
	var roles []Role
	if m.Active() {
		roles = append(roles, Resident)
	}
	seen := map[Role]bool{}
	for _, g := range m.Grants {
		if g.HeldAt(now) && !seen[g.Role] {
			seen[g.Role] = true
			roles = append(roles, g.Role)
		}
	}
	return roles
}

// whileSuspended is what members can still do while they are suspended: report danger, which the form sees to, and follow
// what they reported.
var whileSuspended = []Permission{FileReport, FollowReport}

// standsFor reports whether the member's standing is good enough for p.
func (m Member) standsFor(p Permission) bool {
	return m.Active() || m.Standing == StandingSuspended && slices.Contains(whileSuspended, p)
}

// AreasOf lists the areas in which the member holds a role, at now, that p is granted to.
func (m Member) AreasOf(p Permission, now time.Time) []AreaID {
	var areas []AreaID
	for _, g := range m.Grants {
		if slices.Contains(Grants[p], g.Role) && g.HeldAt(now) {
			areas = append(areas, g.Area)
		}
	}
	return areas
}

// May reports whether the member may do what p names to a thing of this scope at now. Nothing is allowed that [Grants]
// does not name; a role counts only where it was granted and while it is held.
func (m Member) May(p Permission, scope Scope, now time.Time) bool {
	for _, role := range Grants[p] {
		switch role {
		case Guest:
			return true
		case Resident:
			if m.standsFor(p) && (scope.Network == 0 || scope.Network == m.Network) {
				return true
			}
		case StreetCoordinator, NetworkCoordinator, Deputy, Police, Municipality, Enforcement, Housing, Admin, DPO:
			if m.Holds(role, scope, now) {
				return true
			}
		}
	}
	return false
}
