package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/textproto"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	sendDeadline = 60 * time.Second // for a whole mail
	awayPause    = time.Minute      // when the server cannot be reached
	busyPause    = 5 * time.Minute  // when it says later: greylisting wants some minutes
)

// Send implements [bot.Platform]. What was sent is not changed: an edit is as good as done.
func (m *Mail) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	if l.Op == bot.OpEdit {
		return l.Edits, &bot.SendError{Remedy: bot.Unchanged, Err: errors.New("mail stays as it was sent")}
	}
	msg, err := m.message(l, photos)
	if err != nil {
		return "", &bot.SendError{Remedy: bot.Never, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendDeadline)
	defer cancel()
	client, err := m.smtp()
	if err != nil {
		return "", &bot.SendError{Remedy: bot.Never, Err: fmt.Errorf("smtp: %w", err)}
	}
	link, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return "", away(err)
	}
	err = client.SendWithSMTPClient(link, msg)
	_ = client.CloseWithSMTPClient(link) // what was said of the mail counts
	if err != nil && !msg.IsDelivered() {
		said := remedy(err)
		if said.Remedy == bot.Later && !said.Global {
			said.After = patience(l.Tries)
		}
		return "", said
	}
	return bot.MessageRef(m.messageID(l)), nil
}

func (m *Mail) smtp() (*gomail.Client, error) {
	s := m.config.SMTP
	o := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(sendDeadline / 2), gomail.WithHELO(domainOf(m.from.Address)),
		gomail.WithTLSConfig(m.tlsFor(s)), gomail.WithoutNoop(),
	}
	switch s.Mode {
	case Implicit:
		o = append(o, gomail.WithSSL())
	case StartTLS:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Plain:
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if s.Mode == Plain {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		o = append(o, gomail.WithSMTPAuth(auth), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return gomail.NewClient(s.Host, o...)
}

func (m *Mail) tlsFor(s Server) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if m.config.TLS != nil {
		c = m.config.TLS.Clone()
	}
	c.ServerName = s.Host
	return c
}

// away is a server that does not let us in: it is not there, or it refuses the login.
func away(err error) *bot.SendError {
	said := &bot.SendError{Remedy: bot.Later, After: awayPause, Global: true, Err: fmt.Errorf("smtp: %w", err)}
	if answer, is := errors.AsType[*textproto.Error](err); is && answer.Code >= 500 {
		said.Remedy, said.Err = bot.Down, fmt.Errorf("smtp: the login is refused: %d", answer.Code)
	}
	return said
}

// remedy is what to do about a mail that was not taken. The server's words are left out: they name addresses.
func remedy(err error) *bot.SendError {
	fail, is := errors.AsType[*gomail.SendError](err)
	if !is {
		return &bot.SendError{Remedy: bot.Uncertain, After: awayPause, Err: errors.New("smtp: failed while sending")}
	}
	code := fail.ErrorCode()
	said := &bot.SendError{
		Remedy: bot.Later, After: busyPause, Err: fmt.Errorf("smtp: %s: %d %s", fail.Reason, code, fail.EnhancedStatusCode()),
	}
	switch {
	case code == 0 && fail.Reason == gomail.ErrSMTPDataClose: // the mail was there, and the answer was lost
		said.Remedy, said.After = bot.Uncertain, awayPause
	case code == 0 || code == 421:
		said.After, said.Global = awayPause, true
	case code < 500:
	case fail.Reason == gomail.ErrSMTPMailFrom:
		said.Remedy = bot.Down
	case fail.Reason == gomail.ErrSMTPRcptTo && unknownThere(code, fail.EnhancedStatusCode()):
		said.Remedy = bot.Gone
	default:
		said.Remedy = bot.Never
	}
	return said
}

// patience is how long to wait after so many attempts at one letter, as mail servers do: longer each time, so that the attempts
// that a letter has last for days.
func patience(tries int) time.Duration {
	const longest = 6 * time.Hour
	return min(busyPause<<min(max(tries-1, 0), 7), longest)
}

// unknownThere reports whether a refusal is about the address, not about us (RFC 3463, X.1.x and X.2.1).
func unknownThere(code int, status string) bool {
	switch {
	case status == "":
		return code == 550 || code == 551 || code == 553
	case len(status) > 3 && (status[:4] == "5.1." || status == "5.2.1"):
		return true
	}
	return false
}
