package sandbox

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/language"
)

const (
	hour    = time.Hour
	morning = 8   // o'clock, when the next day begins
	newest  = 200 // messages of a pane are shown
)

// web is the page.
type web struct {
	sandbox *Sandbox
	pages   map[string]*template.Template
	text    Text
	drawing *drawing
}

// spoken is what the page speaks.
func spoken() []string { return []string{"nl", "en"} }

// speech is the language asked for in the address, else the browser's first that is spoken here, else English; a
// browser that does not say gets Dutch.
func speech(r *http.Request) string {
	if asked := r.URL.Query().Get("lang"); slices.Contains(spoken(), asked) {
		return asked
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return spoken()[0]
	}
	for _, tag := range tags {
		if base, _ := tag.Base(); slices.Contains(spoken(), base.String()) {
			return base.String()
		}
	}
	return "en"
}

// parsePages makes the page in each language. The template is part of the program, so a mistake in it is a panic at the
// first start.
func parsePages(text Text) map[string]*template.Template {
	pages := map[string]*template.Template{}
	for _, lang := range spoken() {
		t := func(key string, args ...any) string { return words(text(lang, key, args...)) }
		pages[lang] = template.Must(template.New("page.html").Funcs(template.FuncMap{"t": t}).ParseFS(embedded, "page.html"))
	}
	return pages
}

// view is what the page is made of.
type view struct {
	Lang  string
	Langs []string
	Panes []paneView
	Map   *drawing
	After string // id of the last event it shows
	Now   int64  // ms since 1970
	Clock string
	Zone  string // IANA name; empty = the browser's own

	Newcomer, Resident string // who can be tried first: somebody who is no member yet, and somebody who is
}

func (w *web) page(out http.ResponseWriter, r *http.Request) {
	lang := speech(r)
	var page bytes.Buffer
	if err := w.pages[lang].Execute(&page, w.view(lang)); err != nil {
		http.Error(out, err.Error(), http.StatusInternalServerError)
		return
	}
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	out.Header().Set("Vary", "Accept-Language")
	_, _ = page.WriteTo(out) // a page that went away needs nothing
}

func (w *web) view(lang string) view {
	s := w.sandbox
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.at()
	v := view{
		Lang: lang, Langs: spoken(), Map: w.drawing, After: s.events.id(s.events.last),
		Now: now.UnixMilli(), Clock: w.day(lang, now), Zone: zoneName(now.Location()),
	}
	for _, p := range s.panes {
		v.Panes = append(v.Panes, w.pane(lang, p))
	}
	v.Newcomer, v.Resident = s.nameOf(roleGuest), s.nameOf(roleResident)
	return v
}

// nameOf is who can be played in the first pane with this role, else in the first pane of all.
func (c *cast) nameOf(role string) string {
	played := slices.DeleteFunc(slices.Clone(c.panes), func(p Pane) bool { return len(p.As) == 0 })
	if i := slices.IndexFunc(played, func(p Pane) bool { return p.Role == role }); i >= 0 {
		return played[i].As[0].Name
	}
	if len(played) > 0 {
		return played[0].As[0].Name
	}
	return ""
}

func zoneName(zone *time.Location) string {
	if zone == time.Local { // its name is not one that a browser knows
		return ""
	}
	return zone.String()
}

// day writes a time with its day of the week, which tells enough among messages: "di 21:47".
func (w *web) day(lang string, at time.Time) string {
	return words(w.text(lang, "sandbox.day."+strconv.Itoa(int(at.Weekday())))) + " " + at.Format("15:04")
}

func (w *web) photo(out http.ResponseWriter, r *http.Request) {
	s := w.sandbox
	s.mu.Lock()
	f, known := s.state.files[r.PathValue("id")]
	s.mu.Unlock()
	if !known {
		http.NotFound(out, r)
		return
	}
	out.Header().Set("Content-Type", f.Type)
	out.Header().Set("Cache-Control", "private, max-age=86400, immutable")
	_, _ = out.Write(f.Data) // a page that went away needs nothing
}
