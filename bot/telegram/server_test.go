package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// The people and groups of the tests against the strict server.
const (
	noor    = 5001
	ivo     = 5002
	street  = -1001200000001
	yard    = -4001
	ourBot  = 123456789
	pressed = "abcdefghijklmnopqrstuv"
)

// strict is a Bot API server that refuses what Telegram refuses, and the adapter that talks to it.
type strict struct {
	*botapi.Server
	tg *Telegram
	in *box
	t  *testing.T
}

func newStrict(t *testing.T, c botapi.Config) strict {
	t.Helper()
	return strictIn(t, t, c)
}

// strictIn is one that lasts as long as a check in a test does.
func strictIn(t *testing.T, check guest, c botapi.Config) strict {
	t.Helper()
	c.Token, c.Username = testToken, "BuurtBot"
	s := botapi.New(c)
	s.AddUser(botapi.User{ID: noor, FirstName: "Noor", Language: "nl"})
	s.AddUser(botapi.User{ID: ivo, FirstName: "Ivo"})
	s.AddGroup(botapi.Group{ID: street, Title: "Lindestraat", Members: []int64{noor, ivo}})
	s.AddGroup(botapi.Group{ID: yard, Title: "Hof", Members: []int64{noor, ivo}})
	return strict{Server: s, tg: newBot(check, s), in: &box{}, t: t}
}

// restarted is the same with an adapter that remembers nothing but what was stored.
func (s strict) restarted() strict {
	s.tg = newBot(s.t, s.Server)
	return s
}

// poll makes one poll that goes well.
func (s strict) poll() {
	s.t.Helper()
	if err := s.tg.PollOnce(s.t.Context(), s.in); err != nil {
		s.t.Fatal(err)
	}
}

// run polls as a running bot does, waiting as long as it is told, until the time is over. It gives the remedies.
func (s strict) run(d time.Duration) (failures []*bot.SendError) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), d)
	defer cancel()
	for {
		err := s.tg.PollOnce(ctx, s.in)
		if ctx.Err() != nil {
			return failures
		}
		if err == nil {
			continue
		}
		e := sendFault(s.t, err)
		failures = append(failures, e)
		select {
		case <-time.After(e.After):
		case <-ctx.Done():
			return failures
		}
	}
}

// updates decodes what was stored, without what is nothing for us.
func (s strict) updates() []bot.Update {
	s.t.Helper()
	var list []bot.Update
	for _, row := range s.in.rows {
		u, err := s.tg.Decode(row.Body)
		if err != nil {
			s.t.Errorf("%v: %s", err, row.Body)
		}
		if !u.Empty() {
			list = append(list, u)
		}
	}
	return list
}

// heard lists the texts that were stored.
func (s strict) heard() []string {
	s.t.Helper()
	var list []string
	for _, u := range s.updates() {
		if text, is := u.Event.(bot.Text); is {
			list = append(list, text.Body)
		}
	}
	return list
}

func letterTo(chat int64, text string) bot.Letter {
	to := bot.ChatRef{Platform: Name, ID: strconv.FormatInt(chat, 10), Kind: bot.Private}
	if chat < 0 {
		to.Kind = bot.Group
	}
	return bot.Letter{ID: chat, To: to, Op: bot.OpPost, Token: pressed, Message: bot.Message{Text: text}}
}

func editOf(chat int64, on bot.MessageRef, text string) bot.Letter {
	l := letterTo(chat, text)
	l.Op, l.Edits = bot.OpEdit, on
	return l
}

// send delivers a letter that is taken.
func (s strict) send(l bot.Letter, photos ...[]byte) bot.MessageRef {
	s.t.Helper()
	ref, err := s.tg.Send(s.t.Context(), l, photos)
	if err != nil {
		s.t.Fatalf("%v: %.60s", err, l.Text)
	}
	return ref
}

// refuse delivers a letter that is not taken.
func (s strict) refuse(l bot.Letter, photos ...[]byte) *bot.SendError {
	s.t.Helper()
	_, err := s.tg.Send(s.t.Context(), l, photos)
	return sendFault(s.t, err)
}

// shown lists the texts in a chat as they are now.
func (s strict) shown(chat int64) []string {
	var list []string
	for _, m := range s.Messages(chat) {
		if m.From == ourBot && !m.Deleted {
			list = append(list, m.Text)
		}
	}
	return list
}

func jpegOf(t *testing.T, width, height, shade int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = uint8((i*7 + i/width*13 + shade) % 251)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The token is looked for in what comes of every fault there is.
func TestTokenIsInNoErrorOrLog(t *testing.T) {
	var log bytes.Buffer
	s := newStrict(t, botapi.Config{Impatient: true})
	s.tg.log = slog.New(slog.NewTextHandler(&log, nil))
	s.Say(noor, noor, "/start")
	for kind := botapi.DropBefore; kind <= botapi.Unauthorized; kind++ {
		if kind == botapi.Hang {
			continue
		}
		s.Fail(botapi.Fault{Kind: kind, Times: 2})
		_, sent := s.tg.Send(t.Context(), letterTo(noor, "x"), nil)
		polled := s.tg.PollOnce(t.Context(), s.in)
		s.ClearFaults()
		if all := errors.Join(sent, polled); all == nil || strings.Contains(all.Error(), "AAHsecret") {
			t.Errorf("fault %d: %v", kind, all)
		}
	}
	for _, place := range []string{log.String(), s.in.mark} {
		if strings.Contains(place, "AAHsecret") {
			t.Error(place)
		}
	}
}

// raw is a JSON text as an update.
func raw(text string) json.RawMessage { return json.RawMessage(text) }
