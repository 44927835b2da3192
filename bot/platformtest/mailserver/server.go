// Package mailserver is a mail server on loopback for tests: real SMTP and IMAP with TLS, and mailboxes in memory. What is sent
// to an address that has no mailbox is refused.
package mailserver

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Password opens every mailbox.
const Password = "een lang wachtwoord"

// Server is the mail server.
type Server struct {
	t     testing.TB
	roots *x509.CertPool
	smtp  *net.TCPAddr
	imap  *net.TCPAddr

	mu    sync.Mutex
	boxes map[string]*mailbox
	fault func(Stage, string) error
	inbox *imapmemserver.Server
}

type mailbox struct {
	user *imapmemserver.User
	got  []delivered
}

type delivered struct {
	raw string
	at  time.Time
}

// Stage is how far a mail is.
type Stage string

// The stages.
const (
	AtSender    Stage = "sender"
	AtRecipient Stage = "recipient"
	AtData      Stage = "data"  // before it is delivered
	AtEnd       Stage = "end"   // after it was delivered
	AtLogin     Stage = "login" // on SMTP
)

// New starts a server that ends with the test, with an empty mailbox for each address.
func New(t testing.TB, addresses ...string) *Server {
	t.Helper()
	s := &Server{t: t, boxes: map[string]*mailbox{}, inbox: imapmemserver.New()}
	certificate := s.certify()
	s.smtp = s.serveSMTP(certificate)
	s.imap = s.serveIMAP(certificate)
	for _, a := range addresses {
		s.Add(a)
	}
	return s
}

// Add makes a mailbox.
func (s *Server) Add(address string) {
	s.t.Helper()
	user := imapmemserver.NewUser(address, Password)
	if err := user.Create("INBOX", nil); err != nil {
		s.t.Fatal(err)
	}
	s.inbox.AddUser(user)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boxes[address] = &mailbox{user: user}
}

// SMTPPort and IMAPPort are where the server listens, on 127.0.0.1: implicit TLS.
func (s *Server) SMTPPort() int { return s.smtp.Port }

// IMAPPort is where the mailboxes are.
func (s *Server) IMAPPort() int { return s.imap.Port }

// TLS is what a client needs to trust the server.
func (s *Server) TLS() *tls.Config {
	return &tls.Config{RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// Fail lets f refuse what comes: an *smtp.SMTPError is said to the client, [ErrGone] closes the connection.
func (s *Server) Fail(f func(stage Stage, address string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// ErrGone is a server that is gone in the middle of a sentence.
var ErrGone = errors.New("gone")

// Refusal is an answer of a server.
func Refusal(code int, status [3]int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode(status), Message: "no"}
}

func (s *Server) failing(stage Stage, address string) error {
	s.mu.Lock()
	f := s.fault
	s.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(stage, address)
}

// Mails are all that was delivered to an address, oldest first.
func (s *Server) Mails(address string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, d := range s.boxes[address].got {
		all = append(all, d.raw)
	}
	return all
}

// Deliver puts a mail into a mailbox, as if it came from elsewhere. Lines end as they do in mail.
func (s *Server) Deliver(address, raw string) {
	s.t.Helper()
	s.DeliverAt(address, raw, time.Now())
}

// DeliverAt puts a mail into a mailbox that came at a time.
func (s *Server) DeliverAt(address, raw string, at time.Time) {
	s.t.Helper()
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\n", "\r\n")
	if err := s.put(address, raw, at); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) put(address, raw string, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	box := s.boxes[base(address)]
	if box == nil {
		return errors.New("no such mailbox")
	}
	box.got = append(box.got, delivered{raw, at})
	return store(box.user, raw, at)
}

func store(user *imapmemserver.User, raw string, at time.Time) error {
	_, err := user.Append("INBOX", literal{bytes.NewReader([]byte(raw))}, &imap.AppendOptions{Time: at})
	return err
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// Renumber makes a mailbox anew with the same mails, as after a restore: their numbers mean nothing any more.
func (s *Server) Renumber(address string) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	box := s.boxes[address]
	err := errors.Join(box.user.Delete("INBOX"), box.user.Create("INBOX", nil))
	for _, d := range box.got {
		err = errors.Join(err, store(box.user, d.raw, d.at))
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// base is an address without what stands after a plus.
func base(address string) string {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

// certify makes a certificate for this machine.
func (s *Server) certify() tls.Certificate {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		s.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		s.t.Fatal(err)
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (s *Server) listen(certificate tls.Certificate) net.Listener {
	s.t.Helper()
	c := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	l, err := tls.Listen("tcp", "127.0.0.1:0", c)
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

// quiet is a log that nobody reads.
type quiet struct{}

// Printf implements the log of both servers.
func (quiet) Printf(string, ...any) {}

// Println implements the log of the SMTP server.
func (quiet) Println(...any) {}

func (s *Server) serveIMAP(certificate tls.Certificate) *net.TCPAddr {
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return s.inbox.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}}, InsecureAuth: true,
		Logger: quiet{},
	})
	l := s.listen(certificate)
	go func() { _ = server.Serve(l) }()
	s.t.Cleanup(func() { _ = server.Close() })
	return l.Addr().(*net.TCPAddr)
}

func (s *Server) serveSMTP(certificate tls.Certificate) *net.TCPAddr {
	begin := func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }
	server := smtp.NewServer(smtp.BackendFunc(begin))
	server.Domain, server.AllowInsecureAuth, server.MaxMessageBytes = "localhost", true, 64<<20
	server.ErrorLog = quiet{}
	l := s.listen(certificate)
	go func() { _ = server.Serve(l) }()
	s.t.Cleanup(func() { _ = server.Close() })
	return l.Addr().(*net.TCPAddr)
}

// session is one client that sends.
type session struct {
	server *Server
	conn   *smtp.Conn
	user   string
	from   string
	to     []string
}

// AuthMechanisms lists how a client logs in.
func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth lets a client log in.
func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		c.server.mu.Lock()
		_, known := c.server.boxes[user]
		c.server.mu.Unlock()
		if err := c.server.failing(AtLogin, user); err != nil {
			return c.end(err)
		}
		if !known || password != Password {
			return smtp.ErrAuthFailed
		}
		c.user = user
		return nil
	}), nil
}

// end says a fault, or hangs up.
func (c *session) end(err error) error {
	if errors.Is(err, ErrGone) {
		_ = c.conn.Conn().Close()
	}
	return err
}

// Mail begins a mail.
func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if c.user == "" {
		return smtp.ErrAuthRequired
	}
	c.from = from
	return c.end(c.server.failing(AtSender, from))
}

// Rcpt adds a recipient.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := c.server.failing(AtRecipient, to); err != nil {
		return c.end(err)
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.boxes[base(to)] == nil {
		return Refusal(550, [3]int{5, 1, 1})
	}
	c.to = append(c.to, to)
	return nil
}

// Data delivers a mail.
func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for _, to := range c.to {
		if err := c.server.failing(AtData, to); err != nil {
			return c.end(err)
		}
		traced := "Return-Path: <" + c.from + ">\r\nDelivered-To: " + to + "\r\n" + string(raw)
		if err := c.server.put(to, traced, time.Now()); err != nil {
			return err
		}
		if err := c.server.failing(AtEnd, to); err != nil {
			return c.end(err)
		}
	}
	return nil
}

// Reset forgets a mail.
func (c *session) Reset() { c.from, c.to = "", slices.Delete(c.to, 0, len(c.to)) }

// Logout ends.
func (*session) Logout() error { return nil }
