package civic

import "time"

// Note is what coordinators write down about a case for each other. It is a type of its own, so that no function that
// writes to a reporter or to a partner can take one by mistake (feature D41).
type Note struct {
	ID     int64
	Case   int64
	Author int64 // person
	Text   string
	At     time.Time
}
