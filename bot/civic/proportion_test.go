package civic_test

import (
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Nobody can keep the program busy with a long text: what it takes grows with the length and no faster. Were it to grow with
// the square, four times the text would take sixteen times as long.
func TestLongTextsAreReadInProportion(t *testing.T) {
	text := longText(t)
	for name, read := range map[string]func(size int){
		"danger": func(size int) {
			civic.Forget() // else it is not read again
			civic.Danger(text[:size])
		},
		"letters": func(size int) { civic.Clean(strings.Repeat("Kastanje ", size), 9*size) },
		"hidden":  func(size int) { civic.Clean(strings.Repeat("\u200b", size), 4000) },
		"invalid": func(size int) { civic.Clean(strings.Repeat("\xff", size), 4000) },
	} {
		const size, most = 1000, 9
		if times := float64(quickest(read, 4*size)) / float64(quickest(read, size)); times > most {
			t.Errorf("%s: four times as long a text takes %.1f times as long", name, times)
		}
	}
}

// quickest is how long it takes to read a text of a size, at best.
func quickest(read func(size int), size int) time.Duration {
	best := time.Hour
	for range 20 {
		start := time.Now()
		read(size)
		best = min(best, time.Since(start))
	}
	return best
}
