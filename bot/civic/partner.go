package civic

import (
	"slices"
	"time"
)

// Partners lists the roles that a case can be handed over to.
var Partners = []Role{Police, Municipality, Enforcement, Housing}

// Room is the room of a partner's people.
func (r Role) Room() RoomKind { return RoomKind(r) }

// Partner is an organisation that cases are handed over to, and how it is reached. Without a chat of its own it is reached
// in its room, or through its people's private chats.
type Partner struct {
	Network AreaID
	Role    Role
	Chat    int64         // ours, of its desk on a platform of desks, such as its mailbox; whoever writes there speaks for it
	Asked   int64         // of the desk that becomes Chat once it proved itself; 0 = none
	Promise time.Duration // within which it says something; 0 = [PartnerPromise]
}

// ReturnReason says why a partner gives a case back.
type ReturnReason string

// The reasons.
const (
	ReturnNotOurs ReturnReason = "not_ours"
	ReturnUnclear ReturnReason = "unclear" // too little is known
	ReturnKnown   ReturnReason = "known"   // they have it already
	ReturnNoTime  ReturnReason = "no_time"
)

// ReturnReasons lists the reasons in the order in which they are offered.
var ReturnReasons = []ReturnReason{ReturnNotOurs, ReturnUnclear, ReturnKnown, ReturnNoTime}

// Recall is how it stands with the word that a partner is to stop with a case, or that something in it was wrong.
type Recall string

// The states of a recall; empty = there was none.
const (
	RecallSent  Recall = "sent"
	CorrectSent Recall = "correction"
	RecallRead  Recall = "acknowledged"
)

// MostReturns is how often the same partner may give a case back before a coordinator of the whole network decides.
const MostReturns = 2

// Handover is a case in the hands of a partner. It holds nothing of who reported it.
type Handover struct {
	Case    int64
	Partner Role
	By      int64 // the person who changed it last
	At      time.Time
	Status  Status    // Forwarded, Accepted, Planned, Resolved, Closed, or InTriage when it was returned or fetched
	Began   time.Time // when the partner got it, the last time
	Due     time.Time // by when the partner is to say something; zero = nothing is waited for
	Planned time.Time // the day for which it is planned; zero = none
	Reason  ReturnReason
	Words   string // the partner's last: for the reporter when it is done, else for the coordinators
	Returns int    // how often the partner gave it back
	Recall  Recall
}

// Open reports whether the partner has the case.
func (h Handover) Open() bool {
	return h.Status == Forwarded || h.Status == Accepted || h.Status == Planned
}

// HandoverStatus is how a case stands that was handed over: as far as the partner that is furthest, and ended only when
// every partner has ended. What was returned goes back to the coordinators, unless a partner that got it afterwards has
// dealt with it.
func HandoverStatus(all []Handover) Status {
	for _, s := range []Status{Accepted, Planned, Forwarded} {
		if slices.ContainsFunc(all, func(h Handover) bool { return h.Status == s }) {
			return s
		}
	}
	settled := func(back Handover) bool {
		return slices.ContainsFunc(all, func(h Handover) bool {
			return h.Status != InTriage && !h.Began.Before(back.At)
		})
	}
	for _, h := range all {
		if h.Status == InTriage && !settled(h) {
			return InTriage
		}
	}
	return Resolved
}

// Path is the shortest way from one status to another that is made of moves of [CaseMoves] between statuses in which a
// case is worked on; nil when there is none, empty when they are the same.
func (s Status) Path(to Status) []Status {
	if s == to {
		return []Status{}
	}
	from := map[Status]Status{s: s}
	for todo := []Status{s}; len(todo) > 0; todo = todo[1:] {
		for _, next := range CaseMoves[todo[0]] {
			if _, seen := from[next]; seen {
				continue
			}
			from[next] = todo[0]
			if next == to {
				return back(from, s, to)
			}
			if !next.Ended() && next != ReopenRequested && next != Reopened && next != InfoRequested {
				todo = append(todo, next)
			}
		}
	}
	return nil
}

// back walks the way that was found from its end.
func back(from map[Status]Status, start, end Status) []Status {
	var path []Status
	for at := end; at != start; at = from[at] {
		path = append(path, at)
	}
	slices.Reverse(path)
	return path
}

// PartnerPromise is within what time a partner usually says something about a case of this urgency: accepts, plans or
// returns it.
func PartnerPromise(partner Role, u Urgency) time.Duration {
	switch {
	case u == Emergency:
		return time.Hour
	case u == Today:
		return days
	case partner == Police:
		return 2 * days
	}
	return 5 * days
}

// PartnerWork is after what time a partner is asked how it stands with a case of this urgency that it took up.
func PartnerWork(u Urgency) time.Duration {
	if u == Emergency {
		return days
	}
	return 14 * days
}
