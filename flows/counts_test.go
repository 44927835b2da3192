package flows_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// peopleWords are the words by which a text would count members.
var peopleWords = regexp.MustCompile(`(?i)\b(leden|lid|mensen|bewoners|personen|members?|people|residents?)\b`)

// counted are texts with a number and one of these words in which the number counts something else, and what.
var counted = map[string]string{
	"code.closed":            "codes that were tried",
	"alert.second.why.reach": "the size from which a second officer looks",
}

var textKey = regexp.MustCompile(`^([a-z0-9_.]+): (.*)$`)

// No text but those of counts.go counts members, so that one rule says that few are not counted.
func TestMembersAreCountedInOnePlace(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		raw, err := os.ReadFile("../locales/" + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		walked := 0
		for line := range strings.SplitSeq(string(raw), "\n") {
			m := textKey.FindStringSubmatch(line)
			if m == nil || !strings.Contains(m[2], "{count}") {
				continue
			}
			walked++
			if peopleWords.MatchString(m[2]) && !strings.HasPrefix(m[1], "members.") && counted[m[1]] == "" {
				t.Errorf("%s.yaml: %s counts members by itself; use members() of counts.go: %s", lang, m[1], m[2])
			}
		}
		if walked < 30 {
			t.Errorf("%s.yaml: only %d texts with a number were found", lang, walked)
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
