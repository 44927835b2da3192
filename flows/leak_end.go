package flows

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// leakRuling is what is being decided about a leak.
type leakRuling struct {
	Leak    string            `json:"leak"` // its number
	Verdict civic.LeakVerdict `json:"verdict,omitempty"`
	Told    civic.LeakTold    `json:"told,omitempty"`
	Done    string            `json:"done,omitempty"`
}

func (d *leakRuling) was() bool { return d.Verdict != civic.LeakNone }

// endingLeak is the form in which it is decided about a leak.
func endingLeak() bot.Form[leakRuling] {
	return bot.Form[leakRuling]{
		Name: leakEndForm, Needs: civic.HandleLeak,
		Scope: func(ctx context.Context, t *bot.Turn, d leakRuling) (civic.Scope, error) {
			l, err := leakBy(ctx, t, d.Leak)
			return civic.Scope{Network: l.Network}, err
		},
		Start: func(ctx context.Context, t *bot.Turn, in bot.Input) (leakRuling, []string, error) {
			_, err := undecided(ctx, t, in.Args)
			return leakRuling{Leak: in.Args}, nil, err
		},
		Done: decideLeak,
		Steps: []bot.Step[leakRuling]{
			bot.Pick("verdict", func(d *leakRuling) *civic.LeakVerdict { return &d.Verdict }, civic.LeakVerdicts...),
			bot.If((*leakRuling).was,
				bot.Pick("told", func(d *leakRuling) *civic.LeakTold { return &d.Told }, civic.LeakTolds...)),
			bot.Write("done", func(d *leakRuling) *string { return &d.Done }, longestLeak),
			bot.Review(rulingPreview, func(leakRuling) []string { return []string{"verdict", "done"} }),
		},
	}
}

func beginLeakEnd(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	return t.Begin(ctx, leakEndForm, bot.Input{Args: r.ID})
}

// undecided is a leak about which nothing was decided yet.
func undecided(ctx context.Context, t *bot.Turn, id string) (civic.Leak, error) {
	l, err := leakBy(ctx, t, id)
	if err == nil && !l.Open() {
		return l, bot.Refuse("leak.decided")
	}
	return l, err
}

// rules is a leak as the ruling ends it.
func (d *leakRuling) rules(l civic.Leak, at time.Time) civic.Leak {
	l.Verdict, l.Told, l.Done, l.Decided, l.Halt = d.Verdict, d.Told, d.Done, at, civic.HaltNone
	return l
}

func rulingPreview(ctx context.Context, t *bot.Turn, d leakRuling) (string, error) {
	l, err := undecided(ctx, t, d.Leak)
	if err != nil {
		return "", err
	}
	key := "leakend.review.ask"
	if l.Halt != civic.HaltNone {
		key = "leakend.review.lifts"
	}
	return t.T(key, "decision", bot.HTML(strings.TrimSpace(strings.Join(leakEnd(t, t.Lang(), d.rules(l, t.Now)), "\n")))), nil
}

// decideLeak puts on record what was decided, lets messages go again and ends the reminders.
func decideLeak(ctx context.Context, t *bot.Turn, d leakRuling) error {
	l, err := undecided(ctx, t, d.Leak)
	if err != nil {
		return err
	}
	before, err := haltOf(ctx, t)
	if err != nil {
		return err
	}
	l = d.rules(l, t.Now)
	about := bot.About(leakKind, l.ID)
	err = errors.Join(t.Tx.SaveLeak(ctx, &l), t.Tx.Sleep(ctx, leakKind, d.Leak), t.RefreshNow(ctx, about),
		t.Audit(ctx, "leak.decided", about, strings.TrimSpace(string(l.Verdict)+" "+string(l.Told))))
	if err != nil {
		return err
	}
	return errors.Join(t.Say(ctx, "leakend.done"), tellHalt(ctx, t, before))
}

// wakeForLeak minds when who must decide is reminded next.
func wakeForLeak(ctx context.Context, t *bot.Turn, l civic.Leak) error {
	return t.Wake(ctx, leakKind, strconv.FormatInt(l.ID, 10), l.Remind(t.Profile().LeakTerm(), t.Now))
}

// remindOfLeak reminds those who must decide of the time that is left.
func remindOfLeak(ctx context.Context, t *bot.Turn, ref string) error {
	l, err := leakBy(ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) || err == nil && !l.Open() {
		return nil
	}
	if err != nil {
		return err
	}
	if t, err = inNetwork(ctx, t, l.Network); err != nil {
		return err
	}
	people, err := holdersOf(ctx, t, civic.HandleLeak)
	if err != nil {
		return err
	}
	left := l.Due(t.Profile().LeakTerm()).Sub(t.Now)
	key := "leak.remind.hours"
	if left <= 0 {
		key = "leak.remind.late"
	}
	_, err = tellEach(ctx, t, people, handlersOf(l), func(lang string) bot.Message {
		return bot.Message{
			Text: t.In(lang, key, "network", t.Network.Name, "count", int((left+time.Hour-1)/time.Hour),
				"time", moment(t, lang, l.Found)),
			About: bot.About(leakKind, l.ID), Version: l.Version, Rows: leakRows(t, lang, l),
		}
	})
	return errors.Join(err, wakeForLeak(ctx, t, l))
}
