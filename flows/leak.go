package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	leakKind    = "leak"  // a breach of what is kept about people, its card and its timer: "leak/3"
	leaksKind   = "leaks" // all that are open: "leaks/NETWORK"
	leakForm    = "leak"
	leakEndForm = "leakend"
)

// Leaks leads through what is to be done when personal data came out: it is noted what happened, messages to streets stand
// still, it is counted who is concerned and how they can be reached, the term of the law is minded, and what was decided stands
// on record (domain §2.3, row 15; GDPR articles 33 and 34). It is done in private, and names nobody.
func Leaks() bot.Feature {
	needs := civic.HandleLeak
	return bot.Feature{
		Name:     "leaks",
		Flows:    []bot.Flow{notingLeak(), endingLeak()},
		Commands: []bot.CommandSpec{{Name: "lek", Needs: needs, Do: leaks}},
		Actions: []bot.Action{
			{Name: "leak.end", Needs: needs, Decides: true, On: onLeak, Do: beginLeakEnd},
			{Name: "leak.halt", Needs: needs, Decides: true, On: onLeak, Do: haltNow},
			{Name: "leak.lift", Needs: needs, Decides: true, On: onLeak, Do: liftHalt},
			{Name: "leaks.new", Needs: needs, On: onRoles, Do: beginLeak},
		},
		Cards:  []bot.Card{{Kind: leakKind, Render: leakCard, Readers: readBy(needs, leakScope), Closed: cardClosedKey}},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{leakKind: remindOfLeak},
		Keys:   leakKeys(),
	}
}

// leaks shows what is open, or begins to note a leak when nothing is.
func leaks(ctx context.Context, t *bot.Turn, _ string) error {
	open, err := t.Tx.OpenLeaks(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return t.Begin(ctx, leakForm, bot.Input{})
	}
	for _, l := range open {
		if err := postLeak(ctx, t, t.Chat.ID, l); err != nil {
			return err
		}
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{
		Text: t.T("leaks.open", "count", len(open)), About: bot.About(leaksKind, int64(t.Network.ID)),
		Rows: bot.Rows(bot.Choice{Key: "new", Label: t.T("leaks.new")}),
	})
}

func beginLeak(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	return t.Begin(ctx, leakForm, bot.Input{})
}

// leakDraft is a leak that is being noted.
type leakDraft struct {
	Kind    civic.LeakKind `json:"kind,omitempty"`
	Found   string         `json:"found,omitempty"`
	Data    civic.LeakData `json:"data,omitempty"`
	Area    string         `json:"area,omitempty"`
	Halt    string         `json:"halt,omitempty"`
	Words   string         `json:"words,omitempty"`
	Where   string         `json:"where,omitempty"` // this network, or all in which the person may note it
	Several bool           `json:"several,omitempty"`
}

// The answers that a draft has words of its own for.
const (
	leakWhole      = "whole" // the whole network
	leakEverywhere = "everywhere"
	leakHere       = "here"
	haltNothing    = "none"
)

// leakFounds are the answers to when a leak was found, in the order in which they are offered.
var leakFounds = []string{"now", "today", "yesterday", "before", "longer"}

const longestLeak = 600 // characters

// notingLeak is the form in which a leak is noted.
func notingLeak() bot.Form[leakDraft] {
	editable := func(leakDraft) []string { return []string{"kind", "found", "data", "area", "halt", "words"} }
	several := func(d *leakDraft) bool { return d.Several }
	return bot.Form[leakDraft]{
		Name: leakForm, Needs: civic.HandleLeak, Start: startLeak, Done: noteLeak,
		Steps: []bot.Step[leakDraft]{
			bot.Pick("kind", func(d *leakDraft) *civic.LeakKind { return &d.Kind }, civic.LeakKinds...),
			bot.Pick("found", func(d *leakDraft) *string { return &d.Found }, leakFounds...),
			bot.Pick("data", func(d *leakDraft) *civic.LeakData { return &d.Data }, civic.LeakDatas...),
			bot.If(several, bot.Pick("where", func(d *leakDraft) *string { return &d.Where }, leakHere, leakEverywhere)),
			bot.If(func(d *leakDraft) bool { return d.Where != leakEverywhere },
				bot.PickFrom("area", func(d *leakDraft) *string { return &d.Area }, leakAreas)),
			bot.Pick("halt", func(d *leakDraft) *string { return &d.Halt },
				string(civic.HaltAll), string(civic.HaltInfo), haltNothing),
			bot.Optional(bot.Write("words", func(d *leakDraft) *string { return &d.Words }, longestLeak)),
			bot.Review(leakPreview, editable),
		},
	}
}

// startLeak finds out whether the person answers for several networks.
func startLeak(ctx context.Context, t *bot.Turn, _ bot.Input) (leakDraft, []string, error) {
	networks, err := networksWhere(ctx, t, civic.HandleLeak)
	return leakDraft{Several: len(networks) > 1}, nil, err
}

// leakAreas are the places whose people a leak may concern.
func leakAreas(ctx context.Context, t *bot.Turn, _ leakDraft) ([]bot.Option, error) {
	groups, err := groupOptions(ctx, t)
	return append([]bot.Option{{Key: leakWhole, Label: t.T("leak.area.whole", "network", t.Network.Name)}}, groups...), err
}

// leakOf is the leak as it would be noted now, in the turn's network.
func leakOf(t *bot.Turn, d leakDraft) civic.Leak {
	l := civic.Leak{
		Network: t.Network.ID, Area: t.Network.ID, Kind: d.Kind, Data: d.Data, Found: foundAt(t, d.Found), Noted: t.Now,
		Words: d.Words,
	}
	if d.Halt != haltNothing {
		l.Halt = civic.Halt(d.Halt)
	}
	if id, err := strconv.ParseInt(d.Area, 10, 64); err == nil && d.Where != leakEverywhere {
		l.Area = civic.AreaID(id)
	}
	return l
}

// foundAt is since when a leak is known. Of a day it is the beginning, so that nobody is late who trusts in the term.
func foundAt(t *bot.Turn, found string) time.Time {
	now := t.Now.In(zone(t))
	ago := slices.Index(leakFounds, found) - 1 // days
	switch found {
	case leakFounds[0]:
		return t.Now
	case leakFounds[len(leakFounds)-1]:
		return t.Now.Add(-t.Profile().LeakTerm())
	}
	return time.Date(now.Year(), now.Month(), now.Day()-ago, 0, 0, 0, 0, zone(t))
}

// leakPreview shows the card as it will be.
func leakPreview(ctx context.Context, t *bot.Turn, d leakDraft) (string, error) {
	text, err := leakText(ctx, t, t.Lang(), leakOf(t, d))
	if d.Where == leakEverywhere {
		text += "\n" + t.T("leak.review.everywhere")
	}
	return t.T("leak.review.ask", "leak", bot.HTML(text)), err
}

// noteLeak stores the leak, in each network that is meant, tells those who must decide, and lets messages stand still.
func noteLeak(ctx context.Context, t *bot.Turn, d leakDraft) error {
	networks := []civic.AreaID{t.Network.ID}
	if d.Where == leakEverywhere {
		var err error
		if networks, err = networksWhere(ctx, t, civic.HandleLeak); err != nil {
			return err
		}
	}
	for _, id := range networks {
		there, err := inNetwork(ctx, t, id)
		if err != nil {
			return err
		}
		if err := noteLeakIn(ctx, there, leakOf(there, d)); err != nil {
			return fmt.Errorf("leak in network %d: %w", id, err)
		}
	}
	return nil
}

func noteLeakIn(ctx context.Context, t *bot.Turn, l civic.Leak) error {
	before, err := haltOf(ctx, t)
	if err != nil {
		return err
	}
	if err := t.Tx.AddLeak(ctx, &l); err != nil {
		return err
	}
	detail := strings.TrimSpace(string(l.Kind) + " " + string(l.Halt))
	if err := errors.Join(t.Audit(ctx, "leak.noted", bot.About(leakKind, l.ID), detail), wakeForLeak(ctx, t, l)); err != nil {
		return err
	}
	people, err := holdersOf(ctx, t, civic.HandleLeak)
	if err != nil {
		return err
	}
	for _, person := range people {
		chat, err := privateWith(ctx, t, person)
		if err != nil {
			return err
		}
		if chat == 0 {
			continue
		}
		if err := postLeak(ctx, t, chat, l); err != nil {
			return err
		}
	}
	return tellHalt(ctx, t, before)
}

func leakKeys() []string {
	var keys []string
	for _, kind := range civic.LeakKinds {
		keys = append(keys, "leak.card.first."+string(kind))
	}
	for _, halt := range []string{string(civic.HaltAll), string(civic.HaltInfo), haltNothing} {
		keys = append(keys, "leak.card.halt."+halt)
	}
	for _, halt := range []civic.Halt{civic.HaltAll, civic.HaltInfo} {
		keys = append(keys, "leak.halted.tell."+string(halt), "leak.halted."+string(halt), "leak.halted.soon."+string(halt))
	}
	return append(keys, "leak.card.reached", "leak.card.reached.some", "leak.halted.over",
		"leak.remind.late", "leak.remind.hours", "refused."+string(civic.HandleLeak))
}
