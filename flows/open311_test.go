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

// city is a municipality with a server for GeoReport v2, and a case that can be handed over to it.
type city struct {
	*player
	server *open311.Open311
	had    []map[string]string // requests
	down   bool
	raves  bool // takes a request and says 500
}

func (c *city) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := []map[string]string{{"service_code": "001"}}
	switch {
	case c.down:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case r.Method == http.MethodPost:
		c.had = append(c.had, map[string]string{
			"service_request_id": "7", "status": "open", "description": r.FormValue("description"), "address": r.FormValue("address_string"),
			"lat": r.FormValue("lat"),
		})
		if answer = c.had; c.raves {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
	case strings.HasPrefix(r.URL.Path, "/requests"):
		answer = append([]map[string]string{}, c.had...)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func newCity(t *testing.T) *city {
	t.Helper()
	c := &city{}
	web := httptest.NewServer(c)
	t.Cleanup(web.Close)
	c.player = open(t, transcript{about: "# cast: ana resident Kastanje; wim street_coordinator Kastanje; bea admin\n"}, mode{})
	t.Cleanup(c.close)
	c.server = open311.New(open311.Config{
		URL: web.URL, Key: "geheim", Services: map[string]string{"vandalism": "001"}, Every: time.Millisecond,
		Now: func() time.Time { return c.now },
	})
	c.others = []bot.Platform{c.server}
	c.restart()
	c.line("bea > /partner gemeente open311 " + strings.TrimPrefix(web.URL, "http://"))
	c.poll()
	for _, line := range []string{
		"ana > Het bushokje op de Kastanjelaan is vernield, overal glas", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]",
	} {
		c.line(line)
	}
	return c
}

// poll lets the bot ask for news, and gives what is said then.
func (c *city) poll() []string {
	for range 2 {
		c.check(c.server.PollOnce(c.ctx, c.inbox()))
	}
	c.drain()
	return c.said()
}

// A municipality with GeoReport v2 proves itself, gets a case, and what it notes and closes reaches the card and the reporter.
func TestAClosedServiceRequestReachesCardAndReporter(t *testing.T) {
	c := newCity(t)
	c.line("wim@desk > [Doorzetten ▸ gemeente]")
	c.poll()
	if len(c.had) != 1 || !strings.Contains(c.had[0]["address"], "Kastanjelaan") || strings.Contains(c.had[0]["description"], "Ana") {
		t.Fatalf("requests: %v", c.had)
	}
	c.had[0]["status_notes"] = "de ploeg komt donderdag"
	noted := c.poll()
	wants(t, noted, "desk = ", "Gemeente schrijft: de ploeg komt donderdag", "wim < Gemeente schrijft over")
	if strings.Contains(strings.Join(noted, "\n"), "ana ") {
		t.Errorf("the reporter hears of a note: %v", noted)
	}
	c.had[0]["status"], c.had[0]["status_notes"] = "closed", "opgeruimd"
	wants(t, c.poll(), "Gemeente klaar", "opgeruimd", "Is het opgelost?")
}

// A server that is down for a day, or says 500 to what it took, delays a hand-over and neither loses nor doubles it.
func TestAServerOfAMunicipalityThatIsDownForADayLosesNothing(t *testing.T) {
	c := newCity(t)
	c.down = true
	c.line("wim@desk > [Doorzetten ▸ gemeente]")
	for range 26 {
		c.now = c.now.Add(time.Hour)
		c.drain()
	}
	c.restart()
	c.down, c.raves = false, true
	for range 3 {
		c.now = c.now.Add(time.Hour)
		c.drain()
	}
	c.raves = false
	c.now = c.now.Add(time.Hour)
	c.drain()
	if len(c.had) != 1 {
		t.Fatalf("%d requests", len(c.had))
	}
	c.poll()
	c.had[0]["status"], c.had[0]["status_notes"] = "closed", "opgeruimd"
	wants(t, c.poll(), "Gemeente klaar", "opgeruimd", "Is het opgelost?")
}

// A category for which the server has no service is not taken; the coordinators of the case hear that it did not arrive.
func TestWhatTheServerHasNoServiceForIsToldToTheCoordinators(t *testing.T) {
	c := newCity(t)
	var said []string
	for _, line := range []string{
		"ana > De lamp in de Kastanjestraat is kapot", "ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]",
		"wim@desk > [Doorzetten ▸ gemeente]", "… 1m later",
	} {
		said = append(said, c.line(line)...)
	}
	wants(t, said, "desk < Het bericht aan de gemeente over KAS-", "kwam niet aan")
	if len(c.had) != 0 {
		t.Errorf("requests: %v", c.had)
	}
}

// GeoReport takes neither a correction nor a recall: the coordinators of the case hear of each that they have to call.
func TestWhatAServerCannotBeToldIsToldToTheCoordinators(t *testing.T) {
	for name, script := range map[string][]string{
		"correction": {"ana > [Aanvullen]", "ana > [Iets verbeteren]", "ana > Het is de ruit van de abri", "… 1m later"},
		"recall":     {"ana > /intrekken", "ana > [Toch intrekken]", "… 1m later"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t)
			c.line("wim@desk > [Doorzetten ▸ gemeente]")
			c.poll()
			var said []string
			for _, line := range script {
				said = append(said, c.line(line)...)
			}
			wants(t, said, "desk < Het bericht aan de gemeente over KAS-", "kwam niet aan")
			if len(c.had) != 1 {
				t.Errorf("requests: %v", c.had)
			}
		})
	}
}

// The point of a pin goes along until a coordinator says that it was another street: it is dropped with the old place then,
// and they read so.
func TestAPinGoesWithThePlaceThatWasPutRight(t *testing.T) {
	for street, lat := range map[string]string{"": "51.6016", "Kastanjestraat": ""} {
		t.Run(street, func(t *testing.T) {
			c := newCity(t)
			for _, line := range []string{
				"ana > Er is een bankje vernield", "ana > [Iets nieuws]", "ana > @51.6016,5.6070", "ana > [Kastanjelaan]",
				"ana > [Eerder]", "ana > [Overslaan]", "ana > [Versturen]",
			} {
				c.line(line)
			}
			if street != "" {
				for _, line := range []string{"wim@desk > [Opgepakt]", "wim@desk > [Wijzigen]", "wim > De straat"} {
					c.line(line)
				}
				wants(t, c.line("wim > "+street), "Dit vervalt: Kastanjelaan, met de plek op de kaart.")
			}
			c.line("wim@desk > [Doorzetten ▸ gemeente]")
			c.poll()
			if len(c.had) != 1 || !strings.HasPrefix(c.had[0]["lat"], lat) || (lat == "") != (c.had[0]["lat"] == "") {
				t.Errorf("requests: %v", c.had)
			}
		})
	}
}
