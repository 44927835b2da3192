package civic

// CallKind says which line a person is told to call; a [Profile] knows its number.
type CallKind string

// The kinds of line; empty = none.
const (
	CallPolice    CallKind = "emergency"          // a crime or danger now
	CallFire      CallKind = "fire"               // fire, smoke, gas
	CallAmbulance CallKind = "ambulance"          // somebody is hurt or ill, or a danger to themselves
	CallSuicide   CallKind = HelpSuicide          // somebody speaks of not wanting to live
	CallViolence  CallKind = HelpDomesticViolence // violence at home
)

// Number is the number of the kind of line; empty when there is none.
func (p Profile) Number(kind CallKind) string {
	switch kind {
	case CallPolice:
		return p.Emergency
	case CallFire, CallAmbulance:
		return p.Fire
	case CallSuicide, CallViolence:
		line, _ := p.Helpline(string(kind))
		return line.Number
	}
	return ""
}

// callFor says whom to call: in danger the emergency number, which differs by country for fire and illness; without
// danger the help line that the words ask for. Who may take their own life needs an ambulance.
func callFor(u Understanding, said message) CallKind {
	rescue := said.call == CallFire || said.call == CallAmbulance
	switch {
	case !u.Emergency && rescue:
		return ""
	case !u.Emergency:
		return said.call
	case said.call == CallAmbulance || said.call == CallSuicide:
		return CallAmbulance
	case u.Category == Fire || rescue:
		return CallFire
	}
	return CallPolice
}

// spokenCalls are the kinds of rule that ask for a line, the one that comes first first.
var spokenCalls = []struct {
	kind ruleKind
	call CallKind
}{{callSuicide, CallSuicide}, {callViolence, CallViolence}, {callAmbulance, CallAmbulance}, {callFire, CallFire}}

// callIn is the line that a text asks for by the rules of the languages that have no cues; empty when it asks for none.
func callIn(text string) CallKind { return ruled.at(text).call }

// asks notes which lines to call a sentence asks for, before its signs of danger take their words.
func (s *sentence) asks(found []finding, asked map[ruleKind]bool) {
	for _, f := range found {
		if f.kind >= callSuicide && !s.taken(f) {
			asked[f.kind] = true
		}
	}
}

// firstCall is the line of what was asked for that comes first.
func firstCall(asked map[ruleKind]bool) CallKind {
	for _, c := range spokenCalls {
		if asked[c.kind] {
			return c.call
		}
	}
	return ""
}
