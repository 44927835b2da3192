package civic

import (
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
