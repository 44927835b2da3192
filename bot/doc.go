// Package bot is how a conversation happens: an update comes in, a turn handles it, letters go out.
//
// Rules of the package. One turn, one transaction: what an update changes, the audit row and the letters it causes are
// committed together, and couriers deliver afterwards. No network inside a turn; nothing is decided outside one. Three
// primitives, and no fourth: a [Form] (a person answers questions), a card with [Action]s (a group acts on a thing),
// and a [Letter] (something is told). Time and randomness come from the engine. Who may what is asked in one place,
// gate.go.
//
// The core is made of steps — [Platform].PollOnce, [Engine.HandleNext], [Courier.DeliverNext], [Engine.Tick] — which
// the loops of a running program merely call. One goroutine can therefore run the real code against real storage under
// a seeded schedule of faults.
//
// Danger is never held back as a flood: not the words that tell of it, and nothing that is said while the open form is about it.
// One exception: who sends the very same words more than twenty times within ten minutes is taken for a machine that answers us,
// and is answered once a minute ([Flood]).
//
// Why a form and not a state machine or replayed code: the next question is the first one that applies and has no
// answer yet. Back, edit, cancel, skip, restart-safety and a release in mid-conversation follow from that sentence.
//
// Why one writer: SQLite has one, so the program has one. Turns that wait together share a commit, each in a savepoint
// of its own, so the price of a synchronous commit is paid once for many.
package bot
