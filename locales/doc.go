// Package locales is everything the bot says, in every language it speaks.
//
// Rules of the package: a language is one flat file, nl.yaml or en.yaml, with a line per text, and its name is the
// language. A placeholder is written {name}. A text that depends on a number has a key per plural form, cases.open.one
// and cases.open.other, and is asked for as cases.open with the argument "count"; which forms a language has is what CLDR
// says. A key that stands in the file is always that text, so an option may be called other. Texts are tiny HTML: b, i,
// code and a; arguments are escaped here and nowhere else. [Texts.Check] says what is missing or wrong.
//
// Dutch and English are whole: they have every text. Each other language is one for residents: it has what somebody may
// read, in private, who has no role but that of a resident, and nothing else. Which texts those are follows from
// staff.txt, the list of what only staff reads; a new text is a resident's until it stands there, and so is missing from
// every language until it is written. What a person's language lacks is said in the network's. Rooms, their cards among
// them, are written in a whole language. What a language lacks, also one that is still being written:
//
//	go test -tags goolm ./flows -run 'TestTexts$' -args -draft /path/to/fr.yaml
//
// What a country says in words of its own stands in a file of the variety, nl-BE.yaml, which has only what differs from
// nl.yaml. A word that is all that differs in a long text is a text word.plates, which {plates} in any text means.
//
// In a language that is written from right to left, what is filled in and every command is isolated as the file is read
// (direction.go), so that a number or a street turns no sentence around: the file itself holds no such characters.
//
// Why not a template engine: a text is asked for several times in a turn, and names filled into sentences are all that
// is needed; compiled once, that costs a fifth of a microsecond. The plural rules and language tags are those of
// golang.org/x/text. Why flat files: a key can be searched for as the code writes it, and the order shows what belongs
// together.
package locales
