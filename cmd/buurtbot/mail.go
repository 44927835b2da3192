package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	post "github.com/buurtbot/buurtbot/bot/mail"
)

// MailConfig is the mailbox through which partners are reached that work by e-mail.
type MailConfig struct {
	From    string           `yaml:"from"` // the address of the mailbox, with a name if you like: BIN De Vlier <bin@example.org>
	SMTP    MailServerConfig `yaml:"smtp"`
	IMAP    MailboxConfig    `yaml:"imap"`
	Maildir string           `yaml:"maildir"` // instead of IMAP: the folder in which this machine's mail server puts what comes
	Plus    bool             `yaml:"plus"`    // bin+anything@example.org arrives as well
	Trust   string           `yaml:"trust"`   // the server that checks senders, by its name in Authentication-Results
}

// MailServerConfig is where mail goes out.
type MailServerConfig struct {
	Host     string `yaml:"host"`
	Port     int    `yaml:"port"` // 465 for tls, 587 for starttls, 25 for none, when it is not set
	TLS      string `yaml:"tls"`  // tls, starttls or, on this machine only, none
	User     string `yaml:"user"` // empty = nobody logs in
	Password Secret `yaml:"password"`
}

// MailboxConfig is where mail comes in.
type MailboxConfig struct {
	Host     string `yaml:"host"`
	Port     int    `yaml:"port"` // 993 for tls, 143 otherwise, when it is not set
	TLS      string `yaml:"tls"`
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
	Mailbox  string `yaml:"mailbox"`
}

// On reports whether there is a mailbox to serve. One whose password is in a variable that is not set is off.
func (m MailConfig) On() bool {
	out := m.SMTP.Host != "" && (m.SMTP.User == "" || m.SMTP.Password.Known())
	in := m.Maildir != "" || m.IMAP.Host != "" && m.IMAP.Password.Known()
	return m.From != "" && out && in
}

func defaultMail() MailConfig {
	password := Secret{reference: "env:MAIL_PASSWORD"}
	return MailConfig{
		SMTP: MailServerConfig{TLS: string(post.Implicit), Password: password},
		IMAP: MailboxConfig{TLS: string(post.Implicit), Password: password, Mailbox: "INBOX"},
		Plus: true,
	}
}

// settleMail fills in the ports that go with how connections are encrypted.
func (l *loader) settleMail() {
	m := &l.config.Mail
	if !l.set("mail.smtp.port") {
		m.SMTP.Port = map[string]int{"tls": 465, "starttls": 587, "none": 25}[m.SMTP.TLS]
	}
	if !l.set("mail.imap.port") {
		m.IMAP.Port = map[string]int{"tls": 993, "starttls": 143, "none": 143}[m.IMAP.TLS]
	}
	if m.Maildir != "" {
		m.Maildir = l.beside(m.Maildir)
	}
}

var (
	hostForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$`)
	mailTLS  = []string{string(post.Implicit), string(post.StartTLS), string(post.Plain)}
)

// mail checks the mailbox. With nothing set there is none.
func (l *loader) mail() {
	m := l.config.Mail
	l.mailServer("mail.smtp", m.SMTP.Host, m.SMTP.TLS, m.SMTP.Port)
	l.mailServer("mail.imap", m.IMAP.Host, m.IMAP.TLS, m.IMAP.Port)
	if m.Trust != "" && !hostForm.MatchString(m.Trust) {
		l.wrong("mail.trust", "%s is no name of a server such as mx.example.org", quote(m.Trust))
	}
	if m.From != "" {
		if a, err := mail.ParseAddress(m.From); err != nil || !strings.Contains(a.Address, ".") {
			l.wrong("mail.from", "%s is no address such as bin@example.org", quote(m.From))
		}
	}
	used := m.SMTP.Host != "" || m.IMAP.Host != "" || m.Maildir != "" || m.From != ""
	if !used {
		return
	}
	switch {
	case m.IMAP.Host != "" && m.Maildir != "":
		l.wrong("mail.maildir", "mail comes in from mail.imap or from here, not from both")
	case m.IMAP.Host == "" && m.Maildir == "":
		l.wrong("mail.imap.host", "answers have to come in somewhere: set mail.imap or mail.maildir")
	case m.IMAP.Host != "" && m.IMAP.User == "":
		l.wrong("mail.imap.user", "the mailbox needs its user, often the address")
	}
	if m.From == "" {
		l.wrong("mail.from", "mail needs the address that it comes from, such as bin@example.org")
	}
	if m.SMTP.Host == "" {
		l.wrong("mail.smtp.host", "mail needs the server that it goes out by, such as smtp.example.org")
	}
}

func (l *loader) mailServer(key, host, mode string, port int) {
	switch {
	case host != "" && !hostForm.MatchString(host):
		l.wrong(key+".host", "%s is no server such as mail.example.org; the port is a key of its own", quote(host))
	case !slices.Contains(mailTLS, mode):
		l.wrong(key+".tls", "%s is not tls, starttls or none", quote(mode))
	case host != "" && mode == string(post.Plain) && !here(host):
		l.wrong(key+".tls", "none is for a server on this machine; a password would be read on the way to %s", quote(host))
	}
	if port < 1 || port > 65535 {
		if l.set(key + ".port") {
			l.wrong(key+".port", "%d is no port from 1 to 65535", port)
		}
	}
}

// readMail reads the passwords of the mail servers.
func (l *loader) readMail() map[string]*Secret {
	m := &l.config.Mail
	return map[string]*Secret{"mail.smtp.password": &m.SMTP.Password, "mail.imap.password": &m.IMAP.Password}
}

func newMail(c Config) *post.Mail {
	m := c.Mail
	return post.New(post.Config{
		From: m.From, Maildir: m.Maildir, Plus: m.Plus, Trust: m.Trust, Log: slog.Default(),
		SMTP: post.Server{
			Host: m.SMTP.Host, Port: m.SMTP.Port, Mode: post.Mode(m.SMTP.TLS), User: m.SMTP.User,
			Password: m.SMTP.Password.Reveal(),
		},
		IMAP: post.Server{
			Host: m.IMAP.Host, Port: m.IMAP.Port, Mode: post.Mode(m.IMAP.TLS), User: m.IMAP.User,
			Password: m.IMAP.Password.Reveal(), Mailbox: m.IMAP.Mailbox,
		},
	})
}

// checkMail logs in at the mail servers and sends nothing.
func (s shell) checkMail(c Config) error {
	if !c.Mail.On() {
		s.say("mail: off; set mail.from, mail.smtp and mail.imap in config.yaml, and MAIL_PASSWORD, to reach partners by mail")
		return nil
	}
	m := newMail(c)
	defer m.Close()
	const patience = 60 * time.Second
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := m.Check(ctx); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	where := c.Mail.IMAP.Host
	if c.Mail.Maildir != "" {
		where = filepath.Clean(c.Mail.Maildir)
	}
	s.say("mail: goes out by %s and comes in from %s", c.Mail.SMTP.Host, where)
	return nil
}
