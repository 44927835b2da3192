package sandbox

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
)

//go:embed page.html *.css *.js icon.svg
var embedded embed.FS

// Text gives a text in a language, with args as name, value, name, value; it may use the tiny HTML of messages, of which
// the page takes the words.
type Text func(lang, key string, args ...any) string

// Listen opens the address for the page. It refuses every address but those of this machine alone, for there is no
// password: "127.0.0.1:8080", "[::1]:8080" or "localhost:8080".
func Listen(ctx context.Context, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("sandbox: listen: %w", err)
	}
	if !loopback(host) {
		return nil, fmt.Errorf("sandbox: listen on %q: the sandbox has no password, so only this machine may reach it: "+
			"use 127.0.0.1", address)
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("sandbox: listen: %w", err)
	}
	return l, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Handler is the page. It answers this machine only, whatever it listens on, and takes posts from itself alone. Streams
// of events stay open until [Sandbox.Close].
func (s *Sandbox) Handler(text Text) http.Handler {
	w := &web{sandbox: s, pages: parsePages(text), text: text, drawing: draw(s.streets)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.page)
	mux.HandleFunc("GET /events", w.stream)
	mux.HandleFunc("GET /photo/{id}", w.photo)
	for name, data := range parts() {
		mux.HandleFunc("GET /"+name, serve(kinds[path.Ext(name)], data))
	}
	mux.HandleFunc("POST /say", w.take(textBytes, ErrLong, w.say))
	mux.HandleFunc("POST /press", w.take(textBytes, ErrLong, w.press))
	mux.HandleFunc("POST /open", w.take(textBytes, ErrLong, w.open))
	mux.HandleFunc("POST /pin", w.take(textBytes, ErrLong, w.pin))
	mux.HandleFunc("POST /photo", w.take(photoBytes, ErrPicture, w.sendPhoto))
	mux.HandleFunc("POST /pass", w.take(textBytes, ErrLong, w.pass))
	return guard(mux)
}

// kinds are the types of the parts, by the end of their names; the page itself is none of them.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

// parts are the files that the page asks for, by name.
func parts() map[string][]byte {
	files, err := embedded.ReadDir(".")
	all := map[string][]byte{}
	for _, f := range files {
		if kinds[path.Ext(f.Name())] != "" {
			data, errRead := embedded.ReadFile(f.Name())
			all[f.Name()], err = data, errors.Join(err, errRead)
		}
	}
	if err != nil {
		panic(err) // they are part of the program
	}
	return all
}

func serve(kind string, data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(data) // a page that went away needs nothing
	}
}

// policy lets the page use what comes from here and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; " +
	"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// guard keeps others out: other machines, names that a stranger's server points at this machine, and posts from other
// pages.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if err := admit(r); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func admit(r *http.Request) error {
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if host, _, err := net.SplitHostPort(local.String()); err != nil || !loopback(host) {
			return errors.New("the sandbox answers this machine only")
		}
	}
	host := (&url.URL{Host: r.Host}).Hostname()
	if !loopback(host) {
		return errors.New("the sandbox is called 127.0.0.1 or localhost")
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return errors.New("posts come from the sandbox's own page")
	}
	if origin := r.Header.Get("Origin"); origin != "http://"+r.Host {
		return errors.New("posts name the sandbox's own page as their origin")
	}
	return nil
}
