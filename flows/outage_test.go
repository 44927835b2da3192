package flows_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// down is a homeserver before which a proxy answers that nobody is there.
func down(*http.Request) (int, string) { return http.StatusBadGateway, "<html>502</html>" }

func TestHomeserverThatIsDownForAnHourGetsEverythingAfterwardsOnce(t *testing.T) {
	story := strings.ReplaceAll(burglary, "[1 uur]", "[2 uur]")
	r := newTeller(t, strings.Split(strings.TrimSuffix(story, "\nmirjam > [Ja, versturen]"), "\n")...)
	r.act("mirjam", "[Ja, versturen]")
	r.fake.Refuse = down
	r.drain()
	for range 60 {
		r.pass("1m later")
	}
	if said := r.bodies(r.s.rooms["kastanje"]); len(said) != 0 {
		t.Fatalf("said while it is down: %q", said)
	}
	r.fake.Refuse = nil
	for range 5 {
		r.pass("1m later")
	}
	if said := r.bodies(r.s.rooms["kastanje"]); len(said) != 1 {
		t.Errorf("the street reads %q", said)
	}
	r.line("ana > De lamp op de Kastanjelaan is kapot")
	if said := r.bodies(r.s.rooms["ana"]); len(said) == 0 {
		t.Error("nothing is heard after the outage")
	}
}

// A bot that answers every message with the same words, as replies of absence do; they even name an emergency.
func TestBotThatAnswersEverythingIsLeftAlone(t *testing.T) {
	for _, words := range []string{
		"Bedankt voor je bericht. Ik ben er morgen weer.", "Ik ben afwezig. Is er brand of gevaar? Bel 112!",
	} {
		r := newTeller(t, "cas > hoi")
		room := r.s.rooms["cas"]
		for range 200 {
			before := len(r.bodies(room))
			r.fake.Say(room, matrixfake.User("cas"), words)
			r.check(r.s.poll(r.ctx, r.store))
			r.drain()
			if len(r.bodies(room)) == before {
				break
			}
			r.pass("3s later")
		}
		const most = 70
		if got := len(r.bodies(room)); got > most {
			t.Errorf("%q: the two said %d things to each other", words, got)
		}
	}
}

func TestAdministratorHearsOfANetworkThatRefusesTheBotOnceADay(t *testing.T) {
	tr := transcript{about: "# cast: ana resident Kastanje; beheer admin; mirjam police\n", lines: []string{"ana > hoi"}}
	p := open(t, tr, mode{residents: "matrix"})
	t.Cleanup(p.close)
	both := p.stage.(*bothStages)
	fake := both.matrix.server.(inMemory).Server
	p.act("ana", "hoi")
	fake.Refuse = func(*http.Request) (int, string) {
		return http.StatusForbidden, `{"errcode":"M_USER_DEACTIVATED","error":"gone"}`
	}
	p.drain()
	p.pass("30m later")
	told := 0
	for _, s := range p.said() {
		if strings.Contains(s, "Matrix weigert mij") {
			told++
			if !strings.HasPrefix(s, "beheer < ") {
				t.Errorf("told: %s", s)
			}
		}
	}
	if told != 1 {
		t.Errorf("the administrator was told %d times", told)
	}
}
