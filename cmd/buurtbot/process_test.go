package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/storage"
)

// BenchmarkProcess measures the program as it is shipped, in a town with 10,000 members: how soon after its start it asks
// for updates, and how much memory it has when nothing happens, and when 5,000 people have begun to report something.
func BenchmarkProcess(b *testing.B) {
	const members, talking = 10_000, 5_000
	dir := b.TempDir()
	program := filepath.Join(dir, "buurtbot")
	compile(b, program, "goolm")
	for b.Loop() {
		home := b.TempDir()
		inhabit(b, home, members)
		n := newFront(b, botapi.Config{Quiet: true}, members, 2)
		began := time.Now()
		server := httptest.NewServer(n)
		b.Cleanup(server.Close)
		p := launch(b, program, home, server.URL)
		p.until(b, n.polled)
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-to-first-poll")
		b.ReportMetric(p.resident(b), "MB-idle")
		replies := make(chan struct{}, talking)
		n.replied = func(int) { replies <- struct{}{} }
		for i := range talking {
			n.Say(int64(firstResident+i), int64(firstResident+i), "/melden")
		}
		for range talking {
			p.until(b, replies)
		}
		b.ReportMetric(p.resident(b), "MB-5000-talking")
		p.stop(b)
	}
}

// inhabit makes a home for the program with a database in it.
func inhabit(tb testing.TB, home string, members int) {
	tb.Helper()
	populate(tb, home, townOf(members, 2))
}

// populate makes a home for the program with a world in its database.
func populate(tb testing.TB, home string, w sandbox.World) {
	tb.Helper()
	var c Config
	c.Keys.Dir = filepath.Join(home, "keys")
	o, err := options(context.Background(), c, filepath.Join(home, "town.db"))
	if err != nil {
		tb.Fatal(err)
	}
	store, err := storage.Open(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	if err := sandbox.Seed(context.Background(), store, telegram.Name, w, time.Now()); err != nil {
		tb.Fatal(err)
	}
	if err := store.Close(); err != nil {
		tb.Fatal(err)
	}
}

// process is the program while it runs.
type process struct {
	*exec.Cmd
	words *bytes.Buffer // what it says of mistakes; read it when it has ended
	ended chan error
}

// until waits for something, as long as the program runs.
func (p process) until(tb testing.TB, something <-chan struct{}) {
	tb.Helper()
	select {
	case <-something:
	case err := <-p.ended:
		tb.Fatalf("the program ended: %v\n%s", err, p.words)
	}
}

// compile builds the program as it is shipped, or with more tags.
func compile(tb testing.TB, program, tags string) {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), "go", "build", "-tags", tags, "-ldflags", "-s -w", "-o", program, ".").CombinedOutput()
	if err != nil {
		tb.Fatalf("build: %v\n%s", err, out)
	}
}

// launch starts the program in a home, with Telegram at an address.
func launch(tb testing.TB, program, home, url string, environment ...string) process {
	tb.Helper()
	config, err := filepath.Abs("../../config.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	p := process{exec.CommandContext(context.Background(), program, "--config", config), &bytes.Buffer{}, make(chan error, 1)}
	p.Dir = home
	usual := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "BUURTBOT_") }) // the test's own
	p.Env = append(usual, "TELEGRAM_TOKEN="+benchToken, "BUURTBOT_TELEGRAM_API_URL="+url,
		"BUURTBOT_STORAGE_PATH="+filepath.Join(home, "town.db"), "BUURTBOT_KEYS_DIR="+filepath.Join(home, "keys"),
		"BUURTBOT_LIMITS_TELEGRAM_PER_SECOND=0", "BUURTBOT_LIMITS_TELEGRAM_CHAT_PER_SECOND=0")
	p.Env = append(p.Env, environment...)
	p.Stderr = p.words
	if err := p.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() { p.ended <- p.Wait() }()
	return p
}

// resident is the memory of the process once it has come to rest, in megabytes of a million bytes.
func (p process) resident(tb testing.TB) float64 {
	tb.Helper()
	time.Sleep(5 * time.Second)
	return p.memory(tb, "VmRSS:")
}

// memory is what the system tells of the process, in megabytes of a million bytes: VmRSS is what it holds now, VmHWM the
// most that it ever held.
func (p process) memory(tb testing.TB, which string) float64 {
	tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		tb.Skip("this system does not tell the memory of a process")
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, which); found {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				tb.Fatal(err)
			}
			return kb * 1024 / 1e6
		}
	}
	tb.Fatal("no memory is told")
	return 0
}

func (p process) stop(tb testing.TB) {
	tb.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		tb.Fatal(err)
	}
	if err := <-p.ended; err != nil {
		tb.Errorf("%v\n%s", err, p.words)
	}
}
