package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/disk"
	"github.com/buurtbot/buurtbot/storage"
)

// figures are what a monitor reads, in the text format of Prometheus: read anew at each request. Labels are the names of
// platforms and lanes, nothing of people (reliability H16).
type figures struct{ *metrics.Set }

// gauge notes a figure; labels are pairs of name and value.
func (f figures) gauge(name string, value float64, labels ...string) {
	var pairs []string
	for pair := range slices.Chunk(labels, 2) {
		pairs = append(pairs, fmt.Sprintf("%s=%q", pair[0], pair[1]))
	}
	full := "buurtbot_" + name
	if len(pairs) > 0 {
		full += "{" + strings.Join(pairs, ",") + "}"
	}
	f.GetOrCreateGauge(full, nil).Set(value)
}

// metrics answers a monitor with the figures of the program and of the real networks; the sandbox is nobody's to watch.
func (d *deployment) metrics(w http.ResponseWriter, r *http.Request) {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	f := figures{metrics.NewSet()}
	for _, t := range d.towns {
		if t.upkeep == nil {
			continue
		}
		g, err := t.store.Gauges(ctx)
		if err != nil {
			slog.Error("metrics", "error", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		f.stored(g, t.now())
		f.running(t)
		if room, known := disk.Room(filepath.Dir(d.config.Storage.Path)); known {
			f.gauge("disk_free_bytes", float64(room))
		}
		f.gauge("backup_age_seconds", ago(t.now(), newestCopy(d.config.Backup.Dir, t.now()), -1))
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	f.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}

// stored are the figures that the database knows.
func (f figures) stored(g storage.Gauges, now time.Time) {
	f.gauge("inbox_waiting", float64(g.Waiting))
	f.gauge("inbox_oldest_seconds", ago(now, g.Oldest, 0))
	f.gauge("inbox_parked", float64(g.Parked))
	for _, l := range g.Lines {
		f.gauge("outbox_pending", float64(l.Letters), "platform", l.Platform, "lane", laneNames[l.Lane])
		f.gauge("outbox_oldest_seconds", max(0, ago(now, l.Oldest, 0)), "platform", l.Platform, "lane", laneNames[l.Lane])
	}
	f.gauge("letters_dead", float64(g.Dead))
	f.gauge("letters_unknown", float64(g.Unknown))
	f.gauge("letters_held", float64(g.Held))
	f.gauge("wal_bytes", float64(g.Log))
	f.gauge("commit_seconds", g.Commit.Seconds())
	f.gauge("audit_entries", float64(g.Audit))
	if !civic.TooFew(g.Looks) { // of a few it is told nowhere how many there were
		f.gauge("reports_only_looks", float64(g.Looks))
	}
}

// running are the figures that only the running program knows. A poll that never was has age -1.
func (f figures) running(t *town) {
	for i, p := range t.platforms {
		if heard, ok := p.(listener); ok {
			f.gauge("poll_age_seconds", ago(t.now(), heard.LastHeard(), -1), "platform", p.Name())
		}
		f.gauge("slowdowns_total", float64(t.couriers[i].Slowed()), "platform", p.Name())
	}
}

var laneNames = map[bot.Lane]string{
	bot.LaneUrgent: "urgent", bot.LaneRoutine: "routine", bot.LaneAnswer: "answer", bot.LaneDigest: "digest",
}

// ago is how long ago something was, in seconds, or another figure when it never was.
func ago(now, then time.Time, never float64) float64 {
	if then.IsZero() {
		return never
	}
	return now.Sub(then).Seconds()
}
