package flows

import (
	"context"
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
	alertForm   = "alert"
	correctForm = "alert.correct"
	outcomeForm = "alert.outcome"
)

const (
	longestAlert = 600 // characters (domain §4, row 50)
	alertPrefix  = "A" // of references
)

// Alerts lets police warn streets, correct a warning, and tell how it ended.
func Alerts() bot.Feature {
	return bot.Feature{
		Name:  "alerts",
		Flows: []bot.Flow{alarmForm(), correctionForm(), outcomesForm()},
		Commands: []bot.CommandSpec{
			{Name: "alarm", Needs: civic.SendAlert, Flow: alertForm},
			{Name: "oproep", Needs: civic.SendAlert, Do: appeal},
			{Name: "corrigeer", Needs: civic.SendAlert, Flow: correctForm},
			{Name: "afloop", Needs: civic.SendAlert, Flow: outcomeForm},
			{Name: "alarmen", Needs: civic.SendAlert, Do: listAlerts},
		},
		Actions: []bot.Action{
			{Name: "alert.correct", Needs: civic.SendAlert, On: onAlert, Do: followUp(correctForm)},
			{Name: "alert.outcome", Needs: civic.SendAlert, On: onAlert, Do: followUp(outcomeForm)},
		},
		Cards: []bot.Card{{Kind: alertKind, Render: alertCard}},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			alertKind: refreshAlert, expiryTimer: expireAlert, owedTimer: outcomeOwed,
		},
		Keys: alertKeys(),
	}
}

// alarm is an alert that is being written.
type alarm struct {
	Kind   civic.AlertKind `json:"kind"`
	Ref    string          `json:"ref"` // chosen at the start, so that the preview shows what will be said
	Case   int64           `json:"case,omitempty"`
	Words  wording         `json:"words"`
	Areas  []civic.AreaID  `json:"areas,omitempty"`
	Until  time.Time       `json:"until"`
	Sure   string          `json:"sure,omitempty"`
	Others []string        `json:"others,omitempty"` // open alerts of the same case that the issuer was told of
}

func alarmForm() bot.Form[alarm] {
	return bot.Form[alarm]{
		Name: alertForm, Needs: civic.SendAlert, Start: startAlarm, Done: sendAlarm,
		Steps: []bot.Step[alarm]{
			informed{writing[alarm]{
				name: "text", in: func(a *alarm) *wording { return &a.Words }, most: longestAlert,
				asks: []string{"ask", "suggest", "change"},
			}},
			aiming{},
			lasting{},
			reaching{bot.Review(previewAlarm, func(alarm) []string { return []string{"text", "areas", "until"} })},
			assuring{bot.Pick("sure", func(a *alarm) *string { return &a.Sure }, "yes")},
		},
	}
}

// appeal begins an appeal for information, which is not urgent.
func appeal(ctx context.Context, t *bot.Turn, args string) error {
	return t.Begin(ctx, alertForm, bot.Input{Args: args, Choice: string(civic.AppealAlert)})
}

// openAlarmLink begins an alert from a case, by the link "alarm-KAS-7F3K".
func openAlarmLink(ctx context.Context, t *bot.Turn, arg string) error {
	return t.Begin(ctx, alertForm, bot.Input{Args: strings.TrimPrefix(arg, "alarm-")})
}

// startAlarm takes in what the command says: a case, some words, both or nothing. The kind comes as the choice; without
// one the alert is urgent.
func startAlarm(ctx context.Context, t *bot.Turn, in bot.Input) (alarm, []string, error) {
	a := alarm{Kind: civic.UrgentAlert}
	if in.Choice != "" {
		a.Kind = civic.AlertKind(in.Choice)
	}
	if err := mayBroadcast(t, a.Kind); err != nil {
		return a, nil, err
	}
	var err error
	if a.Ref, err = freeAlertRef(ctx, t); err != nil {
		return a, nil, err
	}
	ref, words := cutRef(in.Args)
	if n := utf8.RuneCountInString(words); n > longestAlert {
		return a, nil, bot.Refuse("form.length", "max", longestAlert, "count", n)
	}
	a.Words.Suggestion = civic.Clean(words, longestAlert)
	if ref == "" {
		return a, nil, nil
	}
	return a, nil, fromCase(ctx, t, ref, &a)
}

// cutRef parts what stands after a command into a reference and words. One word is taken for a reference, so that a
// mistyped one is said to be unknown.
func cutRef(args string) (ref, words string) {
	args = strings.TrimSpace(args)
	first, rest, more := strings.Cut(args, " ")
	if _, ok := civic.ParseRef(args); ok || !more {
		return args, ""
	}
	if _, ok := civic.ParseRef(first); ok && strings.Contains(first, "-") {
		return first, rest
	}
	return "", args
}

// fromCase begins with what is known of a case. A case that the issuer has nothing to do with is as good as none.
func fromCase(ctx context.Context, t *bot.Turn, ref string, a *alarm) error {
	c, err := caseByRef(ctx, t, ref)
	if err != nil {
		return err
	}
	if c.Network != t.Network.ID || c.Status == civic.Withdrawn || !t.May(civic.SendAlert, c.Scope()) {
		return bot.Refuse("error.unknown_ref", "ref", civic.Clean(ref, 40))
	}
	a.Case = c.ID
	if a.Words.Suggestion == "" {
		if a.Words.Suggestion, err = suggestion(ctx, t, c); err != nil {
			return err
		}
	}
	others, err := othersOf(ctx, t, c.ID)
	for _, other := range others {
		a.Others = append(a.Others, other.Ref)
	}
	return err
}

// mayBroadcast refuses a kind of alert that none of the person's roles may send in this country.
func mayBroadcast(t *bot.Turn, kind civic.AlertKind) error {
	for _, role := range t.Actor.Roles(t.Now) {
		if profileOf(t).MayBroadcast(kind, role) {
			return nil
		}
	}
	return bot.Refuse("refused." + string(civic.SendAlert))
}
