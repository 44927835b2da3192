package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// door is a player on Telegram where the bot keeps the group of street group Kastanje.
type door struct {
	*player
	s     *telegramStage
	group int64
}

func newDoor(t *testing.T, rights botapi.Rights) door {
	t.Helper()
	p := open(t, transcript{
		about: "# cast: ana resident Kastanje; bo resident Meidoorn; joris guest; wim street_coordinator Kastanje; " +
			"rachid network_coordinator\n",
		lines: []string{"eva > hoi"},
	}, mode{telegram: true})
	t.Cleanup(p.close)
	p.lacks = nil // the adapter itself keeps the door
	p.restart()
	s := p.stage.(*telegramStage)
	d := door{p, s, s.ids["kastanje"]}
	s.server.Promote(s.ids["rachid"], d.group, rights)
	for _, name := range []string{"ana", "bo", "joris", "eva", "wim"} {
		s.server.LeaveChat(s.ids[name], d.group)
	}
	d.work()
	p.said()
	return d
}

// work lets the bot take what came, and do what is to be done.
func (d door) work() []string {
	d.t.Helper()
	for range 3 {
		d.check(d.s.PollOnce(d.ctx, d.inbox()))
		d.drain()
	}
	return d.said()
}

func (d door) asks(name string) []string {
	d.t.Helper()
	d.s.server.AskToJoin(d.s.ids[name], d.group)
	return d.work()
}

// inside tells who of the cast is in the group.
func (d door) inside() string {
	var names []string
	for _, name := range []string{"ana", "bo", "joris", "eva", "wim"} {
		if d.s.server.Inside(d.s.ids[name], d.group) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

func (d door) isInside(want string) {
	d.t.Helper()
	if diff := cmp.Diff(want, d.inside()); diff != "" {
		d.t.Errorf("who is in the group (-want +got):\n%s", diff)
	}
}

// heard fails unless one of the lines, of this chat, holds the words.
func (d door) heard(said []string, chat, words string) {
	d.t.Helper()
	if !slices.ContainsFunc(said, func(line string) bool {
		return strings.HasPrefix(line, chat+" <") && strings.Contains(line, words)
	}) {
		d.t.Errorf("%s does not read %q, but\n%s", chat, words, strings.Join(said, ""))
	}
}

func TestAMemberOfTheStreetGroupIsLetIn(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.heard(d.asks("ana"), "ana", "Je bent binnen")
	d.isInside("ana")
	d.asks("ana") // again, as a repeated update is
	d.isInside("ana")
}

// silent fails if one of the lines, of this chat, holds the words.
func (d door) silent(said []string, chat, words string) {
	d.t.Helper()
	for _, line := range said {
		if strings.HasPrefix(line, chat+" <") && strings.Contains(line, words) {
			d.t.Errorf("%s reads %s", chat, line)
		}
	}
}

func TestWhoIsInTooManyGroupsIsToldWhatToDo(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.s.server.Crowd(d.s.ids["ana"], true)
	said := d.asks("ana")
	d.heard(said, "ana", "je zit al in te veel groepen")
	d.silent(said, "ana", "Je bent binnen")
	d.silent(said, "desk", "")
	d.isInside("")
	d.s.server.Crowd(d.s.ids["ana"], false)
	d.heard(d.asks("ana"), "ana", "Je bent binnen")
	d.isInside("ana")
}

func TestANewMemberWhoIsInTooManyGroupsIsToldWhatToDo(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.asks("eva")
	for _, line := range []string{"eva > [Ja, ik doe mee]", "eva > [Ja]", "eva > [Kastanjelaan]", "eva > Eva"} {
		d.line(line)
	}
	d.s.server.Crowd(d.s.ids["eva"], true)
	d.heard(d.line("rachid@desk > [Toelaten]"), "eva", "je zit al in te veel groepen")
	d.isInside("")
}

func TestNobodyIsToldThatTheyAreInBeforeTheyAre(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.s.server.Fail(botapi.Fault{Method: "approveChatJoinRequest", Kind: botapi.Status502HTML})
	said := d.asks("ana")
	d.silent(said, "ana", "Je bent binnen")
	d.isInside("")
	d.heard(d.line("… 1m later"), "ana", "Je bent binnen")
	d.isInside("ana")
}

// The bot lost its right while the request was on its way: who asked hears that it takes a while, and the coordinators what
// to do.
func TestWhoCannotBeLetInIsToldSo(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.s.server.AskToJoin(d.s.ids["ana"], d.group)
	d.s.server.Promote(d.s.ids["rachid"], d.group, botapi.Rights{Restrict: true})
	said := d.work()
	d.heard(said, "ana", "ik kan je daar nu niet binnenlaten")
	d.heard(said, "desk", "Ik kon iemand niet binnenlaten")
	d.silent(said, "ana", "Je bent binnen")
	d.isInside("")
}

// Who took their request back, or was turned away by somebody else, hears nothing about it.
func TestWhoDoesNotAskAnyMoreIsNotToldThatTheyAreIn(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.s.server.AskToJoin(d.s.ids["ana"], d.group)
	d.s.server.StopAsking(d.s.ids["ana"], d.group)
	if said := d.work(); len(said) > 0 {
		t.Errorf("%s", said)
	}
	d.isInside("")
}

func TestAMemberOfAnotherStreetGroupIsTurnedAwayKindly(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	said := d.asks("bo")
	d.heard(said, "bo", "jij hoort bij een andere straatgroep")
	d.isInside("")
	if strings.Contains(strings.Join(said, ""), "desk") {
		t.Errorf("the coordinators are bothered with it:\n%s", said)
	}
}

func TestWhoCoordinatesAGroupComesInWhereverTheyLive(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.heard(d.asks("wim"), "wim", "Je bent binnen")
	d.isInside("wim")
}

func TestAStrangerIsLedToJoiningAndComesInOnceApproved(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	said := d.asks("eva") // she never wrote to the bot
	d.heard(said, "eva", "Doe eerst mee")
	d.heard(said, "eva", "Welkom bij BIN De Vlier")
	d.heard(said, "desk", "Iemand die nog niet meedoet")
	if strings.Contains(strings.Join(said, ""), "desk < Eva") {
		t.Error("the coordinators read a name that nobody gave them")
	}
	d.isInside("")
	if again := strings.Join(d.asks("joris"), ""); strings.Contains(again, "desk <") {
		t.Errorf("a second stranger within the hour: %s", again)
	}
	for _, line := range []string{"eva > [Ja, ik doe mee]", "eva > [Ja]", "eva > [Kastanjelaan]", "eva > Eva"} {
		d.line(line)
	}
	d.heard(d.asks("eva"), "eva", "ligt nog bij de coördinatoren")
	d.isInside("")
	d.line("rachid@desk > [Toelaten]")
	d.work()
	d.isInside("eva")
}

func TestWhoLeavesTheNetworkGoesOutOfTheStreetGroup(t *testing.T) {
	for name, lines := range map[string][]string{
		"leaves": {"ana > /stop", "ana > [Ja, uit het netwerk]"},
		"moves":  {"ana > /verhuisd MEISTR"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t, botapi.AllRights())
			d.asks("ana")
			d.isInside("ana")
			for _, line := range lines {
				d.line(line)
			}
			if name == "moves" {
				d.line("ana > Meidoornstraat")
			}
			said := d.work()
			d.isInside("")
			if strings.Contains(strings.Join(said, ""), "Ging dat per ongeluk") {
				t.Errorf("who was put out is asked whether it was a mistake:\n%s", said)
			}
		})
	}
}

// exclude are the lines with which Rachid takes a measure that keeps Ana out.
func exclude(measure ...string) []string {
	lines := []string{"ana > /start", "rachid > /start", "rachid > /aanspreken Ana"}
	return append(append(lines, measure...), "rachid > [Overslaan]", "rachid > [Versturen]")
}

func suspend() []string {
	return exclude("rachid > [Schorsen voor een tijd]", "rachid > [Grof of bedreigend zijn]", "rachid > [7 dagen]")
}

func remove() []string {
	return exclude("rachid > [Uit het netwerk zetten]", "rachid > [Grof of bedreigend zijn]")
}

func TestWhoIsSuspendedOrRemovedGoesOutOfTheStreetGroupAndIsToldWhyNotToComeBack(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		reads string
	}{
		"suspended": {suspend(), "Je bent geschorst tot"},
		"removed":   {remove(), "Je doet niet meer mee met BIN De Vlier"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t, botapi.AllRights())
			d.asks("ana")
			d.isInside("ana")
			for _, line := range c.lines {
				d.line(line)
			}
			d.work()
			d.isInside("")
			d.said()
			said := d.asks("ana")
			d.heard(said, "ana", c.reads)
			d.isInside("")
			if strings.Contains(strings.Join(said, ""), "desk") {
				t.Errorf("the coordinators are bothered with it:\n%s", said)
			}
		})
	}
}

func TestWhoWasSuspendedComesBackIntoTheStreetGroup(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.asks("ana")
	for _, line := range suspend() {
		d.line(line)
	}
	d.isInside("")
	d.line("… 192h later")
	d.asks("ana")
	d.isInside("ana")
}

func TestWhoLeavesTheGroupIsToldThatAlertsDoNotReachThem(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.asks("ana")
	d.s.server.LeaveChat(d.s.ids["ana"], d.group)
	d.heard(d.work(), "ana", "lees je daar dus niet meer")
	d.heard(d.asks("ana"), "ana", "Je bent binnen")
	d.isInside("ana")
}

func TestWithoutTheRightTheCoordinatorsAreToldOnce(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.asks("ana")
	d.s.server.Promote(d.s.ids["rachid"], d.group, botapi.Rights{Invite: true})
	d.work()
	d.line("ana > /stop")
	d.line("ana > [Ja, uit het netwerk]")
	d.isInside("ana")
	desk := d.s.server.Messages(d.s.ids["desk"])
	told := 0
	for _, m := range desk {
		if strings.Contains(m.Text, "kon de persoon niet uit de groep halen") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the coordinators are told %d times", told)
	}
}

// The group of the coordinators is no street group: who asks there is the business of those who are in it.
func TestOtherRoomsHaveDoorsOfTheirOwn(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	desk := d.s.ids["desk"]
	d.s.server.Promote(d.s.ids["rachid"], desk, botapi.AllRights())
	d.s.server.LeaveChat(d.s.ids["ana"], desk)
	d.work()
	d.s.server.AskToJoin(d.s.ids["ana"], desk)
	if said := d.work(); len(said) > 0 {
		t.Errorf("%s", said)
	}
}
