package mail_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/mail"
	"github.com/buurtbot/buurtbot/bot/platformtest/mailserver"
)

func post(t *testing.T, m *mail.Mail, l bot.Letter, photos ...[]byte) bot.MessageRef {
	t.Helper()
	on, err := m.Send(t.Context(), l, photos)
	if err != nil {
		t.Fatal(err)
	}
	return on
}

func poll(t *testing.T, m *mail.Mail, in *inbox) []bot.Raw {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := m.PollOnce(ctx, in); err != nil {
		t.Fatal(err)
	}
	return in.took()
}

// opened is a bot whose mailbox was looked at once, when nothing was in it.
func opened(t *testing.T, s *mailserver.Server) (*mail.Mail, *inbox) {
	t.Helper()
	m, in := started(t, config(s)), newInbox()
	s.DeliverAt(us, written(partner, us, "van voor de bot"), time.Now().Add(-time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- m.PollOnce(ctx, in) }()
	<-in.placed
	cancel() // it waits for mail now, or is about to
	<-done
	if rows := in.took(); len(rows) != 0 {
		t.Fatalf("%d mails from before", len(rows))
	}
	return m, in
}

func TestAHandOverIsAMailThatCanBeAnswered(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m, in := opened(t, s)
	on := post(t, m, letter(), []byte("\xff\xd8\xff picture"))
	got := s.Mails(partner)
	if len(got) != 1 {
		t.Fatalf("%d mails", len(got))
	}
	for _, want := range []string{
		"From: \"BIN De Vlier\" <bin@vlier.example>", "Reply-To: <bin+" + code + "@vlier.example>", "Subject: Melding KAS-7F3K",
		"Return-Path: <bin+" + code + "@vlier.example>", "Message-ID: <" + string(on) + ">", "Auto-Submitted: auto-generated",
		"X-Auto-Response-Suppress: All", "1. Opgepakt", "2. Klaar", "Geluid & vuurwerk", "Of antwoord met", "[bb:" + code + "]", "foto-1.jpg",
	} {
		if !strings.Contains(got[0], want) {
			t.Errorf("%q is not in\n%s", want, got[0])
		}
	}
	for _, never := range []string{"<b>", "&amp;", token, "go-mail"} {
		if strings.Contains(got[0], never) {
			t.Errorf("%q is in\n%s", never, got[0])
		}
	}
	s.Deliver(us, answering("2", "In-Reply-To: <"+string(on)+">"))
	rows := poll(t, m, in)
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	if u, err := m.Decode(rows[0].Body); err != nil || u != reply("2") {
		t.Errorf("got %+v, %v", u, err)
	}
}

func TestWhatFollowsStandsUnderTheFirstMail(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m := started(t, config(s))
	on := post(t, m, letter())
	next := letter()
	next.ID, next.Root, next.Token = 13, on, "BBECAwQFBgcICQoLDA0ODw"
	post(t, m, next)
	second := s.Mails(partner)[1]
	for _, want := range []string{"In-Reply-To: <" + string(on) + ">", "References: <" + string(on) + ">", "Subject: Re: Melding KAS-7F3K"} {
		if !strings.Contains(second, want) {
			t.Errorf("%q is not in\n%s", want, second)
		}
	}
}

func TestALetterThatIsSentAgainHasTheSameName(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m := started(t, config(s))
	s.Fail(func(at mailserver.Stage, _ string) error {
		if at == mailserver.AtEnd {
			return mailserver.ErrGone
		}
		return nil
	})
	_, err := m.Send(t.Context(), letter(), nil)
	if said, is := errors.AsType[*bot.SendError](err); !is || said.Remedy != bot.Uncertain {
		t.Fatalf("got %v", err)
	}
	s.Fail(nil)
	on := post(t, m, letter())
	for _, raw := range s.Mails(partner) {
		if !strings.Contains(raw, "Message-ID: <"+string(on)+">") {
			t.Errorf("another name in\n%s", raw)
		}
	}
	if n := len(s.Mails(partner)); n != 2 {
		t.Errorf("%d mails", n)
	}
}

func TestEachRefusalHasItsRemedy(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m := started(t, config(s))
	for name, c := range map[string]struct {
		at    mailserver.Stage
		fault error
		want  bot.Remedy
		all   bool // of the platform
	}{
		"greylisted":       {mailserver.AtRecipient, mailserver.Refusal(451, [3]int{4, 7, 1}), bot.Later, false},
		"unknown there":    {mailserver.AtRecipient, mailserver.Refusal(550, [3]int{5, 1, 1}), bot.Gone, false},
		"relay denied":     {mailserver.AtRecipient, mailserver.Refusal(554, [3]int{5, 7, 1}), bot.Never, false},
		"sender refused":   {mailserver.AtSender, mailserver.Refusal(550, [3]int{5, 7, 1}), bot.Down, false},
		"spam":             {mailserver.AtData, mailserver.Refusal(554, [3]int{5, 7, 1}), bot.Never, false},
		"full":             {mailserver.AtData, mailserver.Refusal(452, [3]int{4, 2, 2}), bot.Later, false},
		"shutting down":    {mailserver.AtSender, mailserver.Refusal(421, [3]int{4, 3, 2}), bot.Later, true},
		"gone before":      {mailserver.AtSender, mailserver.ErrGone, bot.Later, true},
		"login refused":    {mailserver.AtLogin, mailserver.Refusal(535, [3]int{5, 7, 8}), bot.Down, true},
		"login impossible": {mailserver.AtLogin, mailserver.Refusal(454, [3]int{4, 7, 0}), bot.Later, true},
	} {
		t.Run(name, func(t *testing.T) {
			s.Fail(func(at mailserver.Stage, _ string) error {
				if at == c.at {
					return c.fault
				}
				return nil
			})
			_, err := m.Send(t.Context(), letter(), nil)
			said, is := errors.AsType[*bot.SendError](err)
			if !is || said.Remedy != c.want || said.Global != c.all {
				t.Fatalf("got %+v", err)
			}
			for _, secret := range []string{mailserver.Password, partner, code} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q is in %q", secret, err)
				}
			}
		})
	}
}

func TestAServerThatIsDownIsWaitedFor(t *testing.T) {
	s := mailserver.New(t, us, partner)
	c := config(s)
	c.SMTP.Port, c.IMAP.Port = 1, 1
	m := started(t, c)
	_, err := m.Send(t.Context(), letter(), nil)
	if said, is := errors.AsType[*bot.SendError](err); !is || said.Remedy != bot.Later || !said.Global {
		t.Errorf("got %v", err)
	}
	if err := m.PollOnce(t.Context(), newInbox()); err == nil {
		t.Error("nothing is wrong with a server that is not there")
	}
	if !m.LastHeard().IsZero() {
		t.Error("heard from a server that is not there")
	}
}

func TestAnUnknownCertificateIsNotSpokenTo(t *testing.T) {
	s := mailserver.New(t, us, partner)
	c := config(s)
	c.TLS = nil
	m := started(t, c)
	if _, err := m.Send(t.Context(), letter(), nil); err == nil {
		t.Error("sent to whoever answered")
	}
	if err := m.PollOnce(t.Context(), newInbox()); err == nil {
		t.Error("logged in at whoever answered")
	}
}

func TestARefusedLoginStopsThePlatform(t *testing.T) {
	s := mailserver.New(t, us, partner)
	c := config(s)
	c.IMAP.Password = "fout wachtwoord"
	err := started(t, c).PollOnce(t.Context(), newInbox())
	if said, is := errors.AsType[*bot.SendError](err); !is || said.Remedy != bot.Down {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), c.IMAP.Password) {
		t.Error("the password is told")
	}
}

func TestNothingIsReadTwice(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m, in := opened(t, s)
	s.Deliver(us, answering("aangenomen"))
	if n := len(poll(t, m, in)); n != 1 {
		t.Fatalf("%d rows", n)
	}
	again := started(t, config(s)) // the program starts again
	s.Deliver(us, answering("klaar"))
	rows := poll(t, again, in)
	if len(rows) != 1 || !strings.Contains(string(rows[0].Body), "klaar") {
		t.Fatalf("%d rows", len(rows))
	}
	in.forget()
	s.Renumber(us)
	last := started(t, config(s))
	s.Deliver(us, answering("gepland 3 december"))
	rows = poll(t, last, in)
	if len(rows) != 1 || !strings.Contains(string(rows[0].Body), "gepland") {
		t.Fatalf("%d rows after the numbers changed", len(rows))
	}
}

func TestOneMailThatComesTwiceCountsOnce(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m, in := opened(t, s)
	s.Deliver(us, answering("klaar"))
	s.Deliver(us, answering("klaar", "Delivered-To: bin@vlier.example"))
	if n := len(poll(t, m, in)); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestWhatCouldNotBeStoredIsReadAgain(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m, in := opened(t, s)
	s.Deliver(us, answering("klaar"))
	in.failed = errors.New("disk full")
	if err := m.PollOnce(t.Context(), in); err == nil {
		t.Fatal("the failure is not told")
	}
	if n := len(poll(t, m, in)); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestAMailThatComesIsHeardOfAtOnce(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m, in := opened(t, s)
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	go func() { // the first look may find nothing and wait
		for in.count() == 0 {
			if err := m.PollOnce(ctx, in); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	began := time.Now()
	s.Deliver(us, answering("klaar"))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("heard of it after %s", took)
	}
}

func TestThirtyMegabytesAreNotStored(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m, in := opened(t, s)
	line := strings.Repeat("QUJD", 18) + "\n"
	s.Deliver(us, answering("--b\nContent-Type: text/plain\n\nklaar: zie de foto\n--b\nContent-Type: image/jpeg\n"+
		"Content-Disposition: attachment; filename=foto.jpg\nContent-Transfer-Encoding: base64\n\n"+
		strings.Repeat(line, 30<<20/len(line))+"--b--", "Content-Type: multipart/mixed; boundary=b"))
	rows := poll(t, m, in)
	if len(rows) != 1 || len(rows[0].Body) > 256<<10 {
		t.Fatalf("%d rows", len(rows))
	}
	if u, err := m.Decode(rows[0].Body); err != nil || u != reply("klaar: zie de foto") {
		t.Errorf("got %+v, %v", u, err)
	}
}

func TestOutOfOfficeIsNotStored(t *testing.T) {
	s := mailserver.New(t, us, partner)
	m, in := opened(t, s)
	s.Deliver(us, answering("Terug op maandag.", "Auto-Submitted: auto-replied"))
	s.Deliver(us, written("reclame@winkel.example", us, "Koop nu", "List-Id: <x>"))
	s.Deliver(us, answering("klaar"))
	if n := len(poll(t, m, in)); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestAMaildirIsReadOnceAsWell(t *testing.T) {
	folder := t.TempDir()
	for _, sub := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(folder, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	put := func(name, raw string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, "new", name), []byte(strings.ReplaceAll(raw, "\n", "\r\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := func(sub string) int {
		t.Helper()
		found, err := os.ReadDir(filepath.Join(folder, sub))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	c := mail.Config{From: us, Plus: true, Maildir: folder}
	m, in := started(t, c), newInbox()
	put("1.a", answering("aangenomen"))
	put("2.b", answering("Terug op maandag", "Auto-Submitted: auto-replied"))
	put(".hidden", answering("klaar"))
	if n := len(poll(t, m, in)); n != 1 || files("cur") != 0 {
		t.Fatalf("%d rows, %d moved before they were safe", n, files("cur"))
	}
	in.forget()
	put("3.c", answering("klaar"))
	again := started(t, c) // the program ended before it moved the files
	rows := poll(t, again, in)
	if len(rows) != 1 || !strings.Contains(string(rows[0].Body), "klaar") || files("cur") != 2 {
		t.Fatalf("%d rows, %d moved", len(rows), files("cur"))
	}
	if err := os.RemoveAll(filepath.Join(folder, "new")); err != nil {
		t.Fatal(err)
	}
	if err := again.PollOnce(t.Context(), in); err == nil {
		t.Error("nothing is wrong with a folder that is not there")
	}
}
