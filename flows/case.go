package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// caseKind is what cards and letters about a case are named by: "case/17".
const caseKind = "case"

// caseOf loads a case by its number as it stands in "case/17".
func caseOf(ctx context.Context, t *bot.Turn, id string) (civic.Case, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return civic.Case{}, fmt.Errorf("case %q: %w", id, bot.ErrNotFound)
	}
	return t.Tx.Case(ctx, n)
}

// mergedCase is a case, or the one that its reports went to.
func mergedCase(ctx context.Context, t *bot.Turn, id int64) (civic.Case, error) {
	c, err := t.Tx.Case(ctx, id)
	if err != nil || c.MergedInto == 0 {
		return c, err
	}
	return t.Tx.Case(ctx, c.MergedInto)
}

// onCase finds what an action on a case needs to know of it.
func onCase(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	c, err := caseOf(ctx, t, r.ID)
	if err != nil {
		return bot.Thing{}, err
	}
	return bot.Thing{Scope: c.Scope(), Version: c.Version}, hiddenFrom(ctx, t, c)
}

// unknownRef refuses a reference as one that there is not.
func unknownRef(typed string) *bot.Refusal {
	return bot.Refuse("error.unknown_ref", "ref", civic.Clean(typed, 40))
}

// caseByRef finds a case by its reference as people who work on cases type it; who asks is refused kindly when there is
// none, or when it may be about them.
func caseByRef(ctx context.Context, t *bot.Turn, typed string) (civic.Case, error) {
	unknown := unknownRef(typed)
	ref, ok := civic.ParseRef(typed)
	if !ok {
		return civic.Case{}, unknown
	}
	c, err := t.Tx.CaseByRef(ctx, ref)
	if errors.Is(err, bot.ErrNotFound) || err == nil && c.Subject.Bars(t.Actor) {
		return civic.Case{}, unknown
	}
	return c, err
}

// move brings a case to another status, if it may go there; the cards that show it follow.
func move(ctx context.Context, t *bot.Turn, c *civic.Case, to civic.Status) error {
	if !c.Status.May(to) {
		return bot.Refuse("case.move.refused", "status", t.T("case.status."+string(c.Status)))
	}
	if c.Status = to; to != civic.Snoozed {
		c.SnoozedTill = time.Time{}
	}
	if c.Answered.IsZero() && to.Answers() {
		c.Answered = t.Now
	}
	return saveCase(ctx, t, c, string(to))
}

// saveCase stores a change of a case, notes it in the audit trail and brings the cards up to date.
func saveCase(ctx context.Context, t *bot.Turn, c *civic.Case, what string) error {
	c.Changed = t.Now
	before, err := t.Tx.Case(ctx, c.ID)
	if err != nil {
		return err
	}
	if err := t.Tx.SaveCase(ctx, c); err != nil {
		return err
	}
	if err := keepTime(ctx, t, *c); err != nil {
		return err
	}
	about := bot.About(caseKind, c.ID)
	if err := auditCase(ctx, t, *c, what); err != nil {
		return err
	}
	if err := errors.Join(t.Refresh(ctx, about), showTaken(ctx, t, *c), showLate(ctx, t, *c), noteTips(ctx, t, *c)); err != nil {
		return err
	}
	if err := noteQueue(ctx, t, *c, before); err != nil {
		return err
	}
	if err := tellThread(ctx, t, before, *c, what); err != nil {
		return err
	}
	return refreshHandover(ctx, t, *c)
}

// auditCase notes what was done to a case, and by whom if it was their work. What a reporter does is noted without them:
// the trail is kept far longer than the link between a case and who told it.
func auditCase(ctx context.Context, t *bot.Turn, c civic.Case, what string) error {
	e := bot.AuditEntry{At: t.Now, Action: "case." + what, Object: bot.About(caseKind, c.ID)}
	if role := roleIn(t, c); role != "" && !byReporter[what] {
		e.Actor, e.Detail = t.Actor.ID, string(role)
	}
	return t.Tx.Audit(ctx, e)
}

// byReporter is what a reporter does to a case, who may be a coordinator as well.
var byReporter = map[string]bool{
	"received": true, "named": true, string(civic.ReopenRequested): true, string(civic.Withdrawn): true, deedRecalled: true,
	deedErased: true,
}

// tellReporters tells everybody who reported to a case something, privately and each in their own language. The
// reference is filled in.
func tellReporters(ctx context.Context, t *bot.Turn, c civic.Case, key string) error {
	return tellReportersWith(ctx, t, c, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, key, "ref", c.Ref)}
	})
}

// tellReportersWith tells everybody who reported to a case what write makes for their language.
func tellReportersWith(ctx context.Context, t *bot.Turn, c civic.Case, write func(lang string) bot.Message) error {
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("reporters of case %d: %w", c.ID, err)
	}
	told := map[int64]bool{}
	for _, r := range reports {
		if r.Reporter == 0 || told[r.Reporter] {
			continue
		}
		told[r.Reporter] = true
		if _, err := t.Tell(ctx, r.Reporter, bot.LaneRoutine, write); err != nil {
			return err
		}
	}
	return nil
}

// categoryLabel names a category.
func categoryLabel(t *bot.Turn, lang string, c civic.Category) string {
	return t.In(lang, "category."+string(c))
}

// placeLabel names a place as far as it is known: the street, with the landmark by which it was named, else the reporter's
// words.
func placeLabel(ctx context.Context, t *bot.Turn, lang string, p civic.Place) (string, error) {
	if p.Street == 0 {
		if p.Words != "" {
			return p.Words, nil
		}
		return t.In(lang, "form.place.elsewhere"), nil
	}
	street, err := t.Tx.Area(ctx, p.Street)
	if err != nil {
		return "", fmt.Errorf("place: %w", err)
	}
	label, err := t.StreetLabel(ctx, street)
	if err != nil {
		return "", err
	}
	landmark, err := t.LandmarkName(ctx, p.Landmark)
	if err != nil || landmark == "" {
		return label, err
	}
	return t.In(lang, "place.landmark", "landmark", landmark, "street", label), nil
}

// whereLabel names a place as placeLabel does, with what its reporter said of it besides: "Kastanjelaan, achter de flat".
func whereLabel(ctx context.Context, t *bot.Turn, lang string, p civic.Place) (string, error) {
	label, err := placeLabel(ctx, t, lang, p)
	if err != nil || p.Street == 0 || p.Words == "" {
		return label, err
	}
	street, err := t.Tx.Area(ctx, p.Street)
	if err != nil {
		return "", fmt.Errorf("place: %w", err)
	}
	switch more := civic.PlaceDetail(p.Words, street.Name, label); {
	case more == "":
		return label, nil
	case more[0] >= '0' && more[0] <= '9': // a house number
		return label + " " + more, nil
	default:
		return t.In(lang, "place.words", "place", label, "words", more), nil
	}
}

// clock tells the time of day, by the network's clock.
func clock(t *bot.Turn, lang string, at time.Time) string {
	return t.In(lang, "time.clock", "hour", at.In(zone(t)).Format("15"), "minute", at.In(zone(t)).Format("04"))
}

// day tells the date, by the network's clock, in the order of the language.
func day(t *bot.Turn, lang string, at time.Time) string {
	local := at.In(zone(t))
	return t.In(lang, "time.day", "day", local.Day(), "month", t.In(lang, "time.month."+strconv.Itoa(int(local.Month()))))
}

// moment tells when something was: the time of day when it was today, else the date as well.
func moment(t *bot.Turn, lang string, at time.Time) string {
	now, then := t.Now.In(zone(t)), at.In(zone(t))
	if now.Year() == then.Year() && now.YearDay() == then.YearDay() {
		return clock(t, lang, at)
	}
	return day(t, lang, at) + ", " + clock(t, lang, at)
}

func zone(t *bot.Turn) *time.Location {
	if t.Network.Zone == nil {
		return time.UTC
	}
	return t.Network.Zone
}
