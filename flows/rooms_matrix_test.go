package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// quarter is a neighbourhood on a homeserver, which is played by hand where no transcript has words for what happens.
type quarter struct {
	*player
	on *matrixStage
	hs *matrixfake.Server
}

const quarterCast = "bea admin; rachid network_coordinator; wim street_coordinator Kastanje; ana resident Kastanje nl; " +
	"mirjam police; joris guest"

// newQuarter opens a quarter. What its people will say in rooms has to be announced, so that they are there.
func newQuarter(t *testing.T, script ...string) quarter {
	t.Helper()
	return openQuarter(t, transcript{about: "# cast: " + quarterCast + "\n", lines: script})
}

// newDirectQuarter opens one whose street group Kastanje is told one by one.
func newDirectQuarter(t *testing.T) quarter {
	t.Helper()
	return openQuarter(t, transcript{about: "# cast: " + quarterCast + "\n# direct: Kastanje\n"})
}

func openQuarter(t *testing.T, tr transcript) quarter {
	t.Helper()
	p := open(t, tr, mode{matrix: true})
	p.lacks = nil // the adapter itself looks at rooms
	p.restart()
	t.Cleanup(p.close)
	on := p.stage.(*matrixStage)
	return quarter{p, on, on.server.(inMemory).Server}
}

// news takes in what happened on the server and gives what was said to it.
func (q quarter) news() string {
	q.t.Helper()
	q.check(q.on.poll(q.ctx, q.inbox()))
	q.drain()
	return strings.Join(q.said(), "")
}

// does plays a line and gives what was said to it.
func (q quarter) does(line string) string {
	q.t.Helper()
	return strings.Join(q.line(line), "")
}

// expect wants each of the texts in what was said.
func (q quarter) expect(said string, texts ...string) {
	q.t.Helper()
	for _, text := range texts {
		if !strings.Contains(said, text) {
			q.t.Errorf("nobody reads %q in:\n%s", text, said)
		}
	}
}

// upgrade closes a room in favour of another.
func (q quarter) upgrade(room string, next matrixfake.Room, invite ...string) string {
	q.t.Helper()
	next.After = q.on.rooms[room]
	id := q.hs.CreateRoom(caretaker, next, invite...)
	q.on.names[id] = room
	q.hs.State(q.on.rooms[room], caretaker, "m.room.tombstone", map[string]any{"replacement_room": id})
	return id
}

func TestUpgradedRoomIsFollowedWithTheCoordinatorsWord(t *testing.T) {
	q := newQuarter(t, "rachid@desk > [Meegaan]", "wim@desk > [Meegaan]", "rachid@kastanje > /help")
	next := q.upgrade("kastanje", matrixfake.Room{Name: "Kastanje"})
	q.expect(q.news(), "desk < Iemand heeft de groep van straatgroep Kastanje gesloten", "[Meegaan]")
	if said := q.does("wim@desk > [Meegaan]"); q.hs.Membership(next, matrixBot) != "" {
		t.Errorf("a street coordinator moves a room:\n%s", said)
	}
	q.expect(q.does("rachid@desk > [Meegaan]"), "laat mij niet binnen") // nobody invited the bot
	q.hs.Member(next, caretaker, matrixBot, "invite")
	said := q.does("rachid@desk > [Meegaan]")
	q.expect(said, "Ik ben nu in de kamer", "kastanje < Daar ben ik weer. Deze groep is de groep van straatgroep Kastanje.")
	if is := q.hs.Membership(next, matrixBot); is != "join" {
		t.Errorf("the bot's membership is %q", is)
	}
	q.on.rooms["kastanje"] = next
	q.expect(q.does("rachid@kastanje > /help"), "kastanje < ")
	if said := q.news(); said != "" {
		t.Errorf("something is told twice:\n%s", said)
	}
}

func TestRoomThatDoesNotNameTheOldOneIsNotFollowed(t *testing.T) {
	q := newQuarter(t, "rachid@desk > [Meegaan]")
	trap := q.hs.CreateRoom(matrixfake.User("joris"), matrixfake.Room{Name: "Val", Public: true})
	q.hs.State(q.on.rooms["kastanje"], caretaker, "m.room.tombstone", map[string]any{"replacement_room": trap})
	q.news()
	q.expect(q.does("rachid@desk > [Meegaan]"), "zegt niet dat zij in de plaats komt")
	if is := q.hs.Membership(trap, matrixBot); is != "leave" {
		t.Errorf("the bot's membership of the trap is %q", is)
	}
}

func TestCoordinatorsMayStayInAClosedRoom(t *testing.T) {
	q := newQuarter(t, "rachid@desk > [In de oude kamer blijven]")
	next := q.upgrade("kastanje", matrixfake.Room{Name: "Kastanje", Public: true})
	q.news()
	q.expect(q.does("rachid@desk > [In de oude kamer blijven]"), "ik blijf daar, zoals je koos")
	if is := q.hs.Membership(next, matrixBot); is != "" {
		t.Errorf("the bot's membership is %q", is)
	}
}

// When it is the coordinators' room itself that was closed, nobody is asked in it: those who may bind rooms are asked one by
// one, and the card that stands in the old room goes along.
func TestClosedCoordinatorsRoomIsAskedAboutInPrivate(t *testing.T) {
	q := newQuarter(t, "rachid@desk > x")
	next := q.upgrade("desk", matrixfake.Room{Name: "Coördinatoren"}, matrixBot)
	said := q.news()
	q.expect(said, "rachid < Iemand heeft de groep van de coördinatoren gesloten", "bea < Iemand heeft de groep van de")
	if strings.Contains(said, "desk < Iemand") {
		t.Errorf("the closed room is asked:\n%s", said)
	}
	q.expect(q.does("bea > [Meegaan]"), "bea = Ik ben nu in de kamer", "rachid = Ik ben nu in de kamer",
		"desk < Daar ben ik weer")
	if in := q.hs.Membership(next, matrixBot); in != "join" {
		t.Errorf("the bot's membership is %q", in)
	}
}
