package botapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestOffsetForgetsWhatIsBelowForEver(t *testing.T) {
	w := newTown(t, botapi.Config{})
	for _, word := range []string{"a", "b", "c"} {
		w.Say(noor, noor, word)
	}
	first := w.poll()
	w.forward(time.Second)
	if again := w.poll(); len(first) != 3 || string(again[0]) != string(first[0]) {
		t.Errorf("%d updates, again %s", len(first), again[0])
	}
	if rest := w.poll("offset", idOf(t, first[1])+1); len(rest) != 1 || w.Pending() != 1 {
		t.Errorf("%d updates, %d wait", len(rest), w.Pending())
	}
	w.forward(time.Second)
	if old := w.poll("offset", idOf(t, first[0])); len(old) != 1 {
		t.Errorf("%d updates came back", len(old)-1)
	}
}

func TestBatchesHaveAtMostHundredInOrder(t *testing.T) {
	w := newTown(t, botapi.Config{})
	for i := range 250 {
		w.Say(noor, noor, fmt.Sprint(i))
	}
	var sizes []int
	offset, last := int64(0), int64(0)
	for {
		batch := w.poll("offset", offset, "limit", 1000)
		if len(batch) == 0 {
			break
		}
		sizes = append(sizes, len(batch))
		for _, raw := range batch {
			if id := idOf(t, raw); last != 0 && id != last+1 {
				t.Fatalf("%d after %d", id, last)
			} else {
				last = id
			}
		}
		offset = last + 1
	}
	if diff := cmp.Diff([]int{100, 100, 50}, sizes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPollIsHeldUntilItsTimeOrAnUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, botapi.Config{Now: time.Now})
		start := time.Now()
		if batch := w.poll("timeout", 500); len(batch) != 0 || time.Since(start) != 50*time.Second {
			t.Errorf("%d updates after %v", len(batch), time.Since(start))
		}
		time.AfterFunc(7*time.Second, func() { w.Say(noor, noor, "hallo") })
		start = time.Now()
		if batch := w.poll("timeout", 50); len(batch) != 1 || time.Since(start) != 7*time.Second {
			t.Errorf("%d updates after %v", len(batch), time.Since(start))
		}
	})
}

func TestPollThatIsGivenUpLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, botapi.Config{Now: time.Now})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.try(ctx, "getUpdates", args("timeout", 50)); err == nil {
			t.Fatal("the poll was answered")
		}
		w.Say(noor, noor, "hallo")
		if batch := w.poll(); len(batch) != 1 {
			t.Errorf("%d updates", len(batch))
		}
	})
}

func TestImpatientServerHoldsNoPoll(t *testing.T) {
	w := newTown(t, botapi.Config{Impatient: true})
	if batch := w.poll("timeout", 50); len(batch) != 0 {
		t.Errorf("%d updates", len(batch))
	}
}

const second = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"

func TestSecondPollEndsTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, botapi.Config{Now: time.Now})
		var after []time.Duration
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 2 {
				start := time.Now()
				if r := w.do("getUpdates", "timeout", 50, "offset", 1); r.Code != 409 || r.Description != second {
					t.Errorf("%+v", r)
				}
				after = append(after, time.Since(start))
			}
		}()
		for range 2 {
			time.Sleep(time.Second)
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			_, _ = w.try(ctx, "getUpdates", args("timeout", 50, "offset", 2))
			cancel()
		}
		<-done
		if diff := cmp.Diff([]time.Duration{time.Second, 4*time.Second + time.Millisecond}, after, cmp.Transformer("round", func(d time.Duration) time.Duration {
			return d.Round(time.Second)
		})); diff != "" {
			t.Errorf("the first refusal comes at once, the next after 3 s (-want +got)\n%s", diff)
		}
	})
}

func TestWebhookExcludesPolling(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "hallo")
	w.ok("setWebhook", "url", "https://bot.example/hook")
	r := w.refused("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
		"getUpdates")
	if r.Code != 409 || r.status != 409 {
		t.Errorf("%+v", r)
	}
	w.ok("deleteWebhook", "drop_pending_updates", "false")
	if batch := w.poll(); len(batch) != 1 {
		t.Errorf("%d updates", len(batch))
	}
	w.forward(4 * time.Second)
	w.ok("setWebhook", "url", "https://bot.example/hook")
	w.ok("deleteWebhook", "drop_pending_updates", "true")
	w.forward(4 * time.Second)
	if batch := w.poll(); len(batch) != 0 {
		t.Errorf("%d updates", len(batch))
	}
}

func TestRepeatedOffsetIsBraked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, botapi.Config{Now: time.Now})
		w.Say(noor, noor, "a")
		w.Say(noor, noor, "b")
		if n := len(w.poll()); n != 2 {
			t.Errorf("%d", n)
		}
		if n := len(w.poll()); n != 1 {
			t.Errorf("a repeat at once gives %d", n)
		}
		w = newTown(t, botapi.Config{Now: time.Now})
		w.poll("offset", 1)
		start := time.Now()
		w.poll("offset", 1)
		if got := time.Since(start); got != 3*time.Second {
			t.Errorf("held for %v", got)
		}
	})
}

func TestUpdateExpires(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.Say(noor, noor, "/start")
	m := w.ok("sendMessage", "chat_id", noor, "text", "Kies", "reply_markup", buttons("Ja", "ja")).id()
	if _, err := w.Press(noor, noor, m, "Ja"); err != nil {
		t.Fatal(err)
	}
	w.forward(149 * time.Second)
	if diff := cmp.Diff([]string{"message /start", "callback_query ja"}, w.heard()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	w.forward(time.Second)
	if diff := cmp.Diff([]string{"message /start"}, w.heard()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	w.forward(24 * time.Hour)
	if got := w.heard(); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestOffsetFarAboveTheTailIsAnsweredFromTheHead(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.SetNextUpdateID(900_000)
	w.Say(noor, noor, "old")
	w.poll("offset", idOf(t, w.poll()[0])+1)
	w.SetNextUpdateID(17)
	w.forward(4 * time.Second)
	w.Say(noor, noor, "new")
	w.Say(noor, noor, "newer")
	batch := w.poll("offset", 900_001)
	if len(batch) != 2 || idOf(t, batch[0]) != 17 {
		t.Fatalf("%s", batch)
	}
	if batch = w.poll("offset", 18); len(batch) != 1 || idOf(t, batch[0]) != 18 {
		t.Errorf("%s", batch)
	}
}

func TestOnlyAllowedUpdatesCome(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.poll("allowed_updates", `["callback_query"]`)
	w.Say(noor, noor, "no")
	w.forward(4 * time.Second)
	w.poll("allowed_updates", "null")
	w.Say(noor, noor, "still no")
	w.forward(4 * time.Second)
	w.poll("allowed_updates", "[]")
	w.forward(4 * time.Second)
	w.Say(noor, noor, "yes")
	w.Block(noor)
	if diff := cmp.Diff([]string{"message yes", "my_chat_member"}, w.heard()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRawUpdatesKeepTheirBytes(t *testing.T) {
	w := newTown(t, botapi.Config{})
	raw := json.RawMessage(`{"update_id":77, "message":{"message_id":"odd"}}`)
	w.Push(raw)
	w.Push(raw)
	w.Push(json.RawMessage(`{"story_time":{}}`))
	w.Feed([]byte(`{"poll":{}}`), []byte(`{"poll":{}}`))
	batch := w.poll()
	if len(batch) != 5 || string(batch[0]) != string(raw) || string(batch[1]) != string(raw) {
		t.Fatalf("%s", batch)
	}
	if idOf(t, batch[2]) <= 77 || idOf(t, batch[4]) != idOf(t, batch[2])+2 {
		t.Errorf("%s", batch)
	}
	w.poll("offset", idOf(t, batch[4])+1)
	if w.Pending() != 0 {
		t.Errorf("%d wait", w.Pending())
	}
}

func TestRestartKeepsTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, botapi.Config{Now: time.Now})
		time.AfterFunc(time.Second, func() {
			w.Restart()
			w.Say(noor, noor, "hallo")
		})
		if r := w.do("getUpdates", "timeout", 50); r.Code != 500 || r.Description != "Internal Server Error: restart" {
			t.Errorf("%+v", r)
		}
		if batch := w.poll(); len(batch) != 1 {
			t.Errorf("%d updates", len(batch))
		}
	})
}

func TestQueueHasItsLimit(t *testing.T) {
	w := newTown(t, botapi.Config{})
	bodies := make([][]byte, 100_001)
	for i := range bodies {
		bodies[i] = []byte(`{"poll":{}}`)
	}
	w.Feed(bodies...)
	if w.Pending() != 100_000 {
		t.Errorf("%d wait", w.Pending())
	}
}

func TestNegativeOffsetKeepsOnlyTheLast(t *testing.T) {
	w := newTown(t, botapi.Config{})
	for _, word := range []string{"a", "b", "c"} {
		w.Say(noor, noor, word)
	}
	if batch := w.poll("offset", -2); len(batch) != 2 || w.Pending() != 2 {
		t.Errorf("%d updates, %d wait", len(batch), w.Pending())
	}
}
