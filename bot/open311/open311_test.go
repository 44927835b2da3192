package open311_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/open311"
)

// server follows GeoReport v2; its fields make it fail. It is asked by one caller at a time.
type server struct {
	t        *testing.T
	requests []map[string]string
	tokens   bool // answers a token instead of a number
	page     int  // how many requests it gives at a time, the newest first; 0 = all
	posted   url.Values
	after500 bool // says 500 to the next request after it took it
	cut      bool // ends the connection after it took the next request
	down     bool
	garbage  bool
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case s.garbage:
		_, _ = w.Write([]byte("<html>Welkom"))
	case r.URL.Path == "/v2/services.json":
		s.say(w, []map[string]string{{"service_code": "001"}})
	case r.URL.Path == "/v2/requests.json" && r.Method == http.MethodPost:
		s.take(w, r)
	case r.URL.Path == "/v2/requests.json":
		if _, err := time.Parse(time.RFC3339, r.FormValue("start_date")); err != nil {
			s.t.Errorf("start_date: %v", err)
		}
		s.say(w, s.paged(r.FormValue("page")))
	case strings.HasPrefix(r.URL.Path, "/v2/tokens/t"):
		id := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v2/tokens/t"), ".json")
		s.say(w, []map[string]string{{"service_request_id": id, "token": "t" + id}})
	default:
		for _, one := range s.requests {
			if r.URL.Path == "/v2/requests/"+one["service_request_id"]+".json" {
				s.say(w, []map[string]string{one})
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
	}
}

func (s *server) paged(number string) []map[string]string {
	list := slices.Clone(s.requests)
	slices.Reverse(list)
	if s.page == 0 {
		return list
	}
	n, err := strconv.Atoi(cmp.Or(number, "1"))
	if err != nil {
		s.t.Error(err)
	}
	from := min(len(list), (n-1)*s.page)
	return list[from:min(len(list), from+s.page)]
}

func (s *server) take(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("api_key") != "geheim" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	// Required: service_code and one of the three forms of a place.
	if r.FormValue("service_code") != "001" || r.FormValue("address_string") == "" || r.FormValue("jurisdiction_id") != "vlier" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.posted = r.PostForm
	id := strconv.Itoa(1 + len(s.requests))
	s.requests = append(s.requests, map[string]string{
		"service_request_id": id, "status": "open", "status_notes": "", "description": r.FormValue("description"),
	})
	switch {
	case s.after500:
		s.after500 = false
		w.WriteHeader(http.StatusInternalServerError)
	case s.cut:
		s.cut = false
		panic(http.ErrAbortHandler)
	case s.tokens:
		s.say(w, []map[string]string{{"token": "t" + id, "service_notice": "", "account_id": ""}})
	default:
		s.say(w, []map[string]string{{"service_request_id": id, "service_notice": "", "account_id": ""}})
	}
}

func (s *server) say(w http.ResponseWriter, what any) {
	if what == nil {
		what = []string{}
	}
	if err := json.NewEncoder(w).Encode(what); err != nil {
		s.t.Error(err)
	}
}

// inbox stores without a database.
type inbox struct {
	place string
	rows  []bot.Raw
	fail  error // of the next Receive
}

func (i *inbox) Checkpoint(context.Context, string, string) (string, error) { return i.place, nil }

func (i *inbox) Receive(_ context.Context, _, _ string, rows []bot.Raw, place string) error {
	if err := i.fail; err != nil {
		i.fail = nil
		return err
	}
	i.place, i.rows = place, append(i.rows, rows...)
	return nil
}

func (*inbox) Held(context.Context, string) ([]bot.Chat, error) { return nil, nil }

func start(t *testing.T) (*server, func() *open311.Open311) {
	t.Helper()
	s := &server{t: t, requests: []map[string]string{}}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return s, func() *open311.Open311 {
		o := open311.New(open311.Config{
			URL: web.URL + "/v2/", Jurisdiction: "vlier", Key: "geheim", Services: map[string]string{"street_fault": "001"},
			Every: time.Millisecond,
		})
		t.Cleanup(o.Close)
		return o
	}
}

func letter() bot.Letter {
	return bot.Letter{
		ID: 1, Token: "AAECAwQFBgcICQoLDA0ODw", Expires: time.Now().Add(5 * 24 * time.Hour), Lane: bot.LaneRoutine,
		Message: bot.Message{
			Text: "<b>KAS-7F3K</b> lamp &amp; paal stuk", About: "handover/1.municipality",
			Matter: &bot.Matter{Category: "street_fault", Place: "Vlierstraat 3"},
		},
	}
}

func send(t *testing.T, o *open311.Open311, l bot.Letter) bot.MessageRef {
	t.Helper()
	ref, err := o.Send(t.Context(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// hear polls and gives what came in, as chat, message and words.
func hear(t *testing.T, o *open311.Open311, in *inbox) []bot.Text {
	t.Helper()
	if err := o.PollOnce(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	var all []bot.Text
	for _, r := range in.rows {
		u, err := o.Decode(r.Body)
		if err != nil || !o.Speaks(u.Chat, u.From) {
			t.Fatalf("%v: %+v", err, u)
		}
		text, is := u.Event.(bot.Text)
		if !is {
			t.Fatalf("no text: %+v", u)
		}
		all = append(all, text)
	}
	in.rows = nil
	return all
}

func wantLater(t *testing.T, o *open311.Open311, want bot.Remedy) {
	t.Helper()
	_, err := o.Send(t.Context(), letter(), nil)
	said, is := errors.AsType[*bot.SendError](err)
	if !is || said.Remedy != want || strings.Contains(err.Error(), "geheim") {
		t.Errorf("want %v, got %v", want, err)
	}
}

func TestClosedRequestIsALineOfThePartner(t *testing.T) {
	s, open := start(t)
	o, in := open(), &inbox{}
	ref := send(t, o, letter())
	d := s.requests[0]["description"]
	if !strings.HasPrefix(d, "KAS-7F3K lamp & paal stuk\n\n[bb:") || strings.Contains(d, letter().Token) {
		t.Errorf("description: %q", d)
	}
	for range 2 {
		if got := hear(t, o, in); got != nil {
			t.Errorf("an open request says %+v", got)
		}
	}
	s.requests[0]["status"], s.requests[0]["status_notes"] = "closed", "lamp vervangen"
	in.fail = errors.New("disk full")
	if err := o.PollOnce(t.Context(), in); err == nil {
		t.Error("a failed store is not told")
	}
	if got := hear(t, o, in); len(got) != 1 || got[0].Body != "done: lamp vervangen" || got[0].ReplyTo != ref {
		t.Errorf("closed: %+v", got)
	}
	if got := hear(t, o, in); got != nil {
		t.Errorf("closed twice: %+v", got)
	}
	s.requests[0]["status"] = "open"
	if got := hear(t, open(), in); len(got) != 1 || got[0].Body != "reopen: lamp vervangen" {
		t.Errorf("opened again after a restart: %+v", got)
	}
}

func TestWhatTheServerTookIsNotPostedAgain(t *testing.T) {
	for name, fail := range map[string]func(*server){
		"says 500": func(s *server) { s.after500 = true }, "cuts the line": func(s *server) { s.cut = true },
	} {
		t.Run(name, func(t *testing.T) {
			s, open := start(t)
			fail(s)
			wantLater(t, open(), bot.Later)
			o, in := open(), &inbox{}
			send(t, o, letter())
			if len(s.requests) != 1 {
				t.Errorf("%d requests", len(s.requests))
			}
			hear(t, o, in)
			s.requests[0]["status"] = "closed"
			if got := hear(t, o, in); len(got) != 1 || got[0].Body != "done:" {
				t.Errorf("closed: %+v", got)
			}
		})
	}
}

// What the server took and said 500 to is found on whatever page it stands by now, and where pages are not known.
func TestWhatTheServerTookIsFoundAmongMany(t *testing.T) {
	for _, page := range []int{0, 20} {
		s, open := start(t)
		s.page, s.after500 = page, true
		wantLater(t, open(), bot.Later)
		for range 45 {
			s.requests = append(s.requests, map[string]string{
				"service_request_id": strconv.Itoa(1 + len(s.requests)), "status": "open", "description": "van een ander",
			})
		}
		send(t, open(), letter())
		if len(s.requests) != 46 {
			t.Errorf("pages of %d: %d requests", page, len(s.requests))
		}
	}
}

// A place that was pinned goes along, and one that was not is not made up.
func TestThePointOfAPinGoesAlong(t *testing.T) {
	s, open := start(t)
	l := letter()
	l.Matter.Point = &orb.Point{5.60301, 51.6022}
	send(t, open(), l)
	if s.posted.Get("lat") != "51.602200" || s.posted.Get("long") != "5.603010" || s.posted.Get("address_string") == "" {
		t.Errorf("posted: %v", s.posted)
	}
	l.Matter.Point, l.Token = nil, "BBECAwQFBgcICQoLDA0ODw"
	send(t, open(), l)
	if s.posted.Has("lat") || s.posted.Has("long") {
		t.Errorf("posted: %v", s.posted)
	}
}

// What the server notes while a request is open is a line once; with the end it goes along, and afterwards it is none.
func TestNotesOfAnOpenRequestAreALine(t *testing.T) {
	s, open := start(t)
	o, in := open(), &inbox{}
	send(t, o, letter())
	hear(t, o, in)
	for _, step := range []struct{ status, notes, said string }{
		{"open", "", ""},
		{"open", "monteur  komt donderdag", "note: monteur komt donderdag"},
		{"open", "monteur komt donderdag", ""},
		{"open", "wordt vrijdag", "note: wordt vrijdag"},
		{"closed", "vervangen", "done: vervangen"},
		{"closed", "dank", ""},
	} {
		s.requests[0]["status"], s.requests[0]["status_notes"] = step.status, step.notes
		said := ""
		for _, line := range hear(t, o, in) {
			said += line.Body
		}
		if said != step.said {
			t.Errorf("%s, %q: said %q", step.status, step.notes, said)
		}
	}
}

func TestRequestThatWasNotKeptIsFoundByItsMark(t *testing.T) {
	s, open := start(t)
	send(t, open(), letter())
	o, in := open(), &inbox{}
	hear(t, o, in)
	s.requests[0]["status"] = "closed"
	if got := hear(t, o, in); len(got) != 1 {
		t.Errorf("closed: %+v", got)
	}
}

func TestTokenLeadsToTheRequest(t *testing.T) {
	s, open := start(t)
	s.tokens = true
	o, in := open(), &inbox{place: "[]"}
	send(t, o, letter())
	hear(t, o, in)
	s.requests[0]["status"] = "closed"
	if got := hear(t, o, in); len(got) != 1 {
		t.Errorf("closed: %+v", got)
	}
}

func TestServerThatIsAwayOrRavesGetsNothingAndLosesNothing(t *testing.T) {
	for name, fail := range map[string]func(*server, bool){
		"down": func(s *server, is bool) { s.down = is }, "garbage": func(s *server, is bool) { s.garbage = is },
	} {
		t.Run(name, func(t *testing.T) {
			s, open := start(t)
			o, in := open(), &inbox{}
			fail(s, true)
			wantLater(t, o, bot.Later)
			fail(s, false)
			send(t, o, letter())
			hear(t, o, in)
			fail(s, true)
			if err := o.PollOnce(t.Context(), in); err == nil {
				t.Error("it is not told that the server is away")
			}
			fail(s, false)
			s.requests[0]["status"] = "closed"
			if got := hear(t, o, in); len(s.requests) != 1 || len(got) != 1 {
				t.Errorf("%d requests, %+v", len(s.requests), got)
			}
		})
	}
}

func TestWhatTheServerCannotTakeIsRefusedForGood(t *testing.T) {
	s, open := start(t)
	for name, change := range map[string]func(*bot.Letter){
		"recall":     func(l *bot.Letter) { l.Matter = nil },
		"no service": func(l *bot.Letter) { l.Matter.Category = "fire" },
		"no place":   func(l *bot.Letter) { l.Matter.Place = "" },
		"no token":   func(l *bot.Letter) { l.Token = "" },
	} {
		l := letter()
		change(&l)
		_, err := open().Send(t.Context(), l, nil)
		if said, is := errors.AsType[*bot.SendError](err); !is || said.Remedy != bot.Never || len(s.requests) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDeskProvesItselfWithItsServices(t *testing.T) {
	_, open := start(t)
	o, in := open(), &inbox{}
	l := letter()
	l.About, l.Matter = "desk/3.municipality", nil
	ref := send(t, o, l)
	hear(t, o, in)
	if got := hear(t, o, in); len(got) != 1 || got[0].Body != "ja" || got[0].ReplyTo != ref {
		t.Errorf("proof: %+v", got)
	}
	if got := hear(t, o, in); got != nil {
		t.Errorf("proof twice: %+v", got)
	}
}
