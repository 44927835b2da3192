package main

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/buurtbot/buurtbot/"

// floors says what of ours each package may stand on.
var floors = map[string][]string{
	"locales":      nil,
	"bot/civic":    nil,
	"bot":          {"bot/civic"},
	"bot/telegram": {"bot", "bot/civic"},
	"bot/matrix":   {"bot", "bot/civic"},
	"bot/mail":     {"bot", "bot/civic"},
	"bot/sandbox":  {"bot", "bot/civic"},
	"storage":      {"bot", "bot/civic"},
	"flows":        {"bot", "bot/civic"},
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
