package flows_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	edgeRow    = regexp.MustCompile(`(?m)^//\t([^:\n]+): ([^\n]+)$`)
	edgeTest   = regexp.MustCompile(`^([a-z0-9]+)\.(Test\w+)$`)
	edgeNumber = regexp.MustCompile(`^\d+ `)
)

// The table of doc.go is whole, and every transcript and test that it names is there: a table that nobody checks is soon
// untrue.
func TestEveryEdgeCaseIsPlayed(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	numbered := map[string]bool{}
	rows := edgeRow.FindAllStringSubmatch(string(doc), -1)
	for _, row := range rows {
		numbered[strings.TrimSpace(edgeNumber.FindString(row[1]))] = true
		for name := range strings.SplitSeq(row[2], ", ") {
			if why := missing(t, name); why != "" {
				t.Errorf("%s: %s", row[1], why)
			}
		}
	}
	numbers := []string{
		"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "17", "18", "19", "20", "21", "22", "24", "25", "27", "28", "29",
	}
	for _, n := range numbers {
		if !numbered[n] {
			t.Errorf("edge case %s has no row", n)
		}
	}
	if len(rows) < 63 {
		t.Errorf("only %d rows were found", len(rows))
	}
}

// missing says what is wrong with the name of a transcript or a test; empty when it is there.
func missing(t *testing.T, name string) string {
	t.Helper()
	of := edgeTest.FindStringSubmatch(name)
	if of == nil {
		if _, err := os.Stat("testdata/" + name + ".txtar"); err != nil {
			return "there is no transcript " + name
		}
		return ""
	}
	places := map[string]string{
		"flows": ".", "bot": "../bot", "civic": "../bot/civic", "telegram": "../bot/telegram",
		"mail": "../bot/mail", "open311": "../bot/open311", "storage": "../storage", "buurtbot": "../cmd/buurtbot",
	}
	files, err := filepath.Glob(places[of[1]] + "/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), "func "+of[2]+"(") {
			return ""
		}
	}
	return "there is no test " + name
}
