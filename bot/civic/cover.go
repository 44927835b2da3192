package civic

import "time"

// Absence is a time in which somebody who holds a role is away, and others are called. The zero Absence is none.
type Absence struct {
	From  time.Time
	Until time.Time
}

// At reports whether it is so at a time.
func (a Absence) At(at time.Time) bool { return !at.Before(a.From) && at.Before(a.Until) }
