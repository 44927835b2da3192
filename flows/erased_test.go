package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// teller is a player on Matrix in which Ana tells of a lamp; her messages are known by their words.
type teller struct {
	*player
	fake *matrixfake.Server
	s    *matrixStage
}

func newTeller(t *testing.T, lines ...string) *teller {
	t.Helper()
	visits := "wim@desk > hoi\nrachid@desk > hoi\nmirjam@bureau > hoi"
	p := open(t, transcript{lines: append(strings.Split(visits, "\n"), lines...)}, mode{matrix: true})
	t.Cleanup(p.close)
	s := p.stage.(*matrixStage)
	r := &teller{player: p, fake: s.server.(inMemory).Server, s: s}
	r.lines(lines...)
	return r
}

// erase takes the message of Ana's back that begins with these words, and gives what the bot then says to her.
func (r *teller) erase(begins string) string { return r.eraseOf("ana", begins) }

func (r *teller) eraseOf(name, begins string) string {
	r.t.Helper()
	room := r.s.rooms[name]
	for _, e := range r.fake.Events(room, matrixfake.User(name), "m.room.message") {
		if strings.HasPrefix(fmt.Sprint(e.Content["body"]), begins) {
			r.fake.Redact(room, matrixfake.User(name), e.ID)
			r.check(r.s.poll(r.ctx, r.store))
			before := len(r.fake.Events(room, matrixBot, "m.room.message"))
			r.drain()
			return strings.Join(r.bodies(room)[before:], "\n")
		}
	}
	r.t.Fatalf("%s never said %q", name, begins)
	return ""
}

func (r *teller) bodies(room string) []string {
	var all []string
	for _, e := range r.fake.Events(room, matrixBot, "m.room.message") {
		all = append(all, fmt.Sprint(e.Content["body"]))
	}
	return all
}

// onDesk is what stands or was told in the coordinators' room last.
func (r *teller) onDesk() string {
	all := r.bodies(r.s.rooms[sandbox.DeskRoom])
	return strings.Join(all[max(0, len(all)-3):], "\n")
}

// filed gives the reports of the only case.
func (r *teller) filed() (c civic.Case, reports []civic.Report) {
	r.t.Helper()
	r.check(r.store.View(r.ctx, func(tx bot.Tx) (err error) {
		if c, err = tx.Case(r.ctx, 1); err != nil {
			return err
		}
		reports, err = tx.Reports(r.ctx, 1)
		return err
	}))
	return c, reports
}

var lampTold = append(strings.Split(lampStory, "\n"), "ana > hoi")

func TestReportOfWhichTheMessageIsTakenBackIsWithdrawn(t *testing.T) {
	r := newTeller(t, lampTold...)
	if said := r.erase("De lamp op"); !strings.Contains(said, "ingetrokken") {
		t.Errorf("Ana reads %q", said)
	}
	c, reports := r.filed()
	if c.Status != civic.Withdrawn || reports[0].Text != "" || reports[0].Reporter != 0 || reports[0].Pieces != nil {
		t.Errorf("kept: %s %+v", c.Status, reports)
	}
	if got := r.onDesk(); !strings.Contains(got, "ingetrokken door de melder") {
		t.Errorf("the card says %q", got)
	}
}

func TestOtherMessagesMayBeTakenBack(t *testing.T) {
	r := newTeller(t, lampTold...)
	if said := r.erase("hoi"); said != "" {
		t.Errorf("Ana reads %q", said)
	}
	if c, reports := r.filed(); c.Status != civic.Received || reports[0].Text == "" {
		t.Errorf("kept: %s %+v", c.Status, reports)
	}
}

func TestPictureThatIsTakenBackGoesAlone(t *testing.T) {
	r := newTeller(t, "ana > De lamp op de Kastanjelaan is kapot", "ana > [Eerder]", "ana > photo", "ana > [Nee]",
		"ana > [Versturen]")
	if _, reports := r.filed(); len(reports[0].Photos) != 1 {
		t.Fatalf("filed with %d pictures", len(reports[0].Photos))
	}
	if said := r.erase("bestand"); !strings.Contains(said, "foto") {
		t.Errorf("Ana reads %q", said)
	}
	c, reports := r.filed()
	if c.Status != civic.Received || reports[0].Text == "" || len(reports[0].Photos) != 0 {
		t.Errorf("kept: %s %+v", c.Status, reports)
	}
	if got := r.onDesk(); !strings.Contains(got, "heeft een foto van") {
		t.Errorf("the coordinators read %q", got)
	}
}

// A picture that came while something else was asked is no answer, and not the report either.
func TestPictureInTheMidstThatIsTakenBackGoesAlone(t *testing.T) {
	for _, sent := range []bool{false, true} {
		r := newTeller(t, "ana > De lamp op de Kastanjelaan is kapot", "ana > photo")
		said := ""
		if !sent {
			said = r.erase("bestand")
		}
		r.lines("ana > [Eerder]")
		if sent {
			r.lines("ana > [Nee]", "ana > [Versturen]")
			said = r.erase("bestand")
		} else {
			r.lines("ana > overslaan", "ana > [Versturen]")
		}
		if !strings.Contains(said, "foto") {
			t.Errorf("sent %t: Ana reads %q", sent, said)
		}
		c, reports := r.filed()
		if c.Status != civic.Received || reports[0].Text == "" || len(reports[0].Photos)+len(reports[0].PolicePhotos) != 0 {
			t.Errorf("sent %t: kept %s %+v", sent, c.Status, reports)
		}
	}
}

func TestAfterHandoverTakingBackAsksEveryHolderToStop(t *testing.T) {
	r := newTeller(t, append(slices.Clone(lampTold), "wim@desk > [Opgepakt]", "wim@desk > [Doorzetten ▸ politie]", "wim@desk > 1")...)
	r.erase("De lamp op")
	c, reports := r.filed()
	if c.Status != civic.Forwarded || reports[0].Text != "" {
		t.Errorf("kept: %s %+v", c.Status, reports)
	}
	bureau := strings.Join(r.bodies(r.s.rooms[sandbox.PoliceRoom]), "\n")
	if !strings.Contains(bureau, "teruggenomen") && !strings.Contains(bureau, "ingetrokken") {
		t.Errorf("the police read %q", bureau)
	}
}

func TestDraftOfWhichTheMessageIsTakenBackEnds(t *testing.T) {
	r := newTeller(t, "ana > De lamp op de Kastanjelaan is kapot")
	if said := r.erase("De lamp op"); !strings.Contains(said, "gewist wat je invulde") {
		t.Errorf("Ana reads %q", said)
	}
	r.line("ana > [Eerder]")
	r.check(r.store.View(r.ctx, func(tx bot.Tx) error {
		_, err := tx.Case(r.ctx, 1)
		if err == nil {
			t.Error("a case was made of it")
		}
		return nil
	}))
}

func TestAnswerToAQuestionOfWhichTheMessageIsTakenBackIsErased(t *testing.T) {
	r := newTeller(t, append(slices.Clone(lampTold), "wim@desk > [Vraag stellen]", "wim > Hoe laat ging hij uit?",
		"ana > om negen uur", "wim@desk > [Doorzetten ▸ politie]", "wim@desk > 1", "ana > dag")...)
	if said := r.erase("om negen uur"); !strings.Contains(said, "Wat erin stond, is bij mij ook gewist") {
		t.Errorf("Ana reads %q", said)
	}
	c, reports := r.filed()
	var asked []civic.Question
	r.check(r.store.View(r.ctx, func(tx bot.Tx) (err error) {
		asked, err = tx.Questions(r.ctx, c.ID)
		return err
	}))
	if len(asked) != 1 || asked[0].Answer != "" || !asked[0].Taken || reports[0].Text == "" {
		t.Errorf("kept: %+v %+v", asked, reports)
	}
	desk := strings.Join(r.bodies(r.s.rooms[sandbox.DeskRoom]), "\n")
	if !strings.Contains(desk, "teruggenomen door de melder") || !strings.Contains(r.onDesk(), "teruggenomen") {
		t.Errorf("the coordinators read %q", desk)
	}
	bureau := strings.Join(r.bodies(r.s.rooms[sandbox.PoliceRoom]), "\n")
	if !strings.Contains(bureau, "antwoord of aanvulling") {
		t.Errorf("the police read %q", bureau)
	}
}

func TestAdditionOfWhichTheMessageIsTakenBackGoesAlone(t *testing.T) {
	r := newTeller(t, append(slices.Clone(lampTold), "ana > [Aanvullen]", "ana > [Iets toevoegen]", "ana > Er ligt ook glas")...)
	if _, reports := r.filed(); len(reports) != 2 || reports[1].Text != "Er ligt ook glas" {
		t.Fatalf("filed %+v", reports)
	}
	if said := r.erase("Er ligt ook glas"); !strings.Contains(said, "De rest van je melding blijft staan") {
		t.Errorf("Ana reads %q", said)
	}
	c, reports := r.filed()
	if c.Status != civic.Received || reports[0].Text == "" || reports[1].Text != "" {
		t.Errorf("kept: %s %+v", c.Status, reports)
	}
	if said := r.erase("De lamp op"); !strings.Contains(said, "ingetrokken") {
		t.Errorf("after it the report itself: %q", said)
	}
}

// answers are what is stored of the form that Joris fills in.
func (r *teller) answers(name string) string {
	r.t.Helper()
	stored := ""
	r.check(r.store.Do(r.ctx, func(tx bot.Tx) error {
		chat, err := tx.Enter(r.ctx, bot.ChatRef{Platform: "matrix", ID: r.s.rooms[name], Kind: bot.Private}, r.now)
		if err != nil {
			return err
		}
		s, err := tx.Session(r.ctx, chat.ID, "")
		if s != nil {
			stored = string(s.Answers)
		}
		return err
	}))
	return stored
}

func TestEarlierAnswerOfAFormThatIsTakenBackIsErasedAndAskedAgain(t *testing.T) {
	r := newTeller(t, "joris > /start", "joris > [Ja, ik doe mee]", "joris > ja", "joris > Kastanjelaan")
	if got := r.answers("joris"); !strings.Contains(got, `"steps":["street"]`) {
		t.Fatalf("stored: %s", got)
	}
	said := r.eraseOf("joris", "Kastanjelaan")
	if !strings.Contains(said, "Het antwoord dat erin stond, is bij mij ook gewist") || !strings.Contains(said, "In welke straat") {
		t.Errorf("Joris reads %q", said)
	}
	if got := r.answers("joris"); strings.Contains(got, "Kastanje") || strings.Contains(got, `"street"`) {
		t.Errorf("stored still: %s", got)
	}
	if said := r.eraseOf("joris", "!start"); said != "" {
		t.Errorf("for a command that said nothing Joris reads %q", said)
	}
	r.line("joris > Meidoornstraat")
	r.line("joris > Joris")
	if got := r.answers("joris"); got != "" {
		t.Errorf("the form goes on: %s", got)
	}
}

func TestFormThatIsSetAsideLosesTheAnswerThatIsTakenBack(t *testing.T) {
	r := newTeller(t, append(slices.Clone(lampTold), "ana > [Aanvullen]", "ana > Iets toevoegen", "ana > [Nog iets op deze plek]")...)
	if said := r.erase("Iets toevoegen"); !strings.Contains(said, "Het antwoord dat erin stond, is bij mij ook gewist") {
		t.Errorf("Ana reads %q", said)
	}
	r.check(r.store.Do(r.ctx, func(tx bot.Tx) error {
		chat, err := tx.Enter(r.ctx, bot.ChatRef{Platform: "matrix", ID: r.s.rooms["ana"], Kind: bot.Private}, r.now)
		if err != nil {
			return err
		}
		parked, err := tx.ParkedSession(r.ctx, chat.ID, "")
		if err == nil && (parked == nil || strings.Contains(string(parked.Answers), "addition") || slices.Contains(parked.Answered, "kind")) {
			t.Errorf("set aside is %+v", parked)
		}
		return err
	}))
}

// A picture with words below it is one message: taken back, both go, of an answer and of what was added.
func TestWordsWithAPictureThatAreTakenBackGoTogether(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		tells string // what holds the words until then
	}{
		"answer": {[]string{
			"wim@desk > [Vraag stellen]", "wim > Welk nummer staat er op de paal?", "ana > photo paal 1432", "ana > [Nee]",
		}, "paal 1432"},
		"addition": {[]string{
			"ana > [Aanvullen]", "ana > [Iets toevoegen]", "ana > photo paal 1432", "ana > [Nee]",
		}, "paal 1432"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTeller(t, append(slices.Clone(lampTold), c.lines...)...)
			if _, reports := r.filed(); len(reports) != 2 || len(reports[1].Photos) != 1 {
				t.Fatalf("filed: %+v", reports)
			}
			if got := r.onDesk(); !strings.Contains(got, c.tells) {
				t.Fatalf("the coordinators read %q", got)
			}
			r.erase("paal 1432")
			_, reports := r.filed()
			if len(reports[1].Photos) != 0 || reports[0].Text == "" {
				t.Errorf("kept: %+v", reports)
			}
			if got := r.bodies(r.s.rooms[sandbox.DeskRoom]); strings.Contains(got[len(got)-1], c.tells) {
				t.Errorf("the card still says %q", got[len(got)-1])
			}
		})
	}
}

// A picture at its question brings words below it: whoever takes that message back takes back the words as well, and with them
// the report.
func TestWordsBelowAPictureGoWithTheMessage(t *testing.T) {
	r := newTeller(t, "ana > de lantaarn in de Kastanjelaan is kapot", "ana > [Vandaag]",
		"ana > photo het is de paal bij de bakker", "ana > [Nee]", "ana > [Versturen]")
	if _, reports := r.filed(); !strings.Contains(reports[0].Text, "bakker") || len(reports[0].Photos) != 1 {
		t.Fatalf("%q with %d pictures was filed", reports[0].Text, len(reports[0].Photos))
	}
	r.erase("het is de paal")
	c, reports := r.filed()
	for _, report := range reports {
		if strings.Contains(report.Text, "bakker") || len(report.Photos) > 0 {
			t.Errorf("of %s is left: %q with %d pictures", c.Ref, report.Text, len(report.Photos))
		}
	}
	if strings.Contains(r.onDesk(), "bakker") {
		t.Errorf("the coordinators still read: %s", r.onDesk())
	}
}

var breakIn = []string{
	"ana > er klimt nu iemand over de schutting op de Kastanjelaan!!", "ana > [Ja, ik heb gebeld]", "ana > [Overslaan]",
}

// What was said right after an emergency can be taken back like anything else, and the report stays.
func TestAnAfterthoughtThatIsTakenBackGoesAlone(t *testing.T) {
	r := newTeller(t, append(breakIn, "ana > hij had een koevoet", "ana > photo en dit is hij")...)
	if got := r.erase("hij had een koevoet"); !strings.Contains(got, "De rest van je melding blijft staan") {
		t.Errorf("she reads %q", got)
	}
	if got := r.erase("en dit is hij"); !strings.Contains(got, "De rest van je melding blijft staan") {
		t.Errorf("of the picture she reads %q", got)
	}
	c, reports := r.filed()
	if len(reports) != 3 || reports[0].Text == "" || reports[1].Text+reports[2].Text != "" || len(reports[2].PolicePhotos) != 0 {
		t.Errorf("%s holds %+v", c.Ref, reports)
	}
}

// What turned out to be something else is a report of its own, and goes with the message that brought it.
func TestAnAfterthoughtThatWasSetApartIsTakenBackFromItsOwnReport(t *testing.T) {
	r := newTeller(t, append(breakIn, "ana > photo hij had een koevoet", "ana > [Dit is iets anders]")...)
	c, reports := r.filed()
	if len(reports) != 2 || reports[1].Text != "" || len(reports[1].PolicePhotos) != 0 {
		t.Errorf("%s holds %+v", c.Ref, reports)
	}
	if got := r.erase("hij had een koevoet"); !strings.Contains(got, "Ik heb alles gewist wat je invulde") {
		t.Errorf("she reads %q", got)
	}
	if c, reports := r.filed(); c.Status != civic.Received || reports[0].Text == "" {
		t.Errorf("the emergency is %s with %+v", c.Status, reports)
	}
}

// One of two pictures of an answer, or of what is added, is taken back while it is still being asked who is on them.
func TestPictureOfSomethingUnsentThatIsTakenBackGoesAlone(t *testing.T) {
	for name, lines := range map[string][]string{
		"answer":   {"wim@desk > [Vraag stellen]", "wim > Welk nummer staat er op de paal?"},
		"addition": {"ana > [Aanvullen]", "ana > [Iets toevoegen]"},
	} {
		t.Run(name, func(t *testing.T) {
			lines = append(lines, "ana > photo paal 1432", "ana > photo")
			r := newTeller(t, append(slices.Clone(lampTold), lines...)...)
			if got := r.erase("bestand"); !strings.Contains(got, "foto of opname") || !strings.Contains(got, "Staat iemand") {
				t.Errorf("she reads %q", got)
			}
			r.lines("ana > [Nee]")
			_, reports := r.filed()
			if len(reports) != 2 || len(reports[1].Photos) != 1 {
				t.Fatalf("filed: %+v", reports)
			}
			if got := r.onDesk(); !strings.Contains(got, "paal 1432") {
				t.Errorf("the coordinators read %q", got)
			}
		})
	}
}
