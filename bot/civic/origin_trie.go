package civic

// originTrie finds a word and all beginnings of it in one walk, letter by letter. Most words of a text leave it after two or
// three letters, so that to look for words of six languages costs a text next to nothing.
type originTrie struct {
	nodes []originNode
	ends  []originEnd
	roots [256]int32 // by first letter
}

// originNode is a letter after the letters above it; 0 stands for no node. It is small, so that a walk stays in the cache.
type originNode struct {
	letter           byte
	child, next, end int32
}

// originEnd is what it means when a word ends at a letter, and whatever follows; the first of a trie means nothing.
type originEnd struct {
	word, stem []sense
}

// at is the end of a word, made when there is none.
func (t *originTrie) at(word string) *originEnd {
	if len(t.nodes) == 0 {
		t.nodes, t.ends = append(t.nodes, originNode{}), append(t.ends, originEnd{})
	}
	n := t.roots[word[0]]
	if n == 0 {
		n = t.grow(word[0])
		t.roots[word[0]] = n
	}
	for i := 1; i < len(word); i++ {
		next := t.below(n, word[i])
		if next == 0 {
			next = t.grow(word[i])
			t.nodes[next].next = t.nodes[n].child
			t.nodes[n].child = next
		}
		n = next
	}
	if t.nodes[n].end == 0 {
		t.ends = append(t.ends, originEnd{})
		t.nodes[n].end = int32(len(t.ends) - 1) //nolint:gosec // there are fewer ends than letters
	}
	return &t.ends[t.nodes[n].end]
}

func (t *originTrie) grow(letter byte) int32 {
	t.nodes = append(t.nodes, originNode{letter: letter})
	return int32(len(t.nodes) - 1) //nolint:gosec // files of ours have no two billion letters
}

// below is the node of a letter after node n; 0 is none.
func (t *originTrie) below(n int32, letter byte) int32 {
	n = t.nodes[n].child
	for n != 0 && t.nodes[n].letter != letter {
		n = t.nodes[n].next
	}
	return n
}

// walk gives every meaning of a word, as it stands and by how it begins; it reports whether there was one.
func (t *originTrie) walk(word []byte, give func(*sense)) bool {
	if len(word) == 0 {
		return false
	}
	found := false
	n := t.roots[word[0]]
	for i := 1; n != 0; i++ {
		end := &t.ends[t.nodes[n].end]
		for k := range end.stem {
			give(&end.stem[k])
		}
		found = found || len(end.stem) > 0
		if i == len(word) {
			for k := range end.word {
				give(&end.word[k])
			}
			return found || len(end.word) > 0
		}
		n = t.below(n, word[i])
	}
	return found
}
