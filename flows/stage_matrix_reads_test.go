package flows_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// shown gives what people saw since the last time. The picture of an alert belongs to the words before it, with which it is
// one message elsewhere.
func (s *matrixStage) shown() []shown {
	var out []shown
	for _, b := range s.seen {
		words := slices.IndexFunc(out, func(w shown) bool { return w.who == b.who })
		if b.photos > 0 && strings.HasPrefix(b.text, "Foto bij bericht ") && words >= 0 {
			out[words].photos += b.photos
			continue
		}
		out = append(out, b)
	}
	s.seen, s.actors = nil, nil
	return out
}

// Send notes what people see then: the words as they stand on the server.
func (s *matrixStage) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	on, err := s.Matrix.Send(ctx, l, photos)
	if err != nil {
		s.goes(l)
		return on, err
	}
	if l.Thread != "" && l.Silent {
		return on, nil // what a thread tells besides is nowhere else; TestThread… reads it
	}
	if l.Gone && s.server.Words(l.To.ID, string(on)) == "" {
		return on, nil // taken away, and so not seen
	}
	if strings.Contains(l.Text, " is veranderd sinds het er stond") {
		return s.sure(ctx, l, on)
	}
	alone := spelled(l) && l.Choices()[0].Label == ""
	if alone && len(s.actors) > 0 { // a test that acts by hand types it itself
		return s.spell(ctx, l, on)
	}
	o := offer{room: l.To.ID, event: string(on), choices: l.Choices()}
	if i := slices.IndexFunc(s.offers, func(old offer) bool { return old.event == o.event }); i >= 0 {
		s.offers[i] = o
	} else {
		s.offers = append(s.offers, o)
	}
	sign := "<"
	if l.Op == bot.OpEdit || l.Erases && s.cards[l.To.ID+l.Card] { // what is erased is a new message in the place of the old one
		sign = "="
	}
	s.cards[l.To.ID+l.Card] = true
	text, labels := readChoices(s.server.Words(l.To.ID, string(on)), l.Choices())
	if spelled(l) && !alone {
		text, labels = text[:strings.LastIndex(text, "\n\n")], append([]string{l.Choices()[0].Label}, labels...)
	}
	now := shown{who: s.names[l.To.ID], sign: sign, text: text, photos: len(photos)}
	for _, label := range labels {
		now.rows = append(now.rows, []string{label})
	}
	s.seen = s.looks.add(s.seen, o.event, now)
	return on, nil
}

// spelled reports whether the first choice of a letter is made by typing a word.
func spelled(l bot.Letter) bool {
	all := l.Choices()
	return len(all) > 0 && all[0].Word != ""
}

// goes forgets what could be chosen on a message that is erased.
func (s *matrixStage) goes(l bot.Letter) {
	if l.Op == bot.OpEdit && l.Erases {
		s.offers = slices.DeleteFunc(s.offers, func(o offer) bool { return o.room == l.To.ID && o.event == string(l.Edits) })
	}
}

var (
	numberedLine = regexp.MustCompile(`^\d+\. (.*)$`)
	linkLine     = regexp.MustCompile(`^(.*): @buurtbot:hs\.test \(https://matrix\.to/#/@buurtbot:hs\.test\) \(!start .*\)$`)
	shownCommand = regexp.MustCompile(`(^|[\s>("'“„«])!([a-z_]+)`)
)

// readChoices takes the choices off the end of a message, as a person reads them, and writes commands as transcripts do.
func readChoices(body string, offered []bot.Choice) (text string, labels []string) {
	known := func(label string) bool {
		return slices.ContainsFunc(offered, func(c bot.Choice) bool { return c.Label == label })
	}
	lines := strings.Split(body, "\n")
	for len(lines) > 0 {
		last := lines[len(lines)-1]
		found := waysIn(last, offered)
		for _, form := range []*regexp.Regexp{numberedLine, linkLine} {
			if m := form.FindStringSubmatch(last); m != nil {
				found = m[1:]
			}
		}
		if len(found) == 0 || slices.ContainsFunc(found, func(label string) bool { return !known(label) }) {
			break
		}
		labels = append(found, labels...)
		lines = lines[:len(lines)-1]
	}
	text = strings.TrimRight(strings.Join(lines, "\n"), "\n")
	return shownCommand.ReplaceAllString(text, "$1/$2"), labels
}

// waysIn reads labels that stand beside each other in a line; a label may hold the sign between them itself. It gives nil
// when the line is anything else.
func waysIn(line string, offered []bot.Choice) []string {
	for _, c := range offered {
		rest, is := strings.CutPrefix(line, c.Label)
		if !is || c.Label == "" {
			continue
		}
		if rest == "" {
			return []string{c.Label}
		}
		if rest, is = strings.CutPrefix(rest, " · "); is {
			if more := waysIn(rest, offered); more != nil {
				return append([]string{c.Label}, more...)
			}
		}
	}
	return nil
}

func TestLabelsWithTheSignBetweenThemAreReadWhole(t *testing.T) {
	offered := []bot.Choice{{Label: "Terug"}, {Label: "Kastanjelaan"}, {Label: "Kastanjelaan · Elzenbuurt"}, {Label: "Stoppen"}}
	for body, want := range map[string][]string{
		"Welke?\n\n1. Kastanjelaan · Elzenbuurt\n2. Terug":     {"Kastanjelaan · Elzenbuurt", "Terug"},
		"Waar?\n\nTerug · Kastanjelaan · Elzenbuurt · Stoppen": {"Terug", "Kastanjelaan · Elzenbuurt", "Stoppen"},
		"Waar?\n\nTerug · Stoppen":                             {"Terug", "Stoppen"},
		"Om 9 uur · Terug":                                     nil,
	} {
		if _, labels := readChoices(body, offered); !slices.Equal(labels, want) {
			t.Errorf("%q offers %q, not %q", body, labels, want)
		}
	}
}

// offMatrix tells why a transcript cannot happen on Matrix; empty when it can.
func offMatrix(tr transcript) string {
	lines := strings.Join(tr.lines, "\n")
	switch {
	case strings.Contains(lines, " > album "):
		return "pictures come one by one"
	case strings.Contains(lines, " > fwd: photo"):
		return "that a picture was passed on is not told"
	case tr.header("captions") != "":
		return "words and picture are two messages"
	case strings.Contains(lines, "@kanaal > "):
		return "there are no channels"
	case regexp.MustCompile(`guest [a-z]{2}\b`).MatchString(tr.header("cast")):
		return "nobody's account tells a language"
	}
	return ""
}

// canOnMatrix reports whether a line can happen there: nothing is passed on, nobody is anonymous, no button stays behind
// when its message is edited, or is too late where what may be chosen is asked again, and pictures come one by one.
func canOnMatrix(line string) bool {
	for _, what := range []string{" > anon: ", " > chan: ", " > fwd: ", " > old: [", " > late: [", " > (forged)", " > contact"} {
		if strings.Contains(line, what) {
			return false
		}
	}
	return true
}

var (
	pressLine = regexp.MustCompile(`^\w+@(\w+) ~ `)
	// An account on another network goes by its network's name; on one network it is "the other".
	network = regexp.MustCompile(`(· |\[Schrijf mij op: |\[Ontkoppel )(Matrix|Telegram)\b`)
	rowLine = regexp.MustCompile(`^( *)\[.*\]$`)
)

// asOnMatrix is a chat as it reads on Matrix, by chats: what acknowledges a press is said in the chat, and choices stand
// below each other, those with a link last. References differ where a line was left out, so they are counted instead.
func asOnMatrix(all []exchange) string {
	refs := map[string]string{}
	count := func(ref string) string {
		if refs[ref] == "" {
			prefix, _, _ := strings.Cut(ref, "-")
			refs[ref] = fmt.Sprintf("%s-#%d", prefix, len(refs)+1)
		}
		return refs[ref]
	}
	var kept []exchange
	for _, e := range all {
		var said []string
		for _, words := range e.said {
			words = invitation.ReplaceAllString(onMatrix(words), "(code)") // chance takes another turn where a word is asked for
			said = append(said, reference.ReplaceAllStringFunc(words, count))
		}
		slices.Sort(said)
		kept = append(kept, exchange{e.line, said})
	}
	return chat(kept)
}

func onMatrix(words string) string {
	words = pressLine.ReplaceAllString(words, "$1 < ")
	words = network.ReplaceAllString(words, "${1}je andere account")
	if who, rest, is := strings.Cut(words, " ~ "); is && !strings.Contains(who, " ") {
		words = who + " < " + rest
	}
	var out, rows []string
	for _, line := range append(strings.Split(words, "\n"), "") {
		if m := rowLine.FindStringSubmatch(line); m != nil {
			rows = append(rows, strings.Split(strings.ReplaceAll(line, "] [", "]\n"+m[1]+"["), "\n")...)
			continue
		}
		slices.Sort(rows)
		out = append(append(out, rows...), line)
		rows = nil
	}
	return strings.Join(out[:len(out)-1], "\n")
}
