package flows

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// OwnData lets everybody see all that is kept of them, and have it erased (GDPR articles 15, 17 and 20).
func OwnData() bot.Feature {
	return bot.Feature{
		Name: "own data",
		Commands: []bot.CommandSpec{
			{Name: "mijngegevens", Needs: civic.SeeOwn, Do: askOwn},
			{Name: "verwijder", Needs: civic.Leave, Do: askErase},
		},
		Actions: []bot.Action{
			{Name: "own.send", Needs: civic.SeeOwn, On: onSelf, Do: sendOwn},
			{Name: "erase.sure", Needs: civic.Leave, On: onSelf, Do: sureErase},
			{Name: "erase.yes", Needs: civic.Leave, Word: wordForget, On: onSelf, Do: erase},
			{Name: "erase.no", Needs: civic.Leave, On: onSelf, Do: stay},
		},
	}
}

// ownKind is what asks whether to send somebody what is kept of them, and what says on which day they got it: "own/PERSON".
const ownKind = "own"

// askOwn asks for one more tap, on this day, before all that is kept of somebody stands in their chat: it is soon opened on a
// phone that somebody else holds, or is read along with.
func askOwn(ctx context.Context, t *bot.Turn, _ string) error {
	if t.Actor.Guest() {
		return t.Say(ctx, "own.guest")
	}
	about := bot.About(ownKind, t.Actor.ID)
	sent, err := t.Tx.SlotTaken(ctx, about, ownDay(t))
	if err != nil {
		return err
	}
	if sent {
		return ownAgain(t)
	}
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneAnswer, Person: t.Actor.ID,
		Message: bot.Message{
			Text: t.T("own.ask"), About: about, Rows: bot.Rows(bot.Choice{Key: "send:" + ownDay(t), Label: t.T("own.send")}),
		},
	})
}

// ownDay is the day that it is where the person lives.
func ownDay(t *bot.Turn) string { return t.Now.In(zone(t)).Format(time.DateOnly) }

// ownAgain says when the person can have it again.
func ownAgain(t *bot.Turn) error {
	return bot.Refuse("own.again", "date", day(t, t.Lang(), t.Now.In(zone(t)).AddDate(0, 0, 1)))
}

// sendOwn sends what is kept of the person, once on a day. Who finds the question on another day is asked anew.
func sendOwn(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	if r.Arg != ownDay(t) {
		return askOwn(ctx, t, "")
	}
	fresh, err := t.Tx.RunSlot(ctx, bot.About(ownKind, t.Actor.ID), ownDay(t), t.Now)
	if err != nil {
		return err
	}
	if !fresh {
		return ownAgain(t)
	}
	return ownData(ctx, t)
}

// ownData tells what is kept of the person: first to read, then as it is stored. It is never a file here: what was sent is
// kept in their own chat alone.
func ownData(ctx context.Context, t *bot.Turn) error {
	sections, err := t.Tx.Own(ctx, t.Actor.ID)
	if err != nil {
		return err
	}
	if err := ownInWords(ctx, t, sections); err != nil {
		return err
	}
	parts, whole, err := ownAsStored(sections)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if err := t.Say(ctx, "own.part", "section", part.section, "json", part.json); err != nil {
			return err
		}
	}
	if !whole {
		return t.Say(ctx, "own.rest")
	}
	return nil
}

// ownInWords tells the person what is kept, in short.
func ownInWords(ctx context.Context, t *bot.Turn, sections []bot.OwnSection) error {
	count := func(name string) int {
		i := slices.IndexFunc(sections, func(s bot.OwnSection) bool { return s.Name == name })
		if i < 0 {
			return 0
		}
		return len(sections[i].Rows)
	}
	none := t.T("own.none")
	street, roles := none, none
	if t.Actor.Street != 0 {
		var err error
		if street, err = placeLabel(ctx, t, t.Lang(), civic.Place{Street: t.Actor.Street}); err != nil {
			return err
		}
	}
	if held := roleNames(t, t.Lang(), t.Actor); held != "" {
		roles = held
	}
	return t.Say(ctx, "own.words", "name", nameOf(t, t.Lang(), t.Actor), "street", street, "roles", roles,
		"reports", count("reports"), "pictures", count("pictures"), "alerts", count("alerts sent to you"),
		"forms", count("forms"))
}

// ownPart is a piece of what is stored that fits into a message.
type ownPart struct{ section, json string }

// ownAsStored writes the sections as JSON, a row in a line, in pieces; whole is false when there were too many.
func ownAsStored(sections []bot.OwnSection) (parts []ownPart, whole bool, err error) {
	const (
		longest = 3000 // characters of a piece
		most    = 40   // pieces; a second for each is what chat services take
	)
	for _, s := range sections {
		var piece strings.Builder
		for _, row := range s.Rows {
			line, err := oneLine(row)
			if err != nil {
				return nil, false, fmt.Errorf("own data, %s: %w", s.Name, err)
			}
			if piece.Len() > 0 && piece.Len()+len(line) > longest {
				parts = append(parts, ownPart{s.Name, strings.TrimSpace(piece.String())})
				piece.Reset()
			}
			piece.WriteString(line)
		}
		parts = append(parts, ownPart{s.Name, strings.TrimSpace(piece.String())})
	}
	if len(parts) > most {
		return parts[:most], false, nil
	}
	return parts, true, nil
}

// oneLine is a row as JSON, with letters as they are.
func oneLine(row map[string]any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(row)
	return b.String(), err
}

// askErase says what erasing does; it takes two taps.
func askErase(ctx context.Context, t *bot.Turn, _ string) error {
	if t.Actor.Guest() {
		open, err := t.Session(ctx)
		if err != nil {
			return err
		}
		return stopGuest(ctx, t, open)
	}
	return offerErase(ctx, t, "erase.ask", bot.Choice{Key: "sure", Label: t.T("erase.go")})
}

func sureErase(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	return offerErase(ctx, t, "erase.sure", bot.Choice{Key: "yes", Label: t.T("erase.yes")})
}

func offerErase(ctx context.Context, t *bot.Turn, key string, on bot.Choice) error {
	last, err := lastAdminAnywhere(ctx, t)
	if err != nil {
		return err
	}
	if last {
		return bot.Refuse("leave.last_admin")
	}
	names, err := partNames(ctx, t)
	if err != nil {
		return err
	}
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneAnswer, Person: t.Actor.ID,
		Message: bot.Message{
			Text: t.T(key, "network", names), About: bot.About("erase", t.Actor.ID),
			Rows: bot.Rows(on, bot.Choice{Key: "no", Label: t.T("erase.no")}),
		},
	})
}

// erase blanks what the person told and forgets who they are. Cases that somebody works on keep their core: kind, street
// and time.
func erase(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	m, err := t.Tx.Member(ctx, t.Actor.ID) // with the roles in every network
	if err != nil {
		return err
	}
	if err := letGo(ctx, t, m); err != nil {
		return err
	}
	if err := withdrawAppeals(ctx, t, m.ID); err != nil {
		return err
	}
	cases, err := t.Tx.EraseOwn(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, id := range cases {
		if err := eraseFrom(ctx, t, id); err != nil {
			return err
		}
	}
	if err := endRoles(ctx, t, m); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.erased", bot.About(memberKind, m.ID), ""); err != nil {
		return err
	}
	names, err := partNames(ctx, t)
	if err != nil {
		return err
	}
	if err := t.Say(ctx, "erase.done", "network", names); err != nil {
		return err
	}
	if err := outEverywhere(ctx, t, m.ID); err != nil {
		return err
	}
	return t.Tx.Forget(ctx, m.ID, t.Now)
}

// eraseFrom ends a case of which nothing is left, unless a partner has it; its cards show what is left.
func eraseFrom(ctx context.Context, t *bot.Turn, id int64) error {
	c, err := t.Tx.Case(ctx, id)
	if err != nil {
		return err
	}
	reports, err := t.Tx.Reports(ctx, id)
	if err != nil {
		return err
	}
	left := slices.ContainsFunc(reports, func(r civic.Report) bool { return r.Reporter != 0 || r.Text != "" })
	if !left && c.Status.May(civic.Withdrawn) {
		err = errors.Join(alertsGone(ctx, t, c), move(ctx, t, &c, civic.Withdrawn))
	} else {
		err = saveCase(ctx, t, &c, deedErased)
	}
	return errors.Join(err, expunge(ctx, t, c))
}
