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

// callsTimer rings when those who are called for many cases are called for all of them at once; its ref is a street group, a
// rung and a ladder. Under refs that go on with a case it keeps which cases those are, and does not ring for them.
const callsTimer = "case.calls"

// When so many cases of one street group, that came within this time of each other, wait for a coordinator, one call names
// them all. Of emergencies the first calls at once, and the others follow together.
const (
	callsMany   = 3
	callsUrgent = 30 * time.Second
	callsCalm   = 10 * time.Minute
	callsLook   = 500 // open cases of the street group that are looked at
	callsKeep   = 7 * day24
)

func callsSpan(c civic.Case) time.Duration {
	if c.Urgency == civic.Emergency {
		return callsUrgent
	}
	return callsCalm
}

// callsKey is under which the calls of one rung for the cases of one street group are gathered.
func callsKey(c civic.Case, n int) string {
	return fmt.Sprintf("%d/%d/%t/%d/", c.Network, c.Group, c.Urgency == civic.Emergency, n)
}

// gather lets a case wait for others that its rung is due for, when many came at once; it gives false when its people are to
// be called for it now.
func gather(ctx context.Context, t *bot.Turn, c civic.Case, n int) (bool, error) {
	if c.Subject != civic.SubjectNobody { // who may know of it differs, and nobody is to see that there is one
		return false, nil
	}
	key := callsKey(c, n)
	began, err := t.Tx.Timers(ctx, callsTimer, key)
	if err != nil {
		return false, err
	}
	if len(began) == 0 {
		if many, err := manyWait(ctx, t, c); !many || err != nil {
			return false, err
		}
		if err := t.WakeIn(ctx, callsTimer, key, callsSpan(c)); err != nil || c.Urgency == civic.Emergency {
			return false, err
		}
	}
	return true, t.WakeIn(ctx, callsTimer, key+strconv.FormatInt(c.ID, 10), callsKeep)
}

// manyWait reports whether many cases that came with this one, and from the same street group, wait like it.
func manyWait(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	in := []civic.AreaID{c.Group}
	if c.Group == 0 {
		in[0] = c.Network
	}
	open, err := t.Tx.OpenCases(ctx, civic.Queue{
		Network: c.Network, Reader: civic.Reader{Work: in, Sensitive: in, Barred: civic.Subjects},
	}, callsLook)
	span := callsSpan(c)
	open = slices.DeleteFunc(open, func(o civic.Case) bool {
		return !waits(o) || callsKey(o, 0) != callsKey(c, 0) || o.Created.Sub(c.Created).Abs() > span
	})
	return len(open) >= callsMany, err
}

// callTogether calls for the cases that were gathered, if they still wait.
func callTogether(ctx context.Context, t *bot.Turn, ref string) error {
	key := ref[:strings.LastIndex(ref, "/")+1]
	parts := strings.Split(key, "/")
	const rungPart = 3
	if len(parts) <= rungPart {
		return fmt.Errorf("calls of %q: no rung", ref)
	}
	n, err := strconv.Atoi(parts[rungPart])
	if err != nil {
		return fmt.Errorf("calls of %q: %w", ref, err)
	}
	gathered, err := t.Tx.Timers(ctx, callsTimer, key)
	if err != nil {
		return err
	}
	gathered = append(gathered, bot.Timer{Ref: ref}) // a case for which it rang after all
	var cases []civic.Case
	for _, g := range gathered {
		if err := t.Tx.Sleep(ctx, callsTimer, g.Ref); err != nil {
			return err
		}
		id := strings.TrimPrefix(g.Ref, key)
		if id == "" {
			continue
		}
		c, ok, err := timed(ctx, t, id)
		if err != nil {
			return err
		}
		if ok && waits(c) {
			cases = append(cases, c)
		}
	}
	return callUp(ctx, t, cases, n)
}

// callUp calls the people of a rung for cases of one ladder; for those of which nobody can be reached those of the next one.
func callUp(ctx context.Context, t *bot.Turn, cases []civic.Case, n int) error {
	for ; len(cases) > 0 && n < len(ladderOf(cases[0])); n++ {
		left, err := callFor(ctx, t, cases, ladderOf(cases[0])[n].roles)
		if err != nil {
			return err
		}
		if err := noteCalled(ctx, t, cases, left, n); err != nil {
			return err
		}
		cases = left
		if n != everybody || len(left) == 0 {
			continue
		}
		if err := sayNobody(ctx, t, left); err != nil {
			return err
		}
	}
	return nil
}

// noteCalled notes in the audit trail for which cases somebody was called: all but those that are left.
func noteCalled(ctx context.Context, t *bot.Turn, cases, left []civic.Case, n int) error {
	for _, c := range cases {
		if slices.ContainsFunc(left, func(l civic.Case) bool { return l.ID == c.ID }) {
			continue
		}
		if err := t.Audit(ctx, "case.called", bot.About(caseKind, c.ID), strconv.Itoa(n)); err != nil {
			return err
		}
	}
	return nil
}

// callFor asks everybody of these roles to take the cases, each alone with the bot and with one message: a card that changes
// in place makes no sound, and a room has enough to read. Police are called in their room. It gives the cases for which
// nobody can be reached.
func callFor(ctx context.Context, t *bot.Turn, cases []civic.Case, roles []civic.Role) ([]civic.Case, error) {
	if slices.Contains(roles, civic.Police) {
		return callPolice(ctx, t, cases)
	}
	var people []int64
	theirs := map[int64][]civic.Case{}
	for _, c := range cases {
		able, err := callable(ctx, t, c, roles)
		if err != nil {
			return nil, err
		}
		for _, person := range able {
			if theirs[person] == nil {
				people = append(people, person)
			}
			theirs[person] = append(theirs[person], c)
		}
	}
	called := map[int64]bool{}
	for _, person := range people {
		ok, err := callPerson(ctx, t, theirs[person], person)
		if err != nil {
			return nil, err
		}
		for _, c := range theirs[person] {
			called[c.ID] = called[c.ID] || ok
		}
	}
	return slices.DeleteFunc(slices.Clone(cases), func(c civic.Case) bool { return called[c.ID] }), nil
}

// callPerson calls somebody for the cases that they may know of.
func callPerson(ctx context.Context, t *bot.Turn, cases []civic.Case, person int64) (bool, error) {
	m, chat, err := spokenTo(ctx, t, person)
	if err != nil || chat == 0 {
		return false, err
	}
	var message bot.Message
	if len(cases) == 1 {
		message, err = callMessage(ctx, t, cases[0], m)
	} else {
		message, err = callsMessage(ctx, t, cases, t.LangOf(m))
	}
	if err != nil {
		return false, err
	}
	message.For = bot.For(civic.TriageCase, cases[0].Scope())
	return true, t.Post(ctx, chat, callLane(cases[0]), message)
}

// callPolice tells those who saw the emergencies on their cards from the first that no coordinator took them. It gives those
// that cannot be told of.
func callPolice(ctx context.Context, t *bot.Turn, cases []civic.Case) ([]civic.Case, error) {
	if len(cases) == 1 {
		called, err := callPoliceFor(ctx, t, cases[0])
		if called || err != nil {
			return nil, err
		}
		return cases, nil
	}
	chats, err := policeDesk.chats(ctx, t, cases[0])
	if err != nil || len(chats) == 0 {
		return cases, err
	}
	for _, chat := range chats {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return nil, err
		}
		text, choices, err := callsLines(ctx, t, cases, lang, true)
		if err != nil {
			return nil, err
		}
		m := bot.Message{Text: strings.Join(text, "\n"), Rows: bot.Rows(choices...), For: policeDesk.readers(cases[0])}
		if err := t.Post(ctx, chat, bot.LaneUrgent, m); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// sayNobody ends the calling, and tells that no coordinator is there: administrators, who can find one, and the reporters, who
// count on it.
func sayNobody(ctx context.Context, t *bot.Turn, cases []civic.Case) error {
	for _, c := range cases {
		if err := rest(ctx, t, c); err != nil {
			return err
		}
		if err := t.Audit(ctx, "case.nobody", bot.About(caseKind, c.ID), ""); err != nil {
			return err
		}
	}
	people, err := t.Tx.Holders(ctx, civic.Admin, civic.Scope{Network: cases[0].Network}, t.Now)
	if err == nil {
		people, err = unbarred(ctx, t, cases[0], people)
	}
	if err != nil {
		return err
	}
	key, args := "case.call.nobody", []any{"ref", cases[0].Ref}
	if len(cases) > 1 {
		area, err := callsArea(ctx, t, cases[0])
		if err != nil {
			return err
		}
		key, args = "case.calls.nobody", []any{"count", len(cases), "area", area}
	}
	for _, person := range people {
		_, err := t.TellFor(ctx, person, admins(cases[0].Network), bot.LaneUrgent, func(lang string) bot.Message {
			return bot.Message{Text: t.In(lang, key, args...)}
		})
		if err != nil {
			return err
		}
	}
	var all error
	for _, c := range cases {
		if c.Subject == civic.SubjectNobody { // else its reporter read from the first who can see it
			all = errors.Join(all, tellReporters(ctx, t, c, "case.told.nobody"))
		}
	}
	return all
}
