package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/buurtbot/buurtbot/"

// floors says what of ours each package may stand on.
var floors = map[string][]string{
	"locales":      nil,
	"bot/civic":    nil,
	"bot":          {"bot/civic"},
	"bot/disk":     nil,
	"bot/telegram": {"bot", "bot/civic"},
	"bot/matrix":   {"bot", "bot/civic", "bot/disk"},
	"bot/mail":     {"bot", "bot/civic"},
	"bot/open311":  {"bot", "bot/civic"},
	"bot/sandbox":  {"bot", "bot/civic"},
	"storage":      {"bot", "bot/civic", "bot/disk"},
	"flows":        {"bot", "bot/civic", "bot/survey"},
	"bot/survey":   {"bot/civic"},
}

// The program stands on everything, and what tests need may stand anywhere.
func TestEveryPackageHasAFloor(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-tags", "goolm", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		ours := strings.TrimPrefix(pkg, module)
		_, has := floors[ours]
		if !has && ours != "cmd/buurtbot" && !forTests(ours) {
			t.Errorf("nothing says what %s may stand on", ours)
		}
	}
}

// forTests reports whether a file or package serves tests alone.
func forTests(path string) bool {
	return strings.Contains(path, "platformtest") || strings.Contains(path, "storagetest")
}

func TestEveryPackageStandsOnItsFloor(t *testing.T) {
	for pkg, allowed := range floors {
		out, err := exec.Command("go", "list", "-tags", "goolm", "-deps", module+pkg).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", pkg, err)
		}
		may := map[string]bool{pkg: true}
		for _, a := range allowed {
			may[a] = true
		}
		for dep := range strings.Lines(string(out)) {
			ours, found := strings.CutPrefix(strings.TrimSpace(dep), module)
			if found && !may[ours] {
				t.Errorf("%s imports %s, which does not lie below it", pkg, ours)
			}
		}
	}
}

// What a library does behind our back would lose updates or show who wrote: polling that confirms before it is stored, a
// sync that remembers its place first, a forward that carries its author (reliability.md, A5, A6, H2).
func TestNobodyConfirmsBeforeItIsStored(t *testing.T) {
	nobodyWrites(t, ".GetUpdatesChan(", ".ListenForWebhook(", ".SyncWithContext(", ".StartSyncing(", "forwardMessage",
		"ForwardMessage(", "NewForward(")
	nobodyWritesIn(t, "../../bot/matrix", ".Sync(") // elsewhere it is that of a file
}

// A file that is written without more is empty after a power cut: keys and logins are written by disk.Write.
func TestEveryFileIsOnDiskBeforeItCounts(t *testing.T) {
	nobodyWrites(t, "os.WriteFile(", "os.Create(", "ioutil.")
}

// nobodyWrites looks that no source of the program has any of these words.
func nobodyWrites(t *testing.T, banned ...string) {
	t.Helper()
	if read := nobodyWritesIn(t, "../..", banned...); read < 100 {
		t.Errorf("%d files read", read)
	}
}

// nobodyWritesIn looks in a folder, and gives how many sources it has.
func nobodyWritesIn(t *testing.T, folder string, banned ...string) (read int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			forTests(path) {
			return err
		}
		read++
		raw, err := os.ReadFile(path)
		for _, words := range banned {
			if strings.Contains(string(raw), words) {
				t.Errorf("%s: %s", path, words)
			}
		}
		return err
	})
	if err != nil || read == 0 {
		t.Errorf("%d files read in %s, %v", read, folder, err)
	}
	return read
}

// A machine without a database of time zones knows them all the same.
func TestEveryZoneIsBuiltIn(t *testing.T) {
	if !slices.Contains(listed(t, "{{join .Deps \"\\n\"}}"), "time/tzdata") {
		t.Error("the zones are not in the program")
	}
}

// The program that people run cannot be told to kill itself (reliability.md, I9).
func TestTheProgramHasNoFailpoints(t *testing.T) {
	files := listed(t, "{{join .GoFiles \"\\n\"}}")
	if slices.Contains(files, "failpoint.go") || !slices.Contains(files, "failpoint_none.go") {
		t.Errorf("built from %v", files)
	}
}

// listed is what go list says of the program.
func listed(t *testing.T, format string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-tags", "goolm", "-f", format, module+"cmd/buurtbot").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}
