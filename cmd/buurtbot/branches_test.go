package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var branching = flag.Bool("branches", false, "tell which branches of the outbox, permissions and markup no test takes")

// branchTests are the packages whose tests go through what is guarded.
var branchTests = []string{"./bot", "./bot/civic", "./bot/telegram", "./bot/matrix", "./storage", "./flows"}

// Every branch of what is guarded is taken by a test, each part of a condition by itself; or it stands in [unreachable] why
// none can be (reliability.md, M23).
func TestBranches(t *testing.T) {
	p, sources := probedSources(t)
	there := map[string]bool{}
	for _, w := range p.ways {
		there[w.String()] = true
	}
	for name := range unreachable {
		if !there[name] {
			t.Errorf("there is no such branch any more: %s", name)
		}
	}
	if !*branching {
		t.Skip("runs many tests: go test -tags goolm ./cmd/buurtbot -run TestBranches -v -timeout 1h -args -branches")
	}
	notes := filepath.Join(t.TempDir(), "notes")
	if err := os.WriteFile(notes, make([]byte, len(p.ways)), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PROBED", notes)
	args := []string{"-count=1", "-timeout", "1h", "-overlay", overlay(t, sources)}
	if out, err := goTest(t, append(args, branchTests...)...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	went, err := os.ReadFile(notes)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range slices.Sorted(maps.Keys(guarded)) {
		tellBranches(t, part, p.ways, went)
	}
}

// probedSources finds the ways of all that is guarded, and gives what stands in the place of which file meanwhile.
func probedSources(t *testing.T) (*probes, map[string]string) {
	t.Helper()
	p, texts := &probes{}, map[string]string{}
	for _, part := range slices.Sorted(maps.Keys(guarded)) {
		for _, file := range guarded[part] {
			raw, err := os.ReadFile(filepath.Join("..", "..", file))
			if err != nil {
				t.Fatal(err)
			}
			text, pkg := p.source(t, file, string(raw))
			texts[file] = text
			texts[filepath.Join(filepath.Dir(file), "probed.go")] = fmt.Sprintf(probeFile, pkg)
		}
	}
	return p, texts
}

// tellBranches tells how many branches of a part were taken, and which were not.
func tellBranches(t *testing.T, part string, ways []way, went []byte) {
	t.Helper()
	taken, all, excused := 0, 0, 0
	for i, w := range ways {
		if !slices.Contains(guarded[part], w.file) {
			continue
		}
		all++
		reason, known := unreachable[w.String()]
		switch {
		case went[i] == 1 && known:
			t.Errorf("%s:%d is taken after all: %s (%s)", w.file, w.line, w, reason)
		case went[i] == 1:
			taken++
		case known:
			excused++
		default:
			t.Errorf("line %d of %s", w.line, w)
		}
	}
	t.Logf("%s: %d of %d branches are taken, %d cannot be", part, taken, all, excused)
}

// overlay stores what stands in the place of files of the project, and gives the list that Go wants of it.
func overlay(t *testing.T, texts map[string]string) string {
	t.Helper()
	top, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir, places := t.TempDir(), map[string]string{}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for file, text := range texts {
		places[filepath.Join(top, file)] = write(strings.ReplaceAll(file, "/", "_"), text)
	}
	list, err := json.Marshal(map[string]any{"Replace": places})
	if err != nil {
		t.Fatal(err)
	}
	return write("overlay.json", string(list))
}

// unreachable are the branches that no test can take, each with the reason.
var unreachable = map[string]string{
	"bot/civic/member.go May: switch role: none of the cases is never taken":         allRoles,
	"bot/civic/role.go Invites: switch r: none of the cases is never taken":          allRoles,
	"bot/courier.go follow: switch fail.Remedy: none of the cases is never taken":    allRemedies,
	"bot/fate.go fate: switch fail.Remedy: none of the cases is never taken":         allRemedies,
	"bot/matrix/markup.go render: switch z.Next(): none of the cases is never taken": "the cases are all tokens there are, as the linter sees to",
	"bot/dialect.go newDialects: err != nil is never true":                           "the table is built in, and tests read it",
	"storage/courier.go scanLetter: err != nil is never true":                        "the columns are of strict types, which fit",
	"storage/outbox.go enqueue: err != nil is never true":                            plainJSON,
	"storage/outbox.go replace: err != nil is never true (3)":                        plainJSON,
	"bot/telegram/encode.go keyboard: err != nil is never true (2)":                  plainJSON,
	"bot/matrix/encode.go json: err != nil is never true":                            plainJSON,
}

const (
	allRoles    = "the cases are all roles there are, as the linter sees to"
	allRemedies = "the cases are all remedies there are, as the linter sees to"
	plainJSON   = "what is made of words and numbers can always be written as JSON"
)
