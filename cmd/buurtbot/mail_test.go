package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/mailserver"
)

func TestEveryMistakeAboutMailIsNamedWithItsLine(t *testing.T) {
	const whole = "mail:\n  from: bin@example.org\n  smtp:\n    host: smtp.example.org\n  imap:\n    host: imap.example.org\n    user: bin\n"
	for name, c := range map[string]struct{ yaml, want string }{
		"no address":           {"mail:\n  from: bin\n", `bad.yaml:2.*is no address such as bin@example.org`},
		"no sender":            {"mail:\n  smtp:\n    host: smtp.example.org\n", `needs the address that it comes from`},
		"nowhere out":          {"mail:\n  from: bin@example.org\n", `needs the server that it goes out by`},
		"nowhere in":           {"mail:\n  from: bin@example.org\n", `answers have to come in somewhere`},
		"two ways in":          {whole + "  maildir: /var/mail/bin\n", `bad.yaml:8.*not from both`},
		"no user":              {strings.Replace(whole, "    user: bin\n", "", 1), `the mailbox needs its user`},
		"no server":            {strings.Replace(whole, "imap.example.org", "imap.example.org/x", 1), `bad.yaml:6.*is no server`},
		"encryption":           {whole + "    tls: ssl\n", `bad.yaml:8.*is not tls, starttls or none`},
		"none far away":        {whole + "    tls: none\n", `bad.yaml:8.*none is for a server on this machine`},
		"port":                 {whole + "    port: 70000\n", `bad.yaml:8.*is no port`},
		"port in words":        {whole + "    port: imaps\n", `bad.yaml:8.*is no whole number`},
		"password in the open": {whole + "    password: geheim123\n", `bad.yaml:8.*write env:NAME or file:PATH`},
		"no password file":     {whole + "    password: file:nowhere\n", `bad.yaml:8.*cannot be read`},
		"trust":                {whole + "  trust: \"mx example\"\n", `bad.yaml:8.*is no name of a server`},
		"plus":                 {whole + "  plus: perhaps\n", `bad.yaml:8.*is not yes or no`},
		"unknown key":          {whole + "  pop3: yes\n", `bad.yaml:8.*there is no such key`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "bad.yaml", c.yaml)
			got := play(t, nil, "check", "--config", "bad.yaml")
			if got.code != exitConfig || !regexp.MustCompile(c.want).MatchString(got.err) || strings.Contains(got.err, "geheim123") {
				t.Errorf("want %q and code %d, got %+v", c.want, exitConfig, got)
			}
		})
	}
}

func TestMailIsOnWithItsPassword(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "config.yaml", "mail:\n  from: bin@example.org\n  smtp:\n    host: smtp.example.org\n    tls: starttls\n    user: bin\n"+
		"  imap:\n    host: imap.example.org\n    user: bin\n")
	off, err := LoadConfig("", nil)
	if err != nil || off.Mail.On() {
		t.Fatalf("on without a password: %v", err)
	}
	on, err := LoadConfig("", []string{"MAIL_PASSWORD=geheim123"})
	if err != nil || !on.Mail.On() || on.Mail.SMTP.Port != 587 || on.Mail.IMAP.Port != 993 || !on.Mail.Plus {
		t.Errorf("%v: %+v", err, on.Mail)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", on, on, on), "geheim123") {
		t.Error("the password is shown")
	}
	local, err := LoadConfig("", []string{
		"BUURTBOT_MAIL_SMTP_HOST=127.0.0.1", "BUURTBOT_MAIL_SMTP_TLS=none", "BUURTBOT_MAIL_SMTP_USER=", "BUURTBOT_MAIL_IMAP_HOST=",
		"BUURTBOT_MAIL_MAILDIR=mail",
	})
	if err != nil || !local.Mail.On() || local.Mail.SMTP.Port != 25 {
		t.Errorf("on this machine: %v: %+v", err, local.Mail)
	}
}

func TestCheckTellsWhatIsWrongWithMail(t *testing.T) {
	s := mailserver.New(t, "bin@vlier.example")
	t.Chdir(t.TempDir())
	yaml := fmt.Sprintf("mail:\n  from: bin@vlier.example\n  smtp:\n    host: 127.0.0.1\n    port: %d\n    user: bin@vlier.example\n"+
		"  imap:\n    host: 127.0.0.1\n    port: %d\n    user: bin@vlier.example\n", s.SMTPPort(), s.IMAPPort())
	write(t, "config.yaml", yaml)
	got := play(t, []string{"MAIL_PASSWORD=" + mailserver.Password}, "check")
	if got.code != exitFailed || !strings.Contains(got.err, "mail: smtp") || strings.Contains(got.err, mailserver.Password) {
		t.Errorf("an unknown certificate: %+v", got)
	}
	if err := os.Remove("config.yaml"); err != nil {
		t.Fatal(err)
	}
	if got := play(t, nil, "check"); got.code != exitFine || !strings.Contains(got.out, "mail: off") {
		t.Errorf("nothing set: %+v", got)
	}
}
