package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"maunium.net/go/mautrix"

	"github.com/buurtbot/buurtbot/bot"
)

// How long a call may take. The server holds a poll for at most pollHold.
const (
	pollHold       = 30 * time.Second
	shortHold      = 2 * time.Second // while something waits that the stream will not tell
	pollDeadline   = pollHold + 30*time.Second
	callDeadline   = 20 * time.Second
	uploadDeadline = 60 * time.Second
)

// filter leaves out what we never read. Members are not left out: keys are shared with everybody in the room's state.
const filter = `{"presence":{"types":[]},"account_data":{"types":[]},"room":{"ephemeral":{"types":[]},` +
	`"account_data":{"types":[]},"timeline":{"limit":100}}}`

// maxPressed is how many reactions are remembered for the case that they are taken back; the oldest are forgotten.
const maxPressed = 50

// pollState is what a poll leaves for the next one; it belongs to the caller of PollOnce.
type pollState struct {
	fails  int  // in a row
	sealed bool // a message waits for its key
	stuck  bool // a gap could not be read on
}

// checkpoint is stored with each batch.
type checkpoint struct {
	Batch   string    `json:"batch"`             // where the server's stream goes on
	Doors   []door    `json:"doors,omitempty"`   // rooms to enter or to turn away from
	Visits  []visit   `json:"visits,omitempty"`  // the rooms that we went into lately, oldest first
	Pressed []pressed `json:"pressed,omitempty"` // the latest reactions, oldest first
	Gaps    []gap     `json:"gaps,omitempty"`    // what has still to be read of rooms
	At      int64     `json:"at,omitempty"`      // Unix milliseconds of the batch, should the server lose its stream
}

func (c checkpoint) String() string {
	text, _ := json.Marshal(c) //nolint:errchkjson // plain fields
	return string(text)
}

// answer is what a sync brought, as far as we read it.
type answer struct {
	Next     string              `json:"next_batch"`
	ToDevice events              `json:"to_device"`
	Devices  mautrix.DeviceLists `json:"device_lists"`
	Keys     *mautrix.OTKCount   `json:"device_one_time_keys_count"` // some servers leave it out of a first answer
	Rooms    struct {
		Join   map[string]stay `json:"join"`
		Leave  map[string]stay `json:"leave"`
		Invite map[string]struct {
			State events `json:"invite_state"`
		} `json:"invite"`
	} `json:"rooms"`
}

type events struct {
	Events []json.RawMessage `json:"events"`
}

// stay is what happened in a room.
type stay struct {
	State    events `json:"state"`
	Timeline struct {
		events
		Limited bool   `json:"limited"`
		Before  string `json:"prev_batch"`
	} `json:"timeline"`
}

// PollOnce waits up to 30 s for a batch and stores it with its place in the stream. An error is a *bot.SendError whose
// After is how long the caller waits before it calls again, with the remedy Down when the login is refused. After a
// cancelled ctx the error is that of ctx. The first batch of an account executes nothing that is old.
func (m *Matrix) PollOnce(ctx context.Context, in bot.Inbox) error {
	err := m.pollOnce(ctx, in)
	if err == nil {
		m.poll.fails = 0
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("poll: %w", ctx.Err())
	}
	m.revoked(ctx, err)
	return m.pollError(err)
}

func (m *Matrix) pollOnce(ctx context.Context, in bot.Inbox) error {
	l, err := m.session(ctx)
	if err != nil {
		return err
	}
	account := string(l.UserID)
	mark, err := m.remember(ctx, in, account)
	if err != nil {
		return err
	}
	b := &batch{m: m, link: l, mark: mark}
	if mark.Batch == "" {
		b.first, b.cut = true, everything
	}
	if err := b.doors(ctx); err != nil {
		return err
	}
	got, err := m.sync(ctx, l, b.mark.Batch, b.hold())
	if b.lost(err) {
		b.over(ctx)
		got, err = m.sync(ctx, l, "", 0)
	}
	if err != nil {
		return err
	}
	if err := b.take(ctx, got); err != nil {
		return err
	}
	if err := b.census(ctx, in); err != nil {
		return err
	}
	if len(b.rows) > 0 || b.mark.String() != mark.String() {
		if err := in.Receive(ctx, Name, account, b.rows, b.mark.String()); err != nil {
			return fmt.Errorf("store %d events: %w", len(b.rows), err)
		}
	}
	b.stored(ctx)
	m.hear()
	return nil
}

// remember reads where the last batch ended. A checkpoint of an unknown form counts as none.
func (m *Matrix) remember(ctx context.Context, in bot.Inbox, account string) (checkpoint, error) {
	text, err := in.Checkpoint(ctx, Name, account)
	if err != nil {
		return checkpoint{}, fmt.Errorf("read checkpoint: %w", err)
	}
	var mark checkpoint
	if json.Unmarshal([]byte(text), &mark) == nil {
		return mark, nil
	}
	return checkpoint{}, nil
}

func (m *Matrix) sync(ctx context.Context, l *link, since string, hold time.Duration) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, pollDeadline)
	defer cancel()
	query := map[string]string{
		"timeout": strconv.FormatInt(hold.Milliseconds(), 10), "filter": filter, "set_presence": "offline",
	}
	if since != "" {
		query["since"] = since
	}
	var got answer
	_, err := l.MakeFullRequest(ctx, mautrix.FullRequest{
		Method: http.MethodGet, URL: l.BuildURLWithQuery(mautrix.ClientURLPath{"v3", "sync"}, query), ResponseJSON: &got,
	})
	if err == nil && got.Next == "" {
		err = errors.New("the server does not say where its stream goes on")
	}
	if err != nil {
		return nil, fmt.Errorf("sync: %w", err)
	}
	return &got, nil
}

// pollError says how long to wait before the next poll: not as long as a letter does, because the poll is what notices that
// the server is there again.
func (m *Matrix) pollError(err error) error {
	const longest = 30 * time.Second
	m.poll.fails++
	wait := min(firstPause<<min(m.poll.fails-1, 5), longest)
	var said *bot.SendError
	if !errors.As(m.classify(err), &said) {
		return &bot.SendError{Remedy: bot.Later, After: wait, Err: err}
	}
	e := *said
	if e.Remedy == bot.Down {
		return &e
	}
	e.Remedy = bot.Later
	asked := refusedWith(err, http.StatusTooManyRequests)
	if e.After < wait || e.After > longest && !asked { // a missing right in one room is no reason to be deaf
		e.After = wait
	}
	return &e
}

// batch is one sync being read.
type batch struct {
	m     *Matrix
	link  *link
	mark  checkpoint
	rows  []bot.Raw
	first bool     // of this account: what is in it is old
	cut   int64    // Unix milliseconds: what is older is not read; 0 = all is read
	past  bool     // what is read now happened before what is known of its room
	done  []string // events whose key came, to be dropped from the vault once they are stored
	told  []string // events whose authors are told that they could not be read
}

// hold is how long the server may hold the poll: not at all after a start, when letters wait for it, and while there is
// something to read on; and not for long while something waits.
func (b *batch) hold() time.Duration {
	switch {
	case b.first || len(b.rows) > 0 || b.m.heard.Load() == 0 || len(b.mark.Gaps) > 0 && !b.m.poll.stuck:
		return 0
	case b.m.poll.sealed || b.m.poll.stuck || slices.ContainsFunc(b.mark.Doors, func(d door) bool { return !d.In }):
		return shortHold
	}
	return pollHold
}

// take reads a sync: keys first, then rooms, in a fixed order.
func (b *batch) take(ctx context.Context, got *answer) error {
	if err := b.keys(ctx, got); err != nil {
		return err
	}
	if err := b.waiting(ctx); err != nil { // what was said first is heard first
		return err
	}
	if err := b.gaps(ctx); err != nil {
		return err
	}
	for _, roomID := range sorted(got.Rooms.Invite) {
		b.invited(roomID, got.Rooms.Invite[roomID].State.Events)
	}
	for _, roomID := range sorted(got.Rooms.Join) {
		if err := b.inside(ctx, roomID, got.Rooms.Join[roomID]); err != nil {
			return err
		}
	}
	for _, roomID := range sorted(got.Rooms.Leave) {
		b.outside(roomID, got.Rooms.Leave[roomID])
	}
	if b.mark.Batch != got.Next {
		b.mark.Batch, b.mark.At = got.Next, b.m.now().UnixMilli()
	}
	return nil
}

func sorted[V any](of map[string]V) []string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// inside reads what happened in a room that we are in.
func (b *batch) inside(ctx context.Context, roomID string, s stay) error {
	for _, raw := range s.State.Events {
		if e, err := parse(raw); err == nil {
			b.state(ctx, roomID, e)
		}
	}
	list, came := sinceInvited(s.Timeline.Events, string(b.link.UserID))
	if g := b.behind(roomID); g != nil && !came {
		b.passes(ctx, g, list)
		return b.roll(ctx, roomID, s)
	}
	if !came && b.fills(s) {
		was, err := b.backfill(ctx, roomID, s.Timeline.Before)
		if err != nil {
			return err
		}
		if !was.whole {
			return errors.Join(b.opens(ctx, roomID, was, list), b.roll(ctx, roomID, s))
		}
		slices.Reverse(was.list)
		list = append(was.list, list...)
	}
	for _, raw := range list {
		e, err := parse(raw)
		if err != nil {
			b.m.log.WarnContext(ctx, "an event that cannot be read", "error", err)
			continue
		}
		if err := b.event(ctx, roomID, e); err != nil {
			return err
		}
	}
	return b.roll(ctx, roomID, s)
}

// state takes over a state event, in a room that is known already; others are read as a whole when they are needed.
func (b *batch) state(ctx context.Context, roomID string, e *happening) {
	if b.past || e.StateKey == nil || !b.m.rooms.change(roomID, e) || b.link.vault == nil {
		return
	}
	switch e.Type {
	case "m.room.encryption":
		if err := b.link.vault.mark(ctx, roomID); err != nil {
			b.m.log.ErrorContext(ctx, "an encrypted room is not remembered", "error", err)
		}
	case typeMember:
		if g, known := b.m.rooms.glance(roomID, string(b.link.UserID)); known && g.encrypted {
			if evt, err := e.library(roomID); err == nil {
				b.link.vault.member(ctx, evt)
			}
		}
	}
}

// sinceInvited leaves out what was said in a room before we were invited to it, when we came in with this batch. What a
// person writes between the invitation and our coming is meant for us.
func sinceInvited(list []json.RawMessage, me string) (since []json.RawMessage, came bool) {
	since = list
	for i, raw := range list {
		e, err := parse(raw)
		if err != nil || e.Type != typeMember || e.StateKey == nil || *e.StateKey != me {
			continue
		}
		switch {
		case e.comes(me) && !invitedIn(list[:i], me):
			since, came = list[i:], true
		case e.comes(me):
			came = true
		case e.is("invite"):
			since = list[i:]
		}
	}
	if !came {
		return list, false
	}
	return since, true
}

func invitedIn(list []json.RawMessage, me string) bool {
	return slices.ContainsFunc(list, func(raw json.RawMessage) bool {
		e, err := parse(raw)
		return err == nil && e.Type == typeMember && e.StateKey != nil && *e.StateKey == me && e.is("invite")
	})
}

func (e *happening) is(membershipWord string) bool {
	var c membership
	return json.Unmarshal(e.Content, &c) == nil && c.Is == membershipWord
}

// comes reports whether the event is our own coming in.
func (e *happening) comes(me string) bool {
	if e.Type != typeMember || e.StateKey == nil || *e.StateKey != me {
		return false
	}
	return e.is("join") && (e.Unsigned.Previous == nil || e.Unsigned.Previous.Is != "join")
}
