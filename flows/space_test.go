package flows_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

var (
	anaThere   = matrixfake.User("ana")
	jorisThere = matrixfake.User("joris")
)

// space lets the bot make the rooms of a street group, and gives their ids.
func (q quarter) space() (space, street string) {
	q.t.Helper()
	q.expect(q.does("rachid > /kamers KASTANJE1"), "Iedereen die erin zit, ziet wie er nog meer in zit", "[Maak het]")
	said := q.does("rachid > [Maak het]")
	q.expect(said, "rachid < Ik maak het", "rachid < De Space van straatgroep Kastanje is klaar",
		"ana < Straatgroep Kastanje heeft nu een Space", "[Ik kom erin]")
	space, street = q.hs.Find("Kastanje"), q.hs.Find("Alarmen Kastanje")
	if space == "" || street == "" {
		q.t.Fatalf("space %q, street %q after:\n%s", space, street, said)
	}
	q.on.names[space], q.on.names[street] = "space", "straat"
	return space, street
}

// inform tells the street group something, and gives what was said to the last press.
func (q quarter) inform() string {
	q.t.Helper()
	for _, line := range []string{
		"rachid > /bericht", "rachid > Woensdag werkt de gemeente aan de lampen. Het is dan donker.", "rachid > [Kastanje]",
		"rachid > morgen 18.00", "rachid > [Versturen]",
	} {
		q.does(line)
	}
	return q.does("rachid > [Ja, versturen]")
}

func TestMembersAreToldWhereTheyAre(t *testing.T) {
	q := newDirectQuarter(t)
	if said := q.inform(); !strings.Contains(said, "ana < ") {
		t.Errorf("without rooms a member is told in private:\n%s", said)
	}
	space, street := q.space()
	if is := q.hs.Membership(space, anaThere); is != "" {
		t.Errorf("a member is drawn in unasked: %q", is)
	}
	said := q.inform()
	q.expect(said, "ana < ", "straat < ") // she has not come in
	q.expect(q.does("ana > [Ik kom erin]"), "uitnodiging gestuurd")
	for _, room := range []string{space, street} {
		if is := q.hs.Join(room, anaThere); is != http.StatusOK {
			t.Fatalf("a member is not let in: %d", is)
		}
	}
	q.news()
	said = q.inform()
	q.expect(said, "straat < ")
	if strings.Contains(said, "ana < ") {
		t.Errorf("who is in the room is told twice:\n%s", said)
	}
	q.hs.Member(street, caretaker, anaThere, "leave") // put out by somebody
	q.expect(q.news(), "ana < Je bent niet meer in de kamer van je straat")
	q.expect(q.inform(), "ana < ", "straat < ")
}

func TestWhoLeavesTheSpaceLeavesItsRoom(t *testing.T) {
	q := newDirectQuarter(t)
	space, street := q.space()
	q.does("ana > [Ik kom erin]")
	q.hs.Join(space, anaThere)
	q.hs.Join(street, anaThere)
	q.news()
	q.hs.Member(space, anaThere, anaThere, "leave")
	q.expect(q.news(), "ana < Je bent niet meer in de kamer van je straat")
	if is := q.hs.Membership(street, anaThere); is != "leave" {
		t.Errorf("the membership of the room is %q", is)
	}
	if said := q.news(); said != "" {
		t.Errorf("it is told twice:\n%s", said)
	}
}

func TestMemberWhoRefusesTheSpaceIsToldInPrivate(t *testing.T) {
	q := newDirectQuarter(t)
	space, _ := q.space()
	q.expect(q.does("ana > [Nee, houd het privé]"), "Je blijft alarmen hier lezen")
	if is := q.hs.Membership(space, anaThere); is != "" {
		t.Errorf("the membership is %q", is)
	}
	q.expect(q.inform(), "ana < ")
}

func TestMembersWhoKnockAreAskedAndOthersTurnedAway(t *testing.T) {
	q := newDirectQuarter(t)
	q.hs.Knocks = true
	space, _ := q.space()
	q.hs.Knock(space, jorisThere)
	q.hs.Knock(space, matrixfake.User("rachid"))
	said := q.news()
	q.expect(said, "rachid < Je vroeg om in de Space van straatgroep Kastanje te komen", "/start KASTANJE1")
	if is := q.hs.Membership(space, jorisThere); is != "leave" {
		t.Errorf("somebody unknown who knocks is %q", is)
	}
	why := q.hs.Why(space, jorisThere) // he has no private chat, so the door tells him
	q.expect(why, "Fijn dat je er bent", "leden van die straatgroep", "Begin een gesprek met mij en stuur !start KASTANJE1")
	q.hs.Knock(space, anaThere)
	q.expect(q.news(), "ana < Straatgroep Kastanje heeft nu een Space", "ziet je Matrix-naam")
	q.does("ana > [Ik kom erin]")
	if is := q.hs.Membership(space, anaThere); is != "invite" {
		t.Errorf("a member who knocked and pressed is %q", is)
	}
}

// The answer to each request that makes a room is lost once, and the program ends after it: there is one of each.
func TestRoomsAreMadeOnceAcrossCrashes(t *testing.T) {
	q := newDirectQuarter(t)
	lost := map[string]int{}
	made := 0
	q.hs.Lose = func(r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "createRoom") {
			return false
		}
		made++
		lost[r.URL.Path]++
		return lost[r.URL.Path]%2 == 1
	}
	q.does("rachid > /kamers KASTANJE1")
	said := q.does("rachid > [Maak het]")
	for range 6 { // the errand waits longer each time
		q.restart()
		said += q.does("… 2m later")
	}
	q.expect(said, "De Space van straatgroep Kastanje is klaar")
	if n := strings.Count(said, "is klaar"); n != 1 {
		t.Errorf("it is ready %d times:\n%s", n, said)
	}
	if first, second := q.hs.Named("Kastanje"), q.hs.Named("Alarmen Kastanje"); first != 1 || second != 1 || made < 3 {
		t.Errorf("%d spaces and %d rooms after %d requests", first, second, made)
	}
}

func TestWhoMayNotBindRoomsMakesNone(t *testing.T) {
	q := newDirectQuarter(t)
	for _, line := range []string{"ana > /kamers KASTANJE1", "wim > /kamers KASTANJE1", "mirjam > /kamers politie"} {
		if said := q.does(line); strings.Contains(said, "[Maak het]") || said == "" {
			t.Errorf("%s:\n%s", line, said)
		}
	}
	q.expect(q.does("rachid > /kamers"), "• Kastanje: /kamers KASTANJE1")
	q.expect(q.does("rachid > /kamers nergens"), "Die straatgroep of kamer ken ik niet")
}

func TestServerThatForbidsRoomsIsToldOf(t *testing.T) {
	q := newDirectQuarter(t)
	q.hs.Refuse = func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "createRoom") {
			return http.StatusForbidden, `{"errcode":"M_FORBIDDEN"}`
		}
		return 0, ""
	}
	q.does("rachid > /kamers KASTANJE1")
	q.expect(q.does("rachid > [Maak het]"), "De server laat mij geen kamers maken voor Kastanje")
}

// Rooms for those who work with reports are by invitation, which only they get.
func TestClosedRoomIsMadeForThoseWhoWorkThere(t *testing.T) {
	cast := quarterCast + "; noor municipality; hanna housing"
	q := openQuarter(t, transcript{about: "# cast: " + cast + "\n# direct: Kastanje\n"})
	for _, c := range []struct{ word, of, who, name string }{ // a room of the first two is there, and gives way
		{"politie", "de politie", "mirjam", "Politie BIN De Vlier"},
		{"coördinatoren", "de coördinatoren", "wim", "Coördinatoren BIN De Vlier"},
		{"gemeente", "de gemeente", "noor", "Gemeente BIN De Vlier"},
		{"woningbouw", "de woningbouw", "hanna", "Woningcorporatie BIN De Vlier"},
	} {
		q.expect(q.does("rachid > /kamers "+c.word), "Ik maak een besloten kamer: de groep van "+c.of)
		said := q.does("rachid > [Maak het]")
		q.expect(said, c.who+" < Er is een besloten kamer")
		if old := map[string]string{"politie": "bureau", "coördinatoren": "desk"}[c.word]; old != "" {
			q.expect(said, old+" < Een andere groep heeft de plaats van deze ingenomen")
		}
		q.expect(q.does(c.who+" > [Ik kom erin]"), "uitnodiging gestuurd")
		room := q.hs.Find(c.name)
		if room == "" {
			t.Fatalf("there is no room %q", c.name)
		}
		if is := q.hs.Membership(room, matrixfake.User(c.who)); is != "invite" {
			t.Errorf("the membership of %s of %q is %q", c.who, c.name, is)
		}
		if is := q.hs.Join(room, anaThere); is == http.StatusOK {
			t.Errorf("a resident comes into %q", c.name)
		}
	}
}

func TestWhoLeavesTheNetworkIsPutOutOfItsRooms(t *testing.T) {
	q := newDirectQuarter(t)
	space, street := q.space()
	q.does("ana > [Ik kom erin]")
	q.hs.Join(space, anaThere)
	q.hs.Join(street, anaThere)
	q.news()
	q.does("ana > /stop")
	q.does("ana > [Ja, uit het netwerk]")
	q.news()
	for _, room := range []string{space, street} {
		if is := q.hs.Membership(room, anaThere); is != "leave" {
			t.Errorf("the membership is %q", is)
		}
	}
}

func TestWhoIsSuspendedOrRemovedIsPutOutOfTheirRooms(t *testing.T) {
	for name, lines := range map[string][]string{"suspended": suspend(), "removed": remove()} {
		t.Run(name, func(t *testing.T) {
			q := newDirectQuarter(t)
			space, street := q.space()
			q.does("ana > [Ik kom erin]")
			q.hs.Join(space, anaThere)
			q.hs.Join(street, anaThere)
			q.news()
			for _, line := range lines {
				q.does(line)
			}
			q.news()
			for _, room := range []string{space, street} {
				if is := q.hs.Membership(room, anaThere); is != "leave" {
					t.Errorf("the membership is %q", is)
				}
			}
		})
	}
}
