package civic_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// spoken is the sentences of a language other than Dutch and English.
type spoken struct {
	language string
	danger   []judged
	calls    map[civic.CallKind][]string
}

// spokenSentences reads testdata/emergency_LANGUAGE.txt for every language that has rules.
func spokenSentences(t *testing.T) []spoken {
	t.Helper()
	files, err := filepath.Glob("emergency_??.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no rules", err)
	}
	var all []spoken
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		s := spoken{
			language: strings.TrimSuffix(strings.TrimPrefix(file, "emergency_"), ".txt"),
			calls:    map[civic.CallKind][]string{},
		}
		for line := range strings.Lines(string(text)) {
			sign, sentence, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch sign {
			case "!", "-":
				s.danger = append(s.danger, judged{text: sentence, danger: sign == "!"})
			case "s":
				s.calls[civic.CallSuicide] = append(s.calls[civic.CallSuicide], sentence)
			case "v":
				s.calls[civic.CallViolence] = append(s.calls[civic.CallViolence], sentence)
			}
		}
		all = append(all, s)
	}
	return all
}

// Every emergency is found in each language that residents write to the bot in, and at most one calm sentence in ten is
// taken for one.
func TestDangerInEveryLanguage(t *testing.T) {
	for _, s := range spokenSentences(t) {
		t.Run(s.language, func(t *testing.T) {
			alarms, missed, calm, wrong := 0, 0, 0, 0
			for _, c := range s.danger {
				danger := civic.Danger(c.text)
				switch {
				case c.danger:
					alarms++
					if !danger {
						missed++
						t.Errorf("missed: %s", c.text)
					}
				default:
					calm++
					if danger {
						wrong++
						t.Logf("false alarm: %s: %v", c.text, civic.Why(c.text, nil))
					}
				}
			}
			t.Logf("%d of %d emergencies found, %d of %d calm sentences taken for one", alarms-missed, alarms, wrong, calm)
			if alarms < 25 || calm < 15 {
				t.Error("too few sentences")
			}
			if 10*wrong > calm {
				t.Error("more than one in ten is a false alarm")
			}
		})
	}
}

// Who speaks of suicide or of violence at home is told of the help line, in each language.
func TestHelpLinesInEveryLanguage(t *testing.T) {
	for _, s := range spokenSentences(t) {
		for call, sentences := range s.calls {
			for _, sentence := range sentences {
				if got := civic.Hinted(sentence); got != call {
					t.Errorf("%s: %s: %q, want %q", s.language, sentence, got, call)
				}
			}
		}
		for _, c := range s.danger {
			if got := civic.Hinted(c.text); got != "" && !c.danger {
				t.Errorf("%s: %s: %q is told of for nothing", s.language, c.text, got)
			}
		}
	}
}
