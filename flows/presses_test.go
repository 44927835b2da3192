package flows_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// presser presses at random what the bot offers, in every chat of a case's life.
type presser struct {
	*player
	rand    *rand.Rand
	heard   map[string][]string // what was said, by chat
	history []string
}

// Where people of the story are; who reports is in no room.
var pressers = map[string][]string{
	"zwaantje": {"zwaantje"}, "xaverius": {"xaverius"}, "wim": {"wim", "desk"}, "rachid": {"rachid", "desk"},
	"mirjam": {"mirjam", "bureau"}, "noor": {"noor", "nieuw"},
}

const pressCast = "# cast: zwaantje resident Kastanje; xaverius resident Kastanje en; wim street_coordinator Kastanje;" +
	" rachid network_coordinator; mirjam police; noor municipality\n"

var pressWords = []string{"klaar", "om negen uur bij de bocht", "het licht is nog uit", "1", "vraag: staat er een nummer op?", "gepland 20 oktober"}

func newPresser(t *testing.T, seed uint64) *presser {
	t.Helper()
	p := &presser{
		player: open(t, transcript{about: pressCast}, mode{}), rand: rand.New(rand.NewPCG(seed, 6)), heard: map[string][]string{},
	}
	p.watchMoves()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d pressed:\n%s", seed, strings.Join(p.history[max(0, len(p.history)-40):], "\n"))
		}
	})
	p.do("rachid@nieuw > /koppel gemeente")
	return p
}

func (p *presser) do(line string) {
	p.history = append(p.history, line)
	for _, said := range p.line(line) {
		chat := chatOf(said)
		_, room, in := strings.Cut(chat, "@") // what a presser reads in a room
		if in {
			chat = room
		}
		p.heard[chat] = append(p.heard[chat], said)
	}
}

func (p *presser) report(who string) {
	lines := map[string][]string{
		"zwaantje": {"De lamp op de Kastanjelaan is kapot", "[Eerder]", "[Overslaan]", "[Versturen]"},
		"xaverius": {"There is litter all over the Kastanjestraat", "[Earlier]", "[Skip]", "[Send]"},
	}
	for _, line := range lines[who] {
		p.do(who + " > " + line)
	}
}

// offered are the labels of all buttons in a chat; a name is let known by nobody else's press than its own.
func (p *presser) offered(room string) []string {
	var labels []string
	for _, m := range p.stage.(*localStage).Messages(room) {
		for _, row := range m.Rows {
			for _, c := range row {
				if c.Label != "Geef mijn naam door" && c.Label != "Give my name" && !strings.Contains(c.Label, "larm") {
					labels = append(labels, c.Label)
				}
			}
		}
	}
	return labels
}

// press lets somebody press something, or write something.
func (p *presser) press() {
	people := make([]string, 0, len(pressers))
	for who := range pressers {
		people = append(people, who)
	}
	slices.Sort(people)
	who := people[p.rand.IntN(len(people))]
	room := pressers[who][p.rand.IntN(len(pressers[who]))]
	labels := p.offered(room)
	at := who
	if room != who {
		at += "@" + room
	}
	switch n := p.rand.IntN(20); {
	case n == 0:
		p.do(fmt.Sprintf("… %dh later", 1+p.rand.IntN(40)))
	case n < 4 && room == who && strings.HasSuffix(who, "m"): // wim and mirjam write in their private chats
		p.do(at + " > " + pressWords[p.rand.IntN(len(pressWords))])
	case n < 4 && room != who:
		p.do(at + " > re: " + pressWords[p.rand.IntN(len(pressWords))])
	case len(labels) > 0:
		p.do(at + " > [" + labels[p.rand.IntN(len(labels))] + "]")
	}
}

// told is a case as it stands in the end.
type toldCase struct {
	ref      string
	status   civic.Status
	answered bool
}

func (p *presser) cases() []toldCase {
	p.t.Helper()
	rows, err := readOnly(p.t, p.path).QueryContext(p.ctx, "SELECT ref, status, answered IS NOT NULL FROM cases ORDER BY id")
	p.check(err)
	defer func() { p.check(rows.Close()) }()
	var found []toldCase
	for rows.Next() {
		var c toldCase
		p.check(rows.Scan(&c.ref, &c.status, &c.answered))
		found = append(found, c)
	}
	p.check(rows.Err())
	return found
}

// end lets a coordinator end what is still open, by what the bot offers for it.
func (p *presser) end() {
	for range 6 {
		for _, c := range p.cases() {
			switch {
			case c.status.Ended():
			case c.status == civic.ReopenRequested:
				p.do("rachid > /start read-" + c.ref)
				p.do("rachid > [Gesloten laten]")
			case c.status == civic.Snoozed || c.status == civic.Reopened:
				p.do("rachid > /start read-" + c.ref)
				p.do("rachid > [Opgepakt]")
			default:
				p.do("rachid > stop")
				p.do("rachid > /start close-" + c.ref)
				p.do("rachid > Geen actie nodig")
				p.do("rachid > [Overslaan]")
			}
		}
	}
}

// holds checks what must be so whatever was pressed.
func (p *presser) holds() {
	for _, r := range p.moves() {
		if !r.from.May(r.to) {
			p.t.Errorf("a case went from %s to %s", r.from, r.to)
		}
	}
	for chat, said := range p.heard {
		if chat == "zwaantje" || chat == "xaverius" {
			continue
		}
		for _, s := range said {
			if low := strings.ToLower(s); strings.Contains(low, "zwaantje") || strings.Contains(low, "xaverius") {
				p.t.Errorf("in %s a reporter is named: %s", chat, s)
			}
		}
	}
	told := strings.Join(append(p.heard["zwaantje"], p.heard["xaverius"]...), "\n")
	for _, c := range p.cases() {
		switch {
		case !c.status.Ended():
			p.t.Errorf("%s does not end: %s", c.ref, c.status)
		case c.status != civic.Withdrawn && c.status != civic.Duplicate && !c.answered:
			p.t.Errorf("%s ended as %s without an answer", c.ref, c.status)
		case heardOnce(told, c.ref) || !strings.Contains(told, c.ref) && heardOnce(p.toldToStaff(), c.ref):
			p.t.Errorf("%s: its reporter heard nothing after the receipt", c.ref)
		}
	}
}

// heardOnce reports whether somebody read of a case no more than its receipt: nothing of what came of it.
func heardOnce(told, ref string) bool { return strings.Count(told, ref) == 1 }

// toldToStaff is what those read, alone with the bot, who hold a role; they report as well.
func (p *presser) toldToStaff() string {
	var all []string
	for chat, said := range p.heard {
		if slices.Contains([]string{"wim", "rachid", "mirjam", "noor"}, chat) {
			all = append(all, said...)
		}
	}
	return strings.Join(all, "\n")
}

// Whatever is pressed in whatever order: no move outside the table of domain §5.4, no reporter named outside their own
// chat, and every case ends with an answer.
func TestRandomPressesKeepToTheTableNameNobodyAndEndInAnswers(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			p := newPresser(t, seed)
			defer p.close()
			p.report("zwaantje")
			p.report("xaverius")
			for range 150 {
				p.press()
			}
			p.do("zwaantje > stop")
			p.end()
			p.holds()
			if n := len(p.moves()); n < 5 {
				t.Errorf("only %d moves: nothing was tried", n)
			}
		})
	}
}
