package flows_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// patrol lets an officer do something that streets hear of, as far as the bot and the faults of the day allow: warn, ask a
// colleague to look along, correct, take back or tell how it ended.
func (s *simulation) patrol() {
	who := []string{"mirjam", "eva"}[s.rand.IntN(2)]
	s.said++
	story := fmt.Sprintf("%s%d", storyMark, s.said)
	switch n := s.rand.IntN(12); {
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
	"Niets aangetroffen", "Nothing found", "Verder", "Ja, wis alles", "Kastanje", "Meidoorn", "2 uur", "2 hours", "1 uur", "1 hour", "Overslaan", "Skip",
}

// alertOnly finds the reference that is to be typed to send a message without a second officer.
var alertOnly = regexp.MustCompile(`\bA-[0-9A-HJKMNP-TV-Z]{4}\b`)

// lead begins with a command and goes on until the form is over.
func (s *simulation) lead(who, command string) {
	a := act{person: who, room: who, kind: "say", text: command, count: 1}
	for range 12 {
		s.step("lead", func() error { return s.act(a) })
		s.settle()
		next, ok := s.answer(who)
		if !ok {
			return
		}
		a.kind, a.text = next.kind, next.text
	}
}

// answer is what an officer says to the question that stands in their private chat; false = there is none.
func (s *simulation) answer(who string) (act, bool) {
	messages := s.platform.Messages(who)
	for i := len(messages) - 1; i >= 0 && i >= len(messages)-2; i-- {
		var labels []string
		for _, row := range messages[i].Rows {
			for _, c := range row {
				labels = append(labels, c.Label)
			}
		}
		if !slices.Contains(labels, "Stoppen") && !slices.Contains(labels, "Stop") {
			continue
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
		if ref := alertOnly.FindString(plain(messages[i].Text)); ref != "" {
			return act{kind: "say", text: ref}, true
		}
		return act{kind: "say", text: "getuigen zagen dat " + strings.Repeat("echt ", s.rand.IntN(3)) + "gebeuren"}, true
	}
	return act{}, false
}

// lookAlong lets somebody decide about a message that needs a second officer: mostly the colleague, in time or not, and
// sometimes its own issuer.
func (s *simulation) lookAlong(issuer string) {
	who := map[string]string{"mirjam": "eva", "eva": "mirjam"}[issuer]
	if s.rand.IntN(4) == 0 {
		who = issuer
	}
	if s.rand.IntN(4) == 0 {
		s.step("clock", func() error { s.now = s.now.Add(11 * time.Minute); return nil })
		s.step("tick", func() error { return s.engine.Tick(s.ctx) })
	}
	s.settle()
	a := act{person: who, room: who, kind: "press old", count: 1}
	for _, label := range []string{"Goedkeuren", "Approve"} {
		if _, ok := s.platform.buttons[who+" "+label]; ok {
			a.text = label
		}
	}
	if a.text != "" {
		s.step("approve", func() error { return s.act(a) })
		s.settle()
	}
	if who == issuer {
		s.alone(issuer)
	}
}

// settle takes all steps in turn, while some seconds go by.
func (s *simulation) settle() {
	s.step("poll", s.pollAll)
	s.step("handle", s.handle)
	for range s.rand.IntN(5) {
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
	s.settle()
	if next, ok := s.answer(issuer); ok {
		a.kind, a.text = next.kind, next.text
		s.step("force", func() error { return s.act(a) })
		s.settle()
	}
}

// leave lets a resident have everything erased that the bot knows of them.
func (s *simulation) leave() {
	s.lead(fmt.Sprint(canary, s.rand.IntN(4)), "/verwijder")
}

// retire ends the role of an officer, at any moment; both keep everything that was shown to them.
func (s *simulation) retire() error {
	if s.retired || s.rand.IntN(3) > 0 {
		return nil
	}
	err := s.store.Do(s.ctx, func(tx bot.Tx) error {
		eva, err := tx.Identify(s.ctx, bot.UserRef{Platform: sandbox.Name, ID: "eva"})
		if err != nil || eva.ID == 0 {
			return err
		}
		for _, g := range eva.Grants {
			g.Until = s.now
			if err := tx.Grant(s.ctx, eva.ID, g, 0); err != nil {
				return err
			}
		}
		return nil
	})
	s.retired = s.retired || err == nil
	return err
}
