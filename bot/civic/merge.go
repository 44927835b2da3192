package civic

// ranks says which of two memberships of one person stays: the one that is further.
var ranks = map[Standing]int{StandingNone: 0, StandingPending: 1, StandingDormant: 2, StandingActive: 3}

// Merge is the member that one person is who was known as two. The membership that is further stays whole: place,
// standing, rules agreed to and wishes; of two that are as far, that of kept. A standing that is none of those in which
// people come and go, such as a suspension, stays in any case: nobody is rid of it by an account more. Name and language
// are those of kept, if it has any. Roles are not looked at: they are all kept.
func Merge(kept, other Member) Member {
	m := kept
	if rank(other.Standing) > rank(kept.Standing) {
		m.Network, m.Group, m.Street, m.Standing = other.Network, other.Group, other.Street, other.Standing
		m.Rules, m.Wishes = other.Rules, other.Wishes
	}
	if m.Name == "" {
		m.Name = other.Name
	}
	if m.Language == "" {
		m.Language = other.Language
	}
	return m
}

func rank(s Standing) int {
	r, known := ranks[s]
	if !known {
		return len(ranks)
	}
	return r
}
