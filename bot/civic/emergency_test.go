package civic_test

import (
	"embed"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/buurtbot/buurtbot/bot/civic"
)

//go:embed testdata/emergency.txt
var emergencySentences string

//go:embed testdata/emergency_more.txt
var emergencyMore string

// judged is a sentence and whether it tells of an emergency.
type judged struct {
	text   string
	danger bool
}

// judgedSentences reads lines of "! emergency" and "- everyday life".
func judgedSentences(t testing.TB, text string) []judged {
	t.Helper()
	var all []judged
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		sign, sentence, _ := strings.Cut(line, " ")
		switch sign {
		case "!", "-":
			all = append(all, judged{text: sentence, danger: sign == "!"})
		case "", "#":
		default:
			t.Fatalf("line %q begins with neither ! nor -", line)
		}
	}
	if len(all) == 0 {
		t.Fatal("no sentences")
	}
	return all
}

// judgedAll is every sentence there is.
func judgedAll(t testing.TB) []judged {
	t.Helper()
	return append(judgedSentences(t, emergencySentences), judgedSentences(t, emergencyMore)...)
}

func TestDanger(t *testing.T) {
	for name, text := range map[string]string{
		"emergency": emergencySentences, "emergency_more": emergencyMore, "emergency_last": emergencyLast,
	} {
		t.Run(name, func(t *testing.T) {
			right, all := 0, judgedSentences(t, text)
			for _, c := range all {
				if civic.Danger(c.text) == c.danger {
					right++
				} else {
					t.Errorf("Danger(%q) = %v", c.text, !c.danger)
				}
			}
			t.Logf("%d of %d as marked", right, len(all))
		})
	}
}

// Danger is found in the middle of a longer text as well, and everyday sentences do not add up to danger.
func TestDangerAmongOtherSentences(t *testing.T) {
	var everyday []string
	for _, c := range judgedAll(t) {
		if !c.danger {
			everyday = append(everyday, c.text)
		}
	}
	for _, sep := range []string{". ", "\n", "? "} {
		if text := strings.Join(everyday, sep); civic.Danger(text) {
			t.Errorf("everyday sentences joined by %q are danger", sep)
		}
	}
	for _, c := range judgedAll(t) {
		if c.danger && !civic.Danger("Goedemiddag. "+c.text+"\nGroet, Wim") {
			t.Errorf("danger is not found within a letter: %q", c.text)
		}
	}
}

func TestDangerForgives(t *testing.T) {
	all := judgedAll(t)
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "sentence")
		written := c.text
		space := rapid.SampledFrom([]string{"  ", "\t", "\u00a0", " \u2003 "}).Draw(t, "space")
		written = strings.ReplaceAll(written, " ", space)
		invisible := rapid.SampledFrom([]string{"", "\u200b", "\u00ad", "\ufeff", "\u2060"}).Draw(t, "of no width")
		written = strings.Join(strings.Split(written, ""), invisible)
		if rapid.Bool().Draw(t, "capital first") {
			r := []rune(written)
			r[0] = unicode.ToUpper(r[0])
			written = string(r)
		}
		if got := civic.Danger(written); got != c.danger {
			t.Fatalf("Danger(%q) = %v, but %v as first written", written, got, c.danger)
		}
	})
}

// Capitals may turn doubt into danger, never danger into doubt.
func TestDangerInCapitals(t *testing.T) {
	for _, c := range judgedAll(t) {
		if c.danger && !civic.Danger(strings.ToUpper(c.text)) {
			t.Errorf("not found in capitals: %q", c.text)
		}
	}
}

// Only the first 4,096 characters are read.
func TestDangerReadsTheBeginning(t *testing.T) {
	for _, c := range []struct {
		before int
		want   bool
	}{{4000, true}, {4096, false}, {1 << 20, false}} {
		if got := civic.Danger(strings.Repeat(" ", c.before) + "brand"); got != c.want {
			t.Errorf("after %d characters: %v", c.before, got)
		}
	}
}

func TestDangerOfAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		if first, again := civic.Danger(text), civic.Danger(text); first != again {
			t.Fatal("judged in two ways")
		}
	})
}

func FuzzDanger(f *testing.F) {
	for _, c := range judgedAll(f) {
		f.Add(c.text)
	}
	f.Add("\xff\xfe\x00 br\u0301and \U0001F198")
	f.Fuzz(func(t *testing.T, text string) {
		danger := civic.Danger(text)
		if danger && len(text) < 4000 && !civic.Danger(text+"\nDank je wel") {
			t.Errorf("danger in %q is gone with a line after it", text)
		}
	})
}

// longText is a text of 4,096 characters, the longest that Telegram takes, in one sentence of many clauses.
func longText(tb testing.TB) string {
	var b strings.Builder
	for {
		for _, c := range judgedAll(tb) {
			if c.danger {
				continue
			}
			b.WriteString(c.text + ", ")
			if b.Len() >= 4096 {
				return string([]rune(b.String())[:4096])
			}
		}
	}
}

func BenchmarkDanger(b *testing.B) {
	for name, text := range map[string]string{
		"sentence": "er klimt nu iemand over de schutting bij de buren op de kastanjelaan",
		"long":     longText(b),
		"garbage":  strings.Repeat("inbrekdrs ", 410)[:4096],
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				civic.Forget()
				civic.Danger(text)
			}
		})
	}
}

//go:embed testdata/emergency_last.txt
var emergencyLast string

// asideFiles are the corpora of which every third line was set aside.
//
//go:embed testdata/emergency_calm.txt testdata/emergency_street.txt testdata/emergency_street_en.txt
//go:embed testdata/emergency_third.txt testdata/emergency_fourth.txt testdata/emergency_plain*.txt testdata/emergency_wide*.txt
var asideFiles embed.FS

// Of stories that are over and of everyday life at most one in ten is taken for an emergency, and every emergency among them
// is found where rules were made. Of the lines that were set aside only the figure is told, and nineteen in twenty must be
// found: what nobody looked at is the honest measure.
func TestEmergenciesInEverydayWords(t *testing.T) {
	learned, aside := judgedAside(t, func(name string) bool { return !strings.Contains(name, "wide") })
	if learned.missed > 0 || 20*aside.missed > aside.alarms {
		t.Error("too many emergencies are missed: none may be where rules were made, and one in twenty of those set aside")
	}
	if 10*(learned.wrong+aside.wrong) > learned.calm+aside.calm {
		t.Error("more than one in ten is a false alarm")
	}
}

// Where emergencies are told in roundabout words and everyday life in those of danger, sentence beside sentence, by writers who
// knew no rule and wanted to lead one astray, one in sixty may be missed of what was learned from and one in twelve of what
// was set aside.
func TestEmergenciesInRoundaboutWords(t *testing.T) {
	learned, aside := judgedAside(t, func(name string) bool { return strings.Contains(name, "wide") })
	if 60*learned.missed > learned.alarms || 12*aside.missed > aside.alarms {
		t.Error("too many emergencies are missed")
	}
	if 10*(learned.wrong+aside.wrong) > learned.calm+aside.calm {
		t.Error("more than one in ten is a false alarm")
	}
}

// emergencyUnseen has what nothing is learned from.
//
//go:embed testdata/emergency_unseen.txt
var emergencyUnseen string

// Of ordinary sentences that nobody looked at, half of them emergencies, each emergency is found, and one in ten of the others is
// taken for one at most.
func TestEmergenciesThatNothingWasLearnedFrom(t *testing.T) {
	var seen tally
	for _, c := range judgedSentences(t, emergencyUnseen) {
		seen.count(c.danger, civic.Danger(c.text))
	}
	t.Logf("%d of %d emergencies missed, %d of %d false alarms", seen.missed, seen.alarms, seen.wrong, seen.calm)
	if seen.missed > 0 || 10*seen.wrong > seen.calm {
		t.Error("an emergency is missed, or more than one in ten is a false alarm")
	}
}

// judgedAside judges the corpora of which every third line is set aside, and tells what was missed in the others.
func judgedAside(t *testing.T, of func(name string) bool) (learned, aside tally) {
	t.Helper()
	files, err := asideFiles.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !of(f.Name()) {
			continue
		}
		text, err := asideFiles.ReadFile("testdata/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var here [2]tally
		for i, c := range judgedSentences(t, string(text)) {
			danger := civic.Danger(c.text)
			half := i % 3 / 2
			here[half].count(c.danger, danger)
			if danger != c.danger && half == 0 {
				t.Logf("Danger(%q) = %v", c.text, danger)
			}
		}
		t.Logf("%s: learned from %v; set aside %v", f.Name(), here[0], here[1])
		learned, aside = learned.with(here[0]), aside.with(here[1])
	}
	t.Logf("together: learned from %v; set aside %v", learned, aside)
	return learned, aside
}

// tally counts sentences by what they are and what they were taken for.
type tally struct{ alarms, missed, calm, wrong int }

func (n *tally) count(danger, taken bool) {
	switch {
	case danger && !taken:
		n.alarms++
		n.missed++
	case danger:
		n.alarms++
	case taken:
		n.calm++
		n.wrong++
	default:
		n.calm++
	}
}

func (n tally) with(m tally) tally {
	return tally{n.alarms + m.alarms, n.missed + m.missed, n.calm + m.calm, n.wrong + m.wrong}
}

func (n tally) String() string {
	return fmt.Sprintf("%d of %d emergencies missed, %d of %d false alarms", n.missed, n.alarms, n.wrong, n.calm)
}

// Somebody of whom no more is said than that they are strange is no emergency, and what they do is asked. With what they
// do it may be one.
func TestLooksAreNoDanger(t *testing.T) {
	for _, said := range []string{
		"hij ziet er verdacht uit", "hij is gewoon heel vreemd", "ze is zo raar aangekleed", "zij ziet er vreemd uit vind ik",
		"he is really odd if you ask me", "she is just very weird somehow",
	} {
		if civic.Danger(said) || !civic.Understand(said, nil).Behave {
			t.Errorf("%q: danger %v, asks what they do %v", said, civic.Danger(said), civic.Understand(said, nil).Behave)
		}
	}
	for _, said := range []string{"hij ligt heel raar op de grond en beweegt niet", "hij ziet er verdacht uit en heeft een mes"} {
		if !civic.Danger(said) {
			t.Errorf("%q is danger", said)
		}
	}
}

// Who says that somebody will be killed in a moment tells of danger, though "straks" is not now; what may fall some day does not.
func TestWhatWillHappenInAMomentIsDangerWhenSomebodyWillDoIt(t *testing.T) {
	for text, want := range map[string]bool{
		"straks maakt hij haar dood": true,
		"dadelijk slaan ze hem dood": true,
		"straks steekt hij me neer":  true,
		"de lamp van de lantaarnpaal hangt los, straks valt hij iemand op het hoofd": false,
		"er zit een gat in de stoep, straks breekt iemand zijn been":                 false,
		"het hek is kapot, straks vallen er kinderen in het water":                   false,
		"straks maken ze het af": false,
	} {
		if got := civic.Danger(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}
