package botapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// BenchmarkSend measures a question with buttons, in the process.
func BenchmarkSend(b *testing.B) {
	w := newTown(b, botapi.Config{Quiet: true})
	w.Say(noor, noor, "/start")
	form := benchForm().Encode()
	b.ReportAllocs()
	for b.Loop() {
		benchCall(b, w, "http://telegram.test", "sendMessage", form)
	}
}

// BenchmarkSendOnASocket measures the same over loopback, both sides together.
func BenchmarkSendOnASocket(b *testing.B) {
	w := newTown(b, botapi.Config{Quiet: true})
	w.Say(noor, noor, "/start")
	server := httptest.NewServer(w)
	defer server.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	defer transport.CloseIdleConnections()
	form := benchForm().Encode()
	b.SetParallelism(8)
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			benchCall(b, transport, server.URL, "sendMessage", form)
		}
	})
}

// BenchmarkPoll measures a batch of 100 updates, from the person to the bot.
func BenchmarkPoll(b *testing.B) {
	w := newTown(b, botapi.Config{Quiet: true})
	offset := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		for range 100 {
			w.Say(noor, noor, "De lamp voor nummer 12 is weer kapot")
		}
		batch := benchCall(b, w, "http://telegram.test", "getUpdates", fmt.Sprintf("limit=100&offset=%d", offset))
		offset = idOf(b, []byte(batch[strings.LastIndex(batch, `{"update_id"`):len(batch)-2])) + 1
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*100), "ns/update")
}

func benchForm() url.Values {
	return args("chat_id", noor, "text", "<b>Wat zie je?</b>\nKies een soort, of beschrijf het in een zin.", "parse_mode", "HTML",
		"link_preview_options", `{"is_disabled":true}`, "reply_markup", buttons("Brand", "abcdefghijklmnopqrstuv.fire", "Stop", "abcdefghijklmnopqrstuv.cancel"))
}

func benchCall(b *testing.B, via http.RoundTripper, base, method, form string) string {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, base+"/bot"+token+"/"+method, strings.NewReader(form))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := via.RoundTrip(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatalf("%d %s %v", resp.StatusCode, body, err)
	}
	return string(body)
}
