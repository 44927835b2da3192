package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// played is what a command printed, and its exit code.
type played struct {
	out, err string
	code     int
}

// play runs a command line in a folder of its own.
func play(t *testing.T, environ []string, args ...string) played {
	t.Helper()
	var out, errs bytes.Buffer
	code := execute(t.Context(), args, environ, &out, &errs)
	return played{out.String(), errs.String(), code}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTheShippedConfigurationIsFine(t *testing.T) {
	shipped, err := filepath.Abs("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	got := play(t, nil, "check", "--config", shipped)
	if got.code != exitFine || !strings.Contains(got.out, "configuration: fine") {
		t.Errorf("%+v", got)
	}
}

func TestEveryMistakeIsNamedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ yaml, want string }{
		"unknown key":      {"network:\n  title: BIN\n", `bad.yaml:2`},
		"wrong type":       {"limits:\n  person:\n    reports_per_hour: many\n", `bad.yaml:3`},
		"matrix limit":     {"limits:\n  matrix:\n    per_second: -1\n", `bad.yaml:3.*limits.matrix.per_second.*less than nothing|bad.yaml:3.*less than nothing`},
		"matrix burst":     {"limits:\n  matrix:\n    burst: lots\n", `bad.yaml:3`},
		"no name":          {"network:\n  name: \"\"\n", `bad.yaml:2.*the network needs a name`},
		"profile":          {"network:\n  profile: fr\n", `bad.yaml:2.*is not nl or be`},
		"zone":             {"network:\n  timezone: Europe/Vlierdam\n", `bad.yaml:2.*is no time zone`},
		"language":         {"network:\n  languages: [nl, xx]\n", `bad.yaml:2.*is not spoken`},
		"language twice":   {"network:\n  languages: [nl, nl]\n", `bad.yaml:2.*is there twice`},
		"mode":             {"telegram:\n  mode: pigeon\n", `bad.yaml:2.*is not polling or webhook`},
		"in the open":      {"telegram:\n  api_url: http://tg.example.org\n", `bad.yaml:2.*http is for a server on this machine`},
		"address":          {"telegram:\n  api_url: nowhere\n", `bad.yaml:2.*is no address`},
		"webhook":          {"telegram:\n  mode: webhook\n", `the webhook mode needs the public address`},
		"sandbox address":  {"sandbox:\n  listen: 0.0.0.0:8080\n", `bad.yaml:2.*is not on this machine`},
		"no file":          {"storage:\n  path: \"\"\n", `bad.yaml:2.*needs a file to remember in`},
		"room of ops":      {"ops:\n  room: beheer\n", `bad.yaml:2.*is no room such as`},
		"recipient":        {"backup:\n  recipient: age1nobody\n", `bad.yaml:2.*is no age recipient`},
		"keys in backups":  {"keys:\n  dir: backups/keys\n", `bad.yaml:2.*must not lie with the backups`},
		"less than none":   {"limits:\n  person:\n    reports_per_hour: -1\n", `bad.yaml:3.*less than nothing`},
		"draft":            {"retention:\n  draft: 0s\n", `bad.yaml:2.*a draft is kept for some time`},
		"schedule":         {"schedules:\n  backup: soon\n", `bad.yaml:2.*is not five cron fields`},
		"schedule of zone": {"schedules:\n  backup: \"TZ=UTC 30 4 * * *\"\n", `bad.yaml:2.*leave TZ= out`},
		"broken":           {"network: [\n", `bad.yaml:`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "bad.yaml", c.yaml)
			got := play(t, nil, "check", "--config", "bad.yaml")
			if got.code != exitConfig || !regexp.MustCompile(c.want).MatchString(got.err) {
				t.Errorf("want %q and code %d, got %+v", c.want, exitConfig, got)
			}
		})
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "bad.yaml", "network:\n  profile: fr\n  timezone: nowhere\nschedules:\n  backup: soon\n")
	got := play(t, nil, "--config", "bad.yaml")
	for _, want := range []string{"bad.yaml:2", "bad.yaml:3", "bad.yaml:5"} {
		if !strings.Contains(got.err, want) {
			t.Errorf("%s is missing in %s", want, got.err)
		}
	}
}

func TestWrongUse(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{{"fly"}, {"backup"}, {"invite", "--role", "mayor"}, {"plan"}} {
		if got := play(t, nil, args...); got.code != exitUse {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if got := play(t, nil, "--config", "nowhere.yaml"); got.code != exitConfig {
		t.Errorf("a file that is not there: %+v", got)
	}
	if got := play(t, nil, "version"); got.code != exitFine || !strings.HasPrefix(got.out, "buurtbot ") {
		t.Errorf("version: %+v", got)
	}
	if got := play(t, nil, "--help"); got.code != exitFine || !strings.Contains(got.out, "restore") {
		t.Errorf("help: %+v", got)
	}
}

func TestInviteBackupAndRestore(t *testing.T) {
	t.Chdir(t.TempDir())
	got := play(t, nil, "invite", "--role", "network_coordinator")
	if got.code != exitFine || !regexp.MustCompile(`(?m)^[0-9A-Z]{26}$`).MatchString(got.out) {
		t.Fatalf("invite: %+v", got)
	}
	if got := play(t, nil, "backup", "copy.db"); got.code != exitFine {
		t.Fatalf("backup: %+v", got)
	}
	if got := play(t, nil, "backup", "copy.db"); got.code != exitFailed || !strings.Contains(got.err, "file exists") {
		t.Errorf("a backup over another: %+v", got)
	}
	if got := play(t, nil, "restore", "copy.db"); got.code != exitFine || !strings.Contains(got.out, "nothing is sent twice") {
		t.Errorf("restore: %+v", got)
	}
	write(t, "torn.db", "this is no database")
	if got := play(t, nil, "restore", "torn.db"); got.code != exitConfig || !strings.Contains(got.err, "damaged") {
		t.Errorf("restore of a torn file: %+v", got)
	}
	if got := play(t, nil, "check"); got.code != exitFine || !strings.Contains(got.out, "the audit trail holds") {
		t.Errorf("check: %+v", got)
	}
	if got := play(t, nil, "plan", "A-0000"); got.code != exitFailed {
		t.Errorf("plan of no alert: %+v", got)
	}
}

// spoken is a buffer that a running program writes to.
type spoken struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *spoken) find(pattern *regexp.Regexp) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := pattern.FindStringSubmatch(s.b.String()); m != nil {
		return m[1]
	}
	return ""
}

var pageAddress = regexp.MustCompile(`Sandbox: (http://\S+)`)

// start runs the program until the test ends, with its page and what else the environment says, and gives the page's address.
func start(t *testing.T, environ ...string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	out, errs, ended := &spoken{}, &spoken{}, make(chan int, 1)
	go func() { ended <- execute(ctx, nil, append(environ, "BUURTBOT_SANDBOX_LISTEN=127.0.0.1:0"), out, errs) }()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitFine {
			t.Errorf("it ended with %d: %s", code, errs.b.String())
		}
	})
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for range 2000 {
		if at := out.find(pageAddress); at != "" {
			return at
		}
		<-ticker.C
	}
	t.Fatal("the page did not come")
	return ""
}

func TestTheProgramShowsItsPageAndStopsWhenTold(t *testing.T) {
	at := start(t)
	resp, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("BINCO")) {
		t.Errorf("%d %v\n%s", resp.StatusCode, err, page)
	}
}

func TestTwoProgramsDoNotShareADatabase(t *testing.T) {
	start(t)
	got := play(t, []string{"BUURTBOT_SANDBOX_LISTEN=127.0.0.1:0"})
	if got.code != exitConfig || !strings.Contains(got.err, "Another buurtbot is using this database") {
		t.Errorf("%+v", got)
	}
}

// A mark that the operators' room was told is looked up; one that does not fit the trail is told apart from one that is none.
func TestCheckLooksUpAMarkOfTheTrail(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.yaml", "storage:\n  path: bin.db\n")
	write(t, "list.csv", "naam;groep;prefix\nKastanjelaan;Kastanje;KAS\n")
	if got := play(t, nil, "import", "list.csv", "--config", "c.yaml"); got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	c, err := LoadConfig("c.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	var mark string
	err = shell{ctx: t.Context()}.withStore(c, func(store *storage.Store) error {
		return store.View(t.Context(), func(tx bot.Tx) (err error) {
			mark, err = tx.TrailMark(t.Context())
			return err
		})
	})
	if err != nil || mark == "" {
		t.Fatalf("mark %q, %v", mark, err)
	}
	for _, given := range []struct {
		mark string
		code int
		told string
	}{
		{mark, exitFine, "all that was noted up to " + mark + " is there"},
		{"7" + mark, exitConfig, "is gone, or another stands in its place"},
		{"yesterday", exitUse, "it is like 1234-9f3a7c21d0e4b5f6"},
	} {
		got := play(t, nil, "check", "--trail", given.mark, "--config", "c.yaml")
		if got.code != given.code || !strings.Contains(got.out+got.err, given.told) {
			t.Errorf("%s: %+v", given.mark, got)
		}
	}
}
