package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	maxMail    = 256 << 10        // bytes of a mail that are read; the text of an answer comes before its attachments
	fetchMost  = 20               // mails at a time
	idleFor    = 50 * time.Second // a look at least this often: within it somebody hears that we are well
	pollPatent = 2 * time.Minute  // a connection that says nothing for so long is dead
)

// box is a mailbox on an IMAP server. Its connection stays open between looks.
type box struct {
	mail   *Mail
	server Server

	mu       sync.Mutex // of client, which Close ends from outside
	client   *imapclient.Client
	validity uint32
	next     imap.UID      // when the mailbox was opened
	news     chan struct{} // the server said that something came
	seen     imap.UIDSet   // stored, and to be marked as read
}

func newBox(m *Mail, s Server) *box {
	if s.Mailbox == "" {
		s.Mailbox = "INBOX"
	}
	return &box{mail: m, server: s, news: make(chan struct{}, 1)}
}

// spot is how far a mailbox was read.
type spot struct {
	Validity uint32   `json:"validity"` // of the numbers
	UID      imap.UID `json:"uid"`      // the highest that was read
	Newest   int64    `json:"newest"`   // when the server received the newest of them, Unix seconds by its clock
	Same     []string `json:"same"`     // those that it received in that second
}

func (b *box) account() string { return b.server.User + "@" + b.server.Host + "/" + b.server.Mailbox }

// poll stores what came since the last look; when nothing did it waits until something does.
func (b *box) poll(ctx context.Context, in bot.Inbox) error {
	ctx, cancel := context.WithTimeout(ctx, pollPatent)
	defer cancel()
	defer context.AfterFunc(ctx, b.close)()
	err := b.look(ctx, in)
	if err != nil {
		b.close()
	}
	return err
}

func (b *box) look(ctx context.Context, in bot.Inbox) error {
	c, err := b.open()
	if err != nil {
		return fmt.Errorf("imap: %w", err)
	}
	if err := b.mark(c); err != nil {
		return fmt.Errorf("imap: mark as read: %w", err)
	}
	at, err := b.spot(ctx, in)
	if err != nil {
		return err
	}
	uids, err := b.unread(c, at)
	if err != nil {
		return fmt.Errorf("imap: search: %w", err)
	}
	if len(uids) == 0 {
		return b.wait(ctx, c)
	}
	return b.take(ctx, c, in, at, uids[:min(len(uids), fetchMost)])
}

// spot is how far the mailbox was read. Of a mailbox that was never read nothing is: what lies there is not for us.
func (b *box) spot(ctx context.Context, in bot.Inbox) (spot, error) {
	var at spot
	stored, err := in.Checkpoint(ctx, Name, b.account())
	if err != nil {
		return at, fmt.Errorf("place in the mailbox: %w", err)
	}
	if stored == "" {
		at = spot{Validity: b.validity, UID: max(b.next, 1) - 1, Newest: b.mail.config.Now().Unix()}
		return at, b.store(ctx, in, nil, at)
	}
	if err := json.Unmarshal([]byte(stored), &at); err != nil {
		return at, fmt.Errorf("place in the mailbox: %w", err)
	}
	return at, nil
}

func (b *box) store(ctx context.Context, in bot.Inbox, rows []bot.Raw, at spot) error {
	raw, err := json.Marshal(at)
	if err != nil {
		return fmt.Errorf("place in the mailbox: %w", err)
	}
	return in.Receive(ctx, Name, b.account(), rows, string(raw))
}

// unread lists what was not read, lowest number first. When the mailbox was numbered anew it is told by when it came.
func (b *box) unread(c *imapclient.Client, at spot) ([]imap.UID, error) {
	criteria := &imap.SearchCriteria{Since: time.Unix(at.Newest, 0).AddDate(0, 0, -1)}
	if at.Validity == b.validity {
		criteria = &imap.SearchCriteria{UID: []imap.UIDSet{{{Start: at.UID + 1, Stop: 0}}}}
	}
	found, err := c.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, err
	}
	set, is := found.All.(imap.UIDSet)
	if !is {
		return nil, nil
	}
	uids, ok := set.Nums()
	if !ok {
		return nil, errors.New("numbers without an end")
	}
	if at.Validity == b.validity { // the highest is found even if it is lower
		uids = slices.DeleteFunc(uids, func(uid imap.UID) bool { return uid <= at.UID })
	}
	slices.Sort(uids)
	return uids, nil
}

// take reads some mails and stores what is for us of them.
func (b *box) take(ctx context.Context, c *imapclient.Client, in bot.Inbox, at spot, uids []imap.UID) error {
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: maxMail}}
	fetched, err := c.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{
		UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{section},
	}).Collect()
	if err != nil {
		return fmt.Errorf("imap: fetch: %w", err)
	}
	slices.SortFunc(fetched, func(a, b *imapclient.FetchMessageBuffer) int { return int(int64(a.UID) - int64(b.UID)) })
	anew := at.Validity != b.validity
	old := at
	at.Validity, at.UID = b.validity, uids[len(uids)-1] // one that went meanwhile does not come again
	var rows []bot.Raw
	for _, f := range fetched {
		id := identity(f.FindBodySection(section))
		came := f.InternalDate.Unix()
		if anew && (came < old.Newest || came == old.Newest && slices.Contains(old.Same, id)) {
			continue
		}
		at = at.past(came, id)
		if raw := f.FindBodySection(section); b.mail.wants(raw) {
			rows = append(rows, bot.Raw{External: id, Body: raw})
			b.seen.AddNum(f.UID)
		}
	}
	if err := b.store(ctx, in, rows, at); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}

// past is the place behind a mail.
func (at spot) past(came int64, id string) spot {
	const most = 200 // of one second
	switch {
	case came > at.Newest:
		at.Newest, at.Same = came, []string{id}
	case came == at.Newest && len(at.Same) < most:
		at.Same = append(slices.Clip(at.Same), id)
	}
	return at
}

// mark marks as read what is stored.
func (b *box) mark(c *imapclient.Client) error {
	if len(b.seen) == 0 {
		return nil
	}
	store := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
	if err := c.Store(b.seen, store, nil).Close(); err != nil {
		return err
	}
	b.seen = nil
	return nil
}

// wait waits until the server says that something came, or for a while.
func (b *box) wait(ctx context.Context, c *imapclient.Client) error {
	timer := time.NewTimer(idleFor)
	defer timer.Stop()
	if !c.Caps().Has(imap.CapIdle) {
		timer.Reset(idleFor / 5)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		return c.Noop().Wait()
	}
	idle, err := c.Idle()
	if err != nil {
		return fmt.Errorf("imap: idle: %w", err)
	}
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-b.news:
	case <-c.Closed():
	}
	if err := idle.Close(); err != nil {
		return fmt.Errorf("imap: idle: %w", err)
	}
	if err := idle.Wait(); err != nil {
		return fmt.Errorf("imap: idle: %w", err)
	}
	return nil
}

// open gives the connection with the mailbox opened.
func (b *box) open() (*imapclient.Client, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.client != nil && b.client.State() == imap.ConnStateSelected {
		return b.client, nil
	}
	c, err := b.dial()
	if err != nil {
		return nil, err
	}
	if err := c.Login(b.server.User, b.server.Password).Wait(); err != nil {
		_ = c.Close()
		return nil, refused(err)
	}
	mailbox, err := c.Select(b.server.Mailbox, nil).Wait()
	if err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("mailbox %s: %w", b.server.Mailbox, err)
	}
	b.client, b.validity, b.next, b.seen = c, mailbox.UIDValidity, mailbox.UIDNext, nil
	return c, nil
}

// refused tells a login that the server refuses from a server that is busy.
func refused(err error) error {
	if said, is := errors.AsType[*imap.Error](err); is && said.Code != imap.ResponseCodeUnavailable {
		return &bot.SendError{Remedy: bot.Down, After: busyPause, Err: errors.New("imap: the login is refused")}
	}
	return fmt.Errorf("login: %w", err)
}

func (b *box) dial() (*imapclient.Client, error) {
	o := &imapclient.Options{
		TLSConfig: b.mail.tlsFor(b.server), Dialer: &net.Dialer{Timeout: sendDeadline / 2},
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages == nil {
				return
			}
			select {
			case b.news <- struct{}{}:
			default:
			}
		}},
	}
	address := net.JoinHostPort(b.server.Host, strconv.Itoa(b.server.Port))
	switch b.server.Mode {
	case StartTLS:
		return imapclient.DialStartTLS(address, o)
	case Plain:
		return imapclient.DialInsecure(address, o)
	case Implicit:
	}
	return imapclient.DialTLS(address, o)
}

func (b *box) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.client != nil {
		_ = b.client.Close()
		b.client = nil
	}
}
