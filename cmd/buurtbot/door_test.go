package main

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// beside gives a command in a process of its own, with the environment of one that runs.
func (p process) beside(t *testing.T, args ...string) played {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), p.Path, append([]string{"--config", p.Args[2]}, args...)...)
	var out, words bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.Dir, p.Env, &out, &words
	code := exitFine
	if err := cmd.Run(); err != nil {
		failed, is := errors.AsType[*exec.ExitError](err)
		if !is {
			t.Fatal(err)
		}
		code = failed.ExitCode()
	}
	return played{out.String(), words.String(), code}
}

// well fails when the command did not go well, and gives what it printed.
func (p process) well(t *testing.T, args ...string) string {
	t.Helper()
	got := p.beside(t, args...)
	if got.code != exitFine {
		t.Fatalf("%v: %+v", args, got)
	}
	return got.out
}

var codeShown = regexp.MustCompile(`(?m)^[0-9A-Z]{26}$`)

// Two processes, one database: what the second is told to do is done by the first, which goes on serving meanwhile.
func TestCommandsAreTakenWhileTheBotRuns(t *testing.T) {
	program := filepath.Join(t.TempDir(), "buurtbot")
	compile(t, program, "goolm")
	home, n := t.TempDir(), newFront(t, botapi.Config{}, 2, 0)
	replies := make(chan int, 1<<10)
	n.replied = func(person int) { replies <- person }
	server := httptest.NewServer(n)
	defer server.Close()
	p := launch(t, program, home, server.URL, "BUURTBOT_SANDBOX_LISTEN=")
	p.until(t, n.polled)
	door := doorOf(filepath.Join(home, "town.db"))
	if info, err := os.Stat(door); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the door is open to others: %v, %v", info, err)
	}

	write(t, filepath.Join(home, "list.csv"), "naam;groep\nLindelaan;Linde\n")
	if got := p.well(t, "import", "--dry-run", "list.csv"); !strings.Contains(got, "dry run") {
		t.Errorf("dry run: %s", got)
	}
	p.well(t, "import", "list.csv")
	sign := filepath.Join(home, "sign.png")
	p.well(t, "invite", "--street", "Lindelaan", "--png", "sign.png")
	if head, err := os.ReadFile(sign); err != nil || !bytes.HasPrefix(head, []byte("\x89PNG")) {
		t.Errorf("the sign was not drawn here: %v", err)
	}
	if got := p.beside(t, "invite", "--street", "Lindelaan", "--png", "sign.png"); got.code != exitFailed {
		t.Errorf("a file was written over: %+v", got)
	}
	if got := p.beside(t, "import", "none.csv"); got.code != exitFailed || !strings.Contains(got.err, "none.csv cannot be read") {
		t.Errorf("a file that is not there: %+v", got)
	}
	if got := p.beside(t, "invite", "--role", "mayor"); got.code != exitUse {
		t.Errorf("wrong use: %+v", got)
	}
	p.well(t, "retention", "--dry-run")

	code := codeShown.FindString(p.well(t, "invite", "--role", "police"))
	if got := p.beside(t, "confirm", code); got.code != exitFailed || !strings.Contains(got.err, "nobody has taken this invitation yet") {
		t.Errorf("before anybody took it: %+v", got)
	}
	const officer = int64(firstResident)
	reads := func(want string) func() bool {
		return func() bool {
			all := n.Messages(officer)
			return len(all) > 0 && strings.Contains(all[len(all)-1].Text, want)
		}
	}
	for _, said := range [][2]string{{"/start " + code, "Ben jij dat?"}, {"1", "Hoe heet je?"}, {"Mirjam", "zodra een tweede persoon"}} {
		n.Say(officer, officer, said[0])
		hear(t, p, replies, reads(said[1]))
	}
	if got := p.well(t, "confirm", code); !strings.Contains(got, "Mirjam is police now") {
		t.Errorf("confirm: %s", got)
	}
	hear(t, p, replies, reads("Je bent nu politie")) // the bot that runs brings the welcome at once

	p.stop(t)
	if _, err := os.Stat(door); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the door is left behind: %v", err)
	}
	write(t, door, "") // as a process leaves it that was killed
	p.well(t, "invite", "--role", "admin")
	select {
	case <-n.polled: // by the one before
	default:
	}
	again := launch(t, program, home, server.URL, "BUURTBOT_SANDBOX_LISTEN=")
	again.until(t, n.polled)
	again.well(t, "invite", "--role", "admin")
	again.stop(t)
}

// hear waits until something was told, as long as the program runs.
func hear(t *testing.T, p process, replies <-chan int, told func() bool) {
	t.Helper()
	for !told() {
		select {
		case <-replies: // or one that was refused, and comes again
		case err := <-p.ended:
			t.Fatalf("the program ended: %v\n%s", err, p.words)
		case <-t.Context().Done():
			t.Fatal("it is never told")
		}
	}
}

// Nothing can be asked at the door but what it is for.
func TestTheDoorRefusesWhatItDoesNotKnow(t *testing.T) {
	d := deployment{shell: shell{}}
	for _, body := range []string{"", "[]", `{"invite":`, `{"restore":{"File":"old.db"}}`} {
		w := httptest.NewRecorder()
		d.answerDoor(w, httptest.NewRequest("POST", "/command", strings.NewReader(body)), &town{engine: nil})
		if w.Code == 200 && !strings.Contains(w.Body.String(), `"code":2`) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}
