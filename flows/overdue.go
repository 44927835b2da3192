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
	late, err := overdueIn(ctx, t, network)
	if err != nil {
		return err
	}
	for _, partner := range civic.Partners {
		if err := remindPartner(ctx, t, partner, late); err != nil {
			return err
		}
	}
	return alarmCoordinators(ctx, t, network, late)
}

// overdue is a case about which a partner was to say something.
type overdue struct {
	c civic.Case
	h civic.Handover
}

// open reports whether everybody may hear of the case who reads along with coordinators.
func (o overdue) open() bool { return !o.c.Sensitive() && o.c.Subject == civic.SubjectNobody }

func overdueIn(ctx context.Context, t *bot.Turn, network civic.AreaID) ([]overdue, error) {
	const most = 50
	late, err := t.Tx.Overdue(ctx, network, t.Now, most)
	if err != nil {
		return nil, err
	}
	var found []overdue
	for _, h := range late {
		c, err := t.Tx.Case(ctx, h.Case)
		if errors.Is(err, bot.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, overdue{c, h})
	}
	return found, nil
}

// readers is who reads of which overdue cases, in the order in which they were found.
type readers struct {
	order []int64
	late  map[int64][]overdue
}

func (r *readers) add(o overdue, who ...int64) {
	if r.late == nil {
		r.late = map[int64][]overdue{}
	}
	for _, w := range who {
		if r.late[w] == nil {
			r.order = append(r.order, w)
		}
		r.late[w] = append(r.late[w], o)
	}
}

// alarmCoordinators lists in the coordinators' room what everybody there may know. Of a sensitive case, and of one about
// somebody of the network, those hear who may read it, each alone.
func alarmCoordinators(ctx context.Context, t *bot.Turn, network civic.AreaID, late []overdue) error {
	var shared []overdue
	var alone readers
	for _, o := range late {
		if o.open() {
			shared = append(shared, o)
			continue
		}
		people, err := knowing(ctx, t, o.c)
		if err != nil {
			return err
		}
		alone.add(o, people...)
	}
	for _, person := range alone.order {
		_, err := t.TellFor(ctx, person, coordinators(network), bot.LaneDigest, func(lang string) bot.Message {
			return bot.Message{Text: overdueText(t, lang, "overdue.desk", alone.late[person]), Silent: true}
		})
		if err != nil {
			return err
		}
	}
	if len(shared) == 0 {
		return nil
	}
	return tellDesk(ctx, t, network, 0, func(lang string) string { return overdueText(t, lang, "overdue.desk", shared) })
}

// knowing lists the coordinators of the whole network who may know of a case.
func knowing(ctx context.Context, t *bot.Turn, c civic.Case) ([]int64, error) {
	people, err := t.Tx.Holders(ctx, civic.NetworkCoordinator, c.Scope(), t.Now)
	if err != nil {
		return nil, err
	}
	var able []int64
	for _, person := range people {
		ok, err := mayKnow(ctx, t, c, person)
		if err != nil {
			return nil, err
		}
		if ok {
			able = append(able, person)
		}
	}
	return able, nil
}

// remindPartner reminds a partner of its cases, each in the chats in which that case is shown to it.
func remindPartner(ctx context.Context, t *bot.Turn, partner civic.Role, late []overdue) error {
	var at readers
	for _, o := range late {
		if o.h.Partner != partner {
			continue
		}
		chats, err := partnerDesk(partner).chats(ctx, t, o.c)
		if err != nil {
			return err
		}
		at.add(o, chats...)
	}
	for _, chat := range at.order {
		if err := remindAt(ctx, t, chat, at.late[chat]); err != nil {
			return err
		}
	}
	return nil
}

func remindAt(ctx context.Context, t *bot.Turn, chat int64, late []overdue) error {
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return err
	}
	if desk, err := t.AtDesk(ctx, chat); desk || err != nil {
		if err != nil {
			return err
		}
		return remindDesk(ctx, t, chat, lang, late)
	}
	return t.Post(ctx, chat, bot.LaneDigest, bot.Message{
		Text: overdueText(t, lang, "overdue.partner", late), Silent: true, For: partnerDesk(late[0].h.Partner).readers(late[0].c),
	})
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
