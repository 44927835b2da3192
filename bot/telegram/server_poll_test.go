package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestNothingIsLostBetweenAnswerAndCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		var want []string
		for i := range 250 {
			want = append(want, strconv.Itoa(i))
			s.Say(noor, noor, strconv.Itoa(i))
		}
		for round := range 9 {
			s.in.fail = nil
			if round%3 != 2 {
				s.in.fail = errors.New("killed before the commit")
			}
			if err := s.tg.PollOnce(t.Context(), s.in); (err != nil) != (s.in.fail != nil) {
				t.Errorf("a commit with %v gives %v", s.in.fail, err)
			}
			s = s.restarted()
			time.Sleep(5 * time.Second)
		}
		if s.Pending() == 0 {
			t.Error("the last batch was confirmed before the next poll")
		}
		s.run(time.Minute)
		if diff := cmp.Diff(want, s.heard()); diff != "" || s.Pending() != 0 {
			t.Errorf("%d wait (-want +got)\n%s", s.Pending(), diff)
		}
	})
}

func TestQuietBotPollsAtMostTwiceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		if failures := s.run(10 * time.Minute); len(failures) != 0 {
			t.Error(failures)
		}
		if n := len(s.Called("getUpdates")); n < 10 || n > 20 {
			t.Errorf("%d polls in ten minutes", n)
		}
	})
}

func TestPollThatIsStoppedLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		start := time.Now()
		s.run(7 * time.Second)
		if took := time.Since(start); took != 7*time.Second {
			t.Errorf("the poll ends after %v", took)
		}
		s.Say(noor, noor, "na het stoppen")
		s.restarted().poll()
		if diff := cmp.Diff([]string{"na het stoppen"}, s.heard()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestTwoInstancesDoNotSpin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		other := s.restarted()
		other.in = &box{}
		done := make(chan []*bot.SendError)
		go func() { done <- other.run(5 * time.Minute) }()
		failures := append(s.run(5*time.Minute), <-done...)
		if len(failures) < 10 {
			t.Errorf("only %d conflicts", len(failures))
		}
		for _, e := range failures {
			if !errors.As(e, new(SecondInstance)) || e.After < 5*time.Second {
				t.Errorf("%+v", e)
			}
		}
		if s.tg.LastRival().IsZero() && other.tg.LastRival().IsZero() {
			t.Error("neither knows that there is another")
		}
		if n := len(s.Called("getUpdates")); n > 200 {
			t.Errorf("%d polls of two instances in five minutes, more than one in 3 s each", n)
		}
	})
}

func TestWebhookThatIsInTheWayGoesWithoutLoss(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	hook := map[string]string{"url": "https://old.example/hook"}
	if _, err := s.tg.Call(t.Context(), "setWebhook", hook); err != nil {
		t.Fatal(err)
	}
	s.Say(noor, noor, "a")
	s.poll()
	if _, err := s.tg.Call(t.Context(), "setWebhook", hook); err != nil {
		t.Fatal(err)
	}
	s.Say(noor, noor, "b")
	if e := sendFault(t, s.tg.PollOnce(t.Context(), s.in)); e.Remedy != bot.Later || errors.As(e, new(SecondInstance)) {
		t.Errorf("%+v", e)
	}
	s.poll()
	if diff := cmp.Diff([]string{"a", "b"}, s.heard()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPollSurvivesWhateverTheNetworkDoes(t *testing.T) {
	for _, c := range []struct {
		kind   botapi.FaultKind
		remedy bot.Remedy
		code   int
	}{
		{botapi.Refuse, bot.Later, 0},
		{botapi.Reset, bot.Later, 0},
		{botapi.DropBefore, bot.Later, 0},
		{botapi.DropAfterEffect, bot.Later, 0},
		{botapi.Hang, bot.Later, 0},
		{botapi.Status500, bot.Later, 500},
		{botapi.Status502HTML, bot.Later, 502},
		{botapi.Unauthorized, bot.Down, 401},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newStrict(t, botapi.Config{Now: time.Now})
			s.Say(noor, noor, "hallo")
			s.Fail(botapi.Fault{Kind: c.kind, Method: "getUpdates"})
			failures := s.run(7 * time.Minute)
			var fault *Fault
			if len(failures) != 1 || failures[0].Remedy != c.remedy || !errors.As(failures[0], &fault) || fault.Code != c.code {
				t.Errorf("fault %d: %+v", c.kind, failures)
			}
			if diff := cmp.Diff([]string{"hallo"}, s.heard()); diff != "" {
				t.Errorf("fault %d (-want +got)\n%s", c.kind, diff)
			}
		})
	}
}

func TestThrottledPollIsNotRepeatedTooSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		s.Fail(botapi.Fault{Kind: botapi.TooMany, Method: "getUpdates", RetryAfter: 11})
		s.Say(noor, noor, "hallo")
		if failures := s.run(time.Minute); len(failures) != 1 || failures[0].After != 11*time.Second {
			t.Errorf("%+v", failures)
		}
		if s.Doubled() != 0 || len(s.heard()) != 1 {
			t.Errorf("%d polls while throttled, heard %v", s.Doubled(), s.heard())
		}
	})
}

func TestOddUpdatesAreStoredAndTheirNeighboursHeard(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Say(noor, noor, "a")
	s.Push(raw(`{"message":{"message_id":"eight","chat":{"id":5001,"type":"private"},"text":"x"}}`))
	s.Push(raw(`{"story_time":{"of":"day"}}`))
	s.Say(noor, noor, "b")
	s.poll()
	if len(s.in.rows) != 4 {
		t.Fatalf("%d rows", len(s.in.rows))
	}
	if _, err := s.tg.Decode(s.in.rows[1].Body); err == nil {
		t.Error("the odd one was decoded")
	}
	if u, err := s.tg.Decode(s.in.rows[2].Body); err != nil || !u.Empty() {
		t.Errorf("%+v %v", u, err)
	}
	s.poll()
	if s.Pending() != 0 {
		t.Errorf("%d come again and again", s.Pending())
	}
}

func TestRepeatedUpdateIsStoredOnce(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	update := raw(`{"update_id":7,"message":{"message_id":1,"chat":{"id":5001,"type":"private"},"from":{"id":5001},"text":"x"}}`)
	s.Push(update)
	s.Push(update)
	s.poll()
	s.Push(update)
	s.poll()
	if len(s.in.rows) != 1 {
		t.Errorf("%d rows", len(s.in.rows))
	}
}

func TestIDsThatStartAgainAreFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		s.SetNextUpdateID(17)
		s.Say(noor, noor, "week 1")
		s.poll()
		s.SetNextUpdateID(900_000)
		s.Say(noor, noor, "week 2")
		s.run(time.Minute)
		s.SetNextUpdateID(17)
		s.Say(noor, noor, "week 3")
		s.Say(noor, noor, "nog een")
		before := len(s.Called("getUpdates"))
		if failures := s.run(time.Minute); len(failures) != 0 {
			t.Error(failures)
		}
		if diff := cmp.Diff([]string{"week 1", "week 2", "week 3", "nog een"}, s.heard()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if n := len(s.Called("getUpdates")) - before; n > 5 || s.Pending() != 0 {
			t.Errorf("%d polls in a minute, %d wait", n, s.Pending())
		}
	})
}

func TestForeignOffsetIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		s.in.mark = `{"offset":2000000001,"bot":"123456789","username":"BuurtBot"}`
		for i := range 150 {
			s.Say(noor, noor, strconv.Itoa(i))
		}
		s.run(time.Minute)
		if n := len(s.Called("getUpdates")); len(s.heard()) != 150 || n > 6 {
			t.Errorf("%d heard in %d polls", len(s.heard()), n)
		}
	})
}

func TestEveryPollNamesTheUpdatesItWants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		if _, err := s.tg.Call(t.Context(), "setWebhook", map[string]string{"url": "https://x.example", "allowed_updates": `["poll"]`}); err != nil {
			t.Fatal(err)
		}
		s.run(2 * time.Minute)
		s.Promote(noor, street, botapi.AllRights())
		s.AddUser(botapi.User{ID: 5009, FirstName: "Bo"})
		s.AskToJoin(5009, street)
		s.run(2 * time.Minute)
		for _, r := range s.Called("getUpdates") {
			var names []string
			if err := json.Unmarshal([]byte(r.Params["allowed_updates"]), &names); err != nil {
				t.Fatal(err)
			}
			for _, kind := range []string{"message", "callback_query", "my_chat_member", "chat_member", "chat_join_request", "message_reaction"} {
				if !strings.Contains(r.Params["allowed_updates"], `"`+kind+`"`) {
					t.Errorf("%s is missing: %v", kind, names)
				}
			}
		}
		if len(s.in.rows) != 2 {
			t.Errorf("%d rows: neither the promotion nor the request may be missing", len(s.in.rows))
		}
	})
}

func TestPressesThatDiedInAnOutageAreNotMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		s.Say(noor, noor, "/start")
		l := letterTo(noor, "Kies")
		l.Rows = [][]bot.Choice{{{Key: "yes", Label: "Ja"}}}
		ref := s.send(l)
		if _, err := s.Press(noor, noor, messageNumber(ref), "Ja"); err != nil {
			t.Fatal(err)
		}
		s.Fail(botapi.Fault{Kind: botapi.Refuse, Times: -1})
		s.run(3 * time.Minute)
		s.ClearFaults()
		s.Say(noor, noor, "daar ben ik weer")
		s.run(time.Minute)
		var got []string
		for _, u := range s.updates() {
			got = append(got, fmt.Sprintf("%T", u.Event))
		}
		if diff := cmp.Diff([]string{"bot.Command", "bot.Text"}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestBotStartsWhileTelegramIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now})
		s.Fail(botapi.Fault{Kind: botapi.Refuse, Times: -1})
		s.Say(noor, noor, "hallo")
		if failures := s.run(5 * time.Minute); len(failures) < 5 || len(failures) > 20 || !s.tg.LastHeard().IsZero() {
			t.Errorf("%d failures, heard %v", len(failures), s.tg.LastHeard())
		}
		s.ClearFaults()
		s.run(time.Minute)
		if len(s.heard()) != 1 || s.tg.Username() != "BuurtBot" || s.tg.LastHeard().IsZero() {
			t.Errorf("%v, %q", s.heard(), s.tg.Username())
		}
	})
}

func messageNumber(ref bot.MessageRef) int64 {
	n, _ := strconv.ParseInt(string(ref), 10, 64)
	return n
}

func TestDeliveriesAreTakenOnceAndOnlyFromTelegram(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	s := newStrict(t, botapi.Config{Now: func() time.Time { return now }})
	if err := s.tg.SetWebhook(t.Context()); err != nil {
		t.Fatal(err)
	}
	hook := botapi.Through(s.tg.Handler(s.in))
	deliver := func() {
		t.Helper()
		if _, err := s.Deliver(t.Context(), hook); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
	}
	s.in.fail = errors.New("disk full")
	s.Say(noor, noor, "hallo")
	deliver()
	if s.Pending() != 1 {
		t.Error("an update that was not stored was accepted")
	}
	s.in.fail = nil
	deliver()
	if s.Pending() != 0 || len(s.heard()) != 1 {
		t.Errorf("%d wait, heard %v", s.Pending(), s.heard())
	}
	stranger := map[string]string{"url": "https://bot.example/hook", "secret_token": "another"}
	if _, err := s.tg.Call(t.Context(), "setWebhook", stranger); err != nil {
		t.Fatal(err)
	}
	s.Say(noor, noor, "vals")
	deliver()
	if s.Pending() != 1 || len(s.in.rows) != 1 {
		t.Errorf("%d wait, %d rows", s.Pending(), len(s.in.rows))
	}
	if r := s.Requests(); r[len(r)-1].Method != "setWebhook" || r[1].Params["secret_token"] != "s3cret" {
		t.Errorf("%+v", r)
	}
	if _, err := s.tg.Call(t.Context(), "getUpdates", nil); err == nil {
		t.Error("polling goes on beside a webhook")
	}
}
