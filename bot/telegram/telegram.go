package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Name is the platform's key in our refs and rows.
const Name = "telegram"

// PublicURL is the Bot API server that is used when the configuration names none.
const PublicURL = "https://api.telegram.org"

// Token is a bot token, which never shows itself in a log or a text.
type Token string

// String hides the token.
func (Token) String() string { return "[token]" }

// GoString hides the token.
func (Token) GoString() string { return "[token]" }

// LogValue hides the token.
func (Token) LogValue() slog.Value { return slog.StringValue("[token]") }

// Limits is what we allow ourselves towards Telegram; 0 means no limit.
type Limits struct {
	PerSecond  float64 // letters to all chats together, a second
	ChatPerSec float64 // letters to one chat, a second
	GroupPerM  int     // writes to one group in any 60 s
}

// DefaultLimits stays below what Telegram bears (30 a second, 1 a second in a chat, 20 a minute in a group), because
// the exact figures are not published and vary.
func DefaultLimits() Limits { return Limits{PerSecond: 25, ChatPerSec: 1, GroupPerM: 18} }

// Webhook is where Telegram delivers updates when we do not poll.
type Webhook struct {
	URL    string // public, https, port 443, 80, 88 or 8443
	Secret Token  // 1 to 256 of A-Z a-z 0-9 _ -; every delivery must carry it
}

// Config is what the adapter needs; only Token is required.
type Config struct {
	Token     Token
	URL       string            // of the Bot API server, without a path for the bot; empty = PublicURL
	Transport http.RoundTripper // nil = our own
	Now       func() time.Time  // nil = the wall clock
	Limits    Limits            // zero = no limits; a running bot gives DefaultLimits
	Webhook   Webhook           // for the webhook mode only
	Log       *slog.Logger      // nil = slog.Default()
}

// Telegram is the adapter to one bot account. PollOnce is for one caller at a time; everything else may be called
// from many.
type Telegram struct {
	token     string
	base      string // of the server, no slash at the end
	endpoint  string // pattern of a call's address, as the library wants it
	wrong     error  // why no call can be made at all: an address that is none
	account   string // the bot's own id, which is in its token
	limits    Limits
	webhook   Webhook
	transport http.RoundTripper
	own       *http.Transport // to be closed; nil when the transport was given
	now       func() time.Time
	log       *slog.Logger

	username atomic.Pointer[string]
	heard    atomic.Int64 // Unix milliseconds of the last answer to a poll; 0 = never
	rival    atomic.Int64 // Unix milliseconds of the last poll that another program's kept from us; 0 = never
	hooked   atomic.Bool  // our webhook was set
	poll     pollState
	steps    ledger
	pictures gallery
	bot.ClockHeard
	floods floods
}

var (
	_ bot.Platform = (*Telegram)(nil)
	_ bot.Witness  = (*Telegram)(nil)
)

// New makes the adapter without calling anybody, so that a program starts while Telegram is down.
func New(c Config) *Telegram {
	t := &Telegram{
		token: string(c.Token), base: strings.TrimRight(c.URL, "/"), account: accountOf(string(c.Token)),
		limits: c.Limits, webhook: c.Webhook, transport: c.Transport, now: c.Now, log: c.Log,
	}
	if t.base == "" {
		t.base = PublicURL
	}
	t.endpoint = strings.ReplaceAll(t.base, "%", "%%") + "/bot%s/%s"
	t.wrong = checkAddress(t.base + "/bot" + t.token)
	if t.transport == nil {
		t.own = newTransport()
		t.transport = t.own
	}
	if t.now == nil {
		t.now = time.Now
	}
	if t.log == nil {
		t.log = slog.Default()
	}
	return t
}

// checkAddress is asked before any call, because the library leaves a goroutine behind when an upload has no address.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return errors.New("the address of the server must start with http:// or https:// and name a host")
	}
	return nil
}

// accountOf is the bot's id, which stands before the colon of its token; for tokens of another make it is a hash,
// because a token is never stored.
func accountOf(token string) string {
	id, _, found := strings.Cut(token, ":")
	if found && id != "" && strings.Trim(id, "0123456789") == "" {
		return id
	}
	sum := sha256.Sum256([]byte(token))
	return "h" + hex.EncodeToString(sum[:8])
}

// newTransport speaks HTTP/1.1 with one connection per letter in flight: a connection that hangs then holds up one
// call, where with HTTP/2 it would hold up all of them. Connections are dropped before a usual front server drops
// them, because a POST on a connection that is just being closed is an uncertain delivery.
func newTransport() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	dialer := net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, Protocols: protocols,
		TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 30 * time.Second,
		MaxIdleConnsPerHost: 64, DisableCompression: true, ExpectContinueTimeout: time.Second,
	}
}

// Name is the platform's key.
func (*Telegram) Name() string { return Name }

// Account is the bot's own id, under which its updates are stored.
func (t *Telegram) Account() string { return t.account }

// Caps says what Telegram can show and bear. Edits of a card are gathered for 3 s, because an edit counts like a
// message in Telegram's books.
func (t *Telegram) Caps() bot.Caps {
	return bot.Caps{
		TextLimit: textLimit, Caption: captionLimit, PerSecond: t.limits.PerSecond, ChatPerSec: t.limits.ChatPerSec,
		GroupPerM: t.limits.GroupPerM, Parallel: 64, Gather: 3 * time.Second,
	}
}

// LastHeard is when Telegram last answered a poll or delivered to the webhook; the zero time means never.
func (t *Telegram) LastHeard() time.Time { return since(t.heard.Load()) }

// LastRival is when a poll of ours was last refused because another program polls with the same token; the zero time
// means never. That program may be an old copy of this one, or somebody who has the token.
func (t *Telegram) LastRival() time.Time { return since(t.rival.Load()) }

func since(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func (t *Telegram) hear() { t.heard.Store(t.now().UnixMilli()) }

// Username is the bot's own, without @; empty as long as it is not known.
func (t *Telegram) Username() string {
	if name := t.username.Load(); name != nil {
		return *name
	}
	return ""
}

func (t *Telegram) setUsername(name string) {
	if name != "" {
		t.username.Store(&name)
	}
}

// Close drops idle connections.
func (t *Telegram) Close() {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
}

// meet asks Telegram who we are. The name is needed for links into the private chat and to know our own commands.
func (t *Telegram) meet(ctx context.Context) error {
	var me struct {
		Username string `json:"username"`
	}
	if err := t.ask(ctx, "getMe", nil, &me); err != nil {
		return fmt.Errorf("who we are: %w", err)
	}
	t.setUsername(me.Username)
	return nil
}

// floods remembers which chats Telegram has just throttled.
type floods struct {
	mu   sync.Mutex
	last []flood
}

type flood struct {
	chat string
	at   time.Time
}

// passed notes that a message went through: then Telegram throttles single chats, and not the bot as a whole. In a
// broadcast to 500 groups of which one in twenty is throttled, pausing for all of them made the median group wait 75 s
// instead of 12.
func (f *floods) passed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = nil
}

// everywhere notes a throttled chat and reports whether it is one of three within 10 s, with nothing that went through
// between them, which means that the bot as a whole is too fast.
func (f *floods) everywhere(chat string, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.last[:0]
	for _, old := range f.last {
		if old.chat != chat && now.Sub(old.at) < 10*time.Second {
			kept = append(kept, old)
		}
	}
	f.last = append(kept, flood{chat: chat, at: now})
	return len(f.last) >= 3
}
