package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// alarm is an alert of which one notice has been written to a room and claimed.
type alarm struct {
	alert  int64
	target int64
	chat   int64
	letter int64
}

const aboutAlarm = "alert/1"

func sound(t *testing.T, s *storage.Store) alarm {
	t.Helper()
	in := build(t, s)
	var a alarm
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		room, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "kas", Kind: bot.Group}, noon)
		if err != nil {
			return err
		}
		target := civic.Target{Group: in.group, Kind: civic.TargetGroup, Chat: room.ID}
		if err := tx.SaveTarget(ctx, &target); err != nil {
			return err
		}
		alert := civic.Alert{
			Ref: "A-7F3K", Network: in.network, Kind: civic.UrgentAlert, Status: civic.AlertActive, Text: "Let op",
			Areas: []civic.AreaID{in.group}, Until: noon.Add(time.Hour), Issuer: 1, Issued: noon,
		}
		if err := tx.CreateAlert(ctx, &alert); err != nil {
			return err
		}
		a = alarm{alert: alert.ID, target: target.ID, chat: room.ID}
		return nil
	})
	a.letter = a.tell(t, s, civic.NoticeAlarm)
	a.claim(t, s, a.letter)
	return a
}

// tell writes a notice of the alert to its room.
func (a alarm) tell(t *testing.T, s *storage.Store, n civic.Notice) int64 {
	t.Helper()
	l := bot.Letter{
		Chat: a.chat, Lane: bot.LaneUrgent, Report: aboutAlarm, Expires: noon.Add(2 * time.Hour), Message: bot.Message{Text: string(n)},
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.Enqueue(ctx, &l); err != nil {
			return err
		}
		return tx.Record(ctx, civic.Delivery{Alert: a.alert, Notice: n, Target: a.target, Chat: a.chat, Letter: l.ID, At: noon})
	})
	return l.ID
}

func (a alarm) claim(t *testing.T, s *storage.Store, letter int64) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		got, err := tx.Claim(ctx, []int64{letter}, noon)
		if err == nil && len(got) != 1 {
			t.Errorf("claimed %d letters", len(got))
		}
		return err
	})
}

func (a alarm) callBack(t *testing.T, s *storage.Store) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		chats, err := tx.Supersede(ctx, aboutAlarm, noon)
		if len(chats) != 0 {
			t.Errorf("chats %v surely did not get what is on its way", chats)
		}
		return err
	})
}

func (a alarm) settle(t *testing.T, s *storage.Store, letter int64, f bot.Fate) bot.LetterState {
	t.Helper()
	var state bot.LetterState
	do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
		state, err = tx.Settle(ctx, letter, f)
		return err
	})
	return state
}

// statuses are those of the ledger, by notice.
func (a alarm) statuses(t *testing.T, s *storage.Store) map[civic.Notice]civic.DeliveryStatus {
	t.Helper()
	got := map[civic.Notice]civic.DeliveryStatus{}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, n := range []civic.Notice{civic.NoticeAlarm, civic.NoticeCorrection, civic.NoticeAllClear} {
			list, err := tx.Deliveries(ctx, a.alert, n, 1)
			if err != nil {
				return err
			}
			for _, d := range list {
				got[n] = d.Status
			}
		}
		return nil
	})
	return got
}

func waits(t *testing.T, s *storage.Store, letter int64) bool {
	t.Helper()
	found := false
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		list, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: noon.Add(time.Hour), Limit: 10})
		for _, c := range list {
			found = found || c.ID == letter
		}
		return err
	})
	return found
}

var later = bot.Fate{State: bot.LetterPending, At: noon, Before: noon.Add(time.Second), Why: "too many requests"}

// An alarm that was on its way when the alert ended, and was refused for now, is not sent after the end.
func TestALetterCalledBackOnItsWayIsNotTriedAgain(t *testing.T) {
	uncertain := later
	uncertain.Uncertain = true
	for name, c := range map[string]struct {
		fate     bot.Fate
		state    bot.LetterState
		ledger   civic.DeliveryStatus
		allClear civic.DeliveryStatus
	}{
		"refused for now": {later, bot.LetterSuperseded, civic.DeliverySuperseded, civic.DeliverySuperseded},
		"uncertain":       {uncertain, bot.LetterUnknown, civic.DeliveryUnknown, civic.DeliveryPending},
		"delivered": {
			bot.Fate{State: bot.LetterSent, Message: "1", At: noon}, bot.LetterSent, civic.DeliverySent, civic.DeliveryPending,
		},
		"refused for good": {bot.Fate{State: bot.LetterDead, At: noon}, bot.LetterDead, civic.DeliveryFailed, civic.DeliverySuperseded},
	} {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			a := sound(t, s)
			a.callBack(t, s)
			end := a.tell(t, s, civic.NoticeAllClear)
			if state := a.settle(t, s, a.letter, c.fate); state != c.state {
				t.Errorf("the alarm is %s, want %s", state, c.state)
			}
			if waits(t, s, a.letter) {
				t.Error("the alarm waits to be sent after the alert ended")
			}
			want := map[civic.Notice]civic.DeliveryStatus{civic.NoticeAlarm: c.ledger, civic.NoticeAllClear: c.allClear}
			if diff := cmp.Diff(want, a.statuses(t, s)); diff != "" {
				t.Errorf("ledger (-want +got):\n%s", diff)
			}
			if waits(t, s, end) != (c.allClear == civic.DeliveryPending) {
				t.Error("who may have heard the alarm, and nobody else, hears its end")
			}
		})
	}
}

// A correction that was on its way does not take the all-clear along where the alarm was heard.
func TestTheAllClearStaysWhereTheAlarmWasHeard(t *testing.T) {
	s := fresh(t)
	a := sound(t, s)
	a.settle(t, s, a.letter, bot.Fate{State: bot.LetterSent, Message: "1", At: noon})
	correction := a.tell(t, s, civic.NoticeCorrection)
	a.claim(t, s, correction)
	a.callBack(t, s)
	end := a.tell(t, s, civic.NoticeAllClear)
	if state := a.settle(t, s, correction, later); state != bot.LetterSuperseded {
		t.Errorf("the correction is %s", state)
	}
	if !waits(t, s, end) {
		t.Error("the all-clear is gone")
	}
}

// A correction takes the place of an alarm that was on its way and did not arrive.
func TestACorrectionTakesThePlaceOfWhatWasCalledBack(t *testing.T) {
	s := fresh(t)
	a := sound(t, s)
	a.callBack(t, s)
	correction := a.tell(t, s, civic.NoticeCorrection)
	a.settle(t, s, a.letter, later)
	if waits(t, s, a.letter) || !waits(t, s, correction) {
		t.Error("the correction, and only that, is to be sent")
	}
}

// After a crash in the middle of a delivery that was called back, nobody tries it again; it may have arrived.
func TestALetterCalledBackOnItsWayIsNotTriedAgainAfterACrash(t *testing.T) {
	s := fresh(t)
	a := sound(t, s)
	a.callBack(t, s)
	end := a.tell(t, s, civic.NoticeAllClear)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		_, err := tx.Recover(ctx, noon, noon.Add(bot.Silence))
		return err
	})
	if waits(t, s, a.letter) || !waits(t, s, end) {
		t.Error("the all-clear, and only that, is to be sent")
	}
	want := map[civic.Notice]civic.DeliveryStatus{
		civic.NoticeAlarm: civic.DeliveryUnknown, civic.NoticeAllClear: civic.DeliveryPending,
	}
	if diff := cmp.Diff(want, a.statuses(t, s)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
}

// A letter whose first attempt was uncertain is not said to be lost when a later one fails for good.
func TestALetterThatMayHaveArrivedIsNotSaidToBeLost(t *testing.T) {
	s := fresh(t)
	a := sound(t, s)
	first := later
	first.Uncertain = true
	a.settle(t, s, a.letter, first)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		_, err := tx.Claim(ctx, []int64{a.letter}, noon.Add(time.Minute))
		return err
	})
	if state := a.settle(t, s, a.letter, bot.Fate{State: bot.LetterDead, At: noon}); state != bot.LetterUnknown {
		t.Errorf("it is %s", state)
	}
}

// What is not sent after all, because it is for nobody there any more, may have arrived by an earlier attempt, and is then not
// said to be lost.
func TestALetterThatIsForNobodyAnyMoreMayHaveArrivedBefore(t *testing.T) {
	for name, c := range map[string]struct {
		before bot.Fate
		state  bot.LetterState
	}{
		"refused before":   {later, bot.LetterSuperseded},
		"uncertain before": {bot.Fate{State: bot.LetterPending, At: noon, Uncertain: true}, bot.LetterUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			a := sound(t, s)
			c.before.Before = noon
			a.settle(t, s, a.letter, c.before)
			a.claim(t, s, a.letter)
			if state := a.settle(t, s, a.letter, bot.Fate{State: bot.LetterSuperseded, At: noon}); state != c.state {
				t.Errorf("the letter is %s, want %s", state, c.state)
			}
		})
	}
}
