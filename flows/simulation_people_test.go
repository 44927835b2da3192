package flows_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// capture is an inbox that only looks: what people do waits outside until it is polled.
type capture struct{ s *simulation }

func (c capture) Checkpoint(context.Context, string, string) (string, error) { return "", nil }

func (capture) Held(context.Context, string) ([]bot.Chat, error) { return nil, nil }

func (c capture) Receive(_ context.Context, _, _ string, rows []bot.Raw, _ string) error {
	for i, r := range rows {
		c.s.via[r.External] = c.s.netOf(roomIn(r.Body))
		for room, at := range c.s.address {
			r.Body = bytes.ReplaceAll(r.Body, []byte(inRoom(room)), []byte(inRoom(at)))
		}
		rows[i] = r
	}
	c.s.outside = append(c.s.outside, rows...)
	return nil
}

// poll hands in some of what waits outside: often in order, sometimes not, sometimes what was handed in before.
func (s *simulation) poll() error {
	if len(s.outside) == 0 {
		return nil
	}
	n := 1 + s.rand.IntN(len(s.outside))
	rows := slices.Clone(s.outside[:n])
	if s.rand.IntN(5) == 0 {
		s.rand.Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	if s.rand.IntN(4) == 0 {
		rows = append(rows, rows[s.rand.IntN(n)])
	}
	return s.handIn(rows, n)
}

func (s *simulation) pollAll() error {
	if len(s.outside) == 0 {
		return nil
	}
	return s.handIn(s.outside, len(s.outside))
}

// handIn stores rows; when that is confirmed, the first n outside are over, but may come again.
func (s *simulation) handIn(rows []bot.Raw, n int) error {
	for _, r := range rows {
		s.received[r.External] = true
	}
	for _, f := range s.nets {
		here := slices.DeleteFunc(slices.Clone(rows), func(r bot.Raw) bool { return s.via[r.External] != f })
		if len(here) == 0 {
			continue
		}
		if err := s.store.Receive(s.ctx, f.name, f.name, here, strconv.Itoa(s.said)); err != nil {
			return err
		}
	}
	again := s.outside[:n]
	s.outside = slices.Clone(s.outside[n:])
	if !s.calm && s.rand.IntN(6) == 0 {
		s.outside = append(s.outside, again[s.rand.IntN(len(again))])
	}
	return nil
}

// actAtRandom lets somebody do something.
func (s *simulation) actAtRandom() error {
	everybody := simulated()
	who := everybody[s.rand.IntN(len(everybody))].ID
	return s.act(s.chooseAct(who))
}

func (s *simulation) act(a act) error {
	who := a.person
	a = s.typed(a)
	if a.kind == "" || s.away[who] && a.kind != "unblock" {
		return nil
	}
	s.counts.acts++
	s.acted[who] = len(s.history)
	s.note(fmt.Sprintf("%s@%s: %s %.60q", a.person, a.room, a.kind, a.text))
	switch a.kind {
	case "block":
		s.away[who], s.everAway[who] = true, true
	case "unblock":
		delete(s.away, who)
	}
	return s.platform.do(s.ctx, capture{s}, a)
}

func (s *simulation) chooseAct(who string) act {
	a := act{person: who, room: s.room(who), kind: "press", count: 1}
	if s.away[who] {
		if s.rand.IntN(4) == 0 {
			a.kind, a.room = "unblock", who
			return a
		}
		return act{}
	}
	switch n := s.rand.IntN(100); {
	case n < 66:
		return s.goOn(a)
	case n < 80:
		a.kind, a.text = "say", s.words(who)
	case n < 86:
		return s.pressOld(a)
	case n < 89:
		a.kind, a.point = "pin", orb.Point{5.6 + s.rand.Float64()/100, 51.6 + s.rand.Float64()/100}
	case n < 92:
		a.kind, a.media = "media", []bot.MediaKind{bot.MediaPhoto, bot.MediaVoice, bot.MediaSticker}[s.rand.IntN(3)]
	case n < 94:
		a.kind, a.text, a.edited = "say", s.words(who), true
	case n < 96:
		a.kind, a.text, a.forwarded = "say", s.words(who), true
	case n < 97:
		a.kind = "forge"
	case n < 98 && strings.HasPrefix(who, canary):
		a.kind, a.room = "block", who
	default:
		a.kind, a.text = "say", odd[s.rand.IntN(len(odd))]
	}
	return a
}

// room is where a person does things: mostly in private, those with a room there too.
func (s *simulation) room(who string) string {
	switch {
	case strings.HasPrefix(who, canary) && s.rand.IntN(12) > 0, s.rand.IntN(2) == 0:
		return who
	case who == "mirjam" || who == "eva":
		return sandbox.PoliceRoom
	case who == "wim" || who == "rachid":
		return sandbox.DeskRoom
	}
	return []string{sandbox.DeskRoom, sandbox.PoliceRoom, "kastanje"}[s.rand.IntN(3)]
}

// goOn presses a button of one of the newest messages, or says what seems to be asked for.
func (s *simulation) goOn(a act) act {
	messages := s.platform.Messages(a.room)
	reach := 1
	if a.room != a.person {
		reach = 6
	}
	var labels []string
	for _, m := range messages[max(0, len(messages)-reach):] {
		for _, row := range m.Rows {
			for _, c := range row {
				if !strings.HasPrefix(c.Label, "«") && c.Label != "Stoppen" && c.Label != "Stop" {
					labels = append(labels, c.Label)
				}
			}
		}
	}
	if len(labels) == 0 || a.room == a.person && s.rand.IntN(6) == 0 {
		a.kind, a.text = "say", s.words(a.person)
		return a
	}
	a.text = labels[s.rand.IntN(len(labels))]
	for _, label := range labels {
		if s.rand.IntN(2) == 0 && finishing[label] {
			a.text = label
		}
	}
	return a
}

func (s *simulation) pressOld(a act) act {
	var here []pressable
	for _, p := range s.old {
		if p.room == a.room {
			here = append(here, p)
		}
	}
	if len(here) == 0 {
		return act{}
	}
	a.kind, a.text = "press old", here[s.rand.IntN(len(here))].label
	if _, ok := s.platform.buttons[a.room+" "+a.text]; !ok {
		return act{}
	}
	return a
}

// finishing are the labels that bring a form to its end.
var finishing = map[string]bool{
	"Versturen": true, "Ja, versturen": true, "Send": true, "Yes, send": true, "Ja, ik doe mee": true,
	"Deze tekst gebruiken": true, "Use this text": true,
}

// story is the beginning of a text that nobody said before.
func (s *simulation) story() string {
	s.said++
	return fmt.Sprintf("%s%d", storyMark, s.said)
}

// beginning is what a person of this kind may say to begin something.
func (s *simulation) beginning(who string) string {
	story := s.story() + " "
	var kinds []string
	switch who {
	case "mirjam", "eva":
		kinds = []string{"/alarm # let op een man met een rode jas", "/alarm # zoek dekking", "/corrigeer", "/afloop", "/oproep # wie zag iets"}
	case "wim", "rachid":
		kinds = []string{"/help", "/start"}
	default:
		kinds = []string{"/melden # de lamp op de Kastanjelaan is kapot", "# er wordt nu ingebroken op de Meidoornstraat", "/start kaslaan"}
	}
	return strings.ReplaceAll(kinds[s.rand.IntN(len(kinds))], "# ", story)
}

// words is something that a person of this kind may say; a story has a number of its own.
func (s *simulation) words(who string) string {
	number := s.story() + " "
	kinds := resident
	switch who {
	case "mirjam", "eva":
		kinds = police
	case "wim", "rachid":
		kinds = coordinator
	}
	return strings.ReplaceAll(kinds[s.rand.IntN(len(kinds))], "# ", number)
}

// storyMark is what the number of a story begins with.
const storyMark = "verhaal"

var (
	resident = []string{
		"# de lamp op de Kastanjelaan is kapot", "# er ligt afval bij de container", "# er klimt nu iemand over de schutting!!",
		"# brand bij de buren", "# jongens trappen een hek kapot op het Meidoornpad", "Kastanjelaan", "Meidoornpad", "ja", "nee",
		"/start", "/melden # de put is verstopt", "/meldingen", "/help", "/stop", "/intrekken KAS-0000", "KASLAAN",
		"# man met rode jas, rende weg", "# op de hoek bij de winkel", "/start kaslaan", "/taal en",
	}
	coordinator = []string{
		"# kun je zeggen waar het precies was?", "# is doorgegeven", "ja", "/start", "/help", "/alarm # alarm", "# opgelost", "morgen",
		"# wij kijken ernaar", "/meldingen",
	}
	police = []string{
		"/alarm # let op een man met een rode jas, bel 112", "/alarm", "/oproep # wie zag gisteren iets op de Kastanjelaan",
		"/alarmen", "/corrigeer", "/afloop", "# de man had een blauwe jas", "# loos alarm", "22:00", "ja", "2 uur", "/start",
		"# niemand aangetroffen",
	}
	odd = []string{
		"", " \n\t ", strings.Repeat("a", 4097), "<b>vet</b> & <script>", "\u202egnirts", "👨‍👩‍👧‍👦", "/", "!", "/start " + strings.Repeat("x", 70),
		"' OR 1=1 --", "\u0000", "/alarm " + strings.Repeat("é", 700), "@51.6,5.6", "{ref} {name}", "🆘",
	}
)
