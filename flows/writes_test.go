package flows_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A report costs the coordinators' group three writes from its arrival to its end, edits among them, at any pace in which it
// has two steps, and when somebody who takes it goes on with it within a minute. Whoever takes the longest way, one step an
// hour, costs it a write for each step and no other.
func TestAReportCostsTheCoordinatorsGroupThreeWrites(t *testing.T) {
	took, handed := "wim@desk > [Opgepakt]", "wim@desk > [Doorzetten ▸ politie]"
	closed := []string{"wim@desk > [Afhandelen]", "wim > [Geen actie nodig]", "wim > [Overslaan]"}
	for name, c := range map[string]struct {
		pause string
		steps [][]string
		want  int
	}{
		"at once":                   {"", [][]string{{took}, {handed}, closed}, 3},
		"some seconds between":      {"… 6s later", [][]string{{took}, {handed}, closed}, 3},
		"taken and closed, slowly":  {"… 10m later", [][]string{{took}, closed}, 3},
		"handed and closed, slowly": {"… 10m later", [][]string{{handed}, closed}, 3},
		"all of it, slowly":         {"… 10m later", [][]string{{took}, {handed}, closed}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, transcript{about: "# cast: ana resident Kastanje; wim street_coordinator Kastanje; mirjam police\n"},
				mode{telegram: true})
			defer p.close()
			s := p.stage.(*telegramStage)
			s.gathers = true
			play := func(lines ...string) {
				for _, line := range lines {
					p.line(line)
				}
			}
			play("wim > /start")
			before := s.writes("desk")
			play(aReport()...)
			for _, step := range c.steps {
				if c.pause != "" {
					play(c.pause)
				}
				play(step...)
			}
			play("… 1m later")
			if diff := cmp.Diff(c.want, s.writes("desk")-before); diff != "" {
				t.Errorf("writes to the desk (-want +got):\n%s", diff)
			}
			messages := s.server.Messages(s.ids["desk"])
			if last := messages[len(messages)-1].Text; !strings.Contains(last, "Nu: gesloten") {
				t.Errorf("in the end the card says:\n%s", last)
			}
		})
	}
}

// writes counts what was posted, changed and pinned in a room: everything that its limit counts.
func (s *telegramStage) writes(room string) int {
	n := 0
	for _, r := range s.server.Requests() {
		method := strings.ToLower(r.Method)
		if r.Params["chat_id"] == strconv.FormatInt(s.ids[room], 10) && r.Status == 200 && !strings.HasPrefix(method, "get") {
			n++
		}
	}
	return n
}
