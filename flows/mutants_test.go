package flows_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

var (
	mutate   = flag.Bool("mutants", false, "break every rule of the list on purpose, and see that the simulation finds it")
	mutant   = flag.String("mutant", "", "break these rules only, parted by commas")
	patience = flag.Int("patience", 300, "seeds in which a broken rule must be found")
)

// mutation is a deliberate fault: where it stands in the source, and what stands there instead. In the replacement,
// MUTANT is true while the fault is switched on.
type mutation struct {
	name  string
	finds string // the property that it breaks: "P7"; several are parted by a bar
	files []patch
}

type patch struct{ file, old, new string }

// the names of properties, as failures begin with them.
var property = regexp.MustCompile(`\b(P\d{1,2}):|never comes to rest`)

// mutantSwitch is added to each package that has a fault in it, in a build of its own: the program knows nothing of it.
const mutantSwitch = `package %s

import (
	"os"
	"strings"
)

func mutant(name string) bool { return os.Getenv("BUURTBOT_MUTANT") == name }

func swap(query, old, new string, on bool) string {
	if on {
		return strings.ReplaceAll(query, old, new)
	}
	return query
}
`

// overlay writes the sources with all faults in them, each behind its switch, and gives the file that makes the build use
// them (go help build, -overlay).
func overlay(root, dir string, all []mutation) (string, error) {
	sources := map[string]string{}
	for _, m := range all {
		for _, p := range m.files {
			if _, ok := sources[p.file]; !ok {
				text, err := os.ReadFile(filepath.Join(root, p.file))
				if err != nil {
					return "", err
				}
				sources[p.file] = string(text)
			}
			if n := strings.Count(sources[p.file], p.old); n != 1 {
				return "", fmt.Errorf("mutant %s: %q stands %d times in %s", m.name, p.old, n, p.file)
			}
			on := fmt.Sprintf("mutant(%q)", m.name)
			sources[p.file] = strings.Replace(sources[p.file], p.old, strings.ReplaceAll(p.new, "MUTANT", on), 1)
		}
	}
	for file := range sources {
		folder := filepath.Dir(file)
		sources[filepath.Join(folder, "mutant_switch.go")] = fmt.Sprintf(mutantSwitch, filepath.Base(folder))
	}
	return writeOverlay(root, dir, sources)
}

func writeOverlay(root, dir string, sources map[string]string) (string, error) {
	replace, errs := map[string]string{}, []error{}
	for file, text := range sources {
		_, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		to := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		replace[filepath.Join(root, file)] = to
		errs = append(errs, err, os.WriteFile(to, []byte(text), 0o600))
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	path := filepath.Join(dir, "overlay.json")
	return path, errors.Join(append(errs, err, os.WriteFile(path, list, 0o600))...)
}

// Every fault still has its place in the source, there are enough of them, and each property has one that it alone is to find:
// a property that nothing but others would notice the loss of may be lost.
func TestMutantsFitTheSource(t *testing.T) {
	if _, err := overlay(root(t), t.TempDir(), mutations); err != nil {
		t.Fatal(err)
	}
	if len(mutations) < 25 {
		t.Errorf("only %d mutants", len(mutations))
	}
	told := properties(t)
	if len(told) < 19 {
		t.Fatalf("the simulation tells of %v only", told)
	}
	for _, p := range told {
		if !slices.ContainsFunc(mutations, func(m mutation) bool { return m.finds == p }) {
			t.Errorf("no mutant breaks %s and nothing else", p)
		}
	}
}

// properties are those that the simulation tells of when they do not hold.
func properties(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("simulation_*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range toldProperty.FindAllStringSubmatch(string(raw), -1) {
			all = append(all, p[1])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

var toldProperty = regexp.MustCompile(`Errorf\("(P\d+): `)

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestMutants builds the simulation once with every fault of the list in it, switches them on one by one, and sees that
// the property which the fault breaks is found broken. With none of them on nothing is found.
func TestMutants(t *testing.T) {
	if !*mutate && *mutant == "" {
		t.Skip("takes minutes; -args -mutants")
	}
	dir := t.TempDir()
	over, err := overlay(root(t), dir, mutations)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "mutants.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-tags", "goolm", "-overlay", over, "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	wanted := slices.DeleteFunc(slices.Clone(mutations), func(m mutation) bool {
		return *mutant != "" && !slices.Contains(strings.Split(*mutant, ","), m.name)
	})
	var (
		group errgroup.Group
		mu    sync.Mutex
		table []string
		alone = map[string]bool{} // properties that told of a fault when no other did
	)
	group.SetLimit(2)
	for _, m := range append([]mutation{{name: "none"}}, wanted...) {
		group.Go(func() error {
			f := hunt(t.Context(), program, m)
			mu.Lock()
			defer mu.Unlock()
			if len(f.found) == 1 {
				alone[f.found[0]] = true
			}
			table = append(table, fmt.Sprintf("%-28s %-10s %s", m.name, m.finds, f))
			t.Log(table[len(table)-1])
			if !f.right(m) {
				t.Errorf("mutant %s, which breaks %q: %s\n%s", m.name, m.finds, f, f.story)
			}
			return nil
		})
	}
	_ = group.Wait()
	for _, p := range properties(t) {
		if len(wanted) == len(mutations) && !alone[p] {
			t.Errorf("no broken rule was found by %s alone", p)
		}
	}
	slices.Sort(table)
	t.Logf("%d mutants, property, found by:\n%s", len(wanted), strings.Join(table, "\n"))
}

// catch is how a fault was found, if it was.
type catch struct {
	seed  string
	found []string
	story string
}

func (c catch) String() string {
	if c.seed == "" {
		return "nothing found"
	}
	return fmt.Sprintf("seed %s: %s", c.seed, strings.Join(c.found, " "))
}

// after is the seed that ended the chase; none where all were played, or the same one twice.
func (c catch) after() int {
	if n, err := strconv.Atoi(c.seed); err == nil {
		return n
	}
	return math.MaxInt
}

// right reports whether what was found is what the fault breaks.
func (c catch) right(m mutation) bool {
	if m.finds == "" {
		return c.seed == "" && !strings.Contains(c.story, "FAIL") && strings.Contains(c.story, "PASS")
	}
	return slices.ContainsFunc(strings.Split(m.finds, "|"), func(p string) bool { return slices.Contains(c.found, p) })
}

var failedSeed = regexp.MustCompile(`--- FAIL: (?:TestSimulation/seeds/(\d+)|TestSimulationRepeats)`)

// hunt plays seeds with a fault switched on until what the fault breaks is found broken. What else it breaks before is no end:
// who may do everything is, besides, one of the police, who are not told to call themselves.
func hunt(ctx context.Context, program string, m mutation) catch {
	switch {
	case m.finds == "":
		return chase(ctx, program, m, 1, 10)
	case findingSeed[m.name] != 0:
		if c := chase(ctx, program, m, findingSeed[m.name], 1); c.right(m) {
			return c
		}
	}
	c := chase(ctx, program, m, 1, *patience)
	for c.after() < *patience && !c.right(m) {
		c = chase(ctx, program, m, c.after()+1, *patience-c.after())
	}
	return c
}

// chase plays n seeds from the first on until one fails.
func chase(ctx context.Context, program string, m mutation, first, n int) catch {
	which := "TestSimulation$"
	if m.finds == "P13" {
		which = "TestSimulationRepeats$"
	}
	run := exec.CommandContext(ctx, program, "-test.run", which, "-test.v", "-test.parallel", "1", "-test.timeout", "10m",
		"-until", "-from", fmt.Sprint(first), "-seeds", fmt.Sprint(n), "-trace", "12", "-steps", "200", "-patrols", "7")
	run.Env = append(os.Environ(), "BUURTBOT_MUTANT="+m.name, "GOMAXPROCS=1")
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	_ = run.Run() // it fails when something is found, and the output tells
	c := catch{story: out.String()}
	if i := failedSeed.FindStringSubmatch(c.story); i != nil {
		c.seed = i[1] + map[bool]string{true: "3, twice"}[i[1] == ""]
	}
	for _, p := range property.FindAllStringSubmatch(c.story, -1) {
		name := p[1]
		if name == "" {
			name = "P4"
		}
		if !slices.Contains(c.found, name) {
			c.found = append(c.found, name)
		}
	}
	if len(c.story) > 4000 {
		c.story = c.story[len(c.story)-4000:]
	}
	return c
}
