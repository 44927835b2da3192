package civic

import (
	"slices"
	"strings"
	"unicode"
)

// listened is how many characters of a text are read for danger.
const listened = 4096

// word is a word of a text, as the rules know it.
type word struct {
	ids      [3]wordID // itself, or what it may be a mistyping of; 0 ends the list
	clause   int       // of its sentence
	capitals bool
	taken    bool
}

// sentence is what stands between full stops.
type sentence struct {
	words []word
	loud  bool // ends in an exclamation mark
}

// is reports whether the word is one of the list.
func (w word) is(list []wordID) bool {
	for _, id := range w.ids {
		if id == 0 {
			return false
		}
		if slices.Contains(list, id) {
			return true
		}
	}
	return false
}

// conjunctions begin a clause of their own, as commas do.
var conjunctions = map[string]bool{
	"en": true, "maar": true, "want": true, "dus": true, "omdat": true, "terwijl": true,
	"and": true, "but": true, "because": true, "while": true, "so": true,
}

// spoken is a sentence as it was written, before any rules are asked about its words.
type spoken struct {
	words []token
	loud  bool // ends in an exclamation mark
}

// token is a word as it was written.
type token struct {
	letters  string // lower case, without accents, each letter one byte, none more than twice in a row
	once     string // the same without a letter repeated where it stood three times or more
	clause   int    // of its sentence, by marks alone
	capitals bool
}

// spokenIn parts a text into sentences of words.
func spokenIn(text string) []spoken {
	var l listener
	n := 0
	for _, r := range text {
		if n++; n > listened {
			break
		}
		l.hear(r)
	}
	l.endSentence()
	return l.said
}

// listener takes a text in, character by character.
type listener struct {
	said   []spoken
	now    spoken
	clause int
	token  []byte // lower case, without accents, no letter more than twice in a row
	once   []byte // the same without a letter repeated where it stood three times or more
	run    int    // how often the last letter stands in a row
	lower  int    // letters in lower case
	upper  int
	digits int
}

// hear takes one character.
func (l *listener) hear(r rune) {
	switch {
	case r >= 'a' && r <= 'z':
		l.lower++
		l.letter(byte(r))
	case r >= 'A' && r <= 'Z':
		l.upper++
		l.letter(byte(r - 'A' + 'a'))
	case r >= '0' && r <= '9':
		l.digits++
		l.letter(byte(r))
	case r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == '´':
	case r < 0x80:
		l.mark(r)
	default:
		l.foreign(r)
	}
}

// mark takes a character between words.
func (l *listener) mark(r rune) {
	l.endWord()
	switch r {
	case '!':
		if len(l.now.words) == 0 && len(l.said) > 0 {
			l.said[len(l.said)-1].loud = true
		}
		l.now.loud = len(l.now.words) > 0
		l.endSentence()
	case '.', '?', '\n', '\r':
		l.endSentence()
	case ',', ';', ':', '(', ')', '"':
		l.clause++
	}
}

// foreign takes a character beyond ASCII: a letter with an accent is read without it, what has no width is passed over.
func (l *listener) foreign(r rune) {
	if plain, known := unaccented[unicode.ToLower(r)]; known {
		if unicode.IsUpper(r) {
			l.upper++
		} else {
			l.lower++
		}
		l.letter(plain)
		return
	}
	if letter, known := otherLetters[unicode.ToLower(r)]; known {
		if unicode.IsUpper(r) {
			l.upper++
		} else {
			l.lower++
		}
		l.letter(letter)
		return
	}
	switch {
	case r == '🆘':
		l.endWord()
		l.token = append(l.token, "sos"...)
		l.endWord()
	case r == '…' || r == '؟' || r == '\u2028' || r == '\u2029':
		l.endWord()
		l.endSentence()
	case r == '،' || r == '؛' || r == '«' || r == '»' || r == '„' || r == '“' || r == '”':
		l.mark(',')
	case r == tatweel || unicode.In(r, unicode.Mn, unicode.Cf):
	default:
		l.endWord()
	}
}

// letter adds to the word.
func (l *listener) letter(c byte) {
	if n := len(l.token); n > 0 && l.token[n-1] == c {
		l.run++
	} else {
		l.run = 1
	}
	switch {
	case l.run <= 2:
		l.token = append(l.token, c)
		l.once = append(l.once, c)
	case l.run == 3 && l.once[len(l.once)-1] == c:
		l.once = l.once[:len(l.once)-1]
	}
}

// endWord puts the word into the sentence.
func (l *listener) endWord() {
	if len(l.token) == 0 {
		return
	}
	if l.digits > 0 && l.lower+l.upper > 0 {
		for i, c := range l.token {
			if n := strings.IndexByte("013457", c); n >= 0 {
				l.token[i] = "oieast"[n]
			}
		}
	}
	if l.now.words == nil {
		const usual = 12 // words of a sentence
		l.now.words = make([]token, 0, usual)
	}
	w := token{letters: string(l.token), clause: l.clause, capitals: l.upper >= 3 && l.lower == 0}
	if w.once = w.letters; string(l.once) != w.letters {
		w.once = string(l.once)
	}
	l.now.words = append(l.now.words, w)
	l.token, l.once = l.token[:0], l.once[:0]
	l.run, l.lower, l.upper, l.digits = 0, 0, 0, 0
}

// endSentence ends the word and the sentence.
func (l *listener) endSentence() {
	l.endWord()
	if len(l.now.words) > 0 {
		l.said = append(l.said, l.now)
	}
	l.now, l.clause = spoken{}, 0
}

// unaccented is the plain letter of a lower case letter with an accent.
var unaccented = func() map[rune]byte {
	letters := map[rune]byte{}
	for plain, accented := range map[byte]string{
		'a': "àáâãäåāăą", 'c': "çćč", 'd': "ďđ", 'e': "èéêëēėęě", 'g': "ğ", 'i': "ìíîïīįı", 'l': "łľĺ", 'n': "ñńň",
		'o': "òóôõöøōő", 'r': "řŕ", 's': "śšşß", 't': "ťţ", 'u': "ùúûüūůű", 'y': "ýÿ", 'z': "źżž",
	} {
		for _, r := range accented {
			letters[r] = plain
		}
	}
	return letters
}()

// tatweel draws an Arabic word out and is no letter.
const tatweel = '\u0640'

// otherLetters gives each letter of the Arabic and Cyrillic scripts a byte of its own beyond ASCII, so that one letter is
// one byte in every word the rules know, and a typing mistake is one byte too. Letters that are written for one another
// are one: the alifs, ya and its like, ta marbuta and ha, and the Persian letters of keyboards.
var otherLetters = func() map[rune]byte {
	const arabic, cyrillic = 0x80, 0xb0
	letters := map[rune]byte{}
	for r := rune(0x621); r <= 0x64a; r++ {
		letters[r] = byte(arabic + r - 0x621)
	}
	for r := rune(0x430); r <= 0x45f; r++ {
		letters[r] = byte(cyrillic + r - 0x430)
	}
	for same, as := range map[rune]rune{
		'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ى': 'ي', 'ئ': 'ي', 'ی': 'ي', 'ؤ': 'و', 'ة': 'ه', 'ک': 'ك', 'گ': 'ك', 'ڤ': 'ف',
		'پ': 'ب', 'چ': 'ج', 'ґ': 'г', 'ё': 'е',
	} {
		letters[same] = letters[as]
	}
	delete(letters, tatweel)
	return letters
}()

// scriptLetters is a letter that people read for each byte of [otherLetters].
var scriptLetters = func() map[byte]rune {
	letters := map[byte]rune{}
	for r, as := range otherLetters {
		if first, known := letters[as]; !known || r < first {
			letters[as] = r
		}
	}
	return letters
}()

// readable is a word of [wordsOfScripts] in letters that people read.
func readable(word string) string {
	var b strings.Builder
	for i := range len(word) {
		if r, other := scriptLetters[word[i]]; other {
			b.WriteRune(r)
			continue
		}
		b.WriteByte(word[i])
	}
	return b.String()
}

// plainLetters is a word as a listener takes it in: without accents, each letter one byte.
func plainLetters(word string) string {
	var b []byte
	for _, r := range strings.ToLower(word) {
		switch letter, other := otherLetters[r]; {
		case other:
			b = append(b, letter)
		case unaccented[r] != 0:
			b = append(b, unaccented[r])
		case r < 0x80:
			b = append(b, byte(r)) //nolint:gosec // it is of ASCII
		}
	}
	return string(b)
}
