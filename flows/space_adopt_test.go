package flows_test

import (
	"net/http"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// theirs is a space that people made, into which the bot is invited, with the power that is given.
func (q quarter) theirs(level int) string {
	q.t.Helper()
	space := q.hs.CreateRoom(caretaker, matrixfake.Room{Name: "Onze buurt", Space: true}, matrixBot)
	q.hs.Member(space, caretaker, anaThere, "join")
	q.power(space, level)
	return space
}

func (q quarter) power(space string, level int) {
	q.hs.State(space, caretaker, "m.room.power_levels", map[string]any{
		"users": map[string]any{caretaker: 100, matrixBot: level}, "invite": 50, "kick": 50, "state_default": 50,
		"events": map[string]any{"m.space.child": 100},
	})
}

// A space that there is already becomes the street group's: the room of its street is hung into it, and its members may
// come in; asking again makes no second one.
func TestSpaceThatPeopleMadeIsTakenOver(t *testing.T) {
	q := newDirectQuarter(t)
	space := q.theirs(0)
	for _, args := range []string{"KASTANJE1 #x", "NERGENS9 #buurt:hs.test", "KASTANJE1 #buurt:hs.test nu"} {
		said := q.does("rachid > /kamers " + args)
		if args == "KASTANJE1 #x" {
			q.expect(said, "Ik neem de Space #x over voor straatgroep Kastanje")
			said = q.does("rachid > [Nee]")
			q.expect(said, "Ik laat de Space zoals hij is")
			continue
		}
		q.expect(said, "Die straatgroep of kamer ken ik niet")
	}
	q.expect(q.does("rachid > /kamers KASTANJE1 "+space), "ziet wie er nog meer in zit", "[Ja, neem over]")
	q.expect(q.does("rachid > [Ja, neem over]"), "Ik maak het", "mag daar te weinig")
	q.power(space, 100)
	q.does("rachid > /kamers KASTANJE1 " + space)
	said := q.does("rachid > [Ja, neem over]")
	q.expect(said, "rachid < De Space van straatgroep Kastanje is klaar", "ana < Straatgroep Kastanje heeft nu een Space")
	street := q.hs.Find("Alarmen Kastanje")
	q.on.names[space], q.on.names[street] = "space", "straat"
	if is := q.hs.Join(street, anaThere); is != http.StatusOK {
		t.Errorf("who is in the space is not let into the street: %d", is)
	}
	q.news()
	q.expect(q.inform(), "straat < ")
	q.expect(q.does("rachid > /kamers KASTANJE1 "+space), "heeft al een Space")
	q.does("rachid > /kamers KASTANJE1")
	q.does("rachid > [Maak het]")
	if n := q.hs.Named("Kastanje") + q.hs.Named("Alarmen Kastanje"); n != 1 {
		t.Errorf("%d rooms were made", n)
	}
}

func TestSpaceThatCannotBeTakenOverIsExplained(t *testing.T) {
	q := newDirectQuarter(t)
	shut := q.hs.CreateRoom(caretaker, matrixfake.Room{Name: "Dicht", Space: true})
	open := q.hs.CreateRoom(caretaker, matrixfake.Room{Name: "Open", Space: true, Public: true})
	for address, want := range map[string]string{
		"#nergens:hs.test": "vind ik geen Space", shut: "Nodig mij daar uit", open: "kan iedereen zomaar komen",
	} {
		q.does("rachid > /kamers KASTANJE1 " + address)
		q.expect(q.does("rachid > [Ja, neem over]"), want)
	}
}
