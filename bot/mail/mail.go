package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/mail"
	"strings"
	"sync/atomic"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Name is the platform's name in the database.
const Name = "mail"

// Mode is how a connection is encrypted.
type Mode string

// The modes. Plain is for servers on this machine.
const (
	Implicit Mode = "tls"      // from the first byte (RFC 8314)
	StartTLS Mode = "starttls" // after the greeting, or not at all
	Plain    Mode = "none"
)

// Server is a mail server and the account there; without a user nobody logs in.
type Server struct {
	Host     string
	Port     int
	Mode     Mode
	User     string
	Password string
	Mailbox  string // on IMAP; empty = INBOX
}

// Config is how mail goes out and comes in.
type Config struct {
	From    string // the address that mail comes from and answers go to: "BIN De Vlier <bin@example.org>", or without a name
	SMTP    Server
	IMAP    Server // where answers arrive, or else
	Maildir string // the folder in which a mail server on this machine puts them
	Plus    bool   // bin+anything@example.org arrives at bin@example.org
	Trust   string // the name of the server that checks senders, as it stands in Authentication-Results; empty = none
	TLS     *tls.Config
	Log     *slog.Logger
	Now     func() time.Time
}

// Mail is the platform.
type Mail struct {
	config Config
	from   mail.Address
	source source
	heard  atomic.Int64 // Unix milliseconds
}

var _ bot.Desk = (*Mail)(nil)

// source is where mail comes from.
type source interface {
	// poll stores what came, or waits for a while until something does.
	poll(ctx context.Context, in bot.Inbox) error
	// check looks whether mail could be read.
	check() error
	close()
}

// New makes the platform; nobody is called yet. The configuration must be right.
func New(c Config) *Mail {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	m := &Mail{config: c, from: mail.Address{Address: c.From}}
	if a, err := mail.ParseAddress(c.From); err == nil {
		m.from = *a
	}
	if c.Maildir != "" {
		m.source = &maildir{mail: m, folder: c.Maildir}
	} else {
		m.source = newBox(m, c.IMAP)
	}
	return m
}

// Name implements [bot.Platform].
func (*Mail) Name() string { return Name }

// Caps implements [bot.Platform].
func (*Mail) Caps() bot.Caps {
	return bot.Caps{TextLimit: maxMail, Parallel: 2, PerSecond: 2, Desks: true}
}

// PollOnce implements [bot.Platform]. It waits for at most a minute.
func (m *Mail) PollOnce(ctx context.Context, in bot.Inbox) error {
	if err := m.source.poll(ctx, in); err != nil {
		return err
	}
	m.heard.Store(m.config.Now().UnixMilli())
	return nil
}

// LastHeard is when the mailbox was last looked at; the zero time means never.
func (m *Mail) LastHeard() time.Time {
	at := m.heard.Load()
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(at)
}

// Close ends the connections.
func (m *Mail) Close() { m.source.close() }

// Answer implements [bot.Platform]: no mail waits for an acknowledgement.
func (*Mail) Answer(context.Context, string, string) error { return nil }

// Fetch implements [bot.Platform]: attachments are not read.
func (*Mail) Fetch(context.Context, string, int64) ([]byte, error) {
	return nil, &bot.FinalError{Err: errors.New("attachments of mail are not read")}
}

// Speaks implements [bot.Desk].
func (*Mail) Speaks(chat bot.ChatRef, from bot.UserRef) bool {
	if chat.Platform != Name || from.Platform != Name {
		return false
	}
	if chat.ID == from.ID {
		return true
	}
	domain := domainOf(chat.ID)
	return domain != "" && domain == domainOf(from.ID) && !everybodys[domain]
}

// everybodys are domains in which anybody can have an address.
var everybodys = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.com": true, "hotmail.nl": true, "hotmail.be": true,
	"live.com": true, "live.nl": true, "live.be": true, "msn.com": true, "yahoo.com": true, "icloud.com": true, "me.com": true,
	"proton.me": true, "protonmail.com": true, "gmx.com": true, "gmx.net": true, "ziggo.nl": true, "kpnmail.nl": true,
	"planet.nl": true, "home.nl": true, "xs4all.nl": true, "telenet.be": true, "skynet.be": true, "proximus.be": true,
	"scarlet.be": true, "aol.com": true, "zoho.com": true, "mail.com": true, "web.de": true, "t-online.de": true,
}

// domainOf is what stands after the @, in lower case.
func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return strings.ToLower(domain)
}

// Address implements [bot.Desk].
func (*Mail) Address(typed string) (string, bool) { return address(typed) }

// address is a mail address in lower case, without a name; false when it is none that mail goes to.
func address(typed string) (string, bool) {
	a, err := mail.ParseAddress(strings.TrimSpace(typed))
	if err != nil || len(a.Address) > 254 || !strings.Contains(domainOf(a.Address), ".") {
		return "", false
	}
	return strings.ToLower(a.Address), true
}
