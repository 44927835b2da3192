package open311

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Name is the platform's name in the database.
const Name = "open311"

const (
	longestText   = 3500 // UTF-16 units; servers cut descriptions at about 4,000
	callDeadline  = 30 * time.Second
	usualInterval = 5 * time.Minute // between looks at the requests
)

// Config is the server and what goes there.
type Config struct {
	URL          string            // of the endpoint, to which /requests.json is added
	Jurisdiction string            // jurisdiction_id; empty when the server has one
	Key          string            // api_key
	Services     map[string]string // service_code by category
	Every        time.Duration     // between looks at the requests; 0 = five minutes
	Log          *slog.Logger
	Now          func() time.Time
}

// Open311 is the platform.
type Open311 struct {
	config Config
	host   string
	client *http.Client

	mu     sync.Mutex
	fresh  []request // sent, not kept with the checkpoint yet
	looked bool      // for what was posted and not kept
}

var _ bot.Desk = (*Open311)(nil)

// New makes the platform; nobody is called yet. The configuration must be right.
func New(c Config) *Open311 {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Every == 0 {
		c.Every = usualInterval
	}
	c.URL = strings.TrimRight(c.URL, "/")
	o := &Open311{config: c, client: &http.Client{
		Timeout:       callDeadline,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if u, err := url.Parse(c.URL); err == nil {
		o.host = strings.ToLower(u.Host)
	}
	return o
}

// Name implements [bot.Platform].
func (*Open311) Name() string { return Name }

// Caps implements [bot.Platform].
func (*Open311) Caps() bot.Caps {
	return bot.Caps{TextLimit: longestText, Parallel: 1, PerSecond: 1, Desks: true}
}

// Answer implements [bot.Platform]: no request waits for an acknowledgement.
func (*Open311) Answer(context.Context, string, string) error { return nil }

// Fetch implements [bot.Platform]: pictures do not come in.
func (*Open311) Fetch(context.Context, string, int64) ([]byte, error) {
	return nil, &bot.FinalError{Err: errors.New("pictures of service requests are not read")}
}

// Address implements [bot.Desk]: the server is named by its host.
func (o *Open311) Address(typed string) (string, bool) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	return o.host, o.host != "" && typed == o.host
}

// Speaks implements [bot.Desk].
func (*Open311) Speaks(chat bot.ChatRef, from bot.UserRef) bool {
	return chat.Platform == Name && from.Platform == Name && chat.ID == from.ID
}

// Close ends the connections.
func (o *Open311) Close() { o.client.CloseIdleConnections() }
