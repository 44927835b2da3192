package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	appealForm    = "appeal"
	appealKind    = "appeal" // an appeal before somebody who may rule on it: "appeal/12", with the number of the measure
	appealTimer   = "appeal" // ref: the measure, and the step that is due; without one, nobody could be asked yet
	longestAppeal = 1000     // characters

	appealOpen  = 1 // the versions of an appeal as a card shows it
	appealRuled = requestDecided
)

// pleading is an appeal that is being written.
type pleading struct {
	Sanction int64  `json:"sanction"`
	Words    string `json:"words,omitempty"`
}

// appealing asks what the person has to say. A removed member is a guest, and can appeal as well.
func appealing() bot.Form[pleading] {
	return bot.Form[pleading]{
		Name: appealForm, Needs: civic.AppealMeasure, Done: appealed,
		Start: func(ctx context.Context, t *bot.Turn, in bot.Input) (pleading, []string, error) {
			s, err := sanctionBy(ctx, t, in.Args)
			if err == nil && !s.Appealable(t.Now) {
				err = bot.Refuse("appeal.late")
			}
			return pleading{Sanction: s.ID}, nil, err
		},
		Steps: []bot.Step[pleading]{bot.Write("words", func(o *pleading) *string { return &o.Words }, longestAppeal)},
	}
}

func sanctionBy(ctx context.Context, t *bot.Turn, id string) (civic.Sanction, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return civic.Sanction{}, fmt.Errorf("measure %q: %w", id, bot.ErrNotFound)
	}
	return t.Tx.Sanction(ctx, n)
}

// onSanction finds a measure for whom it was told to: the chat in which it is pressed is theirs.
func onSanction(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	s, err := sanctionBy(ctx, t, r.ID)
	if err == nil && s.Chat != t.Chat.ID && (s.Person == 0 || s.Person != t.Actor.ID) {
		return bot.Thing{}, bot.Refuse("press.other")
	}
	return bot.Thing{Scope: civic.Scope{Network: s.Network}}, err
}

func appealPressed(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	s, err := sanctionBy(ctx, t, r.ID)
	if err != nil {
		return err
	}
	return beginAppeal(ctx, t, s)
}

// appealNow finds the newest measure of the person, or of the account that a removed member comes with: in the network that
// is meant, else in another, for who was removed from one may be a member of another.
func appealNow(ctx context.Context, t *bot.Turn, _ string) error {
	all, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	networks := []civic.AreaID{t.Network.ID}
	for _, n := range all {
		networks = append(networks, n.ID)
	}
	for _, n := range networks {
		list, err := measuresFor(ctx, t, n)
		if err != nil {
			return err
		}
		for _, s := range list {
			if s.Appealable(t.Now) {
				return beginAppeal(ctx, t, s)
			}
		}
	}
	return bot.Refuse("appeal.none")
}

// measuresFor lists a network's measures for the person of the turn, or for the account that they come with.
func measuresFor(ctx context.Context, t *bot.Turn, network civic.AreaID) ([]civic.Sanction, error) {
	list, err := t.Tx.BarredBy(ctx, network, t.From)
	if err != nil || t.Actor.Guest() {
		return list, err
	}
	own, err := t.Tx.SanctionsOf(ctx, network, t.Actor.ID)
	return append(own, list...), err
}

// beginAppeal opens the appeal in the network whose measure it is about, and in its words.
func beginAppeal(ctx context.Context, t *bot.Turn, s civic.Sanction) error {
	if err := chooseToJoin(ctx, t, s.Network); err != nil {
		return err
	}
	return t.Begin(ctx, appealForm, bot.Input{Args: strconv.FormatInt(s.ID, 10)})
}

// appealed keeps the appeal and brings it before people other than who decided.
func appealed(ctx context.Context, t *bot.Turn, o pleading) error {
	s, err := t.Tx.Sanction(ctx, o.Sanction)
	if err != nil {
		return err
	}
	if !s.Appealable(t.Now) {
		return bot.Refuse("appeal.late")
	}
	s.Appeal, s.Appealed, s.Chat = o.Words, t.Now, t.Chat.ID
	if err := t.Tx.SaveSanction(ctx, s); err != nil {
		return err
	}
	e := bot.AuditEntry{At: t.Now, Action: "appeal.made", Object: bot.About(sanctionKind, s.ID)}
	if err := t.Tx.Audit(ctx, e); err != nil {
		return err
	}
	asked, err := askJudges(ctx, t, s)
	if err != nil {
		return err
	}
	if asked {
		return errors.Join(t.Say(ctx, "appeal.sent"), appealStep(ctx, t, s, appealRemind))
	}
	if err := t.WakeIn(ctx, appealTimer, strconv.FormatInt(s.ID, 10), appealEach); err != nil {
		return err
	}
	return t.Say(ctx, "appeal.nobody")
}

// onAppeal finds an appeal that nobody ruled on yet.
func onAppeal(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	s, err := sanctionBy(ctx, t, r.ID)
	switch {
	case err == nil && s.Ruling != civic.RulingOpen:
		return bot.Thing{}, bot.Refuse("appeal.ruled")
	case err == nil && s.Appealed.IsZero():
		return bot.Thing{}, bot.Refuse("appeal.card.withdrawn")
	}
	return bot.Thing{Scope: civic.Scope{Network: s.Network}, Version: appealOpen}, err
}

// withdrawAppeals takes the appeals of a person who has everything erased from those who were to rule on them.
func withdrawAppeals(ctx context.Context, t *bot.Turn, person int64) error {
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	var measures []civic.Sanction
	for _, n := range networks {
		list, err := t.Tx.SanctionsOf(ctx, n.ID, person)
		if err != nil {
			return err
		}
		measures = append(measures, list...)
	}
	for _, s := range measures {
		if s.Appealed.IsZero() || s.Ruling != civic.RulingOpen {
			continue
		}
		withdrawn := func(lang string) string { return t.In(lang, "appeal.card.withdrawn") }
		if err := eraseCard(ctx, t, bot.About(appealKind, s.ID), withdrawn); err != nil {
			return err
		}
	}
	return nil
}

// rule decides on an appeal. Who decided on the measure does not, whatever they hold by now.
func rule(ruling civic.Ruling) func(context.Context, *bot.Turn, bot.Ref) error {
	return func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
		s, err := sanctionBy(ctx, t, r.ID)
		switch {
		case err != nil:
			return err
		case s.By == t.Actor.ID:
			return bot.Refuse("appeal.own")
		}
		s.Ruling, s.Judge, s.Ruled = ruling, t.Actor.ID, t.Now
		if err := t.Tx.SaveSanction(ctx, s); err != nil {
			return err
		}
		if err := t.Audit(ctx, "appeal."+string(ruling), bot.About(sanctionKind, s.ID), ""); err != nil {
			return err
		}
		if err := tellRuling(ctx, t, s); err != nil {
			return err
		}
		err = redrawCard(ctx, t, bot.About(appealKind, s.ID), func(lang string) string {
			return t.In(lang, "appeal.card."+string(ruling), "measure", t.In(lang, "appeal.measure."+string(s.Measure)))
		})
		if err != nil {
			return err
		}
		return t.Answer(ctx, "appeal.done")
	}
}

// endSuspension ends a suspension that was undone: its end is not waited for any more.
func endSuspension(ctx context.Context, t *bot.Turn, s civic.Sanction) error {
	if err := t.Tx.Sleep(ctx, suspensionTimer, strconv.FormatInt(s.ID, 10)); err != nil || s.Person == 0 {
		return err
	}
	return letBack(ctx, t, s, "ladder.undone")
}

// tellRuling tells the member, and whoever decided on the measure; a suspension that is undone ends at once.
func tellRuling(ctx context.Context, t *bot.Turn, s civic.Sanction) error {
	if s.Chat != 0 {
		chat, err := t.Tx.Chat(ctx, s.Chat)
		if err != nil {
			return err
		}
		lang, err := t.LangIn(ctx, chat.ID)
		if err != nil {
			return err
		}
		text := t.In(lang, "appeal.ruled."+string(s.Ruling), "measure", t.In(lang, "appeal.measure."+string(s.Measure)))
		if s.Measure == civic.MeasureRemoval && s.Ruling == civic.RulingUndone {
			text += "\n" + t.In(lang, "appeal.join")
		}
		if err := t.Post(ctx, s.Chat, bot.LaneRoutine, bot.Message{Text: text}); err != nil {
			return err
		}
	}
	if s.Ruling == civic.RulingUndone && s.Measure == civic.MeasureSuspension {
		if err := endSuspension(ctx, t, s); err != nil {
			return err
		}
	}
	_, err := t.Tx.Member(ctx, s.By)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = t.Tell(ctx, s.By, bot.LaneRoutine, func(lang string) bot.Message {
		measure := t.In(lang, "appeal.measure."+string(s.Measure))
		return bot.Message{Text: t.In(lang, "appeal.card."+string(s.Ruling), "measure", measure)}
	})
	return err
}
