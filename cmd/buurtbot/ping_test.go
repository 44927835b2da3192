package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// pinged is a deployment that calls an address, and how often it did.
func pinged(t *testing.T, status int) (*deployment, *atomic.Int64) {
	t.Helper()
	var calls atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/s3cret" {
			calls.Add(1)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(elsewhere.Close)
	c, err := LoadConfig("", []string{"BUURTBOT_OPS_PING=env:PING", "PING=" + elsewhere.URL + "/s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	return &deployment{config: c}, &calls
}

func TestSomebodyElsewhereHearsThatAllIsWell(t *testing.T) {
	d, calls := pinged(t, http.StatusOK)
	if err := d.pingOnce(t.Context()); err != nil || calls.Load() != 1 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
	d.telegram = newTelegram(d.config.Telegram, d.config.Limits.Telegram) // which was never heard from
	if err := d.pingOnce(t.Context()); err == nil || !strings.Contains(err.Error(), "Telegram was not heard from") || calls.Load() != 1 {
		t.Errorf("while Telegram is deaf: %d calls, %v", calls.Load(), err)
	}
}

// Whoever knows the address can say that all is well: it stands in no error.
func TestAddressOfThePingIsInNoError(t *testing.T) {
	d, calls := pinged(t, http.StatusTeapot)
	err := d.pingOnce(t.Context())
	if err == nil || calls.Load() != 1 || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "418") {
		t.Errorf("refused: %d calls, %v", calls.Load(), err)
	}
	gone := "http://127.0.0.1:1/s3cret"
	d.config.Ops.Ping.value = &gone
	if err := d.pingOnce(t.Context()); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("nobody there: %v", err)
	}
	for _, wrong := range []string{"http://elsewhere.example/s3cret", "s3cret", "ftp://s3cret.example"} {
		_, err := LoadConfig("", []string{"BUURTBOT_OPS_PING=env:PING", "PING=" + wrong})
		if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "env:PING does not hold an https address") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
