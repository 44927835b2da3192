package civic

import "time"

// Search says which cases of a network are looked for. It has no words, no person and no plate in it, so that nobody can
// be looked for with it (domain §2.1).
type Search struct {
	Network  AreaID
	Reader            // who looks
	Streets  []AreaID // none = any
	Category Category // empty = any
	Since    time.Time
}
