package flows_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// counted says what a text with a number in it counts, by the beginning of its key. A new text with a number fails until
// somebody thought about what it tells.
var counted = map[string]string{
	"alert.card.drill": "reports", "alert.card.replies": "reports", "alert.card.retrying": "chats of street groups", "alert.card.sent": "chats of street groups",
	"alert.card.taken": "chats of street groups", "alert.card.unknown": "letters", "alert.card.waiting": "letters",
	"alert.lost.more": "places", "alert.retry.again": "places", "alert.more": "alerts", "alert.reach.groups": "street groups", "alert.second.": "officers",
	"case.card.photos": "pictures", "code.closed": "codes", "form.length": "characters", "guide.direct.all": "street groups",
	"guide.left": "things to do", "guide.line.network": "coordinators", "guide.line.officer": "officers",
	"guide.line.streets": "street groups", "guide.more": "things to do", "guide.network": "coordinators",
	"guide.proof": "street groups", "guide.streets": "coordinators", "pause.days": "days", "report.review.photos": "pictures",
	"roles.missing": "coordinators", "time.": "time",

	"members.": "members",
}

var textKey = regexp.MustCompile(`^([a-z0-9_.]+): (.*)$`)

// No text but those of counts.go counts members, so that one rule says that few are not counted.
func TestMembersAreCountedInOnePlace(t *testing.T) {
	raw, err := os.ReadFile("../locales/nl.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(raw), "\n") {
		m := textKey.FindStringSubmatch(line)
		if m == nil || !strings.Contains(m[2], "{count}") {
			continue
		}
		known := ""
		for begins, what := range counted {
			if strings.HasPrefix(m[1], begins) {
				known = what
			}
		}
		switch {
		case known == "":
			t.Errorf("%s counts something: say what in this test, and use members() of counts.go if it is members", m[1])
		case known != "members" && regexp.MustCompile(`\bleden\b|\blid\b|mensen`).MatchString(m[2]) && !strings.HasPrefix(m[1], "alert.second."):
			t.Errorf("%s counts members by itself: %s", m[1], m[2])
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") && name != "counts.go" && strings.Contains(string(source), `"members.`) {
			t.Errorf("%s uses a text of members.* itself; use the functions of counts.go", name)
		}
	}
}

var membersSaid = regexp.MustCompile(`\b([0-9]+)(?: van (?:minder dan )?([0-9]+))? leden\b|\b([0-9]+) lid\b`)

// In no story does anybody read a number of members under five.
func TestNoStoryTellsAFewMembers(t *testing.T) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatal(stories, err)
	}
	for _, story := range stories {
		raw, err := os.ReadFile(story)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(raw), "minder dan 5 leden", "enkele leden")
		for _, m := range membersSaid.FindAllStringSubmatch(text, -1) {
			for _, digits := range m[1:] {
				if n, err := strconv.Atoi(digits); err == nil && n > 0 && n < 5 {
					t.Errorf("%s tells %q", story, m[0])
				}
			}
		}
	}
}
