package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Name is the platform's key.
const Name = "sandbox"

// account is the one the bot has here.
const account = "sandbox"

// Sandbox is the network and the adapter to it in one. It may be used by several goroutines.
type Sandbox struct {
	cast
	streets []civic.Area
	now     func() time.Time
	zone    *time.Location
	clock   Clock
	arrived chan struct{} // holds one thing when something may wait

	mu       sync.Mutex
	journal  *journal
	state    state
	events   events
	failures []Failure
	answers  []Answer
	recalled bool // the inbox was asked what it has already
}

var _ bot.Platform = (*Sandbox)(nil)

// New makes a sandbox, with all that its journal remembers. A journal belongs to the database of the bot that was
// played with: keep or remove them together. A sandbox that keeps no journal belongs to one that is new as well.
func New(c Config) (*Sandbox, error) {
	all, err := assemble(c)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	s := &Sandbox{
		cast: all, streets: streetsOf(c.Map), now: c.Now, zone: c.Zone,
		arrived: make(chan struct{}, 1), state: newState(),
	}
	s.clock.sandbox = s
	if s.journal, err = openJournal(c.Journal, s.state.fold); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	birth := strconv.FormatInt(c.Now().UnixMilli(), 36)
	s.events = newEvents(birth)
	if s.state.birth == "" {
		err = s.write(record{Entry: entryBegin, Birth: birth})
	}
	s.wake()
	return s, err
}

// Close ends the streams of open pages and closes the journal; nothing can be done afterwards.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events.close()
	return s.journal.close()
}

// Name is [Name].
func (s *Sandbox) Name() string { return Name }

// Caps has no limits but that of a text, and one letter in flight, so that messages are always shown in one order.
func (s *Sandbox) Caps() bot.Caps {
	return bot.Caps{TextLimit: textLimit, Caption: captionLimit, Parallel: 1}
}

// PollOnce waits until somebody did something and stores all that waits; it ends with the error of ctx.
func (s *Sandbox) PollOnce(ctx context.Context, in bot.Inbox) error {
	if err := s.recall(ctx, in); err != nil {
		return err
	}
	for {
		if rows := s.Waiting(); len(rows) > 0 {
			return s.Inject(ctx, in, rows...)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.arrived:
		}
	}
}

// Waiting lists what people did and no inbox has yet, oldest first.
func (s *Sandbox) Waiting() []bot.Raw {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := make([]bot.Raw, 0, len(s.state.waiting))
	for _, w := range s.state.waiting {
		rows = append(rows, w.raw)
	}
	return rows
}

// Inject stores these updates at once, in this order; a test may give one twice, or an older one again.
func (s *Sandbox) Inject(ctx context.Context, in bot.Inbox, raws ...bot.Raw) error {
	if err := s.recall(ctx, in); err != nil {
		return err
	}
	s.mu.Lock()
	mark := s.state.watermark(raws)
	checkpoint := s.state.birth + ":" + strconv.FormatInt(mark, 10)
	s.mu.Unlock()
	if err := in.Receive(ctx, Name, account, raws, checkpoint); err != nil {
		return fmt.Errorf("sandbox: store %d updates: %w", len(raws), err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.take(raws)
	return s.write(record{Entry: entryTaken, Number: mark})
}

// recall asks the inbox once what it has, for it may have stored something that the journal does not know to be stored.
func (s *Sandbox) recall(ctx context.Context, in bot.Inbox) error {
	s.mu.Lock()
	recalled := s.recalled
	s.mu.Unlock()
	if recalled {
		return nil
	}
	checkpoint, err := in.Checkpoint(ctx, Name, account) // with the lock open, for an inbox may ask our clock for the time
	if err != nil {
		return fmt.Errorf("sandbox: checkpoint: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recalled = true
	birth, number, _ := strings.Cut(checkpoint, ":")
	mark, err := strconv.ParseInt(number, 10, 64)
	if err != nil || birth != s.state.birth || mark <= s.state.taken {
		return nil // the checkpoint is not of this journal, so the journal's own word holds
	}
	return s.write(record{Entry: entryTaken, Number: mark})
}

// write keeps records and lets everybody who watches know; s.mu is held.
func (s *Sandbox) write(records ...record) error {
	at := s.at()
	for i := range records {
		if records[i].At.IsZero() {
			records[i].At = at
		}
	}
	if err := s.journal.add(records); err != nil {
		return err
	}
	for _, r := range records {
		if err := s.state.fold(r); err != nil {
			return err
		}
		s.events.note(r)
	}
	s.wake()
	return nil
}

func (s *Sandbox) wake() {
	select {
	case s.arrived <- struct{}{}:
	default:
	}
}

// Messages lists what stands in a chat, oldest first.
func (s *Sandbox) Messages(room string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.state.messages[room]...)
}

// Message gives one message as it stands now.
func (s *Sandbox) Message(ref bot.MessageRef) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.state.find(ref); m != nil {
		return *m, nil
	}
	return Message{}, fmt.Errorf("message %q: %w", ref, ErrUnknown)
}

// What a person cannot do here.
var (
	ErrUnknown = errors.New("there is no such person, room or message")
	ErrOutside = errors.New("the person is not in that room")
	ErrEmpty   = errors.New("nothing was said")
	ErrLong    = errors.New("the text is too long")
	ErrPicture = errors.New("not a JPEG or PNG picture of at most 10 MB and 50 million pixels")
)
