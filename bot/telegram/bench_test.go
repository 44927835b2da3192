package telegram

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

const sentMessage = `{"ok":true,"result":{"message_id":1234,"from":{"id":123456789,"is_bot":true,"first_name":"Buurtbot",` +
	`"username":"buurtbot"},"chat":{"id":5001,"first_name":"Noor","type":"private"},"date":1795600000,"text":"Dank je wel."}}`

func benchParams() tgbotapi.Params {
	return tgbotapi.Params{
		"chat_id": "5001", "text": "<b>Wat zie je?</b>\nKies een soort, of beschrijf het in een zin.", "parse_mode": "HTML",
		"link_preview_options": noPreview,
		"reply_markup":         `{"inline_keyboard":[[{"text":"Brand","callback_data":"abcdefghijklmnopqrstuv.fire"}]]}`,
	}
}

// instant answers without doing anything, so that only our own work is measured.
type instant struct{ body string }

func (i instant) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	return &http.Response{
		StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(i.body)), ContentLength: int64(len(i.body)),
	}, nil
}

func benchCalls(b *testing.B, t *Telegram) {
	params := benchParams()
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := t.Call(b.Context(), "sendMessage", params); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkCall measures what a call costs beyond the network.
func BenchmarkCall(b *testing.B) {
	benchCalls(b, New(Config{Token: testToken, URL: "http://telegram.test", Transport: instant{sentMessage}}))
}

// BenchmarkCallLoopback measures a call to a server in the same process, both sides together.
func BenchmarkCallLoopback(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, sentMessage)
	}))
	defer server.Close()
	t := New(Config{Token: testToken, URL: server.URL})
	defer t.Close()
	benchCalls(b, t)
	b.Run("parallel", func(b *testing.B) {
		b.SetParallelism(8)
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if _, err := t.Call(b.Context(), "sendMessage", benchParams()); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// BenchmarkPoll measures a batch of 100 updates, from the answer to the rows.
func BenchmarkPoll(b *testing.B) {
	update := strings.TrimSpace(string(must(os.ReadFile("testdata/text.json"))))
	var batch strings.Builder
	batch.WriteString(`{"ok":true,"result":[`)
	for i := range batchLimit {
		if i > 0 {
			batch.WriteByte(',')
		}
		batch.WriteString(strings.Replace(update, `"update_id":1`, fmt.Sprintf(`"update_id":%d`, i+1), 1))
	}
	batch.WriteString(`]}`)
	t := New(Config{Token: testToken, URL: "http://telegram.test", Transport: instant{batch.String()}})
	t.poll.cleared, t.poll.met = true, true
	b.SetBytes(int64(batch.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if err := t.PollOnce(b.Context(), nowhere{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchLimit), "ns/update")
}

// BenchmarkDecode measures one text of a person in a private chat.
func BenchmarkDecode(b *testing.B) {
	t := New(Config{Token: testToken})
	for _, name := range []string{"text", "press"} {
		raw := must(os.ReadFile("testdata/" + name + ".json"))
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if u, err := t.Decode(raw); err != nil || u.Empty() {
					b.Fatal(u, err)
				}
			}
		})
	}
}

// BenchmarkSend measures a question with buttons, from the letter to the message's id.
func BenchmarkSend(b *testing.B) {
	t := New(Config{Token: testToken, URL: "http://telegram.test", Transport: instant{sentMessage}})
	l := bot.Letter{
		ID: 1, To: bot.ChatRef{Platform: Name, ID: "5001", Kind: bot.Private}, Op: bot.OpPost, Token: "abcdefghijklmnopqrstuv",
		Message: bot.Message{
			Text: "<b>Wat zie je?</b>\nKies een soort, of beschrijf het in een zin.",
			Rows: [][]bot.Choice{{{Key: "fire", Label: "Brand"}, {Key: "light", Label: "Straatlamp"}}, {{Key: "cancel", Label: "Stop"}}},
		},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Send(b.Context(), l, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// nowhere forgets what it receives, and never remembers.
type nowhere struct{}

func (nowhere) Checkpoint(context.Context, string, string) (string, error) { return "", nil }
func (nowhere) Held(context.Context, string) ([]bot.Chat, error)           { return nil, nil }

func (nowhere) Receive(context.Context, string, string, []bot.Raw, string) error { return nil }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
