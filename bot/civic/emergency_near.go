package civic

import (
	"cmp"
	"slices"
	"strings"
)

// nearWord is a word to look at when somebody writes something with this sum. There are ten times as many as words, so
// only the sum of each is kept; two that share one are told apart by the word itself.
type nearWord struct {
	sum uint32
	bookWord
}

// nearWords are the long words of some books, and what is left of each when a letter is missing.
type nearWords struct {
	all  []nearWord // by their sums, then in the order in which the books know them
	from []int      // where those begin in all whose sums begin with the same bits
}

const (
	nearBits = 16         // of a sum, by which one looks: more than there are words, so that most sums lead nowhere at once
	sumTimes = 2654435761 // odd and large, so that every letter counts in the first bits of a sum
	longWord = 40         // letters that a word has at most that may be a mistyping
)

// nearWordsOf is what is near the words of the books.
func nearWordsOf(books []*ruleBook) nearWords {
	var n nearWords
	for number, book := range books {
		for id, word := range book.names {
			if len(word) < forgiveFrom || strings.HasSuffix(book.written[id], "~") {
				continue
			}
			for _, sum := range sumsOf(word) {
				at := bookWord{number, wordID(id)}
				n.all = append(n.all, nearWord{sum, at})
			}
		}
	}
	slices.SortFunc(n.all, func(a, b nearWord) int {
		return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.book, b.book), cmp.Compare(a.id, b.id))
	})
	n.all = slices.Clip(slices.Compact(n.all))
	n.from = make([]int, 1<<nearBits+1)
	for _, word := range n.all {
		n.from[word.sum>>(32-nearBits)+1]++
	}
	for bits := range 1 << nearBits {
		n.from[bits+1] += n.from[bits]
	}
	return n
}

// with gives the words to look at for something that has this sum.
func (n *nearWords) with(sum uint32) []nearWord {
	bits := sum >> (32 - nearBits)
	from, end := n.from[bits], n.from[bits+1]
	for from < end && n.all[from].sum < sum {
		from++
	}
	to := from
	for to < end && n.all[to].sum == sum {
		to++
	}
	return n.all[from:to]
}

// sumsOf is the sum of a word of at most longWord letters, and then of what is left of it without its first letter, without its
// second, and so on. The sum of what is left is that of what stands before the letter, moved on, and that of what follows it.
func sumsOf(word string) []uint32 {
	sums := make([]uint32, 0, longWord+1)
	before := uint32(0)
	sums = append(sums, 0)
	for i := range len(word) {
		sums = append(sums, before)
		before = before*sumTimes + uint32(word[i])
	}
	sums[0] = before
	after, times := uint32(0), uint32(1)
	for i := len(word) - 1; i >= 0; i-- {
		sums[i+1] = sums[i+1]*times + after
		after += uint32(word[i]) * times
		times *= sumTimes
	}
	return sums
}

// oneMistake reports whether one letter more, less or other, or two letters swapped, make b out of a.
func oneMistake(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(b)-len(a) > 1:
		return false
	case len(b) > len(a):
		return a[i:] == b[i+1:]
	case i == len(a) || a[i+1:] == b[i+1:]:
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
