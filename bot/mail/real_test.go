package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	gomail "github.com/wneessen/go-mail"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/mail"
)

// realPassword opens every mailbox of .ci/mail.
const realPassword = "een-lang-wachtwoord"

// realServers are Debian's postfix and dovecot, which .ci/mail starts.
func realServers(t *testing.T) (submission, imaps int, roots *tls.Config) {
	t.Helper()
	if os.Getenv("BUURTBOT_MAIL") != "required" {
		t.Skip("no postfix and dovecot: sudo .ci/mail go test -tags goolm ./bot/mail -run TestReal")
	}
	number := func(name string) int {
		n, err := strconv.Atoi(os.Getenv(name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return n
	}
	pem, err := os.ReadFile(os.Getenv("BUURTBOT_MAIL_ROOTS"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return number("BUURTBOT_MAIL_SUBMISSION"), number("BUURTBOT_MAIL_IMAPS"), &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// received waits for the first mail in a mailbox.
func received(t *testing.T, port int, c *tls.Config, user string) string {
	t.Helper()
	c = c.Clone()
	c.ServerName = "127.0.0.1"
	section := &imap.FetchItemBodySection{Peek: true}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		box, err := imapclient.DialTLS("127.0.0.1:"+strconv.Itoa(port), &imapclient.Options{TLSConfig: c})
		if err != nil {
			t.Fatal(err)
		}
		if err := box.Login(user, realPassword).Wait(); err != nil {
			t.Fatal(err)
		}
		if _, err := box.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		got, err := box.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
		_ = box.Close()
		if err == nil && len(got) == 1 {
			return string(got[0].FindBodySection(section))
		}
	}
	t.Fatalf("nothing came for %s", user)
	return ""
}

func TestRealServersCarryAHandOverAndItsAnswer(t *testing.T) {
	submission, imaps, roots := realServers(t)
	config := mail.Config{
		From: "BIN De Vlier <" + us + ">", Plus: true, TLS: roots,
		SMTP: mail.Server{Host: "127.0.0.1", Port: submission, Mode: mail.StartTLS, User: us, Password: realPassword},
		IMAP: mail.Server{Host: "127.0.0.1", Port: imaps, Mode: mail.Implicit, User: us, Password: realPassword},
	}
	m, in := started(t, config), newInbox()
	if err := m.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	heard := make(chan error, 1)
	go func() {
		for in.count() == 0 {
			if err := m.PollOnce(ctx, in); err != nil {
				heard <- err
				return
			}
		}
		heard <- nil
	}()
	<-in.placed
	on := post(t, m, letter())
	got := received(t, imaps, roots, partner)
	if !strings.Contains(got, "Reply-To: <bin+"+code+"@vlier.example>") || !strings.Contains(got, string(on)) {
		t.Fatalf("got %s", got)
	}
	answer := gomail.NewMsg()
	err := errors.Join(answer.From(partner), answer.To("bin+"+code+"@vlier.example"))
	answer.Subject("Re: Melding KAS-7F3K")
	answer.SetBodyString(gomail.TypeTextPlain, "klaar: het glas is opgeruimd\n\n> 1. Opgepakt")
	roots = roots.Clone()
	roots.ServerName = "127.0.0.1"
	client, failed := gomail.NewClient("127.0.0.1", gomail.WithPort(submission), gomail.WithTLSPolicy(gomail.TLSMandatory),
		gomail.WithTLSConfig(roots), gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(partner), gomail.WithPassword(realPassword))
	if err = errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	if err := client.DialAndSendWithContext(ctx, answer); err != nil {
		t.Fatal(err)
	}
	if err := <-heard; err != nil {
		t.Fatal(err)
	}
	rows := in.took()
	if u, err := m.Decode(rows[0].Body); err != nil || u != reply("klaar: het glas is opgeruimd") {
		t.Errorf("got %+v, %v", u, err)
	}
	nobody := letter()
	nobody.To.ID = "niemand@gemeente.example"
	_, err = m.Send(ctx, nobody, nil)
	if said, is := errors.AsType[*bot.SendError](err); !is || said.Remedy != bot.Gone {
		t.Errorf("to nobody: %v", err)
	}
}
