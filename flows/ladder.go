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

const (
	ladderForm      = "ladder"
	sanctionKind    = "sanction"   // what a member reads of a measure is about: "sanction/12"
	suspensionTimer = "suspension" // ref: the measure
	ladderSpec      = "15 4 * * *"
)

// Ladder is what can follow when a member breaks the house rules: a friendly note, a warning, a suspension with an end, a
// removal; and the appeal, on which somebody else rules (feature A8). Nothing of it is silent.
func Ladder() bot.Feature {
	return bot.Feature{
		Name:  "ladder",
		Flows: []bot.Flow{measures(), appealing()},
		Commands: []bot.CommandSpec{
			{Name: "aanspreken", Needs: civic.AdmonishMember, Do: admonish},
			{Name: "bezwaar", Needs: civic.AppealMeasure, Do: appealNow},
		},
		Actions: []bot.Action{
			{Name: "sanction.appeal", Needs: civic.AppealMeasure, On: onSanction, Do: appealPressed},
			{Name: "appeal.stands", Needs: civic.RuleAppeal, On: onAppeal, Do: rule(civic.RulingStands)},
			{Name: "appeal.undone", Needs: civic.RuleAppeal, On: onAppeal, Do: rule(civic.RulingUndone)},
		},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			suspensionTimer: suspensionEnds, appealTimer: appealWaits,
		},
		Jobs: []bot.Job{{Name: "ladder", Spec: ladderSpec, Do: func(ctx context.Context, t *bot.Turn) error {
			return t.Tx.RetireSanctions(ctx, t.Now, t.Now.Add(-civic.AppealLife), t.Now.Add(-civic.RemovalLife))
		}}},
		Keys: ladderKeys(),
	}
}

// measured is a measure that is being decided on.
type measured struct {
	Ref     string        `json:"ref,omitempty"` // the case whose reporter it is for, whom nobody gets to know
	Person  int64         `json:"person"`
	Street  civic.AreaID  `json:"street,omitempty"`
	Measure civic.Measure `json:"measure,omitempty"`
	Breach  civic.Breach  `json:"breach,omitempty"`
	Days    string        `json:"days,omitempty"`
	Words   string        `json:"words,omitempty"`
}

func (m *measured) suspends() bool { return m.Measure == civic.MeasureSuspension }

// admonish begins a measure for the reporter of a case, or for a member of the coordinator's own by name.
func admonish(ctx context.Context, t *bot.Turn, args string) error {
	if civic.Blank(args) {
		return bot.Refuse("ladder.how")
	}
	return t.Begin(ctx, ladderForm, bot.Input{Args: args})
}

func measures() bot.Form[measured] {
	return bot.Form[measured]{
		Name: ladderForm, Needs: civic.AdmonishMember, Start: startMeasure, Done: takeMeasure,
		Scope: func(ctx context.Context, t *bot.Turn, m measured) (civic.Scope, error) {
			if m.Ref != "" {
				return scopeOf(ctx, t, m.Ref)
			}
			who, err := t.Person(ctx, m.Person)
			return who.Scope(), err
		},
		Steps: []bot.Step[measured]{
			bot.PickFrom("measure", func(m *measured) *civic.Measure { return &m.Measure }, measureOptions),
			bot.Pick("breach", func(m *measured) *civic.Breach { return &m.Breach }, civic.Breaches...),
			bot.If((*measured).suspends, bot.PickFrom("days", func(m *measured) *string { return &m.Days }, dayOptions)),
			bot.Optional(bot.Write("words", func(m *measured) *string { return &m.Words }, longestWord)),
			bot.ByWord(bot.Review(measurePreview, func(measured) []string { return []string{"measure", "breach", "words"} }),
				bot.Send, measureWord),
		},
	}
}

// startMeasure finds whom it is for.
func startMeasure(ctx context.Context, t *bot.Turn, in bot.Input) (measured, []string, error) {
	m := measured{}
	if _, ok := civic.ParseRef(in.Args); ok && strings.Contains(in.Args, "-") { // a name reads like one without it
		c, err := caseByRef(ctx, t, in.Args)
		if err == nil {
			err = readable(ctx, t, c)
		}
		if err != nil {
			return m, nil, err
		}
		report, err := reachable(ctx, t, c)
		if err != nil {
			return m, nil, err
		}
		m.Ref, m.Person = c.Ref, report.Reporter
	} else {
		q := bot.NameQuery{
			Network: t.Network.ID, Areas: t.Actor.AreasOf(civic.AdmonishMember, t.Late()), But: t.Actor.ID,
			Name: strings.TrimSpace(in.Args),
		}
		found, err := t.Tx.MembersNamed(ctx, q, 2)
		switch {
		case err != nil:
			return m, nil, err
		case len(found) == 0:
			return m, nil, bot.Refuse("ladder.unknown", "name", civic.Clean(in.Args, longestName))
		case len(found) > 1:
			return m, nil, bot.Refuse("ladder.several", "name", civic.Clean(in.Args, longestName))
		}
		m.Person, m.Street = found[0].ID, found[0].Street
	}
	return m, nil, measurable(ctx, t, m)
}

// measurable refuses a measure for oneself, for who holds a role in this network, and for somebody who could not read it:
// nothing happens to anybody in silence. What they are in another network is nobody's business here, and does not count.
func measurable(ctx context.Context, t *bot.Turn, m measured) error {
	who, err := t.Person(ctx, m.Person)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return bot.Refuse("ladder.gone")
	case err != nil:
		return err
	case who.ID == t.Actor.ID:
		return bot.Refuse("ladder.self")
	case !who.Active() || who.Network != t.Network.ID:
		return bot.Refuse("ladder.gone")
	case slices.ContainsFunc(who.Grants, func(g civic.Grant) bool { return g.HeldAt(t.Late()) }):
		return bot.Refuse("ladder.holder")
	}
	chat, err := privateWith(ctx, t, who.ID)
	if err == nil && chat == 0 {
		return bot.Refuse("ladder.unreachable")
	}
	return err
}

// measureOptions are the steps that the person may take.
func measureOptions(ctx context.Context, t *bot.Turn, m measured) ([]bot.Option, error) {
	scope, err := measureScope(ctx, t, m)
	var options []bot.Option
	for _, step := range civic.Measures {
		if t.May(step.Needs(), scope) {
			options = append(options, bot.Option{Key: string(step), Label: t.T("ladder.step." + string(step))})
		}
	}
	return options, err
}

func measureScope(ctx context.Context, t *bot.Turn, m measured) (civic.Scope, error) {
	if m.Ref != "" {
		return scopeOf(ctx, t, m.Ref)
	}
	who, err := t.Person(ctx, m.Person)
	return who.Scope(), err
}

func dayOptions(_ context.Context, t *bot.Turn, _ measured) ([]bot.Option, error) {
	var options []bot.Option
	for _, n := range civic.SuspensionDays {
		options = append(options, bot.Option{Key: strconv.Itoa(n), Label: t.T("pause.days", "count", n)})
	}
	return options, nil
}

// sanctionOf is the measure as it would be taken now.
func sanctionOf(ctx context.Context, t *bot.Turn, m measured) (civic.Sanction, error) {
	scope, err := measureScope(ctx, t, m)
	s := civic.Sanction{
		Network: t.Network.ID, Group: scope.Group, Person: m.Person, Measure: m.Measure, Breach: m.Breach, Words: m.Words,
		Role: civic.NetworkCoordinator, By: t.Actor.ID, At: t.Now,
	}
	if !t.Actor.Holds(civic.NetworkCoordinator, scope, t.Late()) {
		s.Role = civic.StreetCoordinator
	}
	switch m.Measure {
	case civic.MeasureSuspension:
		n, _ := strconv.Atoi(m.Days) // one of the options
		now := t.Now.In(zone(t))
		s.Until = time.Date(now.Year(), now.Month(), now.Day()+n, now.Hour(), now.Minute(), 0, 0, zone(t))
	case civic.MeasureRemoval:
		s.Until = t.Now.Add(civic.RemovalLife)
	case civic.MeasureNote, civic.MeasureWarning:
	}
	return s, err
}

// sanctionText is what the member reads: what, why, by whom, until when, what still works, and how to appeal.
func sanctionText(t *bot.Turn, lang string, s civic.Sanction) string {
	text := []string{
		t.In(lang, "ladder.told."+string(s.Measure), "network", t.Network.Name),
		t.In(lang, "ladder.told.why", "why", t.In(lang, "ladder.breach."+string(s.Breach))),
	}
	if s.Words != "" {
		text = append(text, t.In(lang, "ladder.told.words", "words", s.Words))
	}
	text = append(text, t.In(lang, "ladder.told.by", "role", t.In(lang, "member.role."+string(s.Role))))
	switch s.Measure {
	case civic.MeasureSuspension:
		text = append(text, t.In(lang, "ladder.told.until", "until", day(t, lang, s.Until)))
	case civic.MeasureRemoval:
		text = append(text, t.In(lang, "ladder.told.again", "until", dayYear(t, lang, s.Until)))
	case civic.MeasureNote, civic.MeasureWarning:
	}
	if s.Measure != civic.MeasureNote {
		text = append(text, t.In(lang, "ladder.told.appeal"))
	}
	return strings.Join(text, "\n")
}

// dayYear tells a date that may lie in another year.
func dayYear(t *bot.Turn, lang string, at time.Time) string {
	return day(t, lang, at) + " " + strconv.Itoa(at.In(zone(t)).Year())
}

// measurePreview shows the decider exactly what the member will read.
func measurePreview(ctx context.Context, t *bot.Turn, m measured) (string, error) {
	s, err := sanctionOf(ctx, t, m)
	if err != nil {
		return "", err
	}
	whom := t.T("ladder.whom.reporter", "ref", m.Ref)
	if m.Ref == "" {
		who, err := t.Person(ctx, m.Person)
		if err != nil {
			return "", err
		}
		whom = nameOf(t, t.Lang(), who)
		if m.Street != 0 {
			street, err := placeLabel(ctx, t, t.Lang(), civic.Place{Street: m.Street})
			if err != nil {
				return "", err
			}
			whom = t.T("ladder.whom.member", "name", whom, "street", street)
		}
	}
	return t.T("ladder.review.ask", "whom", whom, "text", bot.HTML(sanctionText(t, t.Lang(), s))), nil
}

// takeMeasure tells the member, notes it, and carries it out.
func takeMeasure(ctx context.Context, t *bot.Turn, m measured) error {
	if err := measurable(ctx, t, m); err != nil {
		return err
	}
	s, err := sanctionOf(ctx, t, m)
	if err != nil {
		return err
	}
	scope, err := measureScope(ctx, t, m)
	if err != nil {
		return err
	}
	if !t.May(m.Measure.Needs(), scope) {
		return bot.Refuse("refused.role")
	}
	if s.Chat, err = t.Tx.PrivateChat(ctx, m.Person); err != nil {
		return err
	}
	if err := t.Tx.AddSanction(ctx, &s); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member."+string(s.Measure), bot.About(sanctionKind, s.ID), string(s.Breach)); err != nil {
		return err
	}
	who, err := t.Person(ctx, m.Person)
	if err != nil {
		return err
	}
	if err := tellSanction(ctx, t, s, t.LangOf(who)); err != nil {
		return err
	}
	if err := carryOut(ctx, t, s, who); err != nil {
		return err
	}
	return t.Say(ctx, "ladder.done."+string(s.Measure))
}

func tellSanction(ctx context.Context, t *bot.Turn, s civic.Sanction, lang string) error {
	l := bot.Letter{Chat: s.Chat, Lane: bot.LaneRoutine, Message: bot.Message{Text: sanctionText(t, lang, s)}}
	if s.Measure != civic.MeasureNote {
		l.About = bot.About(sanctionKind, s.ID)
		l.Rows = bot.Rows(bot.Choice{Key: "appeal", Label: t.In(lang, "ladder.appeal")})
	}
	return t.Mail(ctx, l)
}

func ladderKeys() []string {
	var keys []string
	for _, m := range civic.Measures {
		keys = append(keys, "ladder.step."+string(m), "ladder.told."+string(m), "ladder.done."+string(m),
			"appeal.measure."+string(m))
	}
	return append(keys, "refused."+string(civic.AdmonishMember), "ladder.over", "ladder.undone", "ladder.unreachable",
		"ladder.suspended", "ladder.removed", "appeal.ruled.stands", "appeal.ruled.undone",
		"appeal.card.stands", "appeal.card.undone")
}
