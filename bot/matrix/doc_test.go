package matrix

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Every test that the table of bad input names is there.
func TestEveryRowOfBadInputHasItsTest(t *testing.T) {
	there := map[string]bool{}
	for _, pattern := range []string{"*_test.go", "../../flows/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(code, -1) {
				there[string(m[1])] = true
			}
		}
	}
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^//\t.*$`).FindAll(text, -1)
	for _, row := range rows {
		named := regexp.MustCompile(`Test\w+`).FindAllString(string(row), -1)
		if len(named) == 0 {
			t.Errorf("no test for %q", row)
		}
		for _, name := range named {
			if !there[name] {
				t.Errorf("%s is nowhere", name)
			}
		}
	}
	if len(rows) != 23 {
		t.Errorf("the table has %d rows", len(rows))
	}
}
