package flows

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// alertKind is what cards, letters and timers of an alert are named by: "alert/3".
const alertKind = "alert"

// The forms about alerts.
const (
	alertForm   = "alert"  // of the police
	informForm  = "inform" // information, also by coordinators and partners
	correctForm = "alert.correct"
	outcomeForm = "alert.outcome"
	retractForm = "alert.retract"
)

// informCommand tells streets what is no alarm.
const informCommand = "bericht"

const (
	longestAlert = 600 // characters (domain §4, row 50)
	alertPrefix  = "A" // of references
)

// drillKind is the choice that begins a drill instead of a kind of alert.
const drillKind = "drill"

// Alerts lets police warn streets, correct a warning, take it back and tell how it ended; coordinators and partners tell
// streets what is no alarm.
func Alerts() bot.Feature {
	return bot.Feature{
		Name: "alerts",
		Flows: []bot.Flow{
			alarmForm(alertForm, civic.SendAlert), alarmForm(informForm, civic.SendInfo),
			correctionForm(), outcomesForm(), retractionForm(),
			forcing(),
		},
		Commands: []bot.CommandSpec{
			{Name: "alarm", Needs: civic.SendAlert, Takes: onCases, Flow: alertForm},
			{Name: "oproep", Needs: civic.SendAlert, Takes: onCases, Do: begin(alertForm, string(civic.AppealAlert))},
			{Name: "vermist", Needs: civic.SendAlert, Takes: onCases, Do: begin(alertForm, string(civic.MissingAlert))},
			{Name: "oefening", Needs: civic.SendAlert, Takes: onCases, Do: begin(alertForm, drillKind)},
			{Name: informCommand, Needs: civic.SendInfo, Takes: onCases, Do: begin(informForm, string(civic.InfoAlert))},
			{Name: "corrigeer", Needs: civic.SendInfo, Takes: []string{alertKind}, Flow: correctForm},
			{Name: "afloop", Needs: civic.SendAlert, Takes: []string{alertKind}, Flow: outcomeForm},
			{Name: "alarmen", Needs: civic.SendInfo, Do: listAlerts},
		},
		Actions: []bot.Action{
			{Name: "alert.correct", Needs: civic.SendInfo, On: onAlert, Do: followUp(correctForm)},
			{Name: "alert.retract", Needs: civic.SendInfo, On: onAlert, Do: followUp(retractForm)},
			{Name: "alert.approve", Needs: civic.SendAlert, Word: wordSend, On: onAlert, Do: approveAlert},
			{Name: "alert.reject", Needs: civic.SendAlert, On: onAlert, Do: rejectAlert},
			{Name: "alert.force", Needs: civic.SendAlert, On: onAlert, Do: followUp(forceForm)},
			{Name: "alert.reviewed", Needs: civic.SendAlert, On: onAlert, Do: reviewAlert},
			{Name: "alert.reread", Needs: civic.SendAlert, On: onAlert, Do: rereadAlert},
			{Name: "alert.retry", Needs: civic.SendInfo, On: onAlert, Do: retryAlert},
			{Name: "alert.again", Needs: civic.SendInfo, On: onAlert, Do: anewAlert},
			{Name: "alert.go", Needs: civic.SendInfo, Word: wordSend, Decides: true, On: onAlert, Do: sendWaiting},
			{Name: "alert.replan", Needs: civic.SendInfo, On: onAlert, Do: replanWaiting},
			{Name: "alert.drop", Needs: civic.SendInfo, On: onAlert, Do: dropWaiting},
			{Name: "alert.outcome", Needs: civic.SendAlert, On: onAlert, Do: followUp(outcomeForm)},
		},
		Cards: []bot.Card{
			{
				Kind: alertKind, Render: alertCard, RenderIn: alertCardIn, Ref: alertName,
				Readers: readBy(civic.SendInfo, alertScope), Closed: cardClosedKey,
			},
			{Kind: tipsKind, Render: tipsCard, Readers: readersOfTips, Closed: cardClosedKey},
		},
		Links: alertLinks(),
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			alertKind: refreshAlert, digestKind: digestSent, expiryTimer: expireAlert, owedTimer: outcomeOwed,
			secondTimer: secondOver, reviewTimer: askReview, rewordTimer: askWords,
			neutralTimer: neutralise, takenTimer: takenBack, plannedTimer: sendPlanned,
			doubtTimer: askDoubtful,
			keptTimer:  keptOver, tipsTimer: tellTips,
		},
		Marked: markInStreet,
		Keys:   alertKeys(),
	}
}

// alarm is an alert that is being written.
type alarm struct {
	Kind      civic.AlertKind `json:"kind"`
	Drill     bool            `json:"drill,omitempty"`
	Ref       string          `json:"ref"` // chosen at the start, so that the preview shows what will be said
	Case      int64           `json:"case,omitempty"`
	Words     wording         `json:"words"`
	Doubt     string          `json:"doubt,omitempty"` // a text that sounds urgent, of somebody who sends no alarms
	Areas     []civic.AreaID  `json:"areas,omitempty"`
	Seen      seen            `json:"seen,omitzero"` // the case when it was last looked at
	Happened  time.Time       `json:"happened,omitzero"`
	Until     time.Time       `json:"until"`
	Why       string          `json:"why,omitempty"` // something is left in that a rule minds
	KeptUntil time.Time       `json:"kept_until,omitzero"`
	Photos    []int64         `json:"photos,omitempty"`   // one at most
	Planned   time.Time       `json:"planned,omitzero"`   // zero = it goes at once
	Replaces  int64           `json:"replaces,omitempty"` // the planned message that this one takes the place of
	Sure      string          `json:"sure,omitempty"`
	Others    []string        `json:"others,omitempty"` // open alerts of the same case that the issuer was told of
}

// Photo is the picture that goes with the alert; 0 = none.
func (a *alarm) Photo() int64 {
	if len(a.Photos) == 0 {
		return 0
	}
	return a.Photos[0]
}

func alarmForm(name string, needs civic.Permission) bot.Form[alarm] {
	return bot.Form[alarm]{
		Name: name, Needs: needs, Start: startAlarm, Done: sendAlarm,
		Steps: []bot.Step[alarm]{
			informed{writing[alarm]{
				name: "text", in: func(a *alarm) *wording { return &a.Words }, most: longestAlert,
				asks:   []string{"ask", "suggest", "change"},
				keeps:  func(_ *bot.Turn, a alarm) []civic.LintRule { return keepable(a.Kind) },
				begins: func(t *bot.Turn, a alarm) []bot.Choice { return beginnings(t, a.Kind) },
			}},
			dating[alarm]{
				in:   func(a *alarm) *time.Time { return &a.Happened },
				kind: func(a *alarm) civic.AlertKind { return a.Kind },
			},
			aiming{},
			lasting{},
			pictured(),
			bot.If((*alarm).keeps, bot.Write("why", func(a *alarm) *string { return &a.Why }, longestWhy)),
			keeping{},
			planning{},
			reaching{bot.Review(previewAlarm, changeable, changeable(alarm{})...)},
			bot.ByWord(assuring{bot.Pick("sure", func(a *alarm) *string { return &a.Sure }, "yes")}, "yes", sendWord),
		},
	}
}

// changeable names the answers that can be changed before sending.
func changeable(a alarm) []string {
	if a.Kind == civic.InfoAlert {
		return []string{"text", "areas", "until", "planned"}
	}
	return []string{"text", "when", "areas", "until", "photos"}
}

// begin opens the form for a kind of alert, with what stands after the command.
func begin(form, kind string) func(ctx context.Context, t *bot.Turn, args string) error {
	return func(ctx context.Context, t *bot.Turn, args string) error {
		return t.Begin(ctx, form, bot.Input{Args: args, Choice: kind})
	}
}

// onCases are the cards that show a case.
var onCases = []string{caseKind, handoverKind}

// alertName is the reference of an alert by its number.
func alertName(ctx context.Context, t *bot.Turn, id string) (string, error) {
	a, err := alertOf(ctx, t, id)
	return a.Ref, err
}

// startAlarm takes in what the command says: a case, some words, both or nothing. The kind comes as the choice; without
// one the alert is urgent.
func startAlarm(ctx context.Context, t *bot.Turn, in bot.Input) (alarm, []string, error) {
	if id, ok := strings.CutPrefix(in.Choice, replanChoice); ok {
		return replanned(ctx, t, id)
	}
	a := alarm{Kind: civic.UrgentAlert}
	switch in.Choice {
	case "":
	case drillKind:
		a.Drill = true
	default:
		a.Kind = civic.AlertKind(in.Choice)
	}
	sender, err := broadcaster(t, a.Kind)
	if err != nil {
		return a, nil, err
	}
	if err := warnHalted(ctx, t, a.Kind); err != nil {
		return a, nil, err
	}
	if a.Ref, err = freeAlertRef(ctx, t); err != nil {
		return a, nil, err
	}
	ref, words := cutRef(in.Args)
	if a.Drill || a.Kind == civic.InfoAlert {
		if _, ok := civic.ParseRef(ref); ok {
			return a, nil, bot.Refuse("alert.no_case")
		}
		ref, words = "", in.Args
	}
	if n := utf8.RuneCountInString(words); n > longestAlert {
		return a, nil, bot.Refuse("form.length", "max", longestAlert, "count", n)
	}
	a.Words.Suggestion = civic.Clean(words, longestAlert)
	if sender != civic.Police && !civic.Poses(words) && soundsUrgent(t, words) {
		a.Doubt = a.Words.Suggestion
	}
	if words == "" {
		a.Words.Suggestion = in.Text // of an alert that is made anew
	}
	known := []string{"planned", "photos"}
	if ref == "" {
		return a, known, nil
	}
	more, err := fromCase(ctx, t, ref, &a)
	return a, append(known, more...), err
}

// cutRef parts what stands after a command into a reference and words. One word with a digit or a hyphen is taken for a
// reference, so that a mistyped one is said to be unknown; "brand" is no reference, and neither is "gas lek".
func cutRef(args string) (ref, words string) {
	args = strings.TrimSpace(args)
	first, rest, more := strings.Cut(args, " ")
	if civic.SurelyRef(args) || !more && strings.ContainsAny(args, "-0123456789") {
		return args, ""
	}
	if _, ok := civic.ParseRef(first); ok && strings.Contains(first, "-") {
		return first, rest
	}
	return "", args
}

// fromCase begins with what is known of a case, and names the questions that it answers. A case that the issuer has
// nothing to do with is as good as none.
func fromCase(ctx context.Context, t *bot.Turn, ref string, a *alarm) ([]string, error) {
	c, err := caseByRef(ctx, t, ref)
	if err != nil {
		return nil, err
	}
	part, err := t.Visit(ctx, c.Network)
	if err != nil {
		return nil, err
	}
	if !part || c.Status == civic.Withdrawn || !t.May(civic.SendAlert, c.Scope()) {
		return nil, bot.Refuse("error.unknown_ref", "ref", civic.Clean(ref, 40))
	}
	if c.Subject != civic.SubjectNobody {
		return nil, bot.Refuse("alert.apart", "ref", c.Ref)
	}
	a.Case = c.ID
	if a.Seen, err = seenOf(ctx, t, c); err != nil {
		return nil, err
	}
	if a.Words.Suggestion == "" {
		if a.Words.Suggestion, err = suggestion(ctx, t, c); err != nil {
			return nil, err
		}
	}
	others, err := othersOf(ctx, t, c.ID)
	for _, other := range others {
		a.Others = append(a.Others, other.Ref)
	}
	if err != nil {
		return nil, err
	}
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("reports of case %s: %w", c.Ref, err)
	}
	if a.Kind != civic.MissingAlert { // a report tells when somebody was missed, and not when they were seen
		a.Happened = happened(reports)
	}
	return prefilled(t, c, a), nil
}

// prefilled answers what the case answers, so that the issuer only looks it over and sends it: three presses in all. What
// a rule minds is asked, and so is an alert about a case of which one is out already; when it was is asked unless it was caught
// in the act.
func prefilled(t *bot.Turn, c civic.Case, a *alarm) []string {
	var known []string
	if !a.Happened.IsZero() {
		known = append(known, "when")
	}
	if len(a.Others) > 0 || len(civic.LintAlert(a.Words.Suggestion)) > 0 {
		return known
	}
	a.Words.accept(a.Words.Suggestion)
	known = append(known, "text")
	area := c.Street
	if area == 0 {
		area = c.Group
	}
	if area != 0 && mayReach(t, a.Kind, c.Scope()) {
		a.Areas = []civic.AreaID{area}
		known = append(known, "areas")
	}
	a.Until = rounded(t.Now.Add(usualHold))
	return append(known, "until")
}

// broadcaster is as what the person sends a kind of alert. It refuses one that none of their roles may send in this
// country.
func broadcaster(t *bot.Turn, kind civic.AlertKind) (civic.Role, error) {
	held := t.Actor.Roles(t.Late())
	for _, role := range t.Profile().WhoBroadcasts[kind] {
		if slices.Contains(held, role) {
			return role, nil
		}
	}
	if kind == civic.InfoAlert && mayAnywhere(t, civic.SendInfo) {
		return "", bot.Refuse("alert.info.police")
	}
	return "", bot.Refuse("refused." + string(kind.Needs()))
}

// mayReach reports whether the person may send a kind of alert to an area: a role counts only where it is held.
func mayReach(t *bot.Turn, kind civic.AlertKind, scope civic.Scope) bool {
	return t.May(kind.Needs(), scope) && slices.ContainsFunc(t.Profile().WhoBroadcasts[kind], func(role civic.Role) bool {
		return t.Actor.Holds(role, scope, t.Late())
	})
}
