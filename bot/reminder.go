package bot

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

const reminderTimer = "form.reminder" // ref: our id of a private chat

// Somebody is reminded of a form that they left open once it lay idle for long, and by day alone, between these hours. Of one
// that would be gone soon after the night they are reminded in the evening, so that less is enough then.
const (
	idleForm   = 20 * time.Hour
	idleEnough = idleForm - (24-dayEnds+dayBegins)*time.Hour
	dayBegins  = 8
	dayEnds    = 22
	timeToCome = 2 * time.Hour // that somebody has at least to go on with a form after the reminder
)

// Drafts reminds people once of forms they left open, by day, and wipes what nobody came back for. It is a job.
func (e *Engine) Drafts(spec string) Job {
	return Job{Name: "drafts", Spec: spec, Do: func(ctx context.Context, t *Turn) error {
		const most = 500
		old, err := t.Tx.OldSessions(ctx, t.Now.Add(-idleEnough), most)
		if err != nil {
			return err
		}
		for _, s := range old {
			if err := e.draft(ctx, t, s); err != nil {
				return err
			}
		}
		_, err = t.Tx.Sweep(ctx, t.Now.Add(-time.Hour))
		return err
	}}
}

func (e *Engine) draft(ctx context.Context, t *Turn, s Session) error {
	switch {
	case t.Now.After(s.Expires) && s.Parked:
		return t.Tx.EndParked(ctx, s.Chat, s.Account)
	case t.Now.After(s.Expires):
		return t.Tx.EndSession(ctx, s.Chat, s.Account)
	case s.Parked || s.Reminded:
		return nil
	}
	other, ok, err := e.inChat(ctx, t, chatRef(s.Chat))
	if err != nil || !ok || !s.due(other) {
		return err
	}
	return e.remind(ctx, t, chatRef(s.Chat))
}

// due reports whether it is time to remind of a form, by the clock of its person: it was left long enough, or the next morning
// leaves too little time to go on with it.
func (s Session) due(t *Turn) bool {
	switch hour := t.Now.In(t.Zone()).Hour(); {
	case hour < dayBegins || hour >= dayEnds:
		return false
	case t.Now.Sub(s.Touched) >= idleForm:
		return true
	default:
		return hour == dayEnds-1 && s.Expires.Before(t.Morning(dayBegins).Add(timeToCome))
	}
}

// remind puts the question of an open form again, once, with the way out.
func (e *Engine) remind(ctx context.Context, t *Turn, ref string) error {
	other, ok, err := e.inChat(ctx, t, ref)
	if err != nil || !ok {
		return err
	}
	s, err := other.Session(ctx)
	if err != nil || s == nil || s.Reminded {
		return err
	}
	flow, ok := e.flows[s.Form]
	if !ok {
		return other.EndSession(ctx)
	}
	if err := other.Say(ctx, "form.reminder"); err != nil {
		return err
	}
	touched, expires := s.Touched, s.Expires
	if err := flow.ask(ctx, other, s); err != nil {
		return err
	}
	s.Touched, s.Expires, s.Reminded = touched, expires, true
	return t.Tx.SaveSession(ctx, s)
}

// albumClosed puts the next question once an album has come to its end.
func (e *Engine) albumClosed(ctx context.Context, t *Turn, ref string) error {
	other, ok, err := e.inChat(ctx, t, ref)
	if err != nil || !ok {
		return err
	}
	s, err := other.Session(ctx)
	if err != nil || s == nil {
		return err
	}
	flow, ok := e.flows[s.Form]
	if !ok {
		return nil
	}
	return flow.proceed(ctx, other, s)
}

// inChat is the bot's own turn in a private chat, as the person there would have it.
func (e *Engine) inChat(ctx context.Context, t *Turn, ref string) (*Turn, bool, error) {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return nil, false, fmt.Errorf("chat %q: %w", ref, err)
	}
	chat, err := t.Tx.Chat(ctx, id)
	if err != nil || !chat.Reachable {
		return nil, false, err
	}
	other := &Turn{Now: t.Now, Chat: chat, Tx: t.Tx, engine: e}
	owner, err := t.Tx.Owner(ctx, id)
	if err == nil && owner != 0 {
		other.Actor, err = t.Tx.Member(ctx, owner)
	}
	if err != nil {
		return nil, false, err
	}
	return other, true, e.network(ctx, other)
}

// InChat is the bot's own turn in a private chat, as the person there would have it; false when they cannot be reached.
func (t *Turn) InChat(ctx context.Context, chat int64) (*Turn, bool, error) {
	return t.engine.inChat(ctx, t, chatRef(chat))
}
