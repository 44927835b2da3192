package flows

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const longestOutcome = 400 // characters that may be added to an outcome

// alertOutcomes lists how an alert may end, in the order in which they are offered (domain §5.5).
var alertOutcomes = []string{
	"suspect_arrested", "person_found", "nothing_found", "false_alarm", "innocent_explanation", "investigation",
	"no_information",
}

// retracted is the outcome of an alert that was taken back.
const retracted = "retracted"

// follow is a correction, a retraction or an outcome of an alert that is being written.
type follow struct {
	Alert   string           `json:"alert,omitempty"` // its number
	Version int64            `json:"version,omitempty"`
	Outcome string           `json:"outcome,omitempty"`
	Words   wording          `json:"words"`
	Kind    civic.AlertKind  `json:"kind,omitempty"`
	When    time.Time        `json:"when,omitzero"`   // when it happened, as a correction says it
	Timed   bool             `json:"timed,omitempty"` // only that is corrected
	Doubt   string           `json:"doubt,omitempty"` // a text that sounds urgent, of somebody who sends no alarms
	Keeps   []civic.LintRule `json:"keeps,omitempty"` // whose findings stand in the alert already, for a correction
}

func outcomesForm() bot.Form[follow] {
	return bot.Form[follow]{
		Name: outcomeForm, Needs: civic.SendAlert, Start: startFollow(civic.AlertOutcome), Done: endAlert,
		Steps: []bot.Step[follow]{
			whichAlert(civic.AlertOutcome),
			bot.Pick("outcome", func(f *follow) *string { return &f.Outcome }, alertOutcomes...),
			bot.Optional[follow](followText(longestOutcome, "ask", "change")),
			unchanged{bot.Review(previewFollow(civic.NoticeAllClear),
				func(follow) []string { return []string{"outcome", "text"} })},
		},
	}
}

// retractionForm takes back what should not have been said.
func retractionForm() bot.Form[follow] {
	return bot.Form[follow]{
		Name: retractForm, Needs: civic.SendInfo, Start: startFollow(civic.AlertRetracted), Done: retractAlert,
		Steps: []bot.Step[follow]{
			whichAlert(civic.AlertRetracted),
			bot.Optional[follow](followText(longestOutcome, "ask", "change")),
			unchanged{bot.ByWord(bot.Review(previewFollow(civic.NoticeAllClear),
				func(follow) []string { return []string{"text"} }), bot.Send, retractWord)},
		},
	}
}

// startFollow takes the alert that the command names. Without a name it is the only one that is open, or it is asked.
func startFollow(to civic.AlertStatus) func(context.Context, *bot.Turn, bot.Input) (follow, []string, error) {
	return func(ctx context.Context, t *bot.Turn, in bot.Input) (follow, []string, error) {
		if in.Args != "" {
			a, err := alertByRef(ctx, t, in.Args)
			if err != nil {
				return follow{}, nil, err
			}
			if err := mayFollow(t, a, to); err != nil {
				return follow{}, nil, err
			}
			return following(a, to), []string{"which"}, nil
		}
		open, err := movable(ctx, t, to)
		switch {
		case err != nil:
			return follow{}, nil, err
		case len(open) == 0:
			return follow{}, nil, bot.Refuse("alert.none")
		case len(open) == 1:
			return following(open[0], to), []string{"which"}, nil
		}
		return follow{}, nil, nil
	}
}

// mayFollow refuses what cannot be done about an alert: by the person, to information, or any more.
func mayFollow(t *bot.Turn, a civic.Alert, to civic.AlertStatus) error {
	switch {
	case !t.May(a.Kind.Needs(), a.Scope()):
		return bot.Refuse("refused." + string(a.Kind.Needs()))
	case !speaksFor(t, a):
		return bot.Refuse("alert.info.others", "ref", a.Ref)
	case a.Over():
		return bot.Refuse("alert.ended", "ref", a.Ref)
	case a.Status.May(to) && to == civic.AlertOutcome && a.Kind == civic.InfoAlert:
		return bot.Refuse("alert.info.outcome", "ref", a.Ref)
	case a.Status.May(to):
		return nil
	case a.Owes():
		return bot.Refuse("alert.over", "ref", a.Ref)
	}
	return bot.Refuse("alert.ended", "ref", a.Ref)
}

// speaksFor reports whether the person may follow up what was sent in this role: who holds it, police, and, unless police
// sent it, a coordinator of the network.
func speaksFor(t *bot.Turn, a civic.Alert) bool {
	holds := func(role civic.Role) bool { return t.Actor.Holds(role, a.Scope(), t.Late()) }
	return holds(a.Sender) || holds(civic.Police) || a.Sender != civic.Police && holds(civic.NetworkCoordinator)
}

// following begins with an alert as it stands; a correction begins with its text.
func following(a civic.Alert, to civic.AlertStatus) follow {
	f := follow{Alert: strconv.FormatInt(a.ID, 10), Version: a.Version, Kind: a.Kind, When: a.Happened}
	f.Keeps = keptIn(a)
	switch to {
	case civic.AlertCorrected:
		f.Words.Text = newestText(a)
	case civic.AlertRetracted:
		f.Outcome = retracted
	case civic.AlertChecked, civic.AlertQueued, civic.AlertActive, civic.AlertOutcome, civic.AlertExpired:
	}
	return f
}

// newestText is what an alert says now: its newest correction, also when its time is over, until it is ended and Last
// tells how.
func newestText(a civic.Alert) string {
	ended := a.Status == civic.AlertOutcome || a.Status == civic.AlertRetracted
	if a.Last != "" && !ended {
		return a.Last
	}
	return a.Text
}

// unchanged is a review of what was written about an alert as it stood; when it has changed meanwhile, that is told
// first.
type unchanged struct{ bot.Step[follow] }

// Take takes the word to go.
func (c unchanged) Take(ctx context.Context, t *bot.Turn, in bot.Input, f *follow) error {
	a, err := alertOf(ctx, t, f.Alert)
	if err != nil {
		return err
	}
	if a.Version != f.Version && a.Status.May(civic.AlertOutcome) {
		f.Version = a.Version
		return bot.Refuse("alert.changed", "ref", a.Ref, "status", t.T("alert.status."+string(a.Status)))
	}
	return c.Step.Take(ctx, t, in, f)
}

// previewFollow shows what would be said and to whom.
func previewFollow(notice civic.Notice) func(context.Context, *bot.Turn, follow) (string, error) {
	return func(ctx context.Context, t *bot.Turn, f follow) (string, error) {
		a, err := alertOf(ctx, t, f.Alert)
		if err != nil {
			return "", err
		}
		if notice == civic.NoticeAllClear {
			return previewEnd(ctx, t, a, f)
		}
		return previewCorrection(ctx, t, a, f)
	}
}

// previewEnd shows the last word about an alert, and what else ends with it.
func previewEnd(ctx context.Context, t *bot.Turn, a civic.Alert, f follow) (string, error) {
	plan, w, err := planFollow(ctx, t, a, civic.NoticeAllClear)
	if err != nil {
		return "", err
	}
	said, err := sayAlert(ctx, t, networkLang(t), a, f.spoken(civic.NoticeAllClear))
	if err != nil {
		return "", err
	}
	whom := reach(t, t.Lang(), civic.NewPlan(a, civic.NoticeAllClear, withoutPending(w)), w)
	whom += alongLine(t, a, plan, w, f.Words.Text)
	also, err := twinLines(ctx, t, a, f.status())
	return t.T("alert.preview", "message", bot.HTML(said), "reach", bot.HTML(whom+also)), err
}

// status is where an alert stands once f was said about it.
func (f *follow) status() civic.AlertStatus {
	switch f.Outcome {
	case "":
		return civic.AlertCorrected
	case retracted:
		return civic.AlertRetracted
	}
	return civic.AlertOutcome
}

func (f *follow) spoken(notice civic.Notice) spoken {
	return spoken{Notice: notice, Words: f.Words.Text, Outcome: f.Outcome}
}

// planFollow plans a notice that goes to exactly those who got the alarm; the world says which one of its kind it is.
// What is not sent yet still counts for a correction, which takes its place; an all-clear is planned after it was
// called back.
func planFollow(ctx context.Context, t *bot.Turn, a civic.Alert, notice civic.Notice) (civic.Plan, civic.World, error) {
	w, err := worldOf(ctx, t.Tx, t.Network, a, t.Now)
	if err != nil {
		return civic.Plan{}, w, err
	}
	w.Nth = 1
	if notice == civic.NoticeCorrection {
		n, err := corrections(ctx, t, a.ID)
		if err != nil {
			return civic.Plan{}, w, err
		}
		w.Nth = n + 1
	}
	return civic.NewPlan(a, notice, w), w, nil
}

// withoutPending is the world as it will be once what is not sent yet was called back.
func withoutPending(w civic.World) civic.World {
	w.Ledger = slices.Clone(w.Ledger)
	for i := range w.Ledger {
		if w.Ledger[i].Status == civic.DeliveryPending {
			w.Ledger[i].Status = civic.DeliverySuperseded
		}
	}
	return w
}
