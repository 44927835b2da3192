package flows

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The timers of an alert that needs a second officer; the reference is the alert's number.
const (
	secondTimer = "alert.second" // nobody answered, or its time is over
	reviewTimer = "alert.review" // it went without a second officer, and is to be looked at
)

// secondTime is how long a second officer has to answer (domain §4, row 49).
const secondTime = 10 * time.Minute

// holdBack keeps an alert back until a second officer approves exactly what would be said, and to whom.
func holdBack(ctx context.Context, t *bot.Turn, a civic.Alert, plan civic.Plan, why []civic.SecondReason) error {
	var err error
	if a.Seal, err = sealOf(ctx, t, a, plan); err != nil {
		return err
	}
	a.Status = civic.AlertChecked
	if a, err = createAlert(ctx, t, a); err != nil {
		return err
	}
	detail := fmt.Sprintf("%v; %s", why, tallied(plan))
	if err := t.Audit(ctx, "alert.second.asked", bot.About(alertKind, a.ID), detail); err != nil {
		return err
	}
	if err := showAlert(ctx, t, a, t.Chat.ID); err != nil {
		return err
	}
	asked, err := requestSecond(ctx, t, a)
	if err != nil {
		return err
	}
	wait := secondTime
	if asked == 0 {
		wait = 0
	}
	if err := t.WakeIn(ctx, secondTimer, strconv.FormatInt(a.ID, 10), wait); err != nil || asked == 0 {
		return err
	}
	return t.Say(ctx, "alert.second.asked", "ref", a.Ref, "why", bot.HTML(whySecond(t, t.Lang(), why)), "count", asked)
}

// whySecond says why a second officer is needed, one reason a line.
func whySecond(t *bot.Turn, lang string, why []civic.SecondReason) string {
	lines := make([]string, len(why))
	for i, reason := range why {
		lines[i] = t.In(lang, "alert.second.why."+string(reason), "count", civic.WideReach)
	}
	return strings.Join(lines, "\n")
}

// sealOf is the hash of exactly the text that each recipient would read.
func sealOf(ctx context.Context, t *bot.Turn, a civic.Alert, plan civic.Plan) (string, error) {
	t = then(t, a.Planned)
	b := broadcasting{alert: a, plan: plan, nth: 1, spoken: spoken{Notice: civic.NoticeAlarm}, said: map[string]string{}}
	sum := sha256.New()
	for _, r := range append(plan.Waiting(), plan.Tell...) {
		text, err := b.text(ctx, t, r)
		if err != nil {
			return "", err
		}
		sum.Write(fmt.Appendf(nil, "%d\x00%d\x00%d\x00%d\x00%s\x00", r.Target, r.Person, r.Chat, len(text), text))
	}
	picture, err := pictureOfAlert(ctx, t, a)
	if err != nil {
		return "", err
	}
	sum.Write(fmt.Appendf(nil, "%d\x00", len(picture)))
	sum.Write(picture)
	if a.Case != 0 {
		c, err := mergedCase(ctx, t, a.Case)
		if err != nil {
			return "", fmt.Errorf("case of alert %s: %w", a.Ref, err)
		}
		about, err := seenOf(ctx, t, c)
		if err != nil {
			return "", err
		}
		sum.Write(fmt.Appendf(nil, "%+v", about))
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// alarming is what streets hear first, with the word that it comes in quiet hours where it does for some.
func alarming(plan civic.Plan) spoken {
	return spoken{Notice: civic.NoticeAlarm, Quiet: len(plan.Pierced) > 0}
}

// approvers are the officers who may approve an alert and can be asked: all but its issuer and who is away; when everybody is
// away, they are asked all the same.
func approvers(ctx context.Context, t *bot.Turn, a civic.Alert) ([]int64, error) {
	police, err := t.Tx.Holders(ctx, civic.Police, a.Scope(), t.Now)
	if err != nil {
		return nil, fmt.Errorf("police of alert %s: %w", a.Ref, err)
	}
	var all []int64
	for _, person := range police {
		chat, err := privateWith(ctx, t, person)
		if err != nil {
			return nil, fmt.Errorf("police of alert %s: %w", a.Ref, err)
		}
		if person != a.Issuer && chat != 0 {
			all = append(all, person)
		}
	}
	return present(ctx, t, all)
}

// requestSecond shows every approver exactly what would be said and to whom; it gives how many were reached.
func requestSecond(ctx context.Context, t *bot.Turn, a civic.Alert) (int, error) {
	write, err := secondRequest(ctx, t, a)
	if err != nil {
		return 0, err
	}
	return tellApprovers(ctx, t, a, write)
}

// secondRequest writes what is shown to a second officer. It carries the version of the alert, so that nobody approves by it
// what came later.
func secondRequest(ctx context.Context, t *bot.Turn, a civic.Alert) (func(lang string) bot.Message, error) {
	plan, w, err := planOf(ctx, t, a)
	if err != nil {
		return nil, err
	}
	said, err := sayAlert(ctx, then(t, a.Planned), networkLang(t), a, alarming(plan))
	if err != nil {
		return nil, err
	}
	issuer, err := officer(ctx, t, networkLang(t), a.Issuer)
	if err != nil {
		return nil, err
	}
	var photos []int64
	if a.Photo != 0 {
		photos = []int64{a.Photo}
	}
	return func(lang string) bot.Message {
		why := strings.TrimSpace(whySecond(t, lang, a.NeedsSecond(plan, w)) + "\n" + keptLine(t, lang, a))
		return bot.Message{
			Photos: photos, Protect: len(photos) > 0,
			Text: t.In(lang, "alert.second.request", "name", issuer, "message", bot.HTML(said),
				"why", bot.HTML(why), "reach", bot.HTML(reach(t, lang, plan, w)),
				"time", moment(t, lang, a.Issued.Add(secondTime))),
			About: bot.About(alertKind, a.ID), Version: a.Version,
			Rows: bot.Rows(
				bot.Choice{Key: "approve", Label: t.In(lang, "alert.button.approve")},
				bot.Choice{Key: "reject", Label: t.In(lang, "alert.button.reject")},
			),
		}
	}, nil
}

// tellApprovers tells every officer but the issuer; it gives how many were reached.
func tellApprovers(ctx context.Context, t *bot.Turn, a civic.Alert, write func(lang string) bot.Message) (int, error) {
	people, err := approvers(ctx, t, a)
	if err != nil {
		return 0, err
	}
	reached := 0
	for _, person := range people {
		ok, err := t.TellFor(ctx, person, policeOf(a), bot.LaneUrgent, write)
		if err != nil {
			return reached, err
		}
		if ok {
			reached++
		}
	}
	return reached, nil
}

// mayNoMoreKey is why an alert does not go whose issuer may not send it any more.
const mayNoMoreKey = "alert.planned.role"

// tellIssuer tells the officer who issued an alert; its reference is {ref}, unless the arguments say otherwise.
func tellIssuer(ctx context.Context, t *bot.Turn, a civic.Alert, key string, args ...any) error {
	who := mindersOf(a)
	if key == mayNoMoreKey { // it is about their role, which is over
		who = nil
	}
	_, err := t.TellFor(ctx, a.Issuer, who, bot.LaneUrgent, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, key, append(slices.Clone(args), "ref", a.Ref)...)}
	})
	return err
}

// planOf plans an alert that is stored and not sent yet.
func planOf(ctx context.Context, t *bot.Turn, a civic.Alert) (civic.Plan, civic.World, error) {
	t = then(t, a.Planned)
	w, err := worldOf(ctx, t.Tx, t.Network, a, t.Now)
	if err != nil {
		return civic.Plan{}, w, err
	}
	return civic.NewPlan(a, civic.NoticeAlarm, w), w, nil
}
