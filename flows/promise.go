package flows

import (
	"context"
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

// watchPromise sees to it that silence beyond the promise does not go unnoticed. An emergency has its own ladder.
func watchPromise(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Urgency == civic.Emergency {
		return nil
	}
	return t.Wake(ctx, promiseTimer, strconv.FormatInt(c.ID, 10), c.Promised)
}

// promiseBroken tells the coordinators of the whole network that somebody waits for longer than was promised, each alone;
// who may not know of the case does not hear of it.
func promiseBroken(ctx context.Context, t *bot.Turn, ref string) error {
	c, ok, err := timed(ctx, t, ref)
	if !ok || !c.Answered.IsZero() || c.Status.Ended() {
		return err
	}
	if err := t.Audit(ctx, "case.silence", bot.About(caseKind, c.ID), ""); err != nil {
		return err
	}
	people, err := t.Tx.Holders(ctx, civic.NetworkCoordinator, c.Scope(), t.Now)
	if err != nil {
		return err
	}
	for _, person := range people {
		err := tellCoordinator(ctx, t, c, person, func(lang string) bot.Message {
			return bot.Message{Text: t.In(lang, "promise.broken", "ref", c.Ref, "time", moment(t, lang, c.Created))}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// figures tells what share of last month's and this month's reports got an answer within three days, how often
// somebody told of looks alone (feature B4), and of how many alerts the outcome was told.
func figures(ctx context.Context, t *bot.Turn, _ string) error {
	now := t.Now.In(zone(t))
	this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zone(t))
	last := this.AddDate(0, -1, 0)
	text, looks := []string{t.T("figures.head")}, []string{t.T("figures.looks.head")}
	outcomes := []string{t.T("figures.alerts.head")}
	for _, month := range []time.Time{last, this} {
		all, kept, err := t.Tx.Answered(ctx, t.Network.ID, month, month.AddDate(0, 1, 0), civic.Promise(civic.Normal))
		if err != nil {
			return err
		}
		name := t.T("time.month." + strconv.Itoa(int(month.Month())))
		line, err := looksIn(ctx, t, month, name)
		if err != nil {
			return err
		}
		looks = append(looks, line)
		if line, err = outcomesIn(ctx, t, month, name); err != nil {
			return err
		}
		outcomes = append(outcomes, line)
		if all < fewest {
			text = append(text, t.T("figures.few", "month", name, "fewest", fewest))
			continue
		}
		text = append(text, t.T("figures.line", "month", name, "share", 100*kept/all))
	}
	text = slices.Concat(text, looks, outcomes)
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: strings.Join(text, "\n")})
}

// looksIn tells how often in a month somebody told of looks alone; of a few times it is not told how few.
func looksIn(ctx context.Context, t *bot.Turn, month time.Time, name string) (string, error) {
	n, err := t.Tx.OnlyLooks(ctx, t.Network.ID, month, month.AddDate(0, 1, 0))
	if civic.TooFew(n) {
		return t.T("figures.looks.few", "month", name, "fewest", civic.FewestTold), err
	}
	return t.T("figures.looks.line", "month", name, "count", n), err
}
