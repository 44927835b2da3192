package flows_test

import (
	"database/sql"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

var pairs = flag.Int("pairs", 4, "how many pairs of networks to play at random")

// The people of two networks in one deployment. The second is in another country, and its streets have the same names.
const twoNetworks = "# cast: ana resident Kastanje; wim street_coordinator Kastanje; rachid network_coordinator; mirjam police;" +
	" bea guest; rob guest; kees guest; lien guest; dubbel guest; joris guest; dirk guest\n"

// berk is the second network.
func berk(zone *time.Location) sandbox.World {
	streets := []sandbox.ExampleStreet{{Name: "Kastanjelaan", Code: "BERKLAAN"}, {Name: "Kastanjestraat", Code: "BERKSTR"}}
	return sandbox.World{
		Network: civic.Network{Name: "BIN De Berk", Profile: "be", Zone: zone, Languages: []string{"nl"}, Prefix: "BRK"},
		Groups:  []sandbox.ExampleGroup{{Name: "Kastanje", Code: "BERK1", Prefix: "BRK", Room: "berklaan", Streets: streets}},
		Rooms:   map[civic.RoomKind]string{civic.RoomCoordinators: "berkdesk", civic.RoomPolice: "berkbureau"},
		Citizens: []sandbox.Citizen{
			{ID: "bea", Name: "Bea", Language: "nl", Role: civic.Resident, Group: "Kastanje"},
			{ID: "rob", Name: "Rob", Language: "nl", Role: civic.StreetCoordinator, Group: "Kastanje"},
			{ID: "kees", Name: "Kees", Language: "nl", Role: civic.NetworkCoordinator},
			{ID: "lien", Name: "Lien", Language: "nl", Role: civic.Police},
		},
	}
}

// openTwo opens two networks side by side. Dubbel is police in both, and lives in neither.
func openTwo(t *testing.T) *player {
	t.Helper()
	p := open(t, transcript{about: twoNetworks}, mode{})
	zone, err := time.LoadLocation("Europe/Brussels")
	p.check(err)
	second := berk(zone)
	p.check(sandbox.Seed(p.ctx, p.store, sandbox.Name, second, p.now))
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		chat, err := tx.Enter(p.ctx, bot.ChatRef{Platform: sandbox.Name, ID: "dubbel", Kind: bot.Private}, p.now)
		if err != nil {
			return err
		}
		m, err := tx.Adopt(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: "dubbel", Name: "Dubbel"}, chat.ID, networks[0].ID, p.now)
		if err != nil {
			return err
		}
		for _, n := range networks {
			if err := tx.Grant(p.ctx, m.ID, civic.Grant{Role: civic.Police, Area: n.ID, From: p.now}, 0); err != nil {
				return err
			}
		}
		return nil
	}))
	return p
}

// sides are whose people and rooms are whose; what is said at one must not be of the other.
var sides = map[string]int{
	"ana": 0, "wim": 0, "rachid": 0, "mirjam": 0, "desk": 0, "bureau": 0, "kastanje": 0, "meidoorn": 0,
	"bea": 1, "rob": 1, "kees": 1, "lien": 1, "berkdesk": 1, "berkbureau": 1, "berklaan": 1,
}

// marks are words by which each network is known: its name, its references, its people, and what they tell.
var marks = [2][]string{
	{"De Vlier", "KAS-", "MEI-", "VLR-", "Ana", "Wim", "Rachid", "Mirjam", "kanarievlier"},
	{"De Berk", "BRK-", "Bea", "Rob", "Kees", "Lien", "kanarieberk"},
}

func TestNothingOfANetworkIsSeenOrDoneInAnother(t *testing.T) {
	for seed := range uint64(*pairs) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			p := openTwo(t)
			db := readOnly(t, p.path)
			r := rand.New(rand.NewPCG(seed, 11))
			refs := []string{"KAS-7F3K"}
			for _, person := range []string{"ana", "bea"} {
				refs = append(refs, tellOne(t, p, person)...)
			}
			for range 400 {
				p.pass(fmt.Sprintf("%ds later", 5+r.IntN(90)))
				refs = append(refs, lookAt(t, p.said(), "time passes")...)
				who := pick(r, slices.Sorted(maps.Keys(sides))[:]...)
				if _, isRoom := p.stage.(*localStage).rooms[who]; isRoom {
					continue
				}
				before := rowsOf(t, db, 1-sides[who])
				act := randomAct(r, p.stage.(*localStage), who, refs)
				a, err := parseAct(who, act.room, act.text)
				p.check(err)
				p.check(p.stage.do(p.ctx, p.inbox(), a))
				p.drain()
				line := fmt.Sprintf("%s@%s > %s", who, act.room, act.text)
				refs = append(refs, lookAt(t, p.said(), line)...)
				if diff := cmp.Diff(before, rowsOf(t, db, 1-sides[who])); diff != "" {
					t.Errorf("%s changes the other network:\n%s", line, diff)
				}
			}
			if !slices.ContainsFunc(refs, isOf(0)) || !slices.ContainsFunc(refs, isOf(1)) {
				t.Errorf("nobody filed anything somewhere: %v", refs)
			}
			p.close()
		})
	}
}

// tellOne lets a person file a report.
func tellOne(t *testing.T, p *player, person string) []string {
	t.Helper()
	mark := []string{"kanarievlier", "kanarieberk"}[sides[person]]
	said := p.line(person + " > De lamp in de Kastanjelaan is stuk, " + mark)
	for range 8 {
		labels := offeredNow(p.stage.(*localStage), person)
		i := slices.IndexFunc(labels, func(l string) bool { return slices.Contains([]string{"Versturen", "Eerder", "Overslaan"}, l) })
		if i < 0 {
			break
		}
		said = append(said, p.line(person+" > ["+labels[i]+"]")...)
	}
	return lookAt(t, said, mark)
}

func isOf(side int) func(string) bool {
	return func(ref string) bool { return strings.HasPrefix(ref, "BRK-") == (side == 1) && ref != "KAS-7F3K" }
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

// randomAct is something that a person does: they press what is offered to them, or what anybody was ever offered in some
// room, or they say something.
func randomAct(r *rand.Rand, s *localStage, who string, refs []string) act {
	if label := goOn(r, s, who); label != "" && r.IntN(2) == 0 {
		return act{room: who, text: "[" + label + "]"}
	}
	own := []string{"desk", "bureau", "kastanje", "berkdesk", "berkbureau", "berklaan"}[3*sides[who]:][:3]
	if at := pick(r, own...); r.IntN(5) == 0 {
		if label := goOn(r, s, at); label != "" {
			return act{room: at, text: "[" + label + "]"}
		}
	}
	room := who
	if r.IntN(3) == 0 {
		room = pick(r, "desk", "bureau", "kastanje", "berkdesk", "berkbureau", "berklaan")
	}
	var offered []string
	for button := range s.buttons {
		if at, label, _ := strings.Cut(button, " "); at == room {
			offered = append(offered, label)
		}
	}
	slices.Sort(offered)
	if len(offered) > 0 && r.IntN(3) > 0 {
		return act{room: room, text: "old: [" + pick(r, offered...) + "]"}
	}
	ref := pick(r, refs...)
	mark := []string{"kanarievlier", "kanarieberk"}[sides[who]]
	sign := []string{"KASLAAN", "BERKLAAN"}[sides[who]] // that of the other would make them one of both
	return act{room: room, text: pick(r,
		"/open", "/zoek Kastanjelaan", "/zoek "+ref, "/meldingen", "/rollen", "/help", "/start", "/status "+ref, "/route "+ref,
		"/intrekken "+ref, "/alarm "+ref, "/alarm", "/oproep", "/bericht", "/netwerk", "/mijngegevens", "/voorkeuren", "/afloop "+ref,
		"/corrigeer "+ref, "/wiezag "+ref, "/start "+sign, "/koppel KASTANJE1", "/koppel BERK1", "/privacy",
		"Er is ingebroken in de Kastanjelaan, "+mark, "Brand in de Kastanjestraat! "+mark, "De lamp in de Kastanjelaan is stuk, "+mark,
		mark, "1", "2", "3", "Kastanjelaan", "morgen 12.00", "112 is gebeld", "/verhuisd", "/taal",
	)}
}

// goOn is a button of the newest message in a chat that has some; mostly one that leads on.
func goOn(r *rand.Rand, s *localStage, room string) string {
	labels := offeredNow(s, room)
	if r.IntN(12) > 0 {
		labels = slices.DeleteFunc(labels, func(label string) bool { return label == "Stoppen" || label == "« Terug" })
	}
	if len(labels) == 0 {
		return ""
	}
	return pick(r, labels...)
}

// offeredNow are the buttons of the newest message in a chat that has some.
func offeredNow(s *localStage, room string) []string {
	for _, message := range slices.Backward(s.Messages(room)) {
		var labels []string
		for _, row := range message.Rows {
			for _, c := range row {
				if c.Link == "" {
					labels = append(labels, c.Label)
				}
			}
		}
		if len(labels) > 0 {
			return labels
		}
	}
	return nil
}

// lookAt looks for what is another network's in what was said, and gives the references that were shown.
func lookAt(t *testing.T, said []string, line string) []string {
	t.Helper()
	var refs []string
	for _, s := range said {
		where := chatOf(s)
		s = strings.ReplaceAll(s, "KAS-7F3K", "") // how references look, in texts
		person, _, _ := strings.Cut(where, "@")
		refs = append(refs, reference.FindAllString(s, -1)...)
		side, known := sides[person]
		if room := where[strings.Index(where, "@")+1:]; strings.Contains(where, "@") {
			side, known = sides[room]
		}
		if !known {
			continue
		}
		for _, mark := range marks[1-side] {
			// What somebody typed themselves is no secret from them.
			if strings.Contains(s, mark) && !strings.Contains(line, mark) {
				t.Errorf("%s\nshows %q of the other network:\n%s", line, mark, s)
			}
		}
	}
	return refs
}

// readOnly opens a database beside the program.
func readOnly(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// rowsOf is what is stored of a network.
func rowsOf(t *testing.T, db *sql.DB, side int) []string {
	t.Helper()
	const of = " IN (SELECT id FROM areas WHERE network = (SELECT id FROM areas WHERE kind = 'network' ORDER BY id LIMIT 1 OFFSET "
	in := of + fmt.Sprint(side) + "))"
	rows := column(t, db, "SELECT 'case ' || ref || ' ' || status || ' ' || version FROM cases WHERE network"+in+
		" UNION ALL SELECT 'alert ' || ref || ' ' || status || ' ' || version FROM alerts WHERE network"+in+
		" UNION ALL SELECT 'member ' || person || ' ' || standing || ' ' || coalesce(grp, 0) FROM memberships WHERE network"+in+
		" UNION ALL SELECT 'role ' || person || ' ' || role || ' ' || ends || ' ' || coalesce(revoked_at, 0) FROM roles WHERE area"+in+
		" UNION ALL SELECT 'room ' || kind || ' ' || chat FROM rooms WHERE network"+in+
		" UNION ALL SELECT 'target ' || grp || ' ' || kind || ' ' || coalesce(chat, 0) || ' ' || muted FROM targets WHERE grp"+in+
		" UNION ALL SELECT 'report ' || r.id || ' ' || length(r.text) FROM reports r JOIN cases c ON c.id = r.case_id WHERE c.network"+in)
	slices.Sort(rows)
	return rows
}

// Somebody with roles in two networks works in one at a time, by its country's rules, and says in which.
func TestAnOfficerOfTwoNetworksWorksInOneAtATime(t *testing.T) {
	p := openTwo(t)
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		m, err := tx.Identify(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: "dubbel"})
		if err != nil {
			return err
		}
		return tx.Grant(p.ctx, m.ID, civic.Grant{Role: civic.Admin, Area: m.Network, From: p.now}, 0)
	}))
	for _, step := range []struct{ line, says, not string }{
		{"dubbel > /netwerk", "[BIN De Vlier] [BIN De Berk]", ""},
		{"dubbel > /rollen", "Rachid", "Kees"},
		{"dubbel > /help", "/netwerk", "101"},
		{"dubbel > [BIN De Berk]", "BIN De Berk", ""},
		{"dubbel > /rollen", "Dat mag je hier niet doen", "Kees"}, // an administrator of the other network is none here
		{"dubbel > /help", "101", "0900"},
		{"dubbel > /alarm", "", "De Vlier"},
		{"dubbel > In de Kastanjelaan rijdt een witte bus langzaam langs de huizen.", "", "De Vlier"},
		{"dubbel > /netwerk", "[BIN De Vlier]", ""},
		{"dubbel > [BIN De Vlier]", "Je hebt nog iets openstaan", ""}, // a form stays where it began
		{"dubbel > [Stoppen]", "", "De Vlier"},
		{"wim > /netwerk", "BIN De Vlier", "Berk"},
	} {
		said := strings.Join(p.line(step.line), "")
		if !strings.Contains(said, step.says) || step.not != "" && strings.Contains(said, step.not) {
			t.Errorf("%s: want %q and not %q in\n%s", step.line, step.says, step.not, said)
		}
	}
	p.close()
}

// Who goes, goes from every network: the last administrator of one stays, also when they say so in the other.
func TestTheLastAdministratorOfANetworkStaysInWhicheverTheyAre(t *testing.T) {
	p := openTwo(t)
	alsoThere(p, "dubbel", civic.Admin, 1)
	for _, line := range []string{"dubbel > /netwerk", "dubbel > [BIN De Vlier]"} {
		p.line(line)
	}
	for _, line := range []string{"dubbel > /stop", "dubbel > /verwijder"} {
		if said := strings.Join(p.line(line), ""); !strings.Contains(said, "Je bent de enige beheerder") {
			t.Errorf("%s: %s", line, said)
		}
	}
	p.close()
}

// Who leaves with roles in two networks: the coordinators of each hear which of theirs end, and nothing of the others.
func TestEachNetworkHearsWhichOfItsRolesEnd(t *testing.T) {
	p := openTwo(t)
	alsoThere(p, "dubbel", civic.Housing, 1)
	var said []string
	for _, line := range []string{"dubbel > /stop", "dubbel > [Uit alle netwerken]"} {
		said = append(said, p.line(line)...)
	}
	heard := map[string]string{}
	for _, s := range said {
		heard[chatOf(s)] += s
	}
	if desk := heard["desk"]; !strings.Contains(desk, "politie") || strings.Contains(desk, "woning") {
		t.Errorf("the coordinators of De Vlier read %q", desk)
	}
	if desk := heard["berkdesk"]; !strings.Contains(desk, "politie") || !strings.Contains(desk, "woning") {
		t.Errorf("the coordinators of De Berk read %q", desk)
	}
	p.close()
}

// The sign of another network leads who belongs to one into the other as well; no door closes, however often they send it.
func TestASignOfAnotherNetworkLeadsThere(t *testing.T) {
	p := openTwo(t)
	for _, who := range []string{"bea", "kees"} {
		for range 6 {
			says(p, "Welkom bij BIN De Vlier", []string{"Berk"}, who+" > /start KASLAAN", who+" > [Nee, liever niet]", who+" > /start KASLAAN")
			says(p, "Van deze aanmelding bij BIN De Vlier bewaar ik niets", []string{"Berk"}, who+" > [Nee, liever niet]")
		}
		says(p, "BIN De Berk", []string{"Vlier"}, who+" > /start BERKLAAN")
	}
	says(p, "nog iets openstaan", []string{"Berk"}, "ana > er ligt glas op de stoep", "ana > /start BERKLAAN")
	p.close()
}

// A guest comes to the network whose street is on the sign; one without a sign is asked.
func TestACodeLeadsToItsNetwork(t *testing.T) {
	for first, want := range map[string]string{
		"joris > /start BERKLAAN": "Welkom bij BIN De Berk", "joris > /start KASLAAN": "Welkom bij BIN De Vlier",
		"joris > /start": "Bij welk netwerk hoort jouw straat?",
	} {
		t.Run(first, func(t *testing.T) {
			p := openTwo(t)
			if said := strings.Join(p.line(first), ""); !strings.Contains(said, want) {
				t.Fatalf("want %q in\n%s", want, said)
			}
			if strings.HasSuffix(first, "/start") {
				p.line("joris > [BIN De Berk]")
				p.line("joris > [Ja, ik doe mee]")
				p.line("joris > [Ja]")
				if labels := offeredNow(p.stage.(*localStage), "joris"); !slices.Contains(labels, "Kastanjelaan") || slices.Contains(labels, "Meidoornpad") {
					t.Errorf("offered are %v", labels)
				}
			}
			p.close()
		})
	}
}
