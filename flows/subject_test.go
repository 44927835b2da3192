package flows_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// apart is a random town in which ana reports something about somebody of the network.
type apart struct {
	cast    []string // name, role and street group
	more    [][2]int // somebody holds one more role
	subject civic.Subject
	urgent  bool
	silent  bool // ana does not answer whom it is about
	bare    bool // no room is bound
}

var apartNames = []string{"wim", "rachid", "noor", "mirjam", "kees", "sevda"}

func drawApart(r *rapid.T) apart {
	a := apart{
		subject: rapid.SampledFrom(civic.Subjects).Draw(r, "subject"), urgent: rapid.Bool().Draw(r, "urgent"),
		bare: rapid.Bool().Draw(r, "bare"),
	}
	a.silent = a.urgent && rapid.Bool().Draw(r, "silent")
	if a.silent {
		a.subject = civic.SubjectAnyone
	}
	for _, name := range apartNames {
		role := rapid.SampledFrom(civic.Roles[2:]).Draw(r, name)
		a.cast = append(a.cast, fmt.Sprintf("%s %s Kastanje", name, role))
	}
	for range rapid.IntRange(0, 2).Draw(r, "more") {
		a.more = append(a.more, [2]int{rapid.IntRange(0, 5).Draw(r, "who"), rapid.IntRange(2, len(civic.Roles)-1).Draw(r, "also")})
	}
	return a
}

// labels are how ana says whom it is about.
var labels = map[civic.Subject]string{
	civic.SubjectStreet: "Straatcoördinator of waarnemer", civic.SubjectNetwork: "Coördinator van het hele netwerk",
	civic.SubjectPolice: "Politie", civic.SubjectPartner: "Gemeente of woningbouw",
	civic.SubjectAnyone: "Iemand anders, of weet ik niet",
}

// script is what ana does.
func (a apart) script() []string {
	story := "ana > Er ligt weer afval van een kanariepiet in de Kastanjelaan"
	if !a.urgent {
		return []string{
			story, "ana > [Overslaan]", "ana > [Overslaan]", "ana > [Over iemand van het netwerk]",
			"ana > [" + labels[a.subject] + "]", "ana > [Versturen]",
		}
	}
	script := []string{
		"ana > De coördinator slaat nu een kanariepiet in de Kastanjelaan!!", "ana > [Ja, ik heb gebeld]", "ana > [Overslaan]",
	}
	if a.silent {
		return append(script, "… 6m later")
	}
	return append(script, "ana > ["+labels[a.subject]+"]")
}

// probes is everything that somebody may try to find the case, or to do something with it.
func probes(who string) []string {
	var lines []string
	for _, what := range []string{
		"/open", "/open mijn straat", "/zoek Kastanjelaan", "/zoek week", "/zoek REF", "/start read-REF", "/start ask-REF",
		"/start close-REF", "/start note-REF", "/start later-REF", "/start alarm-REF", "/start open-all", "/alarm REF", "/stop",
		"/meldingen", "/mijngegevens", "[Ja, stuur alles]",
		"/rollen", "/help", "[Opgepakt]", "[Doorzetten ▸ politie]", "[Bekijken]", "[Lezen in privéchat]",
	} {
		lines = append(lines, who+" > "+what)
	}
	for _, room := range []string{"desk", "bureau"} {
		lines = append(lines, who+"@"+room+" > [Opgepakt]", who+"@"+room+" > /zoek REF", who+"@"+room+" > /open")
	}
	return lines
}

// Whom a case may be about never gets anything of it, whatever they are and whatever they try, and no room ever does.
// Each check is a whole conversation, so only some are made unless all are asked for.
func TestNobodyLearnsOfACaseAboutThemselves(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); !*every && checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set("8"); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = checks.Value.Set(checks.DefValue) }()
	}
	rapid.Check(t, func(r *rapid.T) {
		a := drawApart(r)
		tr := transcript{about: "# cast: ana resident Kastanje; " + strings.Join(a.cast, "; ") + "\n"}
		if a.bare {
			tr.about += "# bare: yes\n"
		}
		p := open(t, tr, mode{})
		defer p.close()
		members := map[string]civic.Member{}
		var said []string
		try := func(line string) { // a press of what nobody offers is no press
			who, what, acts := strings.Cut(line, " > ")
			person, room, inRoom := strings.Cut(who, "@")
			if !inRoom {
				room = person
			}
			if acts {
				act, err := parseAct(person, room, strings.ReplaceAll(what, "REF", p.refs["KAS"]))
				p.check(err)
				if p.stage.do(p.ctx, p.inbox(), act) != nil {
					return
				}
				p.now = p.now.Add(20_000_000_000)
			} else {
				p.pass(strings.TrimPrefix(line, "… "))
			}
			p.drain()
			said = append(said, p.said()...)
		}
		for _, name := range apartNames {
			try(name + " > /start")
		}
		p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
			networks, err := tx.Networks(p.ctx)
			if err != nil {
				return err
			}
			for i, name := range apartNames {
				m, err := tx.Identify(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: name})
				if err != nil {
					return err
				}
				for _, more := range a.more {
					if more[0] == i {
						g := civic.Grant{Role: civic.Roles[more[1]], Area: networks[0].ID, From: p.now}
						if err := tx.Grant(p.ctx, m.ID, g, 0); err != nil {
							return err
						}
					}
				}
				if members[name], err = tx.Member(p.ctx, m.ID); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, line := range a.script() {
			try(line)
		}
		ref := p.refs["KAS"]
		if ref == "" {
			r.Fatalf("ana was given no reference:\n%s", strings.Join(said, "\n"))
		}
		for _, name := range rapid.Permutation(apartNames).Draw(r, "order") {
			for _, line := range probes(name) {
				try(line)
			}
		}
		try("… 40m later")
		try("… 4d later")
		try("… 7d later") // what partners are silent about is listed twice a week
		unknown := strings.ReplaceAll(p.texts.Text("nl", "error.unknown_ref", "ref", ref), "<b>", "")
		for _, s := range said {
			who := chatOf(s)
			m, is := members[who]
			room := slices.Contains([]string{"desk", "bureau", "kastanje", "meidoorn"}, who)
			if !room && (!is || !a.subject.Bars(m)) {
				continue
			}
			if strings.Contains(s, unknown[:20]) && !strings.Contains(s, "kanariepiet") {
				continue // what they typed themselves
			}
			if strings.Contains(s, ref) || strings.Contains(s, "kanariepiet") {
				r.Fatalf("%v reaches %s (%v):\n%s", a, who, m.Grants, s)
			}
		}
	})
}
