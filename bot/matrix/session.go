package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/disk"
)

// deviceName is how the bot's device shows in the lists of people's clients.
const deviceName = "Buurtbot"

// refusedPause is how long to leave a server alone that refuses our credentials: a person has to mend that.
const refusedPause = 5 * time.Minute

// stored is the login that outlives the program, in Dir with mode 0600. Without it every start would make a new device,
// which breaks encryption and soon runs into the servers' limit of logins.
type stored struct {
	Homeserver string      `json:"homeserver"`
	User       id.UserID   `json:"user"`
	Device     id.DeviceID `json:"device"`
	Token      string      `json:"token,omitempty"` // empty = log in again as this device
}

// loginState is who we are on the server.
type loginState struct {
	mu     sync.Mutex
	link   *link     // nil = not logged in
	before time.Time // no attempt before this time
	cause  error     // why
}

// link is a login and the keys that belong to its device.
type link struct {
	*mautrix.Client
	vault vault // nil = no encryption
}

func (m *Matrix) sessionFile() string { return filepath.Join(m.config.Dir, "matrix.json") }

// session gives the login. The first call logs in or takes up the stored login; later ones are free.
func (m *Matrix) session(ctx context.Context) (*link, error) {
	l := &m.login
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.link != nil {
		return l.link, nil
	}
	if now := m.now(); now.Before(l.before) {
		return nil, &bot.SendError{Remedy: bot.Down, After: l.before.Sub(now), Global: true, Err: l.cause}
	}
	cli, err := m.enter(ctx)
	if err != nil {
		return nil, m.loginRefused(err)
	}
	k, err := m.openVault(ctx, cli)
	if errors.Is(err, errOtherKeys) || errors.Is(err, errKeysGone) {
		if cli, err = m.renew(ctx, err); err == nil {
			k, err = m.openVault(ctx, cli)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("encryption: %w", err)
	}
	name := string(cli.UserID)
	m.account.Store(&name)
	l.link = &link{cli, k}
	return l.link, nil
}

// renew logs in as a new device, because the old one's keys are of no use any more.
func (m *Matrix) renew(ctx context.Context, cause error) (*mautrix.Client, error) {
	if m.config.Password == "" {
		return nil, &bot.SendError{Remedy: bot.Down, After: refusedPause, Global: true, Err: cause}
	}
	m.log.WarnContext(ctx, "a new device is made", "error", cause)
	if err := m.writeSession(stored{Homeserver: m.config.Homeserver}); err != nil {
		return nil, err
	}
	return m.enter(ctx)
}

// loginRefused remembers a refusal, so that a wrong password is not tried until the account is locked.
func (m *Matrix) loginRefused(err error) error {
	var said *bot.SendError
	switch {
	case lasting(err) || errors.Is(err, mautrix.MUnknownToken):
		said = &bot.SendError{Remedy: bot.Down, After: refusedPause, Global: true, Err: redact(err)}
	case !errors.As(m.classify(err), &said) || said.Remedy != bot.Down:
		return fmt.Errorf("log in: %w", err)
	}
	m.login.before, m.login.cause = m.now().Add(said.After), fmt.Errorf("log in: %w", said.Err)
	said.Err = m.login.cause
	return said
}

// enter takes up the stored login, or makes one.
func (m *Matrix) enter(ctx context.Context) (*mautrix.Client, error) {
	cli, err := m.newClient()
	if err != nil {
		return nil, err
	}
	s, err := m.readSession()
	if err != nil {
		return nil, err
	}
	switch {
	case m.config.Password == "":
		return cli, m.enterWithToken(ctx, cli)
	case s.Token != "":
		cli.UserID, cli.DeviceID, cli.AccessToken = s.User, s.Device, s.Token
		return cli, nil
	}
	_, err = cli.Login(ctx, &mautrix.ReqLogin{
		Type:       mautrix.AuthTypePassword,
		Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: m.config.User},
		Password:   m.config.Password, DeviceID: s.Device, InitialDeviceDisplayName: deviceName, StoreCredentials: true,
	})
	if err != nil {
		return nil, err
	}
	return cli, m.writeSession(stored{m.config.Homeserver, cli.UserID, cli.DeviceID, cli.AccessToken})
}

// enterWithToken asks whose token it is, which also tells the device.
func (m *Matrix) enterWithToken(ctx context.Context, cli *mautrix.Client) error {
	cli.AccessToken = m.config.AccessToken
	me, err := cli.Whoami(ctx)
	if err != nil {
		return err
	}
	if !m.isAccount(me.UserID) {
		cause := fmt.Errorf("the access token belongs to %s, not to %s", me.UserID, m.config.User)
		return &bot.SendError{Remedy: bot.Down, After: refusedPause, Global: true, Err: cause}
	}
	cli.UserID, cli.DeviceID = me.UserID, me.DeviceID
	return nil
}

// isAccount reports whether an account is the configured one, of which the server may have been left out.
func (m *Matrix) isAccount(user id.UserID) bool {
	want := m.config.User
	return want == "" || want == string(user) || strings.TrimPrefix(want, "@") == user.Localpart()
}

// readSession gives the stored login; one of another account or server counts as none.
func (m *Matrix) readSession() (stored, error) {
	raw, err := os.ReadFile(m.sessionFile())
	if errors.Is(err, fs.ErrNotExist) {
		return stored{}, nil
	}
	if err != nil {
		return stored{}, fmt.Errorf("stored login: %w", err)
	}
	var s stored
	ours := json.Unmarshal(raw, &s) == nil && s.Homeserver == m.config.Homeserver
	if ours && (s.User == "" || m.isAccount(s.User)) {
		return s, nil
	}
	return stored{}, nil
}

func (m *Matrix) writeSession(s stored) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("store login: %w", err)
	}
	if err := os.MkdirAll(m.config.Dir, 0o700); err != nil {
		return fmt.Errorf("store login: %w", err)
	}
	if err := disk.WriteBytes(m.sessionFile(), raw); err != nil {
		return fmt.Errorf("store login: %w", err)
	}
	return nil
}

// revoked drops a login that the server does not know any more. A soft logout keeps the device; a hard one has removed
// it with its keys, so the next login is a new device.
func (m *Matrix) revoked(ctx context.Context, err error) {
	l := &m.login
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.link == nil || !errors.Is(err, mautrix.MUnknownToken) {
		return
	}
	if used := usedToken(err); used != "" && used != l.link.AccessToken {
		return // an answer to a call with the login before this one
	}
	s := stored{Homeserver: m.config.Homeserver, User: l.link.UserID}
	if soft(err) {
		s.Device = l.link.DeviceID
	}
	m.log.WarnContext(ctx, "the homeserver ended the login", "soft", soft(err))
	if v := l.link.vault; v != nil {
		if err := errors.Join(v.leave(ctx, s.Device == ""), v.close()); err != nil {
			m.log.ErrorContext(ctx, "keys not put away", "error", err)
		}
	}
	l.link = nil
	if m.config.Password == "" {
		l.before, l.cause = m.now().Add(refusedPause), errors.New("the access token is refused")
		return
	}
	if err := m.writeSession(s); err != nil {
		m.log.ErrorContext(ctx, "login not stored", "error", err)
	}
}

func soft(err error) bool {
	var he mautrix.HTTPError
	if !errors.As(err, &he) || he.RespError == nil {
		return false
	}
	is, _ := he.RespError.ExtraData["soft_logout"].(bool)
	return is
}

// usedToken is the token of the call that failed.
func usedToken(err error) string {
	var he mautrix.HTTPError
	if !errors.As(err, &he) || he.Request == nil {
		return ""
	}
	return strings.TrimPrefix(he.Request.Header.Get("Authorization"), "Bearer ")
}

// me is our own account; empty as long as it is not known. It waits for nothing: events are decoded while a login hangs.
func (m *Matrix) me() string {
	if name := m.account.Load(); name != nil {
		return *name
	}
	return ""
}

// recall finds out who we are without asking anybody.
func (m *Matrix) recall() {
	name := m.config.User
	if s, err := m.readSession(); err == nil && s.User != "" {
		name = string(s.User)
	}
	if strings.HasPrefix(name, "@") && strings.Contains(name, ":") {
		m.account.Store(&name)
	}
}

// Verified reports whether the bot's identity vouches for its device: nil when it does, or when nothing is encrypted,
// and otherwise what is wrong.
func (m *Matrix) Verified(ctx context.Context) error {
	if !Encrypts || !m.config.Encryption {
		return nil
	}
	l, err := m.session(ctx)
	if err != nil {
		return m.classify(err)
	}
	trusted, err := l.vault.verified(ctx)
	if err != nil {
		return fmt.Errorf("identity: %w", redact(err))
	}
	if !trusted {
		return errUnverified
	}
	return nil
}

var errUnverified = errors.New("the bot's device is not verified by the bot's identity: set matrix.passphrase")
