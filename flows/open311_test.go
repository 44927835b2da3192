package flows_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/open311"
)

// A municipality with GeoReport v2 proves itself, gets a case, and what it closes reaches the card and the reporter.
func TestAClosedServiceRequestReachesCardAndReporter(t *testing.T) {
	var had []map[string]string
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := []map[string]string{{"service_code": "001"}}
		switch {
		case r.Method == http.MethodPost:
			had = append(had, map[string]string{
				"service_request_id": "7", "status": "open", "description": r.FormValue("description"), "address": r.FormValue("address_string"),
			})
			answer = had
		case strings.HasPrefix(r.URL.Path, "/requests"):
			answer = append([]map[string]string{}, had...)
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(web.Close)
	p := open(t, transcript{about: "# cast: ana resident Kastanje; wim street_coordinator Kastanje; bea admin\n"}, mode{})
	t.Cleanup(p.close)
	city := open311.New(open311.Config{
		URL: web.URL, Key: "geheim", Services: map[string]string{"vandalism": "001"}, Every: time.Millisecond,
		Now: func() time.Time { return p.now },
	})
	p.others = []bot.Platform{city}
	p.restart()
	poll := func() []string {
		for range 2 {
			p.check(city.PollOnce(p.ctx, p.inbox()))
		}
		p.drain()
		return p.said()
	}
	p.line("bea > /partner gemeente open311 " + strings.TrimPrefix(web.URL, "http://"))
	poll()
	for _, line := range []string{
		"ana > Het bushokje op de Kastanjelaan is vernield, overal glas", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]",
		"wim@desk > [Doorzetten ▸ gemeente]",
	} {
		p.line(line)
	}
	poll()
	if len(had) != 1 || !strings.Contains(had[0]["address"], "Kastanjelaan") || strings.Contains(had[0]["description"], "Ana") {
		t.Fatalf("requests: %v", had)
	}
	had[0]["status_notes"] = "de ploeg komt donderdag"
	noted := poll()
	wants(t, noted, "desk = ", "Gemeente schrijft: de ploeg komt donderdag", "wim < Gemeente schrijft over")
	if strings.Contains(strings.Join(noted, "\n"), "ana ") {
		t.Errorf("the reporter hears of a note: %v", noted)
	}
	had[0]["status"], had[0]["status_notes"] = "closed", "opgeruimd"
	wants(t, poll(), "Gemeente klaar", "opgeruimd", "Is het opgelost?")
}
