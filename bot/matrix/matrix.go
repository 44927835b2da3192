package matrix

import (
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix"

	"github.com/buurtbot/buurtbot/bot"
)

// Name is the platform's key in our refs and rows.
const Name = "matrix"

// Config is what the adapter needs: Homeserver, Dir, and User with Password, or AccessToken.
type Config struct {
	Homeserver  string            // address of the client API, https://matrix.example.org
	User        string            // @name:server, or the name alone
	Password    string            // to log in with; empty = AccessToken is used
	AccessToken string            // of a device made for the bot alone
	Dir         string            // for the session and the keys; never in a backup, one program at a time
	Passphrase  string            // of the bot's identity (secret storage); empty = the identity is left alone
	Encryption  bool              // take part in encrypted rooms, where this program can
	RoomVersion string            // of the rooms that the bot makes; empty = DefaultRoomVersion
	Texts       bot.Texts         // for what it says itself, to those who invite it; nil = it gives no reasons
	Language    string            // of that, BCP 47
	Pace        *Pace             // what the operator knows of the server's limits; nil = nothing
	Transport   http.RoundTripper // nil = our own
	Now         func() time.Time  // nil = the wall clock
	Log         *slog.Logger      // nil = slog.Default()
}

// Pace is how fast the server lets the account write.
type Pace struct {
	PerSecond float64 // messages; 0 = as fast as we can
	Burst     int     // messages that may go at once
}

// Matrix is the adapter to one account. PollOnce is for one caller at a time; everything else may be called from many.
type Matrix struct {
	config Config
	client *http.Client
	own    *http.Transport // to be closed; nil when the transport was given
	now    func() time.Time
	log    *slog.Logger

	account atomic.Pointer[string] // our own, once it is known; read without waiting for a login
	heard   atomic.Int64           // Unix milliseconds of the last answer to a poll; 0 = never
	told    atomic.Int64           // Unix milliseconds of the last complaint about that to the operator
	limited atomic.Int64           // Unix milliseconds of the last refusal for being too fast; 0 = never
	outages atomic.Int32           // calls in a row that nobody answered
	ready   chan struct{}
	opened  sync.Once // of ready

	login   loginState
	rooms   rooms
	poll    pollState
	steps   ledger
	joining gate
	uploads uploads
	unread  unread
	bot.ClockHeard
	pages int // of a room's past that a poll reads
}

var (
	_ bot.Platform = (*Matrix)(nil)
	_ bot.Witness  = (*Matrix)(nil)
)

// New makes the adapter without calling anybody, so that a program starts while the homeserver is down.
func New(c Config) *Matrix {
	m := &Matrix{config: c, now: c.Now, log: c.Log, ready: make(chan struct{}), pages: pagesPerPoll}
	m.config.Homeserver = strings.TrimRight(c.Homeserver, "/")
	transport := c.Transport
	if transport == nil {
		m.own = newTransport()
		transport = m.own
	}
	m.client = &http.Client{Transport: dated{transport, m}, Timeout: pollDeadline}
	if m.now == nil {
		m.now = time.Now
	}
	if m.log == nil {
		m.log = slog.Default()
	}
	m.rooms.known = map[string]*room{}
	m.recall()
	return m
}

// text is what the bot says by itself, in the language that it was given.
func (m *Matrix) text(key string, args ...any) string {
	if m.config.Texts == nil {
		return ""
	}
	return m.config.Texts.Text(m.config.Language, key, args...)
}

// dated is a transport that hears what the homeserver says of the time.
type dated struct {
	http.RoundTripper
	m *Matrix
}

// RoundTrip makes the call.
func (d dated) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := d.RoundTripper.RoundTrip(req)
	if err == nil {
		d.m.Hear(resp.Header.Get("Date"), d.m.now())
	}
	return resp, err
}

func newTransport() *http.Transport {
	dialer := net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 60 * time.Second, MaxIdleConnsPerHost: 32,
	}
}

// Name is the platform's key.
func (*Matrix) Name() string { return Name }

// Caps says what Matrix can show and bear. A server says itself when it is asked too much, and servers differ by a
// factor of a hundred, so no pace is set beforehand, unless the operator does.
func (m *Matrix) Caps() bot.Caps {
	perSecond := 0.0
	if m.config.Pace != nil {
		perSecond = m.config.Pace.PerSecond
	}
	return bot.Caps{
		PerSecond: perSecond,
		TextLimit: textLimit, Parallel: 8, Once: true, Sign: "!", Gather: 3 * time.Second,
		Threads: true, Typed: true,
	}
}

// LastHeard is when the homeserver last answered a poll; the zero time means never.
func (m *Matrix) LastHeard() time.Time {
	ms := m.heard.Load()
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// hear notes that the stream was read: from now on the rooms' state is kept up to date, so letters may go.
func (m *Matrix) hear() {
	m.heard.Store(m.now().UnixMilli())
	m.outages.Store(0)
	m.opened.Do(func() { close(m.ready) })
}

// Close ends the work on keys and drops idle connections.
func (m *Matrix) Close() error {
	m.login.mu.Lock()
	l := m.login.link
	m.login.link = nil
	m.login.mu.Unlock()
	if m.own != nil {
		m.own.CloseIdleConnections()
	}
	if l == nil || l.vault == nil {
		return nil
	}
	return l.vault.close()
}

// newClient is the library's client: it never tries a call again by itself, because it could not obey what the server
// asks for and would let two attempts overlap.
func (m *Matrix) newClient() (*mautrix.Client, error) {
	cli, err := mautrix.NewClient(m.config.Homeserver, "", "")
	if err != nil {
		return nil, err
	}
	cli.Client, cli.Log, cli.DefaultHTTPRetries = m.client, zerolog.Nop(), 0
	cli.UserAgent = "buurtbot"
	return cli, nil
}
