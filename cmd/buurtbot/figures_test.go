package main

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	hunt     = flag.Duration("hunt", 0, "for how long each fuzz target looks for what nobody thought of")
	covering = flag.Bool("covering", false, "run every test and tell which statements none of them reaches")
)

// sources calls do with each Go file of the project whose name ends so: its path from the top, and its text.
func sources(t *testing.T, suffix string, do func(path, text string)) {
	t.Helper()
	top := os.DirFS("../..")
	err := fs.WalkDir(top, ".", func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != "." && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, suffix):
			return nil
		}
		raw, err := fs.ReadFile(top, path)
		if err == nil {
			do(path, string(raw))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goTest runs tests at the top of the project and gives what they say.
func goTest(t *testing.T, args ...string) (string, error) {
	t.Helper()
	run := exec.CommandContext(t.Context(), "go", append([]string{"test", "-tags", "goolm"}, args...)...)
	run.Dir = filepath.Join("..", "..")
	out, err := run.CombinedOutput()
	return string(out), err
}

var (
	fuzzTarget = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	fuzzSeeds  = regexp.MustCompile(`\bf\.Add\(`)
	fuzzCount  = regexp.MustCompile(`execs: (\d+)`)
)

// Each fuzz target has seeds and a corpus of inputs that once led somewhere new, which every run of the tests replays; with
// -hunt each looks further for that long (reliability.md, M12).
func TestEveryFuzzTarget(t *testing.T) {
	type target struct{ dir, name string }
	var targets []target
	sources(t, "_test.go", func(path, text string) {
		for _, m := range fuzzTarget.FindAllStringSubmatch(text, -1) {
			targets = append(targets, target{filepath.Dir(path), m[1]})
			if !fuzzSeeds.MatchString(text) {
				t.Errorf("%s: %s has no seeds", path, m[1])
			}
			corpus := filepath.Join("../..", filepath.Dir(path), "testdata", "fuzz", m[1])
			if inputs, err := os.ReadDir(corpus); err != nil || len(inputs) < 5 {
				t.Errorf("%s has %d inputs: %v", corpus, len(inputs), err)
			}
		}
	})
	if len(targets) < 10 {
		t.Errorf("only %d targets", len(targets))
	}
	sum := 0
	for _, target := range targets {
		if *hunt == 0 {
			break
		}
		out, err := goTest(t, "./"+target.dir, "-run", "XXX", "-fuzz", "^"+target.name+"$", "-fuzztime", hunt.String())
		if err != nil {
			t.Errorf("%s %s:\n%s", target.dir, target.name, out)
		}
		tried := 0
		for _, m := range fuzzCount.FindAllStringSubmatch(out, -1) {
			tried, _ = strconv.Atoi(m[1])
		}
		sum += tried
		t.Logf("%s %s: %d tried", target.dir, target.name, tried)
	}
	t.Logf("%d targets, %d inputs tried", len(targets), sum)
}

// guarded are the parts of which every statement ought to be reached by a test: what decides about a letter, who may do what,
// and how words become markup.
var guarded = map[string][]string{
	"outbox": {"bot/courier.go", "bot/fate.go", "bot/outbox.go", "storage/courier.go", "storage/outbox.go", "storage/overdue.go"},
	"authz":  {"bot/gate.go", "bot/civic/member.go", "bot/civic/role.go", "bot/civic/second.go"},
	"render": {"bot/dialect.go", "bot/telegram/markup.go", "bot/telegram/encode.go", "bot/matrix/markup.go", "bot/matrix/encode.go"},
}

// block is some statements that are run together.
type block struct {
	statements int
	reached    bool
}

// Tests reach at least 85 of a hundred statements (reliability.md, M23); of branches, which Go does not count, see
// [TestBranches]. It takes as long as all tests together.
func TestCoverage(t *testing.T) {
	for part, files := range guarded {
		for _, file := range files {
			if _, err := os.Stat(filepath.Join("..", "..", file)); err != nil {
				t.Errorf("%s: %v", part, err)
			}
		}
	}
	if !*covering {
		t.Skip("runs every test: go test -tags goolm ./cmd/buurtbot -run TestCoverage -v -timeout 2h -args -covering")
	}
	blocks := map[string]block{}
	for _, pkg := range packages(t) {
		profile := filepath.Join(t.TempDir(), "profile")
		began := time.Now()
		out, err := goTest(t, "-count=1", "-timeout", "1h", "-coverpkg=./...", "-coverprofile="+profile, pkg)
		t.Logf("%s: %v", pkg, time.Since(began).Round(time.Second))
		if err != nil {
			t.Errorf("%s: %v\n%s", pkg, err, out)
		}
		merge(t, blocks, profile)
	}
	all := share(blocks, func(string) bool { return true })
	t.Logf("of all statements %.1f %% are reached", all)
	if all < 85 {
		t.Error("too few")
	}
	for part, files := range guarded {
		in := func(place string) bool { file, _, _ := strings.Cut(place, ":"); return slices.Contains(files, file) }
		t.Logf("%s: %.1f %%; not reached: %s", part, share(blocks, in), strings.Join(missed(blocks, in), " "))
	}
}

// packages are those that have tests, or that tests reach.
func packages(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-tags", "goolm", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// merge adds what a run of tests reached; what only helps tests does not count.
func merge(t *testing.T, into map[string]block, profile string) {
	t.Helper()
	raw, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		fields := strings.Fields(strings.TrimPrefix(line, module))
		if len(fields) != 3 || strings.Contains(line, "/platformtest/") {
			continue
		}
		b := into[fields[0]]
		b.statements, _ = strconv.Atoi(fields[1])
		b.reached = b.reached || fields[2] != "0"
		into[fields[0]] = b
	}
}

// share is how many of a hundred statements in some places are reached.
func share(blocks map[string]block, in func(place string) bool) float64 {
	reached, all := 0, 0
	for place, b := range blocks {
		if !in(place) {
			continue
		}
		all += b.statements
		if b.reached {
			reached += b.statements
		}
	}
	return 100 * float64(reached) / float64(max(all, 1))
}

// missed are the places that no test reaches.
func missed(blocks map[string]block, in func(place string) bool) []string {
	var all []string
	for place, b := range blocks {
		if in(place) && !b.reached && b.statements > 0 {
			file, lines, _ := strings.Cut(place, ":")
			from, _, _ := strings.Cut(lines, ".")
			all = append(all, fmt.Sprintf("%s:%s", file, from))
		}
	}
	slices.Sort(all)
	return all
}

// The README names a command for each goal, and each command runs something that is there.
func TestEveryGoalHasItsCommand(t *testing.T) {
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(raw)
	named := regexp.MustCompile(`(?m)^\| (M\d+)(?:(–|, )(M\d+))? \|`)
	goals := map[int]bool{}
	for _, m := range named.FindAllStringSubmatch(readme, -1) {
		from, _ := strconv.Atoi(m[1][1:])
		to := from
		if m[3] != "" {
			to, _ = strconv.Atoi(m[3][1:])
		}
		for n := from; n <= to; n++ {
			goals[n] = true
		}
	}
	for n := 1; n <= 26; n++ {
		if !goals[n] {
			t.Errorf("no command for M%d", n)
		}
	}
	there := strings.Join(slices.Collect(maps.Keys(testsOfAll(t))), " ")
	patterns := regexp.MustCompile(`-(?:run|bench) ('[^']+'|\S+)`)
	for _, m := range patterns.FindAllStringSubmatch(readme, -1) {
		for name := range strings.SplitSeq(strings.Trim(m[1], "'`;,"), `\|`) {
			if name != "XXX" && name != "." && !strings.Contains(there, strings.TrimSuffix(name, "$")) {
				t.Errorf("nothing is called %s", name)
			}
		}
	}
}
