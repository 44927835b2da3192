package flows_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// alarm sends an alert to the street group Kastanje and gives its message in the street's room.
func (q quarter) alarm() (street, on string) {
	q.t.Helper()
	for _, line := range []string{
		"mirjam > /alarm", "mirjam > Iemand slaat ruiten in op de Kastanjelaan. Blijf binnen en bel als je iets ziet.",
		"mirjam > [Nu]", "mirjam > [Kastanje]", "mirjam > [1 uur]", "mirjam > [Versturen]", "mirjam > [Ja, versturen]",
	} {
		q.does(line)
	}
	street = q.on.rooms["kastanje"]
	for _, e := range q.hs.Events(street, matrixBot, "m.room.message") {
		if strings.Contains(fmt.Sprint(e.Content["body"]), "slaat ruiten in") {
			return street, e.ID
		}
	}
	q.t.Fatal("no alert in the street's room")
	return "", ""
}

// A thumb under an alert in a street's room would show everybody who saw something: it goes, and its author is led to the
// private chat, with the way to answer that very alert. A stranger reads why beside what was taken away.
func TestReactionInAStreetsRoomIsTakenAwayAndAnsweredInPrivate(t *testing.T) {
	q := newQuarter(t, "wim@kastanje > hoi", "ana@kastanje > hoi", "joris@kastanje > hoi")
	street, alert := q.alarm()
	q.hs.React(street, anaThere, alert, "👍")
	q.expect(q.news(), "ana < Je zette een reactie onder een bericht voor straatgroep Kastanje", "dan weten alleen de politie",
		"[Ik zag iets]")
	q.hs.React(street, anaThere, alert, "1\uFE0F\u20E3")
	q.hs.React(street, jorisThere, alert, "👀")
	if said := q.news(); said != "" {
		t.Errorf("for the next ones is said:\n%s", said)
	}
	gone := map[string]bool{}
	for _, e := range q.hs.Events(street, matrixBot, "m.room.redaction") {
		gone[e.Redacts] = true
		if !strings.Contains(fmt.Sprint(e.Content["reason"]), "Vertel het mij in een privégesprek") {
			t.Errorf("the reason is %v", e.Content["reason"])
		}
	}
	for _, who := range []string{anaThere, jorisThere} {
		for _, e := range q.hs.Events(street, who, "m.reaction") {
			if !gone[e.ID] {
				t.Errorf("a reaction of %s stands still", who)
			}
		}
	}
	q.expect(q.does("ana > [Ik zag iets]"), "Je zag iets dat bij bericht")
}

// In the rooms where people work a thumb is only a thumb, and what people say to each other in a street is theirs.
func TestOtherReactionsAreLeftAlone(t *testing.T) {
	q := newQuarter(t, "wim@kastanje > hoi", "ana@kastanje > hoi", "rachid@desk > hoi")
	street, _ := q.alarm()
	q.hs.React(street, anaThere, q.hs.Say(street, matrixfake.User("wim"), "Sterkte allemaal"), "❤️")
	for line := range strings.SplitSeq(lampStory, "\n") {
		q.does(line)
	}
	desk := q.on.rooms["desk"]
	cards := q.hs.Events(desk, matrixBot, "m.room.message")
	q.hs.React(desk, matrixfake.User("rachid"), cards[len(cards)-1].ID, "👍")
	if said := q.news(); said != "" {
		t.Errorf("somebody reads:\n%s", said)
	}
	for _, room := range []string{street, desk} {
		if gone := q.hs.Events(room, matrixBot, "m.room.redaction"); len(gone) != 0 {
			t.Errorf("taken away: %+v", gone)
		}
	}
}
