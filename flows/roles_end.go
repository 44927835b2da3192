package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const endRoleForm = "roleend"

// roleEnding is a role that is about to end.
type roleEnding struct {
	Which string `json:"which,omitempty"` // PERSON/ROLE/AREA
	Sure  string `json:"sure,omitempty"`
}

// endingRole is the form in which a role is ended: one of the actor's own, or one to which the actor may invite.
func endingRole() bot.Form[roleEnding] {
	return bot.Form[roleEnding]{
		Name: endRoleForm, Needs: civic.EndRole, Start: startEnding, Done: roleEnded,
		Steps: []bot.Step[roleEnding]{
			bot.PickFrom("which", func(a *roleEnding) *string { return &a.Which }, rolesToEnd),
			bot.Ending[roleEnding](sureOfEnd{
				bot.Pick("sure", func(a *roleEnding) *string { return &a.Sure }, answerYes, answerNo),
			}),
		},
	}
}

func beginEnding(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	return t.Begin(ctx, endRoleForm, bot.Input{})
}

func startEnding(ctx context.Context, t *bot.Turn, _ bot.Input) (roleEnding, []string, error) {
	options, err := rolesToEnd(ctx, t, roleEnding{})
	if err == nil && len(options) == 0 {
		return roleEnding{}, nil, bot.Refuse("roleend.none")
	}
	return roleEnding{}, nil, err
}

// rolesToEnd are the roles that the actor may end.
func rolesToEnd(ctx context.Context, t *bot.Turn, _ roleEnding) ([]bot.Option, error) {
	held, err := t.Tx.Holdings(ctx, t.Network.ID, t.Now)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, h := range held {
		if !mayEnd(t, h) {
			continue
		}
		label, err := holdingLabel(ctx, t, h)
		if err != nil {
			return nil, err
		}
		options = append(options, bot.Option{Key: holdingKey(h), Label: label})
	}
	return options, nil
}

func mayEnd(t *bot.Turn, h bot.Holding) bool { return h.Person == t.Actor.ID || mayInvite(t, h.Role) }

func holdingKey(h bot.Holding) string {
	return strings.Join([]string{strconv.FormatInt(h.Person, 10), string(h.Role), strconv.FormatInt(int64(h.Area), 10)}, "/")
}

func holdingLabel(ctx context.Context, t *bot.Turn, h bot.Holding) (string, error) {
	area, err := t.Tx.Area(ctx, h.Area)
	if err != nil {
		return "", err
	}
	name := h.Name
	if name == "" {
		name = t.T("member.unnamed")
	}
	return t.T("roleend.which", "name", name, "role", t.T("member.role."+string(h.Role)), "area", area.Name), nil
}

// sureOfEnd asks once more.
type sureOfEnd struct{ bot.Step[roleEnding] }

// Ask names the role, the person and the area.
func (s sureOfEnd) Ask(ctx context.Context, t *bot.Turn, form string, a roleEnding) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, a)
	if err != nil {
		return m, err
	}
	h, err := heldNow(ctx, t, a.Which)
	if err != nil {
		return m, err
	}
	label, err := holdingLabel(ctx, t, h)
	key := "roleend.sure.ask"
	if h.Person == t.Actor.ID {
		key = "roleend.sure.own"
	}
	m.Text = t.T(key, "what", label)
	return m, err
}

// heldNow finds the role that was chosen. It may have ended meanwhile, or the actor's own role.
func heldNow(ctx context.Context, t *bot.Turn, key string) (bot.Holding, error) {
	held, err := t.Tx.Holdings(ctx, t.Network.ID, t.Now)
	if err != nil {
		return bot.Holding{}, err
	}
	i := slices.IndexFunc(held, func(h bot.Holding) bool { return holdingKey(h) == key })
	switch {
	case i < 0:
		return bot.Holding{}, bot.Refuse("roleend.gone")
	case !mayEnd(t, held[i]):
		return bot.Holding{}, bot.Refuse("refused.role")
	}
	return held[i], nil
}

// roleEnded ends a role and tells both sides. A network keeps one administrator at least.
func roleEnded(ctx context.Context, t *bot.Turn, a roleEnding) error {
	if a.Sure != answerYes {
		return t.Say(ctx, "roleend.kept")
	}
	h, err := heldNow(ctx, t, a.Which)
	if err != nil {
		return err
	}
	m, err := t.Tx.Member(ctx, h.Person)
	if err != nil {
		return err
	}
	if h.Role == civic.Admin {
		last, err := lastAdmin(ctx, t, m.ID, h.Area)
		if err != nil {
			return err
		}
		if last {
			return bot.Refuse("roleend.last_admin")
		}
	}
	if err := endGrant(ctx, t, m, h); err != nil {
		return err
	}
	if err := tellEnded(ctx, t, h); err != nil {
		return err
	}
	return outOfRooms(ctx, t, m, h.Role, t.Network.ID)
}

// endGrant lets a role end for good, whatever the clock says later.
func endGrant(ctx context.Context, t *bot.Turn, m civic.Member, h bot.Holding) error {
	if err := t.Tx.Revoke(ctx, m.ID, h.Role, h.Area, t.Now); err != nil {
		return err
	}
	return t.Audit(ctx, "role.ended", bot.About(memberKind, m.ID), string(h.Role))
}

// tellEnded tells who held the role, and who ended it, with what is missing now.
func tellEnded(ctx context.Context, t *bot.Turn, h bot.Holding) error {
	area, err := t.Tx.Area(ctx, h.Area)
	if err != nil {
		return err
	}
	lines, reached := []string{}, true
	if h.Person != t.Actor.ID {
		reached, err = t.Tell(ctx, h.Person, bot.LaneRoutine, func(lang string) bot.Message {
			return bot.Message{Text: t.In(lang, "roleend.told", "role", t.In(lang, "member.role."+string(h.Role)),
				"area", area.Name, "by", nameOf(t, lang, t.Actor))}
		})
		if err != nil {
			return err
		}
	}
	label, err := holdingLabel(ctx, t, h)
	if err != nil {
		return err
	}
	lines = append(lines, t.T("roleend.done", "what", label))
	if !reached {
		lines = append(lines, t.T("roleend.unreached"))
	}
	held, err := t.Tx.Holdings(ctx, t.Network.ID, t.Now)
	if err != nil {
		return err
	}
	lines = append(lines, missingCoordinators(t, held, []civic.Area{area})...)
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: strings.Join(lines, "\n")})
}
