package civic

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// A text is read once, is forgotten when much was read after it, or when somebody asks for that.
func TestATextIsReadOnceUntilItIsForgotten(t *testing.T) {
	read := 0
	m := remembered(func(text string) int { read++; return len(text) })
	reads := func(text string, want int) {
		t.Helper()
		read = 0
		if got := m.at(text); got != len(text) || read != want {
			t.Errorf("%.10q gave %d after %d readings, want %d", text, got, read, want)
		}
	}
	reads("fietsendief", 1)
	reads("fietsendief", 0)
	Forget()
	reads("fietsendief", 1)
	for i := range 100 {
		m.at(strings.Repeat("a", recall/100+i))
	}
	reads("fietsendief", 1)
	if m.bytes > recall {
		t.Errorf("%d bytes are held, at most %d may be", m.bytes, recall)
	}
	reads(strings.Repeat("b", 1<<15), 1)
	reads(strings.Repeat("b", 1<<15), 1)
}

// Short words cost what they cost: however many people say, a memo stays as large as it may be.
func TestAMemoOfShortWordsDoesNotGrow(t *testing.T) {
	m := learnt(func(string) bool { return true })
	for i := range 100_000 {
		m.at(strconv.Itoa(i))
	}
	if n := m.found.Len(); n > recall/apiece || m.bytes > recall {
		t.Errorf("%d texts are held, %d bytes", n, m.bytes)
	}
	m.forget()
	if m.bytes != 0 {
		t.Errorf("%d bytes of nothing are counted", m.bytes)
	}
}

// A text that is made to find as much as can be found takes several times its own bytes; memos of such texts stay as large as
// they may be, too.
func TestAMemoOfMuchThatWasFoundDoesNotGrow(t *testing.T) {
	for name, hostile := range map[string]struct {
		sown  string
		memos int64 // that reading it fills
		read  func(text string)
	}{
		"sentences":            {"a. ", 1, func(text string) { passages.at(text) }},
		"origins of things":    {"Marokkaan ", 1, func(text string) { lookedWithThings.at(text) }},
		"origins, and as hits": {"Marokkaan ", 2, func(text string) { linted.at(text) }},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(hostile.sown, 4000/len(hostile.sown))
			hostile.read(text) // the lists that it is read with stay
			Forget()
			without := heap()
			for i := range 250 {
				hostile.read(strconv.Itoa(i) + " " + text)
			}
			with := heap()
			Forget()
			if held, may := with-without, hostile.memos*recall; held > may+recall/4 {
				t.Errorf("%d bytes are held, some %d may be", held, may)
			}
		})
	}
}

// heap is how many bytes are held on to.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
