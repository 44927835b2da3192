package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// walk is a report that is told by buttons alone, by somebody who passes nothing over.
type walk struct {
	p         *player
	when      string // the answer to when it was
	questions []string
	actions   int
}

// ways are no answers to a question.
var ways = []string{"« Terug", "Overslaan", "Stoppen", "Genoeg zo"}

// does lets the reporter act, and counts it.
func (w *walk) does(what string) {
	w.actions++
	w.p.line("ana > " + what)
}

// answer answers the question that stands there; false when the report is ready, or nothing is asked any more.
func (w *walk) answer() bool {
	s := w.p.stage.(*localStage)
	messages := s.Messages("ana")
	asked, _, _ := strings.Cut(messages[len(messages)-1].Text, "\n")
	labels := slices.DeleteFunc(slices.Clone(offeredNow(s, "ana")), func(l string) bool { return slices.Contains(ways, l) })
	switch {
	case slices.Contains(labels, "Versturen"), !slices.Contains(offeredNow(s, "ana"), "Stoppen"):
		return false
	case slices.Contains(labels, "Het is al voorbij"):
		w.does("[Het is al voorbij]")
	case slices.Contains(labels, w.when):
		w.does("[" + w.when + "]")
	case slices.Contains(labels, "Had een wapen"):
		w.does("rode jas, witte schoenen en een baard")
	case strings.HasPrefix(asked, "Heb je foto"):
		w.does("photo")
	case strings.HasPrefix(asked, "Wat is het kenteken"):
		w.does("AB-12")
	case slices.Contains(labels, "Nee, dit is alles"):
		w.does("[Nee, dit is alles]") // whoever describes one more wants to
	case len(labels) == 0:
		w.does("er is iets gebeurd met een grote kist")
	default:
		w.does("[" + labels[0] + "]")
	}
	w.questions = append(w.questions, asked)
	return true
}

// walkThrough tells a report of a category from the menu on.
func walkThrough(t *testing.T, info civic.CategoryInfo, when, asked string) *walk {
	t.Helper()
	p := open(t, transcript{about: "# questions: " + asked + "\n"}, mode{})
	defer p.close()
	texts := textsOf(t)
	w := &walk{p: p, when: when, actions: -1} // /melden is how it begins; whoever writes at once spares the first two questions
	w.does("/melden")
	w.does("[" + texts.Text("nl", "family."+string(info.Family)) + "]")
	if len(civic.InFamily(info.Family)) > 1 {
		w.does("[" + texts.Text("nl", "category."+string(info.Key)) + "]")
	}
	w.questions = append(w.questions, make([]string, w.actions)...)
	for w.answer() {
		if len(w.questions) > 30 {
			t.Fatalf("%s: it goes on and on: %q", info.Key, w.questions)
		}
	}
	return w
}

// The longest report of each category, every question answered and none by the words of the story, in peace.
func TestTheLongestReportTakesAtMostTwelveQuestions(t *testing.T) {
	for _, info := range civic.Categories {
		t.Run(string(info.Key), func(t *testing.T) {
			common, _ := effortOf(readTranscript(t, "testdata/category-"+strings.ReplaceAll(string(info.Key), "_", "-")+".txtar"))
			for _, asked := range []string{"", "full"} { // what is built in, and as much as police may ask
				for _, when := range []string{"Eerder", "Het gebeurt nu"} {
					w := walkThrough(t, info, when, asked)
					t.Logf("%-20s told at once: %s; the longest, %s %s: %2d questions, %2d actions", info.Key, common, when, asked,
						len(w.questions), w.actions+1) // the last is the word to send
					if len(w.questions) > longestQuestions {
						t.Errorf("%s asks %d questions, at most %d: %q", info.Key, len(w.questions), longestQuestions, w.questions)
					}
				}
			}
		})
	}
}
