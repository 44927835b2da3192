package sandbox_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// answer is what the server made of a request.
type answer struct {
	status int
	header http.Header
	text   string
}

// ask sends a request such as "GET /".
func ask(t *testing.T, server *httptest.Server, what string, body io.Reader, header ...string) answer {
	t.Helper()
	method, path, _ := strings.Cut(what, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, body)
	check(t, err)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	got, err := server.Client().Do(r)
	check(t, err)
	text, err := io.ReadAll(got.Body)
	check(t, err)
	check(t, got.Body.Close())
	return answer{got.StatusCode, got.Header, string(text)}
}

// tell posts fields as the page does.
func tell(t *testing.T, server *httptest.Server, path string, fields map[string]string) (status int, words string) {
	t.Helper()
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, value)
	}
	got := ask(t, server, "POST "+path, strings.NewReader(values.Encode()),
		"Content-Type", "application/x-www-form-urlencoded", "Origin", server.URL)
	return got.status, got.text
}

func TestThePageLetsNobodyElseIn(t *testing.T) {
	server := serve(t, open(t, town()))
	host := strings.TrimPrefix(server.URL, "http://")
	port := host[strings.LastIndexByte(host, ':'):]
	for name, c := range map[string]struct {
		what   string
		header []string
		want   int
	}{
		"the page":               {"GET /", nil, 200},
		"the page's head":        {"HEAD /", nil, 200},
		"by name":                {"GET /", []string{"Host", "localhost" + port}, 200},
		"a stranger's name":      {"GET /", []string{"Host", "buurtbot.example" + port}, 403},
		"a name like ours":       {"GET /", []string{"Host", "localhost.example" + port}, 403},
		"an address with a name": {"GET /", []string{"Host", "127.0.0.1.example"}, 403},
		"another address":        {"GET /", []string{"Host", "192.168.1.2" + port}, 403},
		"a stream by that name":  {"GET /events", []string{"Host", "buurtbot.example"}, 403},
		"a post":                 {"POST /pass?by=hour", []string{"Origin", server.URL}, 204},
		"a post of nobody":       {"POST /pass?by=hour", nil, 403},
		"a post from elsewhere":  {"POST /pass?by=hour", []string{"Origin", "http://buurtbot.example"}, 403},
		"from another port":      {"POST /pass?by=hour", []string{"Origin", "http://127.0.0.1:1"}, 403},
		"from a file":            {"POST /pass?by=hour", []string{"Origin", "null"}, 403},
		"from another site":      {"POST /pass?by=hour", []string{"Origin", server.URL, "Sec-Fetch-Site", "cross-site"}, 403},
		"a get that does":        {"GET /pass?by=hour", nil, 405},
		"a put":                  {"PUT /say", []string{"Origin", server.URL}, 405},
		"a delete":               {"DELETE /", []string{"Origin", server.URL}, 405},
		"nothing":                {"GET /nothing", nil, 404},
		"a part of the program":  {"GET /page.html", nil, 404},
		"a file above":           {"GET /photo/..%2fpage.html", nil, 404},
		"no picture":             {"GET /photo/f1", nil, 404},
		"the looks":              {"GET /style.css", nil, 200},
		"the script":             {"GET /script.js", nil, 200},
	} {
		if got := ask(t, server, c.what, nil, c.header...); got.status != c.want {
			t.Errorf("%s: %d, want %d", name, got.status, c.want)
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	server := serve(t, open(t, town()))
	for path, kind := range map[string]string{
		"/": "text/html; charset=utf-8", "/script.js": "text/javascript; charset=utf-8", "/style.css": "text/css; charset=utf-8",
		"/icon.svg": "image/svg+xml", "/nothing": "text/plain; charset=utf-8",
	} {
		h := ask(t, server, "GET "+path, nil).header
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		for name, want := range map[string]string{
			"Content-Type": kind, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
}

func TestListenTakesThisMachineOnly(t *testing.T) {
	for address, fits := range map[string]bool{
		"127.0.0.1:0": true, "localhost:0": true, "0.0.0.0:0": false, ":0": false, "192.0.2.1:80": false, "buurtbot.example:80": false,
		"127.0.0.1": false,
	} {
		l, err := sandbox.Listen(t.Context(), address)
		if fits != (err == nil) {
			t.Errorf("%s: %v", address, err)
		}
		if err == nil {
			check(t, l.Close())
		}
	}
}

func TestWhatIsPostedIsSaid(t *testing.T) {
	box := open(t, town())
	server := serve(t, box)
	card := post(t, box, "desk", "Een kaart", []bot.Choice{{Key: "take", Label: "Oppakken"}})
	for _, c := range []struct {
		path   string
		fields map[string]string
	}{
		{"/say", map[string]string{"person": "ana", "room": "ana", "text": "Er staat een bus"}},
		{"/say", map[string]string{"person": "ana", "room": "ana", "text": "Er staat een busje", "edit": "m2"}},
		{"/say", map[string]string{"person": "wim", "room": "desk", "text": "Waar?", "reply": string(card)}},
		{"/press", map[string]string{"person": "wim", "room": "desk", "on": string(card), "token": "one", "key": "take"}},
		{"/open", map[string]string{"person": "wim", "link": "ask-1"}},
		{"/pin", map[string]string{"person": "ana", "room": "ana", "lon": "5.604", "lat": "51.6021"}},
		{"/pass", map[string]string{"by": "hour"}},
		{"/pass", map[string]string{"by": "morning"}},
	} {
		if status, words := tell(t, server, c.path, c.fields); status != http.StatusNoContent {
			t.Errorf("%s %v: %d %s", c.path, c.fields, status, words)
		}
	}
	var heard []string
	for _, raw := range box.Waiting() {
		u := must(box.Decode(raw.Body))
		heard = append(heard, fmt.Sprintf("%s@%s %+v", u.From.ID, u.Chat.ID, u.Event))
	}
	want := []string{
		"ana@ana {Body:Er staat een bus ReplyTo: Thread: Forwarded:false}",
		"ana@ana {On:m2 Body:Er staat een busje}",
		"wim@desk {Body:Waar? ReplyTo:m1 Thread: Forwarded:false}",
		"wim@desk {Token:one On:m1 Key:take Query:4/wim/desk Words:false Mark:}",
		"wim@wim {Name:start Args:ask-1 ReplyTo: Thread: Forwarded:false Edited:false}",
		"ana@ana {At:[5.604 51.6021] Name:}",
	}
	if strings.Join(heard, "\n") != strings.Join(want, "\n") {
		t.Errorf("heard:\n%s", strings.Join(heard, "\n"))
	}
	if got := box.Clock().Now().Format("Mon 15:04"); got != "Sat 08:00" {
		t.Errorf("it is %s", got)
	}
}

func TestComplaintsAreKind(t *testing.T) {
	box := open(t, town())
	server := serve(t, box)
	say := func(person, room, text string) map[string]string {
		return map[string]string{"person": person, "room": room, "text": text}
	}
	for name, c := range map[string]struct {
		path   string
		fields map[string]string
		want   string
	}{
		"nothing":             {"/say", say("ana", "ana", "   "), "Typ eerst iets"},
		"4,097 characters":    {"/say", say("ana", "ana", strings.Repeat("a", 4097)), "te lang"},
		"100,000 characters":  {"/say", say("ana", "ana", strings.Repeat("a", 100_000)), "te lang"},
		"two million":         {"/say", say("ana", "ana", strings.Repeat("a", 2_000_000)), "te lang"},
		"nobody":              {"/say", say("piet", "ana", "hoi"), "er niet meer"},
		"not in there":        {"/say", say("ana", "desk", "hoi"), "niet in deze groep"},
		"a press on nothing":  {"/press", map[string]string{"person": "wim", "room": "desk", "on": "m9", "key": "take"}, "er niet meer"},
		"a pin without place": {"/pin", map[string]string{"person": "ana", "room": "ana", "lon": "here", "lat": ""}, "lukte niet"},
		"a pin off the world": {"/pin", map[string]string{"person": "ana", "room": "ana", "lon": "5", "lat": "NaN"}, "lukte niet"},
		"time by a year":      {"/pass", map[string]string{"by": "year"}, "lukte niet"},
		"no picture":          {"/photo", map[string]string{"person": "ana", "room": "ana"}, "geen foto"},
	} {
		status, words := tell(t, server, c.path, c.fields)
		if status != http.StatusBadRequest || !strings.Contains(words, c.want) {
			t.Errorf("%s: %d %s", name, status, words)
		}
	}
	if status, words := tell(t, server, "/say?lang=en", say("ana", "ana", "")); status != 400 || !strings.Contains(words, "Type something") {
		t.Errorf("in English: %d %s", status, words)
	}
	if waiting := box.Waiting(); len(waiting) != 0 {
		t.Errorf("%d updates wait", len(waiting))
	}
}

// multi makes a post with a picture.
func multi(t *testing.T, picture []byte, fields ...string) (body io.Reader, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		check(t, w.WriteField(fields[i], fields[i+1]))
	}
	part, err := w.CreateFormFile("photo", "bus.png")
	check(t, err)
	check(t, last2(part.Write(picture)))
	check(t, w.Close())
	return &b, w.FormDataContentType()
}

func TestPicturesArePosted(t *testing.T) {
	box := open(t, town())
	server := serve(t, box)
	shot := picture(40, 30, noColour)
	for name, c := range map[string]struct {
		picture []byte
		want    int
	}{
		"a picture": {shot, 204}, "something spoken": {[]byte("OggS\x00\x02 hallo"), 204},
		"20 MB spoken": {append([]byte("OggS"), make([]byte, 20<<20)...), 400}, "a text": {[]byte("no picture"), 400}, "25 MB": {make([]byte, 25<<20), 400},
		"cut off": {shot[:20], 400}, "a page": {[]byte("<html><script>alert(1)</script>"), 400},
	} {
		body, kind := multi(t, c.picture, "person", "ana", "room", "ana", "caption", "de bus", "album", "x")
		got := ask(t, server, "POST /photo", body, "Content-Type", kind, "Origin", server.URL)
		if got.status != c.want || c.want == 400 && !strings.Contains(got.text, "geen foto") {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	kinds := map[string]string{}
	for _, id := range []string{"f1", "f2"} {
		got := ask(t, server, "GET /photo/"+id, nil)
		kinds[got.header.Get("Content-Type")] = got.text
	}
	if kinds["image/png"] != string(shot) || kinds["audio/ogg"] != "OggS\x00\x02 hallo" {
		t.Errorf("what was sent comes back as %d kinds", len(kinds))
	}
	page := ask(t, server, "GET /", nil)
	if n := strings.Count(page.text, "<audio"); n != 1 {
		t.Errorf("%d messages can be heard", n)
	}
}

func TestThePageSpeaksTheReadersLanguage(t *testing.T) {
	server := serve(t, open(t, town()))
	for accept, want := range map[string]string{
		"": "nl", "nl-BE,nl;q=0.9": "nl", "en-GB": "en", "fr, en;q=0.5": "en", "fr": "en", "de, nl;q=0.8": "nl", "?!": "nl",
	} {
		page := ask(t, server, "GET /", nil, "Accept-Language", accept).text
		if !strings.Contains(page, `<html lang="`+want+`">`) {
			t.Errorf("to %q the page does not speak %s", accept, want)
		}
	}
	if page := ask(t, server, "GET /?lang=en", nil, "Accept-Language", "nl").text; !strings.Contains(page, "Play the whole") {
		t.Error("the page does not speak what it was asked to")
	}
}

func TestWhatPeopleWriteIsNoMarkup(t *testing.T) {
	box := open(t, town())
	server := serve(t, box)
	check(t, last2(box.Say("ana", "ana", `<script>alert("x")</script><b>vet</b>`, "")))
	post(t, box, "ana", `<b>vet</b> <script>bad()</script><a href="javascript:bad()">klik</a>`,
		[]bot.Choice{{Key: `"><script>`, Label: `<i>Druk</i>`}})
	page := ask(t, server, "GET /", nil).text
	for _, want := range []string{
		"&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;&lt;b&gt;vet", "<b>vet</b> bad()klik", "&lt;i&gt;Druk",
		`data-choice="&#34;&gt;&lt;script&gt;"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not there", want)
		}
	}
	if strings.Contains(page, "<script>") || strings.Contains(page, "javascript:") {
		t.Error("somebody's script is on the page")
	}
}
