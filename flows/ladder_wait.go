package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// An appeal that was put before somebody is not left lying: after a week they are reminded, after two the next who may rule
// are asked as well and the member hears that it is still open, and so on until somebody rules.
const (
	appealEach     = 24 * time.Hour     // until somebody can be asked
	appealPatience = 7 * 24 * time.Hour // from one step to the next
	appealRemind   = "remind"           // the steps, behind the number of the measure in the timer's ref
	appealFurther  = "further"
)

// appealStep sets the timer for the next step of an appeal.
func appealStep(ctx context.Context, t *bot.Turn, s civic.Sanction, step string) error {
	return t.WakeIn(ctx, appealTimer, strconv.FormatInt(s.ID, 10)+"/"+step, appealPatience)
}

// appealWaits does the step of an appeal that is due, unless somebody ruled.
func appealWaits(ctx context.Context, t *bot.Turn, ref string) error {
	id, step, _ := strings.Cut(ref, "/")
	s, err := sanctionBy(ctx, t, id)
	if errors.Is(err, bot.ErrNotFound) || err == nil && (s.Ruling != civic.RulingOpen || s.Appealed.IsZero()) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.Settle(ctx, s.Network); err != nil {
		return err
	}
	switch step {
	case appealRemind:
		return errors.Join(remindJudges(ctx, t, s), appealStep(ctx, t, s, appealFurther))
	case appealFurther:
		return errors.Join(askFurther(ctx, t, s), appealStep(ctx, t, s, appealRemind))
	}
	asked, err := askJudges(ctx, t, s)
	if err != nil {
		return err
	}
	if asked {
		return appealStep(ctx, t, s, appealRemind)
	}
	return t.WakeIn(ctx, appealTimer, ref, appealEach)
}

// askJudges puts an appeal before everybody who may rule on it, did not decide, and was not asked yet: coordinators of the
// network, else administrators, else the data protection officer. It gives false when there is nobody more to reach.
func askJudges(ctx context.Context, t *bot.Turn, s civic.Sanction) (bool, error) {
	before, err := askedOf(ctx, t, s)
	if err != nil {
		return false, err
	}
	for _, role := range civic.Grants[civic.RuleAppeal] {
		people, err := judges(ctx, t, s, role)
		if err != nil {
			return false, err
		}
		asked := false
		for _, j := range people {
			if slices.Contains(before, j.chat) {
				continue
			}
			if err := askJudge(ctx, t, s, j, ""); err != nil {
				return false, err
			}
			asked = true
		}
		if asked {
			return true, nil
		}
	}
	return false, nil
}

// remindJudges puts an appeal once more before those who were asked and may still rule.
func remindJudges(ctx context.Context, t *bot.Turn, s civic.Sanction) error {
	before, err := askedOf(ctx, t, s)
	if err != nil {
		return err
	}
	reminded := map[int64]bool{}
	for _, role := range civic.Grants[civic.RuleAppeal] {
		people, err := judges(ctx, t, s, role)
		if err != nil {
			return err
		}
		for _, j := range people {
			if reminded[j.chat] || !slices.Contains(before, j.chat) {
				continue
			}
			reminded[j.chat] = true
			if err := askJudge(ctx, t, s, j, "appeal.card.again"); err != nil {
				return err
			}
		}
	}
	return nil
}

// askFurther asks the next who may rule, and tells the member that nothing is decided yet.
func askFurther(ctx context.Context, t *bot.Turn, s civic.Sanction) error {
	asked, err := askJudges(ctx, t, s)
	if err != nil || s.Chat == 0 {
		return err
	}
	key := "appeal.waiting"
	if asked {
		key = "appeal.further"
	}
	lang, err := t.LangIn(ctx, s.Chat)
	if err != nil {
		return err
	}
	return t.Post(ctx, s.Chat, bot.LaneRoutine, bot.Message{Text: t.In(lang, key)})
}

// arbiter is somebody who may rule on an appeal, in their private chat.
type arbiter struct {
	civic.Member
	chat int64
}

// judges are those with a role who may rule on an appeal and can be reached; neither who decided nor whom it is about.
func judges(ctx context.Context, t *bot.Turn, s civic.Sanction, role civic.Role) ([]arbiter, error) {
	people, err := t.Tx.Holders(ctx, role, civic.Scope{Network: s.Network}, t.Now)
	if err != nil {
		return nil, err
	}
	var list []arbiter
	for _, person := range people {
		if person == s.By || person == s.Person {
			continue
		}
		m, chat, err := spokenTo(ctx, t, person)
		if err != nil {
			return nil, err
		}
		if chat != 0 {
			list = append(list, arbiter{m, chat})
		}
	}
	return list, nil
}

// askedOf are the chats in which an appeal was shown.
func askedOf(ctx context.Context, t *bot.Turn, s civic.Sanction) ([]int64, error) {
	places, err := t.Tx.CardChats(ctx, bot.About(appealKind, s.ID))
	var chats []int64
	for _, p := range places {
		chats = append(chats, p.Chat)
	}
	return chats, err
}

// askJudge shows an appeal: what was decided, why, and what the member says; not who it is. With a key it begins with that
// text.
func askJudge(ctx context.Context, t *bot.Turn, s civic.Sanction, j arbiter, key string) error {
	lang, about := t.LangOf(j.Member), bot.About(appealKind, s.ID)
	words := s.Words
	if words == "" {
		words = t.In(lang, "case.card.silent")
	}
	text := t.In(lang, "appeal.card", "measure", t.In(lang, "appeal.measure."+string(s.Measure)),
		"why", t.In(lang, "ladder.breach."+string(s.Breach)), "words", words, "appeal", s.Appeal,
		"role", t.In(lang, "member.role."+string(s.Role)), "day", day(t, lang, s.At))
	if key != "" {
		text = t.In(lang, key, "day", day(t, lang, s.Appealed)) + "\n\n" + text
	}
	return t.Mail(ctx, bot.Letter{
		Chat: j.chat, Lane: bot.LaneRoutine, Card: about, Person: j.ID,
		Message: bot.Message{
			Text: text, About: about, Version: appealOpen,
			For: bot.For(civic.RuleAppeal, civic.Scope{Network: s.Network}),
			Rows: bot.Rows(bot.Choice{Key: "undone", Label: t.In(lang, "appeal.undo")},
				bot.Choice{Key: "stands", Label: t.In(lang, "appeal.stand")}),
		},
	})
}
