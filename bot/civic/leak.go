package civic

import "time"

// LeakKind is what happened to what is kept.
type LeakKind string

// LeakKinds lists what may have happened, in the order in which it is asked.
var LeakKinds = []LeakKind{"device", "account", "sent", "server", "other"}

// LeakData is what others may have seen of people.
type LeakData string

// LeakDatas lists what others may have seen, in the order in which it is asked.
var LeakDatas = []LeakData{"names", "reports", "everything", "unknown"}

// Halt is which messages to streets stand still while a leak is open.
type Halt string

// The halts. What takes a message back, and how an alert ended, always goes: it only makes streets calmer.
const (
	HaltNone Halt = ""
	HaltInfo Halt = "info" // information; alarms go on
	HaltAll  Halt = "all"  // alarms as well: whoever sends them may not be who they seem
)

// Stops reports whether an alert of this kind stands still.
func (h Halt) Stops(kind AlertKind) bool { return h == HaltAll || h == HaltInfo && kind == InfoAlert }

// LeakVerdict is what was decided about a leak.
type LeakVerdict string

// The verdicts (GDPR article 33): it was told to the authority, it need not be, or it was none.
const (
	LeakReported LeakVerdict = "reported"
	LeakHarmless LeakVerdict = "harmless"
	LeakNone     LeakVerdict = "none"
)

// LeakVerdicts lists the verdicts, in the order in which they are asked.
var LeakVerdicts = []LeakVerdict{LeakReported, LeakHarmless, LeakNone}

// LeakTold is whether the people whom a leak concerns were told (GDPR article 34).
type LeakTold string

// LeakTolds lists the answers, in the order in which they are asked.
var LeakTolds = []LeakTold{"told", "soon", "needless"}

// Leak is a breach of what is kept about people, from its discovery to what was decided about it (domain §2.3, row 15). It
// names nobody.
type Leak struct {
	ID      int64
	Network AreaID
	Area    AreaID // whose people it concerns: the network, or one street group
	Kind    LeakKind
	Data    LeakData
	Found   time.Time // since when it is known; the term runs from then
	Noted   time.Time
	Words   string // what is known; may be empty
	Halt    Halt
	Verdict LeakVerdict
	Told    LeakTold
	Done    string // what was done, and why this was decided
	Decided time.Time
	Version int64
}

// Open reports whether nothing was decided yet.
func (l Leak) Open() bool { return l.Decided.IsZero() }

// Halts reports whether an alert of this kind stands still because of the leak.
func (l Leak) Halts(kind AlertKind) bool {
	return l.Open() && l.Halt.Stops(kind)
}

// Due is until when the authority must have heard of the leak.
func (l Leak) Due(term time.Duration) time.Time { return l.Found.Add(term) }

// Remind is when who must decide is reminded next, after a time: a day and two days after the discovery, six hours before the
// term is over, when it is, and each day from then on.
func (l Leak) Remind(term time.Duration, after time.Time) time.Time {
	const last = 6 * time.Hour
	for _, in := range []time.Duration{days, 2 * days, term - last, term} {
		if at := l.Found.Add(in); at.After(after) {
			return at
		}
	}
	late := l.Due(term)
	return late.Add((after.Sub(late)/days + 1) * days)
}
