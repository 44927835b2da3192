// Package civic is what a neighbourhood network is made of: areas, members and roles, cases and reports, alerts, and
// the rules that hold for them.
//
// Rules of the package: nouns and pure functions only. Nothing here talks to a network, a disk, a clock or a source of
// chance; time and randomness come in as arguments. Every rule has one place: who may what stands in [Grants], which
// move a case may make in [CaseMoves], which numbers to call in a [Profile].
//
// Why the rules live here and not beside their rows: a row is how a thing is remembered, a rule is what it means. Kept
// apart, the rules can be tested with tables and properties, and read by somebody who runs a network but no database.
package civic
