package matrix

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// serving is a homeserver that says which program it is.
func serving(name string) func(*http.Request) (int, string) {
	return func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/federation/v1/version") {
			return http.StatusOK, `{"server":{"name":"` + name + `","version":"1"}}`
		}
		return 0, ""
	}
}

func TestOperatorHearsHowLongAnAlertTakesAndWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		software string
		pace     *Pace
		takes    time.Duration
		says     string
	}{
		"Synapse as it comes":  {"Synapse", nil, 15*time.Minute + 50*time.Second, "/_synapse/admin/v1/users/@buurtbot:hs.test/override_ratelimit"},
		"Dendrite":             {"Dendrite", nil, 0, "does not limit messages"},
		"some other server":    {"", nil, 15*time.Minute + 50*time.Second, "exempt_user_ids"},
		"lifted":               {"Synapse", &Pace{}, 0, "as limits.matrix.per_second says"},
		"said by the operator": {"Synapse", &Pace{PerSecond: 10, Burst: 100}, 10 * time.Second, "at 10 messages a second"},
	} {
		w := newWorld(t)
		if c.software != "" {
			w.hs.Refuse = serving(c.software)
		}
		m := w.bot(Config{User: buurtbot, Password: "secret-buurtbot", Pace: c.pace})
		l := m.Limits(t.Context())
		if got := l.Takes(200); got != c.takes {
			t.Errorf("%s: 200 rooms take %s", name, got)
		}
		if got := l.About(200, buurtbot); !strings.Contains(got, c.says) || strings.Contains(got, "  ") {
			t.Errorf("%s: the operator reads %q", name, got)
		}
		_ = m.Close()
	}
}

func TestFewRoomsGoAtOnce(t *testing.T) {
	l := Limits{Software: "Synapse", PerSecond: usualPerSecond, Burst: usualBurst}
	if got := l.Takes(usualBurst); got != 0 {
		t.Errorf("%d rooms take %s", usualBurst, got)
	}
	if got := l.About(3, buurtbot); !strings.Contains(got, "goes at once; more than 10") {
		t.Errorf("the operator reads %q", got)
	}
}

func TestPaceThatTheOperatorSetIsKept(t *testing.T) {
	w := newWorld(t)
	if got := w.m.Caps().PerSecond; got != 0 {
		t.Errorf("without a word of the operator: %g a second", got)
	}
	m := w.bot(Config{User: buurtbot, Password: "secret-buurtbot", Pace: &Pace{PerSecond: 5, Burst: 10}})
	if got := m.Caps().PerSecond; got != 5 {
		t.Errorf("%g a second", got)
	}
}
