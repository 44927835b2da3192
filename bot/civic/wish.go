package civic

import "time"

// Wishes are how much a member wants to hear (decision D7, dose control). What is pressing comes through all of them but
// being away, which is one's own word.
type Wishes struct {
	Urgent bool      // urgent alerts only
	Nearby bool      // only what is meant for their own street
	Digest bool      // information once a day, together
	Quiet  Hours     // when nothing comes that can wait
	Away   time.Time // no alert before this time; zero = not away
}

// digestHour is the hour of the day, by the network's clock, at which information comes to who wants it once a day: people
// are home, and nobody's quiet hours have begun.
const digestHour = 18

// DigestAt is when the information of now comes to who wants it once a day.
func DigestAt(now time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	year, month, day := now.In(zone).Date()
	at := time.Date(year, month, day, digestHour, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(year, month, day+1, digestHour, 0, 0, 0, zone)
	}
	return at
}

// AwayAt reports whether the member wants no alerts at a time.
func (w Wishes) AwayAt(at time.Time) bool { return at.Before(w.Away) }

// Hours are quiet hours of a member's own, by the network's clock; the zero value is those of the network.
type Hours struct {
	Own         bool
	From, Until int // hours of the day; the same hour = never quiet
}

// QuietChoices are the quiet hours that can be chosen, the network's own first, never last.
var QuietChoices = []Hours{{}, {Own: true, From: 21, Until: 8}, {Own: true, From: 20, Until: 9}, {Own: true}}

// Span is from which hour to which it is quiet.
func (h Hours) Span() (from, until int) {
	if !h.Own {
		return quietFrom, quietUntil
	}
	return h.From, h.Until
}

// end is the end of the quiet hours that now falls into; false when it falls into none.
func (h Hours) end(now time.Time, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	local := now.In(zone)
	year, month, day := local.Date()
	from, until := h.Span()
	switch hour := local.Hour(); {
	case from == until:
	case from < until && (hour < from || hour >= until):
	case from < until || hour < until:
		return time.Date(year, month, day, until, 0, 0, 0, zone), true
	case hour >= from:
		return time.Date(year, month, day+1, until, 0, 0, 0, zone), true
	}
	return time.Time{}, false
}
