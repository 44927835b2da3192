package bot_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// through is a platform on which something happens while a letter is on its way.
type through struct {
	*sandbox.Sandbox
	parallel  int
	meanwhile func(l bot.Letter) error // fails the delivery
}

func (p through) Caps() bot.Caps {
	caps := p.Sandbox.Caps()
	caps.Parallel = p.parallel
	return caps
}

func (p through) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	if err := p.meanwhile(l); err != nil {
		return "", err
	}
	return p.Sandbox.Send(ctx, l, photos)
}

// forget makes the store remember no chats: it forgets them when a transaction is undone that met one.
func (p *post) forget(t *testing.T) {
	t.Helper()
	undone := errors.New("undone")
	err := p.store.Do(t.Context(), func(tx bot.Tx) error {
		_, err := tx.Enter(t.Context(), bot.ChatRef{Platform: sandbox.Name, ID: "cas", Kind: bot.Private}, p.now)
		return errors.Join(err, undone)
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
}

// What fails while letters are begun, or while it is stored what became of them, is said, and done again afterwards: each letter
// is read once, whichever statement failed.
func TestNoFailureOfACourierIsSwallowed(t *testing.T) {
	broken := errors.New("one statement failed")
	fails := func(f sandbox.Failure) func(*post) { return func(p *post) { p.platform.FailNext(f) } }
	for what, c := range map[string]struct {
		prepare func(*post)
		want    int // messages that Ana reads
	}{
		"sent":               {func(*post) {}, 1},
		"gone":               {fails(sandbox.Failure{Remedy: bot.Gone}), 0},
		"refused here":       {fails(sandbox.Failure{Remedy: bot.Later, After: time.Minute}), 1},
		"refused everywhere": {fails(sandbox.Failure{Remedy: bot.Later, After: time.Minute, Global: true}), 1},
		"moved":              {fails(sandbox.Failure{Remedy: bot.MovedTo, To: "bo"}), 0},
		"not hers to read any more": {func(p *post) {
			if err := p.deliver(t.Context()); err != nil { // what waits for her
				t.Fatal(err)
			}
			p.enqueue(t, "ana", bot.Letter{Lane: bot.LaneUrgent, Message: bot.Message{
				Text: "Alleen voor coördinatoren", For: bot.ForRoles(civic.Scope{Network: 1}, civic.NetworkCoordinator),
			}})
		}, 1},
	} {
		for n := 1; ; n++ {
			p := newPost(t)
			c.prepare(p)
			seen, counts := 0, true
			p.strike = func(string) error {
				if !counts {
					return nil
				}
				if seen++; seen == n {
					return broken
				}
				return nil
			}
			platform := through{p.platform, 1, func(bot.Letter) error {
				counts = false
				p.forget(t)
				counts = true
				return nil
			}}
			p.courier = bot.NewCourier(p.store, platform, func() time.Time { return p.now })
			err := errors.Join(p.courier.Start(t.Context()), p.deliver(t.Context()))
			if seen < n {
				break
			}
			if !errors.Is(err, broken) {
				t.Errorf("%s: statement %d failed, and what comes of it is: %v", what, n, err)
			}
			for range 4 {
				p.now = p.now.Add(2 * time.Minute)
				if err := p.deliver(t.Context()); err != nil {
					t.Errorf("%s, after statement %d: %v", what, n, err)
				}
			}
			if got := len(p.platform.Messages("ana")); got != c.want {
				t.Errorf("%s: statement %d failed, and Ana reads %d messages", what, n, got)
			}
		}
	}
}

// Whoever left while a letter was on its way, and said so themselves, is not told of once more.
func TestWhoLeftIsToldOfOnce(t *testing.T) {
	for name, c := range map[string]struct {
		left  bool
		ended bool
		want  []string
	}{
		"nobody knew": {want: []string{"chat.gone"}}, "an account that is no more": {ended: true, want: []string{"chat.ended"}},
		"it said so": {left: true},
	} {
		p := newPost(t)
		platform := through{p.platform, 1, func(l bot.Letter) error {
			err := p.store.Do(t.Context(), func(tx bot.Tx) error {
				if !c.left {
					return nil
				}
				return tx.Reach(t.Context(), l.Chat, false, "left", p.now)
			})
			return errors.Join(err, &bot.SendError{Remedy: bot.Gone, Ended: c.ended, Err: errors.New("blocked")})
		}}
		p.courier = bot.NewCourier(p.store, platform, func() time.Time { return p.now })
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		var rings []string
		err := p.store.Do(t.Context(), func(tx bot.Tx) error {
			due, err := tx.DueTimers(t.Context(), p.now, 9)
			for _, timer := range due {
				rings = append(rings, timer.Kind)
			}
			return err
		})
		if err != nil || !slices.Equal(rings, c.want) {
			t.Errorf("%s: %v rings, %v", name, rings, err)
		}
	}
}

// Between attempts a letter waits a random while longer than it must, so that letters which failed together do not come back
// together.
func TestLettersThatFailedDoNotMarchInStep(t *testing.T) {
	p := newPost(t)
	p.courier.Jitter = func(d time.Duration) time.Duration { return d }
	p.platform.FailNext(sandbox.Failure{Remedy: bot.Later})
	for _, want := range []int{0, 0, 1} { // at once, after a second, and a quarter of a second after that
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(p.platform.Messages("ana")); n != want {
			t.Errorf("%v: Ana reads %d messages", p.now, n)
		}
		p.now = p.now.Add(625 * time.Millisecond)
	}
}

// Several letters are on their way at once, each to another chat; who waits longest is among them, whatever its lane.
func TestOneLetterIsOnItsWayToEachChat(t *testing.T) {
	p := newPost(t)
	for _, to := range []string{"ana", "bo", "ana", "bo"} {
		p.enqueue(t, to, bot.Letter{Lane: bot.LaneUrgent, Message: bot.Message{Text: "Let op"}})
	}
	var (
		mu      sync.Mutex
		flying  = map[int64]int{}
		at, top int
	)
	change := func(chat int64, by int) {
		mu.Lock()
		defer mu.Unlock()
		if flying[chat] += by; flying[chat] > 1 {
			t.Errorf("two letters are on their way to chat %d", chat)
		}
		at += by
		top = max(top, at)
	}
	platform := through{p.platform, 5, func(l bot.Letter) error {
		change(l.Chat, 1)
		time.Sleep(30 * time.Millisecond)
		change(l.Chat, -1)
		return nil
	}}
	p.courier = bot.NewCourier(p.store, platform, func() time.Time { return p.now })
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- p.courier.Run(ctx) }()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if len(p.platform.Messages("ana"))+len(p.platform.Messages("bo")) == 5 {
			break
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if a, b := len(p.platform.Messages("ana")), len(p.platform.Messages("bo")); a != 3 || b != 2 {
		t.Errorf("Ana reads %d messages and Bo %d", a, b)
	}
	if top != 2 {
		t.Errorf("at most %d were on their way at once", top)
	}
}
