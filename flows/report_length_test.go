package flows_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The common report and the longest one (issue 5).
const (
	commonActions    = 5
	longestQuestions = 12
)

var (
	reporterDoes = regexp.MustCompile(`(?m)^ana > (.*)`)
	askedAna     = regexp.MustCompile(`(?m)^ana < .*(?:\n(?:    .*)?)*`)
)

// effort is what a report asks of its reporter until it is sent: how often they are asked, and what they do.
type effort struct{ questions, presses, typed, pictures int }

// actions are all that the reporter does.
func (e effort) actions() int { return e.presses + e.typed + e.pictures }

func (e effort) String() string {
	return fmt.Sprintf("%2d questions, %2d actions: %2d presses, %d typed, %d pictures", e.questions, e.actions(), e.presses,
		e.typed, e.pictures)
}

// effortOf counts in a transcript until the first report of ana's is sent, or ends otherwise; false when there is none.
func effortOf(tr transcript) (effort, bool) {
	chat := strings.Join(tr.lines, "\n")
	before, _, sent := strings.Cut(chat, "ana > [Versturen]")
	var e effort
	for _, does := range reporterDoes.FindAllStringSubmatch(before, -1) {
		switch what := does[1]; {
		case strings.HasPrefix(what, "["):
			e.presses++
		case strings.HasPrefix(what, "photo"), strings.HasPrefix(what, "album"), strings.HasPrefix(what, "picture"):
			e.pictures++
		default:
			e.typed++
		}
	}
	for _, said := range askedAna.FindAllString(before, -1) {
		if strings.Contains(said, "[Stoppen]") && !strings.Contains(said, "[Versturen]") {
			e.questions++
		}
	}
	if sent {
		e.presses++
	}
	return e, sent || strings.Contains(chat, "ana > [Stoppen]") || strings.Contains(chat, "SPOED")
}

// Everything that the reporter does until the report is sent is counted: words, presses and pictures.
func TestReportTakesFewActions(t *testing.T) {
	short := []string{"theft", "vandalism", "blight", "street-fault", "traffic", "housing-nuisance", "burglary", "youth-nuisance"}
	files, err := filepath.Glob("testdata/category-*.txtar")
	if err != nil || len(files) != 24 {
		t.Fatalf("%d transcripts of categories, %v", len(files), err)
	}
	for _, f := range files {
		e, sent := effortOf(readTranscript(t, f))
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "category-"), ".txtar")
		t.Logf("%-22s %s", name, e)
		if !sent || e.questions > longestQuestions || e.actions() > longestQuestions {
			t.Errorf("%s takes %s; at most %d", name, e, longestQuestions)
		}
		if slices.Contains(short, name) && e.actions() > commonActions {
			t.Errorf("%s is common and takes %s; at most %d actions", name, e, commonActions)
		}
	}
}

// The stories ask no more than that either.
func TestStoriesTakeFewActions(t *testing.T) {
	for _, story := range []string{
		"S01-emergency", "S02-behaviour-before-looks", "S02-nothing-to-report", "S05-only-photos", "S08-second-thoughts", "S09-rumour",
		"report-same", "report-after", "report-shot", "report-understand-cat", "report-understand-lamp", "report-understand-look",
		"report-understand-missing", "report-understand-nudge", "report-understand-theft", "report-understand-wrong",
	} {
		e, ended := effortOf(readTranscript(t, "testdata/"+story+".txtar"))
		t.Logf("%-28s %s", story, e)
		if ended && e.questions > longestQuestions {
			t.Errorf("%s takes %s; at most %d questions", story, e, longestQuestions)
		}
	}
}
