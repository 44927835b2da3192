package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	promiseTimer = "case.promise" // ref: case; rings when its reporters were to have heard what was decided
	fewest       = 10             // cases of which a share is told; of fewer it would point at somebody
)

// promise lets the reporters of a case be answered within what is promised for its urgency, counted from now.
func promise(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	c.Promised, c.Answered = t.Now.Add(civic.Promise(c.Urgency)), time.Time{}
	return watchPromise(ctx, t, *c)
}

// watchPromise sees to it that silence beyond the promise does not go unnoticed. An emergency has its own ladder.
func watchPromise(ctx context.Context, t *bot.Turn, c civic.Case) error {
	ref := strconv.FormatInt(c.ID, 10)
	if c.Urgency == civic.Emergency {
		return t.Tx.Sleep(ctx, promiseTimer, ref)
	}
	return t.Wake(ctx, promiseTimer, ref, c.Promised)
}

// promiseBroken tells the coordinators of the whole network that somebody waits for longer than was promised, each alone;
// who may not know of the case does not hear of it. Where there is none, administrators are told.
func promiseBroken(ctx context.Context, t *bot.Turn, ref string) error {
	c, ok, err := timed(ctx, t, ref)
	if !ok || !c.Answered.IsZero() || c.Status.Ended() {
		return err
	}
	if err := t.Audit(ctx, "case.silence", bot.About(caseKind, c.ID), ""); err != nil {
		return err
	}
	people, err := knowing(ctx, t, c)
	if err != nil {
		return err
	}
	heard, err := tellEach(ctx, t, people, coordinators(c.Network), func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "promise.broken", "ref", c.Ref, "time", moment(t, lang, c.Created))}
	})
	if heard || err != nil {
		return err
	}
	return sayUnheard(ctx, t, c)
}

// sayUnheard tells administrators, who can find a coordinator, that none hears of a promise that was broken.
func sayUnheard(ctx context.Context, t *bot.Turn, c civic.Case) error {
	people, err := t.Tx.Holders(ctx, civic.Admin, civic.Scope{Network: c.Network}, t.Now)
	if err == nil {
		people, err = unbarred(ctx, t, c, people)
	}
	if err != nil {
		return err
	}
	_, err = tellEach(ctx, t, people, admins(c.Network), func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "promise.unheard", "ref", c.Ref, "time", moment(t, lang, c.Created))}
	})
	return err
}

// tellEach tells people something, each alone and as long as it is for them, and reports whether any of them could be reached.
func tellEach(
	ctx context.Context, t *bot.Turn, people []int64, r *bot.Readers, write func(lang string) bot.Message,
) (bool, error) {
	heard := false
	for _, person := range people {
		ok, err := t.TellFor(ctx, person, r, bot.LaneRoutine, write)
		if err != nil {
			return heard, err
		}
		heard = heard || ok
	}
	return heard, nil
}

// figures tells of last month and this month what the person has a part in: coordinators of reports, and both they and the
// police of alerts.
func figures(ctx context.Context, t *bot.Turn, _ string) error {
	now := t.Now.In(zone(t))
	this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zone(t))
	parts := []figure{{"figures.alerts.head", outcomesIn}}
	if mayAnywhere(t, civic.TriageCase) {
		parts = slices.Insert(parts, 0, figure{"figures.head", answeredIn}, figure{"figures.looks.head", looksIn})
	}
	var text []string
	for _, part := range parts {
		text = append(text, t.T(part.head))
		for _, month := range []time.Time{this.AddDate(0, -1, 0), this} {
			line, err := part.in(ctx, t, month, t.T("time.month."+strconv.Itoa(int(month.Month()))))
			if err != nil {
				return err
			}
			text = append(text, line)
		}
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: strings.Join(text, "\n")})
}

// figure is one of the figures of a month: the key of what it answers, and its line for a month and the month's name.
type figure struct {
	head string
	in   func(ctx context.Context, t *bot.Turn, month time.Time, name string) (string, error)
}

// answeredIn tells what share of a month's reports got an answer within three days.
func answeredIn(ctx context.Context, t *bot.Turn, month time.Time, name string) (string, error) {
	all, kept, err := t.Tx.Answered(ctx, t.Network.ID, month, month.AddDate(0, 1, 0), civic.Promise(civic.Normal))
	if err != nil {
		return "", fmt.Errorf("answers of a month: %w", err)
	}
	if all < fewest {
		return t.T("figures.few", "month", name, "fewest", fewest), nil
	}
	return t.T("figures.line", "month", name, "share", 100*kept/all), nil
}

// looksIn tells how often in a month somebody told of looks alone; of a few times it is not told how few.
func looksIn(ctx context.Context, t *bot.Turn, month time.Time, name string) (string, error) {
	n, err := t.Tx.OnlyLooks(ctx, t.Network.ID, month, month.AddDate(0, 1, 0))
	if civic.TooFew(n) {
		return t.T("figures.looks.few", "month", name, "fewest", civic.FewestTold), err
	}
	return t.T("figures.looks.line", "month", name, "count", n), err
}
