package civic_test

import (
	"math"
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
		if times := growth(read); times > mostGrowth {
			t.Errorf("%s: four times as long a text takes %.1f times as long", name, times)
		}
	}
}

// mostGrowth is between four times and sixteen.
const mostGrowth = 9

// growth is how much longer a text of four times the length takes, as it once was: a machine that is busy with something else
// makes nothing quicker than it is.
func growth(read func(size int)) float64 {
	const size, attempts = 1000, 20
	least := math.Inf(1)
	for n := 0; n < attempts && least > mostGrowth; n++ {
		least = min(least, float64(quickest(read, 4*size))/float64(quickest(read, size)))
	}
	return least
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
