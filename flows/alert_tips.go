package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	// tipsKind is the list of what many told about an alert within minutes: "tips/12" before the police, and
	// "tips/12.network_coordinator" before the coordinators, with the number of the alert. It stands once in each chat and
	// is changed there.
	tipsKind  = "tips"
	tipsTimer = "alert.tips" // ref: the alert
	// linkTip begins the link from the list to what one person told: "tip-KAS-7F3K".
	linkTip = "tip-"

	tipsLook  = 200 // cases of the last minute that are looked at for tips
	tipLetter = 100 // characters of what was told that a line shows
)

// tipDesks are before whom tips are brought.
var tipDesks = []desk{policeDesk, coordinatorsDesk}

func (d desk) tipsAbout(alert int64) string {
	if d.role == civic.Police {
		return bot.About(tipsKind, alert)
	}
	return bot.About(tipsKind, alert) + "." + string(d.role)
}

// isTip reports whether a case may stand in the list of its alert: an emergency has a card of its own, and what is about
// somebody of the network stands nowhere.
func isTip(c civic.Case) bool {
	return c.Alert != 0 && c.Urgency != civic.Emergency && c.Subject == civic.SubjectNobody
}

// crowded reports whether a tip came while so many came that the chats do not bear a card for each (see rushShare).
func crowded(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	if !isTip(c) {
		return false, nil
	}
	cards := 0
	for _, d := range tipDesks {
		n, err := rushCards(ctx, t, d, c)
		if err != nil {
			return false, err
		}
		if n > 0 && (cards == 0 || n < cards) {
			cards = n
		}
	}
	if cards == 0 {
		return false, nil
	}
	here := []civic.AreaID{c.Network}
	reader := civic.Reader{Work: here, Sensitive: here, Barred: civic.Subjects}
	seek := civic.Search{Network: c.Network, Reader: reader, Since: t.Now.Add(-rushTime)}
	found, err := t.Tx.FindCases(ctx, seek, tipsLook)
	tips := 0
	for _, f := range found {
		if isTip(f) && f.Alert == c.Alert {
			tips++
		}
	}
	return tips > cards, err
}

// listTip sees to it that a tip comes to stand in the list of its alert; where a desk reads by mail it gets the tip itself.
func listTip(ctx context.Context, t *bot.Turn, c civic.Case) error {
	chats, err := policeDesk.chats(ctx, t, c)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		mail, err := t.AtDesk(ctx, chat)
		if err != nil {
			return err
		}
		if !mail {
			continue
		}
		if err := t.Show(ctx, chat, policeDesk.about(c)); err != nil {
			return err
		}
	}
	return wakeTips(ctx, t, c.Alert)
}

func wakeTips(ctx context.Context, t *bot.Turn, alert int64) error {
	return t.WakeWithin(ctx, tipsTimer, strconv.FormatInt(alert, 10), rushPause)
}

// noteTips brings the list up to date soon, where there is one, when something of a tip changed.
func noteTips(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Alert == 0 || c.Subject != civic.SubjectNobody {
		return nil
	}
	for _, d := range tipDesks {
		places, err := t.Tx.CardChats(ctx, d.tipsAbout(c.Alert))
		if err != nil {
			return err
		}
		if len(places) > 0 {
			return wakeTips(ctx, t, c.Alert)
		}
	}
	return nil
}

// tellTips shows the list of an alert to its desks, and how many answered on the card of the alert.
func tellTips(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	if err != nil || a.ID == 0 {
		return err
	}
	for _, d := range tipDesks {
		if err := d.showTips(ctx, t, a.ID); err != nil {
			return err
		}
	}
	return showAnew(ctx, t, a)
}

// showTips shows the list in the chats of a desk, or brings it up to date where it stands.
func (d desk) showTips(ctx context.Context, t *bot.Turn, alert int64) error {
	list, err := d.waitingTips(ctx, t, alert)
	if err != nil {
		return err
	}
	places, err := t.Tx.CardChats(ctx, d.tipsAbout(alert))
	if err != nil {
		return err
	}
	var shown []int64
	for _, p := range places {
		shown = append(shown, p.Chat)
	}
	for _, c := range list {
		chats, err := d.chats(ctx, t, c)
		if err != nil {
			return err
		}
		for _, chat := range chats {
			mail, err := t.AtDesk(ctx, chat)
			if err != nil {
				return err
			}
			if !mail && !slices.Contains(shown, chat) {
				shown = append(shown, chat)
			}
		}
	}
	for _, chat := range shown {
		if err := t.Show(ctx, chat, d.tipsAbout(alert)); err != nil {
			return err
		}
	}
	return nil
}

// waitingTips lists the tips of an alert that nobody has taken up and that have no card of their own before the desk, oldest
// first.
func (d desk) waitingTips(ctx context.Context, t *bot.Turn, alert int64) ([]civic.Case, error) {
	all, err := t.Tx.CasesOn(ctx, alert)
	if err != nil {
		return nil, fmt.Errorf("answers to alert %d: %w", alert, err)
	}
	var list []civic.Case
	for _, c := range all {
		if !isTip(c) || !waits(c) {
			continue
		}
		places, err := t.Tx.CardChats(ctx, d.about(c))
		if err != nil {
			return nil, err
		}
		if len(places) == 0 {
			list = append(list, c)
		}
	}
	return list, nil
}

// tipsCard is the list: to the police with what was told, to the coordinators' room, where street coordinators read,
// without.
func tipsCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	d := policeDesk
	number, _, covered := strings.Cut(id, ".")
	if covered {
		d = coordinatorsDesk
	}
	a, err := alertOf(ctx, t, number)
	if err != nil {
		return bot.Message{}, err
	}
	if t, err = inNetwork(ctx, t, a.Network); err != nil {
		return bot.Message{}, err
	}
	list, err := d.waitingTips(ctx, t, a.ID)
	if err != nil {
		return bot.Message{}, err
	}
	if len(list) == 0 {
		return bot.Message{Text: t.In(lang, "alert.tips.none", "ref", a.Ref), Silent: true}, nil
	}
	text := []string{t.In(lang, "alert.tips.head", "ref", a.Ref, "count", len(list))}
	var choices []bot.Choice
	for _, c := range list[:min(rushLines, len(list))] {
		line, err := tipLine(ctx, t, lang, c, covered)
		if err != nil {
			return bot.Message{}, err
		}
		text = append(text, line)
		choices = append(choices, bot.Choice{Link: linkTip + c.Ref, Label: c.Ref})
	}
	if rest := len(list) - rushLines; rest > 0 {
		text = append(text, t.In(lang, "alert.tips.rest", "count", rest))
	}
	text = append(text, t.In(lang, "alert.tips.where"))
	return bot.Message{Text: strings.Join(text, "\n"), Rows: bot.Rows(choices...)}, nil
}

// tipLine is a line of the list.
func tipLine(ctx context.Context, t *bot.Turn, lang string, c civic.Case, covered bool) (string, error) {
	args := []any{"ref", c.Ref, "time", moment(t, lang, c.Created)}
	if covered {
		return t.In(lang, "alert.tips.line.covered", args...), nil
	}
	place, err := placeLabel(ctx, t, lang, civic.Place{Street: c.Street})
	if err != nil {
		return "", err
	}
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return "", fmt.Errorf("tip %s: %w", c.Ref, err)
	}
	words := ""
	if len(reports) > 0 {
		words = strings.Join(strings.Fields(reports[0].Text), " ")
	}
	if short := civic.Clean(words, tipLetter); short != words {
		words = short + " …"
	}
	return t.In(lang, "alert.tips.line", append(args, "place", place, "words", words)...), nil
}

// openTip shows a tip of the list in private: to police as the card on which they take it up, to coordinators as the case.
func openTip(ctx context.Context, t *bot.Turn, ref string) error {
	c, err := caseByRef(ctx, t, ref)
	if err != nil {
		return err
	}
	if c.Alert == 0 || !t.Actor.Holds(civic.Police, c.Scope(), t.Late()) || c.Subject != civic.SubjectNobody {
		return uncovered(readCase)(ctx, t, c)
	}
	if err := t.Audit(ctx, "case.read", bot.About(caseKind, c.ID), string(civic.Police)); err != nil {
		return err
	}
	m, err := handoverCard(ctx, t, t.Lang(), strconv.FormatInt(c.ID, 10))
	if err != nil {
		return err
	}
	m.About = policeDesk.about(c)
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, m)
}

// showTaken gives a tip that stood in the list cards of its own once somebody took it up, so that the others see who.
func showTaken(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Alert == 0 || c.Subject != civic.SubjectNobody {
		return nil
	}
	taken := c.Owner != 0 && inCare(c.Status) || withPartner(c)
	places, err := t.Tx.CardChats(ctx, bot.About(caseKind, c.ID))
	if err != nil || !taken || len(places) > 0 {
		return err
	}
	return errors.Join(coordinatorsDesk.show(ctx, t, c), policeDesk.show(ctx, t, c))
}
