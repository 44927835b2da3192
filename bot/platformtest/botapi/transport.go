package botapi

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// Transport carries requests to the server without a socket. The request's host does not matter.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip answers one request. It closes the body in any case, as http.RoundTripper demands.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer, err := t.server.respond(r)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status: strconv.Itoa(answer.status) + " " + http.StatusText(answer.status), StatusCode: answer.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.header(), Body: answer.reader(), ContentLength: int64(len(answer.body)), Request: r,
	}, nil
}

// ServeHTTP answers one request; a broken connection is shown by aborting it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := s.respond(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	header := w.Header()
	for name, values := range answer.header() {
		header[name] = values
	}
	header.Set("Content-Length", strconv.Itoa(len(answer.body)))
	w.WriteHeader(answer.status)
	if answer.cut {
		_, _ = w.Write(answer.body[:len(answer.body)/2])
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(answer.body) // a client that went away needs no answer
}

func (a reply) header() http.Header {
	kind := a.kind
	if kind == "" {
		kind = "application/json"
	}
	header := http.Header{"Content-Type": {kind}}
	if a.retryAfter > 0 {
		header["Retry-After"] = []string{strconv.Itoa(a.retryAfter)}
	}
	return header
}

func (a reply) reader() io.ReadCloser {
	if !a.cut {
		return io.NopCloser(bytes.NewReader(a.body))
	}
	return io.NopCloser(io.MultiReader(bytes.NewReader(a.body[:len(a.body)/2]), broken{}))
}

// broken is where a connection ends too early.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
