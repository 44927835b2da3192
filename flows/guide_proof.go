package flows

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// proofKind is a test message: "proof/CHAT-PERSON-SECOND", of a chat, for who asked for it, and when.
const proofKind = "proof"

// proofTo is a chat that gets a test message.
type proofTo struct {
	chat int64
	what use
}

// proveRooms sends a test message to every chat that is bound, and to the actor in place of the members who are told in
// private: nobody's phone buzzes for a test of ours.
func proveRooms(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	s, err := readSetup(ctx, t)
	if err != nil {
		return err
	}
	to, direct := s.provable(t.Network.ID)
	if len(to)+len(direct) == 0 {
		return bot.Refuse("guide.proof.none")
	}
	for _, p := range to {
		lang, err := t.LangIn(ctx, p.chat)
		if err != nil {
			return err
		}
		ref := fmt.Sprintf("%d-%d-%d", p.chat, t.Actor.ID, t.Now.Unix())
		about := proofKind + "/" + ref
		err = t.Mail(ctx, bot.Letter{
			Chat: p.chat, Lane: bot.LaneRoutine, Card: about, Report: about,
			Message: bot.Message{Text: t.In(lang, "guide.proof.text", "what", p.what.label(t, lang))},
		})
		if err != nil {
			return err
		}
	}
	if len(direct) > 0 {
		text := t.T("guide.proof.direct", "groups", strings.Join(direct, ", "))
		if err := t.Post(ctx, t.Chat.ID, bot.LaneRoutine, bot.Message{Text: text, For: setters(t)}); err != nil {
			return err
		}
	}
	if err := t.Answer(ctx, "guide.proof.sent", "count", len(to)); err != nil {
		return err
	}
	return nextOfGuide(ctx, t, bot.Ref{Arg: stepProof})
}

// provable lists the chats that are bound, and the street groups that are told in private.
func (s setup) provable(network civic.AreaID) (to []proofTo, direct []string) {
	for _, kind := range guidedRooms {
		if room := s.rooms[kind]; room.Reachable && !s.desks[kind] { // a desk proved itself
			to = append(to, proofTo{room.ID, use{network: network, kind: kind}})
		}
	}
	for _, g := range s.groups {
		target, told := s.where[g.ID]
		switch {
		case told && target.Chat != 0:
			to = append(to, proofTo{target.Chat, use{network: network, group: g}})
		case told:
			direct = append(direct, g.Name)
		}
	}
	return to, direct
}

// proven tells what became of a test message, once its fate is known.
func proven(ctx context.Context, t *bot.Turn, ref string) error {
	parts := strings.Split(ref, "-")
	chat, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || len(parts) < 2 {
		return fmt.Errorf("proof %q: no chat", ref)
	}
	person, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fmt.Errorf("proof %q: %w", ref, err)
	}
	room, err := t.Tx.Chat(ctx, chat)
	if err != nil {
		return err
	}
	places, err := t.Tx.CardChats(ctx, proofKind+"/"+ref)
	if err != nil {
		return err
	}
	arrived := false
	for _, p := range places {
		arrived = arrived || p.Message != ""
	}
	key := "guide.proof.failed"
	if arrived {
		key = "guide.proof.arrived"
	}
	_, err = t.TellFor(ctx, person, setters(t), bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, key, "title", room.Ref.Title)}
	})
	return err
}
