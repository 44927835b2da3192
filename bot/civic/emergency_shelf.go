package civic

import "slices"

// shelf is some books of rules that are asked together: each word of a text is looked up once for all of them.
type shelf struct {
	books []*ruleBook
	words map[string][]bookWord // as they are spelled
	stems map[string][]bookWord // how words begin, whatever follows
	near  nearWords
}

// bookWord is a word of one of the books of a shelf.
type bookWord struct {
	book int
	id   wordID
}

// meanings is what a word is, or may be a mistyping of, by book of a shelf; 0 ends each list.
type meanings [][3]wordID

func shelfOf(books ...*ruleBook) *shelf {
	s := &shelf{books: books, words: map[string][]bookWord{}, stems: map[string][]bookWord{}, near: nearWordsOf(books)}
	for number, book := range books {
		for word, id := range book.ids {
			s.words[word] = append(s.words[word], bookWord{number, id})
		}
		for stem, id := range book.stems {
			s.stems[stem] = append(s.stems[stem], bookWord{number, id})
		}
	}
	return s
}

// listen parts a text into sentences of words that the rules know or not, by book.
func (s *shelf) listen(text string) [][]sentence {
	heard := make([][]sentence, len(s.books))
	for _, said := range spokenIn(text) {
		known := make([]meanings, len(said.words))
		for i, word := range said.words {
			known[i] = s.lookUp(word)
		}
		for number, book := range s.books {
			heard[number] = append(heard[number], book.sentence(said, known, number))
		}
	}
	return heard
}

// sentence is what was said as the book knows it.
func (b *ruleBook) sentence(said spoken, known []meanings, number int) sentence {
	now := sentence{words: make([]word, len(said.words)), loud: said.loud}
	ands := 0
	for i, w := range said.words {
		if conjunctions[w.letters] || b.ands[w.letters] {
			ands++
		}
		now.words[i] = word{ids: known[i][number], clause: w.clause + ands, capitals: w.capitals}
	}
	return now
}

// lookUp finds a word in each book: as it stands, with drawn-out letters written once, without what stands before it in one
// with it, as it sounds, or with one mistake in a long word whose first letter is right.
func (s *shelf) lookUp(w token) meanings {
	m := make(meanings, len(s.books))
	s.spelled(w.letters, m)
	if w.once != w.letters {
		once := make(meanings, len(s.books))
		s.spelled(w.once, once)
		for number := range m {
			if m[number][0] == 0 {
				m[number] = once[number]
			}
		}
	}
	var unknown uint // a bit for each book
	for number, book := range s.books {
		if m[number][0] == 0 {
			m[number] = book.otherwise(w.letters)
		}
		if m[number][0] == 0 {
			unknown |= 1 << number
		}
	}
	if unknown != 0 && len(w.letters) >= forgiveFrom-1 && len(w.letters) <= longWord {
		s.mistyped(w.letters, m, unknown)
	}
	return m
}

// spelled finds a word that is spelled right, and the longest beginnings that it has.
func (s *shelf) spelled(word string, m meanings) {
	for _, at := range s.words[word] {
		m.add(at)
	}
	for end := len(word); end > 1; end-- {
		for _, at := range s.stems[word[:end]] {
			m.add(at)
		}
	}
}

// mistyped finds words that are one mistake away, in the books that do not know the word.
func (s *shelf) mistyped(word string, m meanings, in uint) {
	for _, sum := range sumsOf(word) {
		for _, near := range s.near.with(sum) {
			if in&(1<<near.book) == 0 || slices.Contains(m[near.book][:], near.id) {
				continue
			}
			if name := s.books[near.book].names[near.id]; name[0] == word[0] && oneMistake(name, word) {
				m.add(near.bookWord)
			}
		}
	}
}

// add notes that a word is one of a book, if there is room.
func (m meanings) add(at bookWord) {
	if free := slices.Index(m[at.book][:], 0); free >= 0 {
		m[at.book][free] = at.id
	}
}

// otherwise finds a word by another spelling: without what is written in one with it, or as it sounds.
func (b *ruleBook) otherwise(word string) [3]wordID {
	for _, p := range b.before {
		const rest = 2 // letters that a word has at least without what stands before it
		if len(word) >= len(p)+rest && word[:len(p)] == p {
			if ids := b.known(word[len(p):]); ids[0] != 0 {
				return ids
			}
		}
	}
	return b.spoken(word)
}

// spoken finds a Dutch word that is written as it sounds: "kunne" is kunnen, "ademd" is ademt.
func (b *ruleBook) spoken(word string) (ids [3]wordID) {
	const shortest, longest = 4, 38
	if b.language != "" || len(word) < shortest || len(word) > longest {
		return ids
	}
	var room [longest + 1]byte
	heard := append(room[:0], word...)
	switch last := len(heard) - 1; heard[last] {
	case 'e':
		heard = append(heard, 'n')
	case 'd':
		heard[last] = 't'
	case 't':
		heard[last] = 'd'
	default:
		return ids
	}
	return b.known(string(heard))
}

// known finds a word that is spelled right, and the longest beginnings that it has.
func (b *ruleBook) known(word string) (ids [3]wordID) {
	n := 0
	if id := b.ids[word]; id != 0 {
		ids[0], n = id, 1
	}
	for end := len(word); end > 1 && n < len(ids) && len(b.stems) > 0; end-- {
		if id := b.stems[word[:end]]; id != 0 {
			ids[n] = id
			n++
		}
	}
	return ids
}
