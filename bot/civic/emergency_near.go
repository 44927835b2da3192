package civic

import (
	"cmp"
	"hash/crc32"
	"slices"
)

// nearWord is a word to look at when somebody writes something with this sum. There are ten times as many as words, so
// only the sum of each is kept; two that share one are told apart by the word itself.
type nearWord struct {
	sum uint32
	id  wordID
}

func sumOf(word []byte) uint32 { return crc32.ChecksumIEEE(word) }

// nearTo gives the words to look at for something that was written.
func (b *ruleBook) nearTo(written []byte) []nearWord {
	sum := sumOf(written)
	from, found := slices.BinarySearchFunc(b.near, sum, func(n nearWord, sum uint32) int { return cmp.Compare(n.sum, sum) })
	if !found {
		return nil
	}
	to := from + 1
	for to < len(b.near) && b.near[to].sum == sum {
		to++
	}
	return b.near[from:to]
}

// mistyped adds the words that are one mistake away from the token among those near a remainder of it.
func (b *ruleBook) mistyped(token, remainder []byte, ids *[3]wordID) {
	for _, n := range b.nearTo(remainder) {
		id := n.id
		free := slices.Index(ids[:], 0)
		if free < 0 || slices.Contains(ids[:free], id) {
			continue
		}
		if name := b.names[id]; name[0] == token[0] && oneMistake(name, string(token)) {
			ids[free] = id
		}
	}
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
