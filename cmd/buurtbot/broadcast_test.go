package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
)

const (
	coordinator = 4000001
	officer     = 4000002
)

// An alert to 300 groups is with the last of them within 20 s of the confirmation, at Telegram's limits, and goes to none
// of them twice.
func TestAlertReaches300GroupsIn20Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newFront(t, botapi.Config{Limits: true}, 0, 300)
		run(t, 0, 300, telegram.Config{Transport: n.Server, URL: "http://telegram.test", Limits: telegram.DefaultLimits()})
		n.Say(officer, officer, "/alarm")
		time.Sleep(3 * time.Second)
		n.Say(officer, officer, "Er is een gaslek in de buurt. Blijf binnen en houd de ramen dicht.")
		for _, label := range []string{"Nu", "Heel BIN De Vlier", "1 uur", "Versturen"} {
			pressNewest(t, n, officer, label)
		}
		confirmed := time.Now()
		pressNewest(t, n, officer, "Ja, versturen")
		time.Sleep(2 * time.Minute)
		told := map[int64]int{}
		var last time.Time
		for _, e := range n.Events() {
			if e.Kind == botapi.Sent && e.Chat <= firstGroup && strings.Contains(e.Message.Text, "gaslek") {
				told[e.Chat]++
				last = e.At
			}
		}
		for chat, times := range told {
			if times != 1 {
				t.Errorf("chat %d was told %d times", chat, times)
			}
		}
		if took := last.Sub(confirmed); len(told) != 300 || took > 20*time.Second {
			t.Errorf("%d groups were told, the last after %v", len(told), took)
		} else {
			t.Logf("the last of 300 groups was told after %v", took)
		}
		if got := n.Throttled(); got != 0 {
			t.Errorf("%d requests were too fast", got)
		}
	})
}

// pressNewest waits for a button and presses it; it gives when.
func pressNewest(t *testing.T, n *front, who int64, label string) time.Time {
	t.Helper()
	for range 60 {
		time.Sleep(time.Second)
		for _, m := range slices.Backward(n.Messages(who)) {
			at := time.Now()
			if _, err := n.Press(who, who, m.ID, label); err == nil {
				return at
			}
		}
	}
	m, _ := n.Last(who)
	t.Fatalf("nobody offers [%s]; the last thing said is: %s", label, m.Text)
	return time.Time{}
}

// run lets the program run until the test ends.
func run(tb testing.TB, residents, groups int, c telegram.Config) {
	tb.Helper()
	runTown(tb, townOf(residents, groups), c)
}

func runTown(tb testing.TB, w sandbox.World, c telegram.Config) *town {
	tb.Helper()
	t := benchTown(tb, w, c)
	let(tb, t)
	return t
}

// let lets a town live until the test ends.
func let(tb testing.TB, t *town) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- t.run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
	})
}
