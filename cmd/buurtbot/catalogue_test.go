package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// catalogue is how many rows each part of the catalogue of failures has.
var catalogue = map[string]int{"A": 22, "B": 30, "C": 18, "D": 9, "E": 26, "F": 19, "G": 8, "H": 18, "I": 9}

var (
	catalogueRow = regexp.MustCompile(`(?m)^//\t([A-I])(\d+) [^\n]+(?:\n//\t  [^\n]+)*`)
	namedTest    = regexp.MustCompile(`\b([a-z]+)\.((?:Test|Fuzz|Benchmark)\w+)`)
)

// The table of failures is whole, and each test that it names is there: a table that nobody checks is soon untrue.
func TestEveryFailureOfTheCatalogueHasItsTest(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	there := testsOfAll(t)
	rows := map[string]int{}
	for _, row := range catalogueRow.FindAllStringSubmatch(string(doc), -1) {
		rows[row[1]]++
		named := namedTest.FindAllStringSubmatch(row[0], -1)
		reasoned := strings.Contains(row[0], ": no test: ") || strings.Contains(row[0], ": no: ") || strings.HasSuffix(row[0], ": open")
		if len(named) == 0 && !reasoned {
			t.Errorf("%s%s names no test and no reason", row[1], row[2])
		}
		for _, n := range named {
			if !there[n[1]+"."+n[2]] {
				t.Errorf("%s%s names %s.%s, which is not there", row[1], row[2], n[1], n[2])
			}
		}
	}
	for part, want := range catalogue {
		if rows[part] != want {
			t.Errorf("part %s has %d rows, not %d", part, rows[part], want)
		}
	}
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
