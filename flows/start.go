package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// start answers the first word of everybody, and the links and codes that come with it.
func start(ctx context.Context, t *bot.Turn, args string) error {
	if t.Chat.Ref.Kind != bot.Private && args != "" {
		return connectAndLook(ctx, t, args)
	}
	alone, ok, err := t.Alone(ctx)
	if err != nil || !ok {
		return err
	}
	t = alone
	if args == "" {
		return greet(ctx, t)
	}
	if followed, err := t.Follow(ctx, args); followed || err != nil {
		return err
	}
	return startCode(ctx, t, args)
}

// greet tells members what they can do, and leads others to where they left off.
func greet(ctx context.Context, t *bot.Turn) error {
	switch {
	case t.Actor.Standing == civic.StandingPending:
		return stillWaiting(ctx, t)
	case t.Actor.Standing == civic.StandingSuspended:
		return outside(ctx, t)
	case t.Actor.Standing == civic.StandingDormant:
		return offerStill(ctx, t, t.Actor.ID, "still.dormant")
	case t.Actor.Guest():
		return beginJoining(ctx, t)
	case !t.Actor.Active() && len(t.Actor.Roles(t.Late())) == 0:
		return greetKnown(ctx, t)
	}
	m := welcomeBack(t)
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if open != nil {
		m = bot.Message{Text: m.Text + "\n\n" + t.T("form.resumed")}
	}
	if err := t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Message: m}); err != nil {
		return err
	}
	return t.Again(ctx)
}

// welcomeBack tells somebody who they are here and what they can do. Who has a role and lives elsewhere may live here as well.
func welcomeBack(t *bot.Turn) bot.Message {
	name := t.Actor.Name
	if name != "" {
		name = " " + name
	}
	args := []any{"name", name, "network", t.Network.Name, "roles", roleNames(t, t.Lang(), t.Actor)}
	if t.Actor.Active() {
		return bot.Message{Text: t.T("start.member", args...)}
	}
	return bot.Message{
		Text: t.T("start.holder", args...), About: bot.About(memberKind, t.Actor.ID),
		Rows: bot.Rows(bot.Choice{Key: "join", Label: t.T("join.role.yes")}),
	}
}

// greetKnown leads on somebody who is known and takes part in nothing: because a role of theirs is not confirmed yet, or
// because it is over.
func greetKnown(ctx context.Context, t *bot.Turn) error {
	claims, err := t.Tx.Claims(ctx, t.Network.ID, t.Now)
	if err != nil {
		return err
	}
	for _, c := range claims {
		if c.Person == t.Actor.ID {
			return t.Say(ctx, "start.claimed", "role", t.T("member.role."+string(c.Role)))
		}
	}
	return beginJoining(ctx, t)
}

// startCode takes the code of a street, of a street group or of an invitation. A code that is unknown or used does not
// keep a guest from joining.
func startCode(ctx context.Context, t *bot.Turn, code string) error {
	if err := knocking(ctx, t); err != nil {
		return err
	}
	ok, err := codeOf(ctx, t, code)
	if err != nil {
		return err
	}
	if ok {
		if t.Actor.Standing != civic.StandingNone {
			return invite(ctx, t)
		}
		return t.Begin(ctx, joinForm, bot.Input{Args: code})
	}
	parsed, _ := civic.ParseJoinCode(code)
	i, err := t.Tx.PeekInvite(ctx, parsed, t.Now)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return unknownCode(ctx, t, parsed)
	case err != nil:
		return err
	case i.Kind == accountKind:
		return t.Begin(ctx, linkForm, bot.Input{Args: parsed})
	case i.Kind == inviteRoom:
		return t.Say(ctx, "start.room_code")
	case i.Kind == inviteVouch:
		return vouched(ctx, t, i, parsed)
	}
	return t.Begin(ctx, invitedForm, bot.Input{Args: parsed})
}

// codeOf reports whether a code is on the sign of a street or a street group. It leads to the network of the sign, of which
// somebody may be no member yet, or a guest.
func codeOf(ctx context.Context, t *bot.Turn, code string) (bool, error) {
	area, err := t.Tx.AreaByCode(ctx, strings.ToUpper(strings.TrimSpace(code)))
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	if err != nil || area.Network == t.Network.ID {
		return err == nil, err
	}
	return true, chooseToJoin(ctx, t, area.Network)
}

// chooseToJoin goes to the network that somebody is to join, or has to do with though they are no member. A form of theirs
// that is open goes on where it began.
func chooseToJoin(ctx context.Context, t *bot.Turn, network civic.AreaID) error {
	if t.Actor.Guest() || network == t.Network.ID {
		return t.Choose(ctx, network)
	}
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if open != nil {
		return bot.Refuse("form.busy")
	}
	return t.Choose(ctx, network)
}

// unknownCode tells why a code opens nothing; a guest can join without one.
func unknownCode(ctx context.Context, t *bot.Turn, code string) error {
	key, err := spentCode(ctx, t, code)
	if err != nil {
		return err
	}
	if key == "" {
		key = unknownCodeKey
	}
	if t.Actor.Guest() {
		key += ".guest"
	}
	if strings.HasPrefix(key, unknownCodeKey) {
		err = knocked(ctx, t, key)
	} else {
		err = bot.Refuse(key)
	}
	if why, refused := errors.AsType[*bot.Refusal](err); !refused || why.Key != key || !t.Actor.Guest() {
		return err
	}
	if err := t.Say(ctx, key); err != nil {
		return err
	}
	return beginJoining(ctx, t)
}

// The words about a code that opens nothing; those that end in .guest lead on to joining.
const (
	unknownCodeKey = "start.unknown_code"
	usedCodeKey    = "start.code.used"
	oldCodeKey     = "start.code.old"
	ownCodeKey     = "start.code.own" // used by the one who gives it again
)

// spentCode says what became of a code that can no longer be used; empty when there never was one. Who gives such a code
// guesses none, so no door closes over it.
func spentCode(ctx context.Context, t *bot.Turn, code string) (string, error) {
	i, err := t.Tx.SpentInvite(ctx, code, t.Now)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	case i.UsedBy == 0:
		return oldCodeKey, nil
	case i.UsedBy == t.Actor.ID:
		return ownCodeKey, nil
	}
	return usedCodeKey, nil
}

// spent refuses a code that was used, or expired, while it was being read.
func spent(ctx context.Context, t *bot.Turn, code string) error {
	key, err := spentCode(ctx, t, code)
	if err != nil {
		return err
	}
	if key == "" {
		key = unknownCodeKey
	}
	return bot.Refuse(key)
}
