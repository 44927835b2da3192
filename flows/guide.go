package flows

import (
	"context"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// guideKind names the guide through the set-up of a network: "guide/NETWORK".
const guideKind = "guide"

// Guiding leads an administrator through the set-up of a network, from the first group to a test message. What is done
// is never noted: it is read off what is stored, so the guide can be left, taken up and gone through again at any time.
func Guiding() bot.Feature {
	needs := civic.SetUp
	return bot.Feature{
		Name:     "guide",
		Commands: []bot.CommandSpec{{Name: "inrichten", Needs: needs, Do: showGuide}},
		Actions: []bot.Action{
			{Name: "guide.next", Needs: needs, On: onRoles, Do: nextOfGuide},
			{Name: "guide.direct", Needs: needs, On: onGuided, Do: tellDirectly},
			{Name: "guide.invite", Needs: civic.InviteRole, On: onRoles, Do: inviteByGuide},
			{Name: "guide.proof", Needs: needs, On: onRoles, Do: proveRooms},
			{Name: "look.again", Needs: needs, On: onLook, Do: lookAgain},
			{Name: "look.on", Needs: needs, On: onLook, Do: nextOfGuide},
		},
		Tasks:  []bot.Task{bot.Inspection(lookKind, looked)},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{proofKind: proven},
		Keys:   guideKeys(),
	}
}

// guideKeys are the texts whose keys are made while guiding.
func guideKeys() []string {
	var keys []string
	for _, kind := range namedRooms {
		keys = append(keys, "guide.room."+string(kind))
	}
	for _, kind := range []civic.TargetKind{civic.TargetGroup, civic.TargetChannel, civic.TargetDirect} {
		keys = append(keys, "guide.kind."+string(kind))
	}
	return keys
}

// showGuide begins the guide, or takes it up where something is left to do.
func showGuide(ctx context.Context, t *bot.Turn, _ string) error {
	s, err := readSetup(ctx, t)
	if err != nil {
		return err
	}
	m := s.overview(t, t.Lang())
	return postGuide(ctx, t, t.Chat.ID, t.Actor.ID, m)
}

// beginGuide greets who administers a network that nobody has set up yet.
func beginGuide(ctx context.Context, t *bot.Turn) error {
	s, err := readSetup(ctx, t)
	if err != nil || s.begun() {
		return err
	}
	m, err := s.ask(ctx, t, t.Lang(), s.after(""))
	if err != nil {
		return err
	}
	m.Text = t.T("guide.begin", "network", t.Network.Name) + "\n\n" + m.Text
	return postGuide(ctx, t, t.Chat.ID, t.Actor.ID, m)
}

// postGuide shows a step of the guide to the person who follows it, and to nobody else.
func postGuide(ctx context.Context, t *bot.Turn, chat, person int64, m bot.Message) error {
	m.About, m.For = bot.About(guideKind, int64(t.Network.ID)), setters(t)
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: m.About, Person: person, Message: m})
}

// follows reports whether the guide was shown in a private chat.
func follows(ctx context.Context, t *bot.Turn, chat int64) (bool, error) {
	places, err := t.Tx.CardChats(ctx, bot.About(guideKind, int64(t.Network.ID)))
	for _, p := range places {
		if p.Chat == chat {
			return true, err
		}
	}
	return false, err
}

// nextOfGuide shows the next step that is not done, after the one that was pressed on.
func nextOfGuide(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	s, err := readSetup(ctx, t)
	if err != nil {
		return err
	}
	m, err := s.ask(ctx, t, t.Lang(), s.after(r.Arg))
	if err != nil {
		return err
	}
	return postGuide(ctx, t, t.Chat.ID, t.Actor.ID, m)
}

// guideOn goes on with the guide of a person after a step was done elsewhere; nothing when they do not follow one.
func guideOn(ctx context.Context, t *bot.Turn, person int64, step string) error {
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil || chat == 0 {
		return err
	}
	on, err := follows(ctx, t, chat)
	if err != nil || !on {
		return err
	}
	m, err := t.Tx.Member(ctx, person)
	if err != nil || !m.May(civic.SetUp, civic.Scope{Network: t.Network.ID}, t.Late()) {
		return err
	}
	s, err := readSetup(ctx, t)
	if err != nil {
		return err
	}
	s.reader = person
	question, err := s.ask(ctx, t, t.LangOf(m), s.after(step))
	if err != nil {
		return err
	}
	return postGuide(ctx, t, chat, person, question)
}

// onGuided finds the street group of a step, or the network when all are meant.
func onGuided(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	if r.Arg == guideAll {
		return onRoles(ctx, t, r)
	}
	group, err := groupArg(ctx, t, r.Arg)
	return bot.Thing{Scope: group.Scope()}, err
}

// guideAll stands for every street group that is told nowhere yet.
const guideAll = "all"

// tellDirectly lets a street group, or all that are told nowhere, hear alerts one by one in private.
func tellDirectly(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	s, err := readSetup(ctx, t)
	if err != nil {
		return err
	}
	step := ""
	for _, g := range s.groups {
		id := strconv.FormatInt(int64(g.ID), 10)
		if r.Arg != id && (r.Arg != guideAll || s.told(g)) {
			continue
		}
		if err := bindDirect(ctx, t, g); err != nil {
			return err
		}
		step = groupStep(g)
	}
	if err := t.Answer(ctx, "guide.direct.done"); err != nil {
		return err
	}
	if r.Arg == guideAll {
		step = s.lastGroup()
	}
	return nextOfGuide(ctx, t, bot.Ref{Arg: step})
}

// bindDirect makes the private chats of its members the place where a street group is told things.
func bindDirect(ctx context.Context, t *bot.Turn, group civic.Area) error {
	target, err := targetOfGroup(ctx, t, group)
	if err != nil {
		return err
	}
	old := target.Chat
	target.Kind, target.Chat = civic.TargetDirect, 0
	if err := t.Tx.SaveTarget(ctx, &target); err != nil {
		return err
	}
	if err := t.Audit(ctx, "room.bound", bot.About("area", int64(group.ID)), string(target.Kind)); err != nil {
		return err
	}
	return replaced(ctx, t, old)
}

// targetOfGroup is where a street group is told things, or a new place.
func targetOfGroup(ctx context.Context, t *bot.Turn, group civic.Area) (civic.Target, error) {
	targets, err := t.Tx.Targets(ctx, group.Network)
	for _, target := range targets {
		if target.Group == group.ID && target.Ordinary() {
			return target, err
		}
	}
	return civic.Target{Group: group.ID}, err
}

// inviteByGuide makes the invitation that a step asks for, shows its code and goes on; the argument is ROLE@STEP, or
// street_coordinator-GROUP, of which there may be several to make, so that the step stays.
func inviteByGuide(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	what, from, goesOn := strings.Cut(r.Arg, "@")
	role, area, _ := strings.Cut(what, "-")
	if err := invited(ctx, t, inviteDraft{Role: civic.Role(role), Area: area}); err != nil || !goesOn {
		return err
	}
	return nextOfGuide(ctx, t, bot.Ref{Arg: from})
}
