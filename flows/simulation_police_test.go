package flows_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// patrol lets an officer do something that streets hear of, as far as the bot and the faults of the day allow: warn, ask a
// colleague to look along, correct, take back or tell how it ended.
func (s *simulation) patrol() {
	who := []string{"mirjam", "eva"}[s.rand.IntN(2)]
	story := s.story()
	switch n := s.rand.IntN(16); {
	case n == 15: // a plate needs a colleague, and its issuer does not wait for one
		s.lead(who, "/alarm "+story+" zoek een bus met kenteken XX-999-X, er is iemand meegenomen")
		s.step("tick", func() error { return s.engine.Tick(s.ctx) })
		s.hear(who)
		s.alone(who)
	case n == 14:
		s.doubt(who, "/alarm "+story+" let op een man met een rode jas, hij brak in")
	case n == 13:
		s.lead(who, "/oefening "+story+" let op een man met een rode jas, hij brak in")
		s.follow(who)
	case n == 12: // who may not
		s.lead([]string{"wim", "rachid", canary + "0"}[s.rand.IntN(3)], "/alarm "+story+" let op een man met een rode jas, hij brak in")
	case n < 4:
		defer s.follow(who)
		s.lead(who, "/alarm "+story+" let op een man met een rode jas, hij brak in")
	case n < 8: // a plate needs a colleague
		s.lead(who, "/alarm "+story+" zoek een bus met kenteken XX-999-X, er is iemand meegenomen")
		s.lookAlong(who)
		s.follow(who)
	case n < 9:
		s.lead(who, "/oproep "+story+" wie zag gisteren een witte bus")
	case n < 10:
		s.lead(who, "/corrigeer")
	case n < 11:
		s.lead(who, "/intrekken")
	default:
		s.lead(who, "/afloop")
	}
}

// doubt lets the program end just when a street has read an alert, before that is stored, and the officer end the alert before it
// is sent once more.
func (s *simulation) doubt(who, command string) {
	s.cut = true
	s.lead(who, command)
	for range 6 {
		if s.cut {
			s.settle()
		}
	}
	s.cut = false
	s.lead(who, []string{"/intrekken", "/afloop"}[s.rand.IntN(2)])
}

// follow lets an officer say more about a message that has hardly gone.
func (s *simulation) follow(who string) {
	switch s.rand.IntN(6) {
	case 0:
		s.lead(who, "/corrigeer")
	case 1, 2:
		s.lead(who, "/afloop")
	case 3:
		s.lead(who, "/intrekken")
	}
}

// leading are the answers that bring an officer's form to its end, the most wanted first.
var leading = []string{
	"Ja, versturen", "Yes, send", "Versturen", "Send", "Correctie versturen", "Send the correction", "Intrekken", "Take back",
	"Afloop versturen", "Send the outcome", "Deze tekst gebruiken", "Use this text", "Toch zo laten", "Leave it as it is",
	"Niets aangetroffen", "Nothing found", "Nu", "Now", "Kastanje", "Meidoorn", "2 uur", "2 hours", "1 uur", "1 hour", "Overslaan", "Skip",
}

// alertOnly finds the reference that is to be typed to send a message without a second officer.
var alertOnly = regexp.MustCompile(`\bA-[0-9A-HJKMNP-TV-Z]{4}\b`)

// lead begins with a command and goes on until the form is over. What was open before is stopped.
func (s *simulation) lead(who, command string) {
	if stop := s.stop(who); stop.kind != "" {
		s.step("stop", func() error { return s.act(stop) })
		s.hear(who)
	}
	a := act{person: who, room: who, kind: "say", text: command, count: 1}
	for range 14 {
		if who == "eva" && a.text == "Yes, send" && s.rand.IntN(3) == 0 { // at the last moment
			s.step("retire", s.retire)
		}
		s.step("lead", func() error { return s.act(a) })
		if !s.hear(who) {
			return
		}
		next, ok := s.answer(who)
		if !ok {
			return
		}
		a.kind, a.text = next.kind, next.text
	}
}

// stop presses the button that ends a form, if the newest message has one.
func (s *simulation) stop(who string) act {
	messages := s.platform.Messages(who)
	if len(messages) == 0 {
		return act{}
	}
	for _, row := range messages[len(messages)-1].Rows {
		for _, c := range row {
			if c.Label == "Stoppen" || c.Label == "Stop" {
				return act{person: who, room: who, kind: "press", text: c.Label, count: 1}
			}
		}
	}
	return act{}
}

// hear lets time go by until something new is said to a person, if that is soon.
func (s *simulation) hear(who string) bool {
	before := len(s.platform.Messages(who))
	for range 8 {
		s.settle()
		if len(s.platform.Messages(who)) > before {
			return true
		}
	}
	return false
}

// answer is what an officer says to the question that was put last in their private chat; false = there is none.
func (s *simulation) answer(who string) (act, bool) {
	if word := s.word(who); word != "" {
		return act{kind: "say", text: word}, true
	}
	messages := s.platform.Messages(who)
	if s.stop(who).kind == "" {
		return act{}, false
	}
	last := messages[len(messages)-1]
	var labels []string
	for _, row := range last.Rows {
		for _, c := range row {
			labels = append(labels, c.Label)
		}
	}
	group := []string{"Kastanje", "Meidoorn"}[s.rand.IntN(2)]
	for _, label := range append([]string{group}, leading...) {
		if slices.Contains(labels, label) {
			return act{kind: "press", text: label}, true
		}
	}
	if alertOnly.MatchString(labels[0]) { // which message is meant
		return act{kind: "press", text: labels[0]}, true
	}
	if ref := alertOnly.FindString(plain(last.Text)); ref != "" {
		return act{kind: "say", text: ref}, true
	}
	return act{kind: "say", text: "getuigen zagen dat " + strings.Repeat("echt ", s.rand.IntN(3)) + "gebeuren"}, true
}

// lookAlong lets somebody decide about a message that needs a second officer: mostly the colleague, in time or not, and
// sometimes its own issuer.
func (s *simulation) lookAlong(issuer string) {
	who := map[string]string{"mirjam": "eva", "eva": "mirjam"}[issuer]
	if s.rand.IntN(3) == 0 {
		who = issuer
	}
	if s.rand.IntN(4) == 0 {
		s.step("clock", func() error { s.now = s.now.Add(11 * time.Minute); return nil })
	}
	s.step("tick", func() error { return s.engine.Tick(s.ctx) })
	s.hear(issuer)
	a := act{person: who, room: who, kind: "press old", count: 1}
	for _, label := range []string{"Goedkeuren", "Approve"} {
		if _, ok := s.platform.buttons[who+" "+label]; ok {
			a.text = label
		}
	}
	if a.text != "" {
		s.step("approve", func() error { return s.act(a) })
		s.settle()
		s.spell(who)
	}
	if who == issuer {
		s.alone(issuer)
	}
}

// settle takes all steps in turn, while some seconds go by.
func (s *simulation) settle() {
	s.step("poll", s.pollAll)
	s.step("handle", s.handle)
	for range 1 + s.rand.IntN(2) {
		s.step("deliver", s.deliver)
	}
	s.step("clock", func() error { s.now = s.now.Add(time.Duration(1+s.rand.IntN(3)) * time.Second); return nil })
}

// alone lets an issuer try to send a message without a second officer.
func (s *simulation) alone(issuer string) {
	a := act{person: issuer, room: issuer, kind: "press old", count: 1}
	for _, label := range []string{"Levensgevaar: nu sturen", "Life in danger: send"} {
		if _, ok := s.platform.buttons[issuer+" "+label]; ok {
			a.text = label
		}
	}
	if a.text == "" {
		return
	}
	s.step("force", func() error { return s.act(a) })
	if !s.hear(issuer) {
		return
	}
	if next, ok := s.answer(issuer); ok {
		a.kind, a.text = next.kind, next.text
		s.step("force", func() error { return s.act(a) })
		s.hear(issuer)
	}
}

// leave lets a resident have everything erased that the bot knows of them.
func (s *simulation) leave() {
	who := fmt.Sprint(canary, s.rand.IntN(4))
	a := act{person: who, room: who, kind: "say", text: "/verwijder", count: 1}
	for _, label := range []string{"Verder", "Ja, wis alles", ""} {
		s.step("leave", func() error { return s.act(a) })
		if !s.hear(who) || !s.offers(who, label) {
			return
		}
		a.kind, a.text = "press", label
	}
}

// offers reports whether the newest message in a private chat has a button.
func (s *simulation) offers(who, label string) bool {
	messages := s.platform.Messages(who)
	return len(messages) > 0 && slices.ContainsFunc(slices.Concat(messages[len(messages)-1].Rows...), func(c bot.Choice) bool {
		return c.Label == label
	})
}

// over ends a role: somebody says so, or it had a last day.
func (s *simulation) over(tx bot.Tx, person int64, g civic.Grant) error {
	if s.until = (time.Time{}); len(s.history)%2 == 0 {
		s.until = s.newest.Add(time.Millisecond) // what was done in this instant was done before
		g.Until = s.until
		return tx.Grant(s.ctx, person, g, 0)
	}
	if err := tx.Revoke(s.ctx, person, g.Role, g.Area, s.now); err != nil {
		return err
	}
	return tx.Audit(s.ctx, bot.AuditEntry{At: s.now, Action: "role.ended", Object: bot.About("member", person)})
}

// retire ends the role of an officer, at any moment, at once or by its last day; both keep everything that was shown to them.
func (s *simulation) retire() error {
	if s.retired || s.rand.IntN(3) > 0 {
		return nil
	}
	err := s.store.Do(s.ctx, func(tx bot.Tx) error {
		eva, err := tx.Identify(s.ctx, s.account("eva"))
		if err != nil || eva.ID == 0 {
			return err
		}
		for _, g := range eva.Grants {
			if err := s.over(tx, eva.ID, g); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && !s.retired {
		s.retired = true
		s.now = s.now.Add(time.Second) // and what she does next she does after it
	}
	return err
}
