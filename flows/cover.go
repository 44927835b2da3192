package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	coverKind   = "cover"        // a person's absence: "cover/PERSON"
	coverBegins = "cover.begins" // ref: person
	coverEnds   = "cover.ends"
)

// Cover lets coordinators and police be away: others are called for that time, and when nobody is left it is said (feature
// B15).
func Cover() bot.Feature {
	return bot.Feature{
		Name: "cover",
		Commands: []bot.CommandSpec{
			{Name: "vakantie", Needs: civic.BeAway, Do: goAway},
			{Name: "dienst", Needs: civic.SeeDuty, Do: showDuty},
		},
		Actions: []bot.Action{{Name: "cover.back", Needs: civic.SeeOwn, On: onSelf, Do: comeBack}},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			coverBegins: absenceBegins, coverEnds: absenceEnds,
		},
		Keys: []string{"cover.how", "cover.past", "cover.long", "cover.ended", "cover.back.done"},
	}
}

// goAway takes a period, or tells which one is known.
func goAway(ctx context.Context, t *bot.Turn, args string) error {
	known, err := t.Tx.Absence(ctx, t.Actor.ID)
	switch {
	case err != nil:
		return err
	case slices.Contains(t.Words("cover.words.back"), strings.ToLower(strings.TrimSpace(args))):
		return comeBack(ctx, t, bot.Ref{})
	case civic.Blank(args) && known.Until.After(t.Now):
		return t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Message: bot.Message{
			Text:  t.T("cover.known", "from", dayYear(t, t.Lang(), known.From), "until", lastDay(t, t.Lang(), known)),
			About: bot.About(coverKind, t.Actor.ID), Rows: bot.Rows(bot.Choice{Key: "back", Label: t.T("cover.back")}),
		}})
	case civic.Blank(args):
		return bot.Refuse("cover.how")
	}
	a, why := coverPeriod(coverWordsOf(t), args, t.Now.In(zone(t)))
	if why != "" {
		return bot.Refuse(why)
	}
	return setAbsence(ctx, t, a)
}

// noted confirms an absence: to who works on cases that those go to others, and to an officer who is asked meanwhile how their
// alerts ended.
func noted(ctx context.Context, t *bot.Turn, a civic.Absence) (string, error) {
	args := []any{"from", dayYear(t, t.Lang(), a.From), "until", lastDay(t, t.Lang(), a)}
	owed, err := owedMeanwhile(ctx, t, a)
	if owed == "" || len(triages(t)) > 0 {
		return strings.TrimSpace(t.T("cover.set", args...) + "\n" + owed), err
	}
	return t.T("cover.set.police", args...) + "\n" + owed, err
}

// owedMeanwhile tells an officer who is asked meanwhile how their alerts ended; empty for others.
func owedMeanwhile(ctx context.Context, t *bot.Turn, a civic.Absence) (string, error) {
	network := civic.Scope{Network: t.Network.ID}
	if !t.Actor.Holds(civic.Police, network, t.Late()) {
		return "", nil
	}
	police, err := t.Tx.Holders(ctx, civic.Police, network, t.Now)
	if err != nil {
		return "", fmt.Errorf("police of %s: %w", t.Network.Name, err)
	}
	for _, person := range police {
		other, err := t.Tx.Absence(ctx, person)
		if err != nil {
			return "", err
		}
		if person != t.Actor.ID && !other.At(a.From) {
			return t.T("cover.owed"), nil
		}
	}
	return t.T("cover.owed.alone"), nil
}

func lastDay(t *bot.Turn, lang string, a civic.Absence) string {
	return dayYear(t, lang, a.Until.Add(-time.Minute))
}

func setAbsence(ctx context.Context, t *bot.Turn, a civic.Absence) error {
	ref := strconv.FormatInt(t.Actor.ID, 10)
	err := errors.Join(t.Tx.SetAbsence(ctx, t.Actor.ID, a),
		t.Wake(ctx, coverBegins, ref, a.From), t.Wake(ctx, coverEnds, ref, a.Until),
		t.Audit(ctx, "cover.set", bot.About(memberKind, t.Actor.ID), ""))
	if err != nil {
		return err
	}
	text, err := noted(ctx, t, a)
	if err != nil {
		return err
	}
	err = t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Message: bot.Message{
		Text:  text,
		About: bot.About(coverKind, t.Actor.ID), Rows: bot.Rows(bot.Choice{Key: "back", Label: t.T("cover.back")}),
	}})
	if err != nil {
		return err
	}
	return warnUncovered(ctx, t, a)
}

// comeBack ends an absence at the person's word.
func comeBack(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	known, err := t.Tx.Absence(ctx, t.Actor.ID)
	if err != nil {
		return err
	}
	if !known.Until.After(t.Now) {
		return bot.Refuse("press.done")
	}
	ref := strconv.FormatInt(t.Actor.ID, 10)
	err = errors.Join(t.Tx.SetAbsence(ctx, t.Actor.ID, civic.Absence{From: t.Now, Until: t.Now}),
		t.Tx.Sleep(ctx, coverBegins, ref), t.Tx.Sleep(ctx, coverEnds, ref))
	if err != nil {
		return err
	}
	return t.Say(ctx, "cover.back.done")
}

// absenceBegins gives the cases of who goes away to others, and tells those who cover, in each network by itself.
func absenceBegins(ctx context.Context, t *bot.Turn, ref string) error {
	m, a, err := absent(ctx, t, ref)
	if err != nil || !a.At(t.Now) {
		return err
	}
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	for _, n := range networks {
		there, err := inNetwork(ctx, t, n.ID)
		if err != nil {
			return err
		}
		if err := coverIn(ctx, there, m.ID, a); err != nil {
			return err
		}
	}
	return nil
}

// coverIn does so in the network of the turn.
func coverIn(ctx context.Context, t *bot.Turn, person int64, a civic.Absence) error {
	m, err := t.Person(ctx, person)
	if err != nil {
		return err
	}
	const most = 500 // cases of one person
	q := civic.Queue{Network: t.Network.ID, Reader: m.Reader(t.Now), Owner: m.ID}
	cases, err := t.Tx.OpenCases(ctx, q, most)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if !inCare(c.Status) {
			continue
		}
		if err := free(ctx, t, &c, "covered"); err != nil {
			return err
		}
	}
	for _, area := range m.AreasOf(civic.TriageCase, t.Late()) {
		if err := tellCover(ctx, t, m, area, a); err != nil {
			return err
		}
	}
	return nil
}

// tellCover tells who covers an area that they do, or, when nobody does, those who can find somebody.
func tellCover(ctx context.Context, t *bot.Turn, m civic.Member, id civic.AreaID, a civic.Absence) error {
	area, err := t.Tx.Area(ctx, id)
	if err != nil {
		return err
	}
	people, err := onDuty(ctx, t, area, m.ID, t.Now)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return sayUncovered(ctx, t, area, m.ID, a)
	}
	for _, person := range people {
		_, err := t.TellFor(ctx, person, bot.For(civic.TriageCase, area.Scope()), bot.LaneRoutine, func(lang string) bot.Message {
			return bot.Message{Text: t.In(lang, "cover.yours", "name", nameOf(t, lang, m), "area", area.Name,
				"until", lastDay(t, lang, a)), Silent: atNight(t)}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// onDuty lists who works on the cases of an area at a time, besides one person: coordinators and deputies of it who are
// not away.
func onDuty(ctx context.Context, t *bot.Turn, area civic.Area, but int64, at time.Time) ([]int64, error) {
	roles := []civic.Role{civic.Deputy, civic.StreetCoordinator}
	if area.Kind == civic.KindNetwork {
		roles = []civic.Role{civic.Deputy, civic.NetworkCoordinator}
	}
	var people []int64
	for _, role := range roles {
		holders, err := t.Tx.Holders(ctx, role, area.Scope(), at)
		if err != nil {
			return nil, err
		}
		for _, person := range holders {
			a, err := t.Tx.Absence(ctx, person)
			if err != nil {
				return nil, err
			}
			if person != but && !a.At(at) && !slices.Contains(people, person) {
				people = append(people, person)
			}
		}
	}
	return people, nil
}

// uncoveredIn reports whether nobody is on duty in an area at some time of an absence: at its beginning, or when somebody
// else's begins.
func uncoveredIn(ctx context.Context, t *bot.Turn, area civic.Area, but int64, a civic.Absence) (bool, error) {
	times := []time.Time{a.From}
	people, err := onDuty(ctx, t, area, but, a.From)
	if err != nil {
		return false, err
	}
	for _, person := range people {
		other, err := t.Tx.Absence(ctx, person)
		if err != nil {
			return false, err
		}
		if a.At(other.From) && other.Until.After(other.From) {
			times = append(times, other.From)
		}
	}
	for _, at := range times {
		if people, err = onDuty(ctx, t, area, but, at); err != nil || len(people) == 0 {
			return true, err
		}
	}
	return false, nil
}

// warnUncovered tells at once where nobody will be on duty in an absence that was told.
func warnUncovered(ctx context.Context, t *bot.Turn, a civic.Absence) error {
	for _, id := range triages(t) {
		area, err := t.Tx.Area(ctx, id)
		if err != nil {
			return err
		}
		nobody, err := uncoveredIn(ctx, t, area, t.Actor.ID, a)
		if err != nil {
			return err
		}
		if !nobody {
			continue
		}
		if err := sayUncovered(ctx, t, area, t.Actor.ID, a); err != nil {
			return err
		}
		if err := t.Say(ctx, "cover.nobody.told", "area", area.Name); err != nil {
			return err
		}
	}
	return nil
}

// uncoveredTold are who can find somebody for an area in which nobody is on duty.
var uncoveredTold = []civic.Role{civic.NetworkCoordinator, civic.Admin}

// sayUncovered warns coordinators of the network and administrators that nobody is on duty in an area.
func sayUncovered(ctx context.Context, t *bot.Turn, area civic.Area, but int64, a civic.Absence) error {
	var told []int64
	scope := civic.Scope{Network: area.Network}
	who := bot.ForRoles(scope, uncoveredTold...)
	for _, role := range uncoveredTold {
		people, err := t.Tx.Holders(ctx, role, scope, t.Now)
		if err != nil {
			return err
		}
		for _, person := range people {
			if person == but || slices.Contains(told, person) {
				continue
			}
			told = append(told, person)
			_, err := t.TellFor(ctx, person, who, bot.LaneRoutine, func(lang string) bot.Message {
				return bot.Message{Text: t.In(lang, "cover.nobody", "area", area.Name, "from", dayYear(t, lang, a.From),
					"until", lastDay(t, lang, a))}
			})
			if err != nil {
				return err
			}
		}
	}
	return t.Audit(ctx, "cover.nobody", bot.About("area", int64(area.ID)), "")
}

// absenceEnds welcomes somebody back.
func absenceEnds(ctx context.Context, t *bot.Turn, ref string) error {
	m, a, err := absent(ctx, t, ref)
	if err != nil || m.ID == 0 || a.Until.After(t.Now) {
		return err
	}
	_, err = t.Tell(ctx, m.ID, bot.LaneRoutine, func(lang string) bot.Message {
		text := t.In(lang, "cover.ended")
		if len(m.AreasOf(civic.TriageCase, t.Late())) == 0 {
			text = t.In(lang, "cover.ended.police")
		}
		return bot.Message{Text: text, Silent: atNight(t)}
	})
	return err
}

// absent is the person of a timer and their absence; the zero Member when they left.
func absent(ctx context.Context, t *bot.Turn, ref string) (civic.Member, civic.Absence, error) {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return civic.Member{}, civic.Absence{}, fmt.Errorf("absence of %q: %w", ref, err)
	}
	m, err := t.Tx.Member(ctx, id)
	if errors.Is(err, bot.ErrNotFound) {
		return civic.Member{}, civic.Absence{}, nil
	}
	if err != nil {
		return m, civic.Absence{}, err
	}
	a, err := t.Tx.Absence(ctx, id)
	return m, a, err
}

// present keeps those who are not away; everybody, when all are: a case must stand before somebody.
func present(ctx context.Context, t *bot.Turn, people []int64) ([]int64, error) {
	var here []int64
	for _, person := range people {
		a, err := t.Tx.Absence(ctx, person)
		if err != nil {
			return nil, err
		}
		if !a.At(t.Now) {
			here = append(here, person)
		}
	}
	if len(here) == 0 {
		return people, nil
	}
	return here, nil
}
