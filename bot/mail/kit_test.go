package mail_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/mail"
	"github.com/buurtbot/buurtbot/bot/platformtest/mailserver"
)

const (
	us      = "bin@vlier.example"
	partner = "meldpunt@gemeente.example"
	token   = "AAECAwQFBgcICQoLDA0ODw" // 16 bytes
	code    = "aaaqeayeaudaocajbifqydiob4"
)

// inbox is where a platform stores, without a database: rows of one id come once.
type inbox struct {
	mu     sync.Mutex
	place  map[string]string
	known  map[string]bool
	rows   []bot.Raw
	failed error         // of the next Receive
	placed chan struct{} // closed at the first place
	once   sync.Once
}

func newInbox() *inbox {
	return &inbox{place: map[string]string{}, known: map[string]bool{}, placed: make(chan struct{})}
}

func (i *inbox) Checkpoint(_ context.Context, _, account string) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.place[account], nil
}

func (i *inbox) Receive(_ context.Context, _, account string, rows []bot.Raw, place string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if err := i.failed; err != nil {
		i.failed = nil
		return err
	}
	i.place[account] = place
	i.once.Do(func() { close(i.placed) })
	for _, r := range rows {
		if !i.known[r.External] {
			i.known[r.External] = true
			i.rows = append(i.rows, r)
		}
	}
	return nil
}

func (*inbox) Held(context.Context, string) ([]bot.Chat, error) { return nil, nil }

// forget is time that passes: repeats are known for so long only.
func (i *inbox) forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.known = map[string]bool{}
}

func (i *inbox) took() []bot.Raw {
	i.mu.Lock()
	defer i.mu.Unlock()
	rows := i.rows
	i.rows = nil
	return rows
}

// config is of a bot whose mailbox is on the server.
func config(s *mailserver.Server) mail.Config {
	return mail.Config{
		From: "BIN De Vlier <" + us + ">", Plus: true, TLS: s.TLS(),
		SMTP: mail.Server{Host: "127.0.0.1", Port: s.SMTPPort(), Mode: mail.Implicit, User: us, Password: mailserver.Password},
		IMAP: mail.Server{Host: "127.0.0.1", Port: s.IMAPPort(), Mode: mail.Implicit, User: us, Password: mailserver.Password},
	}
}

func started(t *testing.T, c mail.Config) *mail.Mail {
	t.Helper()
	m := mail.New(c)
	t.Cleanup(m.Close)
	return m
}

func letter() bot.Letter {
	return bot.Letter{
		ID: 12, To: bot.ChatRef{Platform: mail.Name, ID: partner, Kind: bot.Group}, Op: bot.OpPost, Token: token, Message: bot.Message{
			Title: "Melding KAS-7F3K", Text: "<b>KAS-7F3K</b>\nGeluid &amp; vuurwerk in de Kastanjelaan.",
			Rows: bot.Rows(bot.Choice{Key: "accept", Label: "Opgepakt"}, bot.Choice{Key: "done", Label: "Klaar"}),
			Hint: "Of antwoord met: klaar: wat je deed.",
		},
	}
}

// written is a mail from somebody; more are lines of its header.
func written(from, to, text string, more ...string) string {
	return "From: " + from + "\nTo: " + to + "\nSubject: Re: Melding KAS-7F3K\nMessage-ID: <" + fmt.Sprint(len(text), len(from)) +
		"@gemeente.example>\n" + strings.Join(append(more, ""), "\n") + "\n" + text + "\n"
}

// answering is a mail from the partner, with a code in the address.
func answering(text string, more ...string) string {
	return written(partner, "bin+"+code+"@vlier.example", text, more...)
}

func decode(t *testing.T, m *mail.Mail, raw string) bot.Update {
	t.Helper()
	u, err := m.Decode([]byte(strings.ReplaceAll(raw, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func (i *inbox) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.rows)
}
