package flows_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var asked = regexp.MustCompile(`(?m)^ana > `)

// Everything that the reporter does until the report is sent is counted: words, presses and pictures.
func TestReportTakesFewActions(t *testing.T) {
	const common, longest = 5, 12
	short := []string{"theft", "vandalism", "blight", "street-fault", "traffic", "housing-nuisance", "burglary", "youth-nuisance"}
	files, err := filepath.Glob("testdata/category-*.txtar")
	if err != nil || len(files) != 24 {
		t.Fatalf("%d transcripts of categories, %v", len(files), err)
	}
	for _, f := range files {
		tr := readTranscript(t, f)
		until, _, sent := strings.Cut(strings.Join(tr.script(), "\n"), "> [Versturen]")
		n := len(asked.FindAllString(until+"> ", -1))
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "category-"), ".txtar")
		t.Logf("%-22s %2d actions", name, n)
		if !sent || n > longest {
			t.Errorf("%s takes %d actions, at most %d", name, n, longest)
		}
		for _, s := range short {
			if s == name && n > common {
				t.Errorf("%s is common and takes %d actions, at most %d", name, n, common)
			}
		}
	}
}
