package main

import (
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/disk"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/storage"
)

// A monitor reads the figures; no label names a person, a chat or a street.
func TestMonitorReadsFigures(t *testing.T) {
	o := observe(t)
	err := o.store.Receive(t.Context(), telegram.Name, "bot", []bot.Raw{{External: "1", Body: []byte("{}")}}, "1")
	if err != nil {
		t.Fatal(err)
	}
	o.at = time.Now()
	o.far.heard = o.at.Add(-7 * time.Second)
	d := &deployment{towns: []*town{o.town}}
	w := httptest.NewRecorder()
	d.metrics(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(body), "\n")
	for _, want := range []string{
		"buurtbot_inbox_waiting 1", "buurtbot_inbox_parked 0", `buurtbot_poll_age_seconds{platform="telegram"} 7`,
		`buurtbot_slowdowns_total{platform="telegram"} 0`, "buurtbot_backup_age_seconds -1", "buurtbot_letters_dead 0",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("%s is not among\n%s", want, body)
		}
	}
	if _, known := disk.Room("."); known && !strings.Contains(string(body), "\nbuurtbot_disk_free_bytes ") {
		t.Error("the room on the disk is not told")
	}
	if strings.Contains(string(body), "bea") {
		t.Error("a person is named")
	}
}

// A few reports of looks alone are counted in no figure: it would tell how few.
func TestFewReportsOfLooksAreNoFigure(t *testing.T) {
	for n, want := range map[int]string{0: "buurtbot_reports_only_looks 0", 1: "", 4: "", 5: "buurtbot_reports_only_looks 5"} {
		f := figures{metrics.NewSet()}
		f.stored(storage.Gauges{Looks: n}, time.Now())
		var out strings.Builder
		f.WritePrometheus(&out)
		got := ""
		for line := range strings.Lines(out.String()) {
			if strings.Contains(line, "only_looks") {
				got = strings.TrimSpace(line)
			}
		}
		if got != want {
			t.Errorf("of %d it says %q, want %q", n, got, want)
		}
	}
}
