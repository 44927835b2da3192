package flows

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const movingForm = "moved"

// relocation is a member's move to another street, or out of the network.
type relocation struct {
	To   civic.Place `json:"to"`
	Gone string      `json:"gone,omitempty"`
}

func (r *relocation) elsewhere() bool { return r.To.Street == 0 && r.To.Words != "" }

// moving asks where a member lives now.
func moving() bot.Form[relocation] {
	return bot.Form[relocation]{
		Name: movingForm, Needs: civic.SetWishes, Done: moved,
		Steps: []bot.Step[relocation]{
			newHome{bot.LocateOr("street", func(r *relocation) *civic.Place { return &r.To }, "moved.street.elsewhere")},
			bot.If((*relocation).elsewhere,
				bot.Pick("gone", func(r *relocation) *string { return &r.Gone }, answerYes, answerNo)),
		},
	}
}

// newHome asks for a street as the sign-up does, and keeps nothing that is more exact.
type newHome struct{ bot.Step[relocation] }

// Take takes a street of the network by button, name, pin or code, or that it is none of them.
func (h newHome) Take(ctx context.Context, t *bot.Turn, in bot.Input, r *relocation) error {
	area, ok, err := areaByCode(ctx, t, in.Text)
	if err != nil {
		return err
	}
	if ok && area.Kind == civic.KindStreet && area.Network == t.Network.ID {
		r.To = civic.Place{Street: area.ID}
		return nil
	}
	err = h.Step.Take(ctx, t, in, r)
	r.To.Point = nil
	if why, refused := errors.AsType[*bot.Refusal](err); refused {
		r.To = civic.Place{}
		if why.Key == "form.place.far" {
			return why.InWords("moved.street.far", why.Args...)
		}
	}
	return err
}

// moved stores the new street at once, and tells the coordinators of another street group who comes.
func moved(ctx context.Context, t *bot.Turn, r relocation) error {
	switch {
	case r.elsewhere() && r.Gone == answerYes:
		return leave(ctx, t, bot.Ref{})
	case r.elsewhere():
		return t.Say(ctx, "leave.stayed")
	}
	street, err := placeLabel(ctx, t, t.Lang(), civic.Place{Street: r.To.Street})
	if err != nil {
		return err
	}
	if r.To.Street == t.Actor.Street {
		return t.Say(ctx, "moved.same", "street", street)
	}
	group, err := groupOf(ctx, t, r.To.Street)
	if err != nil {
		return err
	}
	before := t.Actor.Group
	if before != group.ID {
		if err := moveOut(ctx, t, t.Actor); err != nil {
			return err
		}
	}
	t.Actor.Street, t.Actor.Group = r.To.Street, group.ID
	if err := t.Tx.SaveMember(ctx, t.Actor, t.Now); err != nil {
		return err
	}
	if err := t.Tx.AskedStill(ctx, t.Actor.ID, t.Actor.Network, 0, t.Now); err != nil { // who moves says where they live
		return err
	}
	if err := reached(ctx, t, t.Actor.Network, group.ID); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.moved", bot.About(memberKind, t.Actor.ID), ""); err != nil {
		return err
	}
	if before == group.ID {
		return t.Say(ctx, "moved.done", "street", street, "group", group.Name)
	}
	return movedOver(ctx, t, street, group)
}

// movedOver tells the coordinators who comes to another street group, and who comes where they read alerts from now on.
func movedOver(ctx context.Context, t *bot.Turn, street string, group civic.Area) error {
	err := tellDesk(ctx, t, t.Actor.Network, t.Actor.ID, func(lang string) string {
		return t.In(lang, "moved.told", "name", nameOf(t, lang, t.Actor), "street", street, "group", group.Name)
	})
	if err != nil {
		return err
	}
	heard, err := heardLine(ctx, t, t.Lang(), t.Actor)
	if err != nil {
		return err
	}
	err = t.Post(ctx, t.Chat.ID, bot.LaneRoutine, bot.Message{
		Text: t.T("moved.done", "street", street, "group", group.Name) + heard,
	})
	if err != nil {
		return err
	}
	return settleIn(ctx, t, t.Actor)
}
