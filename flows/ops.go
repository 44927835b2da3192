package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The timers with which the running program tells its operators how it does.
const (
	OpsNotice = "ops.notice" // ref: what happened, a stroke, and to which platform: deaf/telegram
	// OpsGap has as its ref from when, a stroke, and until when nothing was heard, in Unix seconds ("0" = not known), and, when
	// it was a part of what was said on a platform, another stroke and that platform.
	OpsGap = "ops.gap"
	// OpsPresses has as its ref from when, a stroke, until when, in Unix seconds, another stroke, and on which platform what was
	// pressed went nowhere.
	OpsPresses = "ops.presses"
)

// What can happen to a platform.
const (
	OpsDeaf   = "deaf"   // nothing is heard from it
	OpsMute   = "mute"   // nothing can be delivered to it
	OpsBehind = "behind" // much waits there to be taken
	OpsWell   = "well"   // it is heard from, and delivered to, again
	OpsRival  = "rival"  // another program takes what is said there
	OpsAside  = "aside"  // of no platform: something could not be handled or delivered
	OpsFailed = "failed" // likewise: something that is done in the background failed
)

// What can happen to the machine that the bot runs on.
const (
	OpsStale   = "stale"   // the newest copy is too old
	OpsFresh   = "fresh"   // there is a new copy again
	OpsSwollen = "swollen" // the log of the database is not emptied
	OpsSlow    = "slow"    // the disk takes long for each commit
	OpsScarce  = "scarce"  // the disk of the database is almost full
	OpsFull    = "full"    // nothing fits on it any more
	OpsRoomy   = "roomy"   // there is room on it again
	OpsClock   = "clock"   // a server says that its clock is wrong
	OpsDrill   = "drill"   // a copy could not be brought back when that was tried
)

const (
	opsShown = 5       // things that /ops shows at a time
	deadKind = "dead"  // a letter that could not be delivered: "dead/17"
	lostKind = "aside" // an update that was set aside: "aside/9"
)

// Operations tells operators when a platform is deaf or mute, and lets them look after what was set aside. It shows where
// things were going and what went wrong, never what they say: who runs the machine does not read what residents tell.
func Operations() bot.Feature {
	return bot.Feature{
		Name:     "operations",
		Commands: []bot.CommandSpec{{Name: "ops", Needs: civic.Operate, Do: operate}},
		Cards: []bot.Card{
			{Kind: deadKind, Render: renderDead},
			{Kind: lostKind, Render: renderAside},
		},
		Actions: []bot.Action{
			{Name: "dead.retry", Needs: civic.Operate, On: onDead, Do: lookAfter(retryLetter, "ops.retried")},
			{Name: "dead.drop", Needs: civic.Operate, On: onDead, Do: lookAfter(dropLetter, "ops.dropped")},
			{Name: "aside.retry", Needs: civic.Operate, On: onAside, Do: lookAfter(retryUpdate, "ops.retried")},
			{Name: "aside.drop", Needs: civic.Operate, On: onAside, Do: lookAfter(dropUpdate, "ops.dropped")},
		},
		Jobs: []bot.Job{{Name: "ops.trail", Spec: trailSpec, Each: true, Do: tellTrail}},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			OpsNotice:  noticeOps,
			OpsGap:     noticeGap,
			OpsPresses: noticePresses,
		},
		Keys: opsKeys(),
	}
}

func opsKeys() (keys []string) {
	for _, what := range []string{
		OpsDeaf, OpsMute, OpsBehind, OpsWell, OpsRival, OpsAside, OpsFailed, OpsStale, OpsFresh, OpsSwollen, OpsSlow, OpsDrill,
		OpsScarce, OpsFull, OpsRoomy, OpsClock,
	} {
		keys = append(keys, "ops.notice."+what)
	}
	return keys
}

// trailSpec is when the operators' room gets the mark of the audit trail.
const trailSpec = "30 7 * * *"

// tellTrail puts the mark of the audit trail where who can change the database cannot: in the operators' room. It wakes nobody,
// and is told to nobody in private, who would have to do something with it.
func tellTrail(ctx context.Context, t *bot.Turn) error {
	room, err := t.Tx.Room(ctx, t.Network.ID, civic.RoomOperators)
	if err != nil || room == 0 {
		return err
	}
	mark, err := t.Tx.TrailMark(ctx)
	if err != nil || mark == "" {
		return err
	}
	lang, err := t.LangIn(ctx, room)
	if err != nil {
		return err
	}
	m := bot.Message{Text: t.In(lang, "ops.trail", "mark", mark), Silent: true}
	return t.Post(ctx, room, bot.LaneDigest, m)
}

// noticeOps tells the operators of every network what happened to a platform, or to the program as a whole; that at most
// once an hour. What lies aside is told where somebody can look after it.
func noticeOps(ctx context.Context, t *bot.Turn, ref string) error {
	what, platform, _ := strings.Cut(ref, "/")
	write := func(lang string) string {
		return t.In(lang, "ops.notice."+what, "platform", platformTitle(platform), "time", clock(t, lang, t.Now))
	}
	if what == OpsAside {
		return tellLookers(ctx, t, write)
	}
	if platform == "" {
		if fresh, err := thisHour(ctx, t, what); err != nil || !fresh {
			return err
		}
	}
	return everywhere(ctx, t, platform, write)
}

// thisHour takes the hour for something that operators are told at most once in it; false when they were.
func thisHour(ctx context.Context, t *bot.Turn, what string) (bool, error) {
	return t.Tx.RunSlot(ctx, OpsNotice+"/"+what, t.Now.UTC().Format("2006-01-02T15"), t.Now)
}

// platformTitle is how people call a platform.
func platformTitle(name string) string {
	if name == "" {
		return "?"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// everywhere tells something to the operators of every network; ailing is the platform that it is about, empty if it is
// about none.
func everywhere(ctx context.Context, t *bot.Turn, ailing string, write func(lang string) string) error {
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	for _, n := range networks {
		if err := tellOperators(ctx, t, n.ID, ailing, write); err != nil {
			return err
		}
	}
	return nil
}

// tellOperators tells the operators' room of a network. Where there is none, or where it is on the ailing platform, each
// administrator reads it in private, on another platform if they are reached on one.
func tellOperators(
	ctx context.Context, t *bot.Turn, network civic.AreaID, ailing string, write func(lang string) string,
) error {
	there, err := roomTold(ctx, t, network, ailing, write)
	if err != nil || there {
		return err
	}
	admins, err := t.Tx.Holders(ctx, civic.Admin, civic.Scope{Network: network}, t.Now)
	if err != nil {
		return err
	}
	for _, person := range admins {
		if err := adminTold(ctx, t, person, ailing, forAdmins(network, write)); err != nil {
			return err
		}
	}
	return nil
}

// roomTold tells the operators' room of a network, when it is on another platform than the ailing one.
func roomTold(
	ctx context.Context, t *bot.Turn, network civic.AreaID, ailing string, write func(lang string) string,
) (bool, error) {
	room, err := t.Tx.Room(ctx, network, civic.RoomOperators)
	if err != nil || room == 0 {
		return false, err
	}
	chat, err := t.Tx.Chat(ctx, room)
	if err != nil || chat.Ref.Platform == ailing {
		return false, err
	}
	return true, tellIn(ctx, t, room, write)
}

// forAdmins makes what the administrators of a network are told, and nobody who was one.
func forAdmins(network civic.AreaID, write func(lang string) string) func(lang string) bot.Message {
	return func(lang string) bot.Message { return bot.Message{Text: write(lang), For: admins(network)} }
}

// adminTold tells a person on one of their accounts that is not on the ailing platform, or else where they are reached.
func adminTold(
	ctx context.Context, t *bot.Turn, person int64, ailing string, write func(lang string) bot.Message,
) error {
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return err
	}
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil {
		return err
	}
	accounts, err := t.Tx.Accounts(ctx, person)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if ailing != "" && a.Platform != ailing && a.Chat != 0 {
			chat = a.Chat
		}
	}
	if chat == 0 {
		return nil
	}
	return t.Post(ctx, chat, bot.LaneRoutine, write(t.LangOf(m)))
}

// operate shows what of the network was set aside on its way in or out, one by one, so that each can be tried again or given
// up.
func operate(ctx context.Context, t *bot.Turn, _ string) error {
	letters, err := deadHere(ctx, t)
	if err != nil {
		return err
	}
	updates, err := asideHere(ctx, t)
	if err != nil {
		return err
	}
	if len(letters)+len(updates) == 0 {
		return sayOps(ctx, t, "ops.nothing")
	}
	if err := sayOps(ctx, t, "ops.head"); err != nil {
		return err
	}
	for _, l := range letters {
		if err := t.Show(ctx, t.Chat.ID, bot.About(deadKind, l.ID)); err != nil {
			return err
		}
	}
	for _, u := range updates {
		if err := t.Show(ctx, t.Chat.ID, bot.About(lostKind, u.ID)); err != nil {
			return err
		}
	}
	return nil
}

func sayOps(ctx context.Context, t *bot.Turn, key string) error {
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: t.T(key), For: operators(t)})
}

// operators are the readers of what was set aside in the turn's network.
func operators(t *bot.Turn) *bot.Readers {
	return bot.For(civic.Operate, civic.Scope{Network: t.Network.ID})
}

// everything is more than is ever set aside in the three days that it is kept.
const everything = 1000

func renderDead(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	letters, err := t.Tx.DeadLetters(ctx, everything)
	if err != nil {
		return bot.Message{}, err
	}
	i := slices.IndexFunc(letters, func(l bot.DeadLetter) bool { return strconv.FormatInt(l.ID, 10) == id })
	if i < 0 {
		return bot.Message{Text: t.In(lang, "ops.gone"), For: operators(t)}, nil
	}
	l := letters[i]
	chat, err := t.Tx.Chat(ctx, l.Chat)
	if err != nil {
		return bot.Message{}, err
	}
	where := t.In(lang, "ops.person")
	if chat.Ref.Kind != bot.Private {
		where = chat.Ref.Title
	}
	key := "ops.dead"
	if l.Held {
		key = "ops.held"
	}
	text := t.In(lang, key, "where", where, "platform", platformTitle(chat.Ref.Platform), "at", moment(t, lang, l.Made),
		"why", l.Why)
	return bot.Message{Text: text, Rows: opsRows(t, lang), For: operators(t)}, nil
}

func renderAside(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	updates, err := t.Tx.ParkedUpdates(ctx, everything)
	if err != nil {
		return bot.Message{}, err
	}
	i := slices.IndexFunc(updates, func(u bot.ParkedUpdate) bool { return strconv.FormatInt(u.ID, 10) == id })
	if i < 0 {
		return bot.Message{Text: t.In(lang, "ops.gone"), For: operators(t)}, nil
	}
	u := updates[i]
	text := t.In(lang, "ops.aside", "platform", platformTitle(u.Platform), "at", moment(t, lang, u.At), "why", u.Why)
	return bot.Message{Text: text, Rows: opsRows(t, lang), For: operators(t)}, nil
}

func opsRows(t *bot.Turn, lang string) [][]bot.Choice {
	return bot.Rows(bot.Choice{Key: "retry", Label: t.In(lang, "ops.retry")},
		bot.Choice{Key: "drop", Label: t.In(lang, "ops.drop")})
}

// lookAfter does something to what a card shows, and tells it; somebody else may have been first.
func lookAfter(do func(context.Context, *bot.Turn, int64) error, key string) func(context.Context, *bot.Turn, bot.Ref) error {
	return func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
		id, err := strconv.ParseInt(r.ID, 10, 64)
		if err != nil {
			return fmt.Errorf("%s %q: %w", r.Kind, r.ID, err)
		}
		said := key
		if err := do(ctx, t, id); errors.Is(err, bot.ErrNotFound) {
			said = "ops.gone"
		} else if err != nil {
			return err
		}
		if err := t.Audit(ctx, said, r.Kind+"/"+r.ID, ""); err != nil {
			return err
		}
		if err := t.Answer(ctx, said); err != nil {
			return err
		}
		return t.Refresh(ctx, r.Kind+"/"+r.ID)
	}
}

func retryLetter(ctx context.Context, t *bot.Turn, id int64) error {
	return t.Tx.RetryLetter(ctx, id, t.Now.Add(bot.LaneRoutine.Life()))
}

func dropLetter(ctx context.Context, t *bot.Turn, id int64) error { return t.Tx.DropLetter(ctx, id) }

func retryUpdate(ctx context.Context, t *bot.Turn, id int64) error { return t.Tx.RetryUpdate(ctx, id) }

func dropUpdate(ctx context.Context, t *bot.Turn, id int64) error { return t.Tx.DropUpdate(ctx, id) }
