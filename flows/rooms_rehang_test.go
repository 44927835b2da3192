package flows_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// A Space that was taken over and then upgraded is followed with the coordinators' word: the street hangs in the new one and
// lets in who is there, and is told of once.
func TestUpgradedSpaceIsFollowed(t *testing.T) {
	q := newQuarterToldOneByOne(t, "rachid@desk > [Meegaan]")
	old := q.theirs(100)
	q.does("rachid > /kamers KASTANJE1 " + old)
	q.expect(q.does("rachid > [Ja, neem over]"), "rachid < De Space van straatgroep Kastanje is klaar")
	street := q.hs.Find("Alarmen Kastanje")
	q.on.names[old], q.on.names[street], q.on.rooms["space"] = "space", "straat", old

	next := q.upgrade("space", matrixfake.Room{Name: "Onze buurt", Space: true}, matrixBot)
	q.power(next, 0)
	q.hs.Member(next, caretaker, jorisThere, "join")
	q.expect(q.news(), "desk < Iemand heeft de Space van straatgroep Kastanje gesloten", "[Meegaan]")
	said := q.does("rachid@desk > [Meegaan]")
	q.expect(said, "Ik ben nu in de kamer waarin de Space van straatgroep Kastanje verdergaat", "mag daar te weinig", "niveau 100")
	if strings.Contains(said, "space < ") {
		t.Errorf("something is said in a space:\n%s", said)
	}
	if is := q.hs.Join(street, jorisThere); is == http.StatusOK {
		t.Error("the street is open to the new space without rights")
	}
	q.power(next, 100)
	if said := q.does("… 24h later"); strings.Contains(said, "mag daar te weinig") {
		t.Errorf("it is told again:\n%s", said)
	}
	if is := q.hs.Join(street, jorisThere); is != http.StatusOK {
		t.Errorf("who is in the new space does not come into the street: %d", is)
	}
	if is := q.hs.Join(street, anaThere); is == http.StatusOK {
		t.Error("who is in the old space alone comes into the street")
	}
	q.news()
	q.expect(q.inform(), "straat < ")
}

// The street's room itself goes on in another one: it takes the old one's place in the Space, also when rooms are asked for
// once more.
func TestUpgradedStreetIsHungIntoItsSpace(t *testing.T) {
	q := newQuarterToldOneByOne(t, "rachid@desk > [Meegaan]")
	space, street := q.space()
	q.on.rooms["straat"] = street
	next := q.upgrade("straat", matrixfake.Room{Name: "Straat"}, matrixBot)
	q.power(next, 100)
	q.hs.Member(space, matrixBot, anaThere, "join")
	q.expect(q.news(), "desk < Iemand heeft de groep van straatgroep Kastanje gesloten")
	q.expect(q.does("rachid@desk > [Meegaan]"), "Ik ben nu in de kamer", "straat < Daar ben ik weer")
	if is := q.hs.Join(next, anaThere); is != http.StatusOK {
		t.Errorf("who is in the space does not come into the street: %d", is)
	}
	q.does("rachid > /kamers KASTANJE1")
	q.does("rachid > [Maak het]")
	holds := map[string]bool{}
	for _, e := range q.hs.Events(space, matrixBot, "m.space.child") {
		holds[*e.StateKey] = len(e.Content) > 0
	}
	if holds[street] || !holds[next] {
		t.Errorf("the space holds %v, and not %s alone", holds, next)
	}
}

// newQuarterToldOneByOne opens a quarter whose street group Kastanje is told one by one, and in whose rooms these things
// will be said.
func newQuarterToldOneByOne(t *testing.T, script ...string) quarter {
	t.Helper()
	return openQuarter(t, transcript{about: "# cast: " + quarterCast + "\n# direct: Kastanje\n", lines: script})
}
