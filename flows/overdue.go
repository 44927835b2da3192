package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// remindPartners reminds every partner of the network, kindly and twice a week, of what it has said nothing about for longer
// than was promised, and shows the coordinators the same list.
func remindPartners(ctx context.Context, t *bot.Turn) error {
	return remindPartnersIn(ctx, t, t.Network.ID)
}

func remindPartnersIn(ctx context.Context, t *bot.Turn, network civic.AreaID) error {
	const most = 50
	late, err := t.Tx.Overdue(ctx, network, t.Now, most)
	if err != nil || len(late) == 0 {
		return err
	}
	by := map[civic.Role][]overdue{}
	var all []overdue
	for _, h := range late {
		c, err := t.Tx.Case(ctx, h.Case)
		if errors.Is(err, bot.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		o := overdue{c, h}
		by[h.Partner] = append(by[h.Partner], o)
		if !c.Category.Sensitive() { // street coordinators read along
			all = append(all, o)
		}
	}
	for _, partner := range civic.Partners {
		if err := remindPartner(ctx, t, partner, by[partner]); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return nil
	}
	return tellDesk(ctx, t, network, 0, func(lang string) string { return overdueText(t, lang, "overdue.desk", all) })
}

// overdue is a case about which a partner was to say something.
type overdue struct {
	c civic.Case
	h civic.Handover
}

func remindPartner(ctx context.Context, t *bot.Turn, partner civic.Role, late []overdue) error {
	if len(late) == 0 {
		return nil
	}
	chats, err := partnerDesk(partner).chats(ctx, t, late[0].c)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		if desk, err := t.AtDesk(ctx, chat); desk || err != nil {
			if err := remindDesk(ctx, t, chat, lang, late); err != nil {
				return err
			}
			continue
		}
		err = t.Post(ctx, chat, bot.LaneDigest, bot.Message{Text: overdueText(t, lang, "overdue.partner", late), Silent: true})
		if err != nil {
			return err
		}
	}
	return nil
}

// remindDesk reminds a desk of each case by itself, so that it can be answered.
func remindDesk(ctx context.Context, t *bot.Turn, chat int64, lang string, late []overdue) error {
	for _, o := range late {
		about := handoverAbout(o.c, o.h.Partner)
		err := t.Post(ctx, chat, bot.LaneDigest, bot.Message{
			Text: t.In(lang, "handover.desk.overdue", "ref", o.c.Ref, "since", day(t, lang, o.h.Began)),
			Hint: t.In(lang, "handover.words.hint"), About: about, Thread: about,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func overdueText(t *bot.Turn, lang, head string, late []overdue) string {
	text := []string{t.In(lang, head)}
	for _, o := range late {
		text = append(text, t.In(lang, "overdue.line", "ref", o.c.Ref, "category", categoryLabel(t, lang, o.c.Category),
			"partner", partnerName(t, lang, o.h.Partner), "since", day(t, lang, o.h.Began)))
	}
	return strings.Join(text, "\n")
}
