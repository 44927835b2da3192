package civic

import "time"

// ProofMethod is a way in which somebody showed that they belong to the area. No document is ever asked for or kept
// (domain §2.3, row 3).
type ProofMethod string

// The three ways; none is empty.
const (
	ProofCode        ProofMethod = "code"        // of a sign or a flyer in the street
	ProofNeighbour   ProofMethod = "neighbour"   // a member vouches
	ProofCoordinator ProofMethod = "coordinator" // a coordinator knows, or went and asked
)

// Proof is how, by whose word and when somebody showed that they belong to the area.
type Proof struct {
	Method ProofMethod
	By     int64 // the person whose word it is; 0 = nobody's, for a code
	At     time.Time
}
