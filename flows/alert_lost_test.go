package flows_test

import (
	"net/http"
	"strings"
	"testing"
)

// The server stores an alarm and its answer is lost; before the next try the officer ends the alert. The room has the alarm,
// so it reads that it is over.
func TestAlarmWhoseAnswerWasLostIsNotLeftStanding(t *testing.T) {
	story := strings.Split(burglary, "\n")
	r := newTeller(t, story[:len(story)-1]...)
	room := r.s.rooms["kastanje"]
	r.fake.Lose = func(c *http.Request) bool { return strings.Contains(c.URL.Path, "/rooms/"+room+"/send/") }
	r.fake.Refuse = func(c *http.Request) (int, string) { // so that it is not found again either
		if strings.HasSuffix(c.URL.Path, "/rooms/"+room+"/messages") {
			return http.StatusInternalServerError, `{"errcode":"M_UNKNOWN"}`
		}
		return 0, ""
	}
	r.line(story[len(story)-1])
	r.pass("2s later")
	r.lines("mirjam > /afloop", "mirjam > [Niets aangetroffen]", "mirjam > [Overslaan]", "mirjam > [Afloop versturen]")
	if said := r.bodies(room); len(said) == 0 || !strings.Contains(said[0], "witte bus") {
		t.Fatalf("before: %q", said) // the end may stand there already, its answer lost as well
	}
	r.fake.Lose, r.fake.Refuse = nil, nil
	r.pass("5m later")
	said := r.bodies(room)
	if len(said) != 2 || !strings.Contains(said[1], "niets aangetroffen") {
		t.Errorf("the street reads %q\nand the police %q", said, r.bodies(r.s.rooms["mirjam"]))
	}
}
