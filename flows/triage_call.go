package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// callable lists who of these roles may know of a case, each once.
func callable(ctx context.Context, t *bot.Turn, c civic.Case, roles []civic.Role) ([]int64, error) {
	var people []int64
	for _, role := range roles {
		holders, err := t.Tx.Holders(ctx, role, c.Scope(), t.Now)
		if err != nil {
			return nil, err
		}
		for _, person := range holders {
			ok, err := mayKnow(ctx, t, c, person)
			if err != nil {
				return nil, err
			}
			away, err := t.Tx.Absence(ctx, person)
			if err != nil {
				return nil, err
			}
			if ok && !away.At(t.Now) && !slices.Contains(people, person) {
				people = append(people, person)
			}
		}
	}
	return people, nil
}

// mayKnow reports whether a person may do something about a case now.
func mayKnow(ctx context.Context, t *bot.Turn, c civic.Case, person int64) (bool, error) {
	m, err := t.Person(ctx, person)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	if err != nil || !m.May(civic.TriageCase, c.Scope(), t.Late()) || c.Subject.Bars(m) {
		return false, err
	}
	return !c.Sensitive() || m.May(civic.ReadSensitive, c.Scope(), t.Late()), nil
}

func callLane(c civic.Case) bot.Lane {
	if c.Urgency == civic.Emergency {
		return bot.LaneUrgent
	}
	return bot.LaneRoutine
}

// postOf sends a chat what came to a case, such as what its reporter said later: of an emergency as fast as its card came, and
// still when it is late.
func postOf(ctx context.Context, t *bot.Turn, c civic.Case, chat int64, m bot.Message) error {
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: callLane(c), Expires: t.Now.Add(bot.LaneRoutine.Life()), Message: m})
}

// callMessage says what waits and what can be done about it, without sound when it can wait until the morning.
func callMessage(ctx context.Context, t *bot.Turn, c civic.Case, m civic.Member) (bot.Message, error) {
	lang := t.LangOf(m)
	f, err := factsOf(ctx, t, lang, c, false)
	if err != nil {
		return bot.Message{}, err
	}
	head := f.head
	if c.Sensitive() {
		head = []string{t.In(lang, "case.card.sensitive", "ref", c.Ref)}
	}
	key := "case.call.waits"
	if c.Status == civic.ReopenRequested {
		key = "case.call.again"
	}
	choices, err := choicesFor(ctx, t, lang, c, m)
	if err != nil {
		return bot.Message{}, err
	}
	choices = append(choices, bot.Choice{Link: linkRead + c.Ref, Label: t.In(lang, "case.button.details")})
	return bot.Message{
		Text:  lines(head, []string{t.In(lang, key, "time", moment(t, lang, c.Created))}),
		About: bot.About(dossierKind, c.ID), Version: c.Version, Rows: bot.Rows(choices...),
		Silent: c.Urgency != civic.Emergency && atNight(t), For: bot.For(civic.TriageCase, c.Scope()),
	}, nil
}

// atNight reports whether people sleep, as far as the bot supposes: from ten to seven.
func atNight(t *bot.Turn) bool {
	const evening, morning = 22, 7
	hour := t.Now.In(zone(t)).Hour()
	return hour >= evening || hour < morning
}

// callPoliceFor tells those who saw the emergency on their card from the first that no coordinator took it.
func callPoliceFor(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	h, err := handoverOf(ctx, t, c, civic.Police)
	if err != nil {
		return false, err
	}
	chats, err := policeDesk.chats(ctx, t, c)
	if err != nil {
		return false, err
	}
	for _, chat := range chats {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return false, err
		}
		err = t.Post(ctx, chat, bot.LaneUrgent, bot.Message{
			Text:  t.In(lang, "handover.call", "ref", c.Ref, "time", moment(t, lang, c.Created)),
			About: bot.About(handoverKind, c.ID), Version: c.Version, Rows: bot.Rows(handoverChoices(t, lang, c, h)...),
			For: policeDesk.readers(c),
		})
		if err != nil {
			return false, err
		}
	}
	return len(chats) > 0, nil
}
