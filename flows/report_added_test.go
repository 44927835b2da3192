package flows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// What is added to an emergency goes before what is no hurry, as its card does, and is still worth delivering after an hour.
func TestWhatIsAddedToAnEmergencyGoesFirst(t *testing.T) {
	p := open(t, transcript{about: "# cast: ana resident Kastanje; rachid network_coordinator; mirjam police"}, mode{})
	defer p.close()
	for _, line := range []string{"ana > er is brand in de Kastanjelaan", "ana > [Ja, ik heb gebeld]", "ana > [Overslaan]"} {
		p.line(line)
	}
	p.toDesk(bot.Letter{Expires: p.now.Add(time.Hour)})
	said := p.line("ana > er zit nog iemand boven")
	at := func(begin string) int {
		for i, words := range said {
			if strings.HasPrefix(words, begin) {
				return i
			}
		}
		t.Fatalf("nobody reads %q: %q", begin, said)
		return 0
	}
	if at("bureau < ") > at("desk < De lamp") {
		t.Errorf("what was added comes after what can wait: %q", said)
	}
	var rank, life int64
	p.check(p.peek().QueryRowContext(p.ctx, `SELECT rank, expires - created FROM outbox WHERE rank <= 1 AND op = 'post'
		ORDER BY id DESC LIMIT 1`).Scan(&rank, &life))
	if got := time.Duration(life) * time.Millisecond; rank != 1 || got < bot.LaneRoutine.Life()-time.Minute {
		t.Errorf("the letter has rank %d and lives %s", rank, got)
	}
}
