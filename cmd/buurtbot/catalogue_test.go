package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// catalogue is how many rows each part of the catalogue of failures has.
var catalogue = map[string]int{"A": 22, "B": 30, "C": 18, "D": 9, "E": 26, "F": 19, "G": 8, "H": 18, "I": 9}

var (
	catalogueRow = regexp.MustCompile(`(?m)^//\t([A-I])(\d+) [^\n]+(?:\n//\t  [^\n]+)*`)
	namedTest    = regexp.MustCompile(`\b([a-z0-9]+)\.((?:Test|Fuzz|Benchmark)\w+)`)

	stillOpen       = regexp.MustCompile(`\t[VA-I\d. ]+ open: `)
	namedTranscript = regexp.MustCompile(`\((?:also )?((?:[a-z]+|S\d+)(?:-[a-z-]+)+)[):,]`)
)

// standard is how many requirements of the first two levels each section of the ASVS has; of a chapter that does not apply at
// all no section is listed. Of the third level those are asked for that reliability.md chose.
var (
	standard = map[string]int{
		"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3": 0, "4.1": 3,
		"4.2": 1, "4.3": 0, "4.4": 0, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 0, "6.3": 3, "6.4": 4,
		"6.5": 5, "6.6": 3, "6.8": 3, "7.1": 0, "7.2": 4, "7.3": 0, "7.4": 0, "7.5": 0, "7.6": 0, "8.1": 2, "8.2": 3,
		"8.3": 1, "8.4": 1, "9": 0, "10": 0, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 3, "11.5": 1, "11.6": 1,
		"12.1": 3, "12.2": 0, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 0,
		"15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17": 0,
	}
	chosen = []string{"2.3.5", "8.3.2", "14.2.7", "14.2.8", "15.4.1", "15.4.2", "15.4.3", "15.4.4", "16.5.4"}

	standardRow = regexp.MustCompile(`(?m)^//\t((?:V[\d.]+ )+)[^\n]+(?:\n//\t  [^\n]+)*`)
)

// The table of failures is whole, and each test that it names is there: a table that nobody checks is soon untrue.
func TestEveryFailureOfTheCatalogueHasItsTest(t *testing.T) {
	names := namesIn(t)
	rows := map[string]int{}
	for _, row := range catalogueRow.FindAllStringSubmatch(docOf(t), -1) {
		rows[row[1]]++
		names.check(t, row[1]+row[2], row[0])
	}
	for part, want := range catalogue {
		if rows[part] != want {
			t.Errorf("part %s has %d rows, not %d", part, rows[part], want)
		}
	}
	t.Log(names)
}

// Each requirement has a row, and each row has its test or its reason.
func TestEveryRequirementOfTheStandardHasItsTest(t *testing.T) {
	names, told := namesIn(t), map[string]bool{}
	for _, row := range standardRow.FindAllStringSubmatch(docOf(t), -1) {
		for number := range strings.FieldsSeq(row[1]) {
			told[strings.TrimPrefix(number, "V")] = true
			names.check(t, number, row[0])
		}
	}
	wanted := slices.Clone(chosen)
	for section, n := range standard {
		if n == 0 {
			wanted = append(wanted, section)
		}
		for i := range n {
			wanted = append(wanted, fmt.Sprintf("%s.%d", section, i+1))
		}
	}
	for _, number := range wanted {
		if !told[number] {
			t.Errorf("nothing is said of V%s", number)
		}
	}
	t.Log(names)
}

func docOf(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

// nameList is the tests and transcripts that there are, with what was found in rows that name them.
type nameList struct {
	tests, transcripts                map[string]bool
	tested, reasoned, notForUs, unmet int
}

func namesIn(t *testing.T) *nameList {
	t.Helper()
	n := &nameList{tests: testsOfAll(t), transcripts: map[string]bool{}}
	files, err := filepath.Glob("../../flows/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		n.transcripts[strings.TrimSuffix(filepath.Base(file), ".txtar")] = true
	}
	return n
}

// check looks that a row names tests that are there, or gives a reason.
func (n *nameList) check(t *testing.T, number, row string) {
	t.Helper()
	named := namedTest.FindAllStringSubmatch(row, -1)
	for _, m := range named {
		if !n.tests[m[1]+"."+m[2]] {
			t.Errorf("%s names %s.%s, which is not there", number, m[1], m[2])
		}
	}
	for _, m := range namedTranscript.FindAllStringSubmatch(row, -1) {
		if !n.transcripts[m[1]] {
			t.Errorf("%s names the transcript %s, which is not there", number, m[1])
		}
	}
	switch {
	case stillOpen.MatchString(row) || strings.HasSuffix(row, ": open"):
		n.unmet++
	case strings.Contains(row, " no: "):
		n.notForUs++
	case strings.Contains(row, " no test: "):
		n.reasoned++
	case len(named) > 0:
		n.tested++
	default:
		t.Errorf("%s names no test and no reason", number)
	}
}

func (n *nameList) String() string {
	return fmt.Sprintf("%d with a test, %d kept in another way, %d that do not apply, %d open",
		n.tested, n.reasoned, n.notForUs, n.unmet)
}

// testsOfAll are the tests of the project, by package and name.
func testsOfAll(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../../*/*_test.go")
	for _, deeper := range []string{"../../*/*/*_test.go", "../../*/*/*/*_test.go"} {
		more, failed := filepath.Glob(deeper)
		if failed != nil || err != nil {
			t.Fatal(err, failed)
		}
		files = append(files, more...)
	}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	pkg := regexp.MustCompile(`(?m)^package (\w+)`)
	all := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(pkg.FindStringSubmatch(string(raw))[1], "_test")
		for _, f := range declared.FindAllStringSubmatch(string(raw), -1) {
			all[name+"."+f[1]] = true
		}
	}
	return all
}
