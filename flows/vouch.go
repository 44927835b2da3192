package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// inviteVouch is the kind of a one-time code with which a member vouches for a neighbour.
const inviteVouch = "vouch"

// mostVouches is how many neighbours a member can vouch for in a day: enough for the people next door, and too few to open
// the door to a crowd.
const mostVouches = 3

// Vouching lets members vouch for a neighbour who wants to join (domain §2.3, row 3).
func Vouching() bot.Feature {
	return bot.Feature{
		Name:     "vouching",
		Commands: []bot.CommandSpec{{Name: "buur", Needs: civic.Vouch, Do: vouch}},
		Keys: []string{
			"member.proof." + string(civic.ProofCode), "member.proof." + string(civic.ProofNeighbour), "member.proof.none",
		},
	}
}

// vouch makes a code for one neighbour. What they do with it is theirs: the code lets nobody in, it carries the member's
// word to the coordinators.
func vouch(ctx context.Context, t *bot.Turn, _ string) error {
	for n := 1; ; n++ {
		slot := fmt.Sprintf("%s %d", t.Now.UTC().Format("2006-01-02"), n)
		fresh, err := t.Tx.RunSlot(ctx, bot.About(inviteVouch, t.Actor.ID), slot, t.Now)
		if err != nil {
			return err
		}
		if fresh {
			break
		}
		if n >= mostVouches {
			return bot.Refuse("vouch.enough", "count", mostVouches)
		}
	}
	area := t.Actor.Group
	if area == 0 {
		area = t.Actor.Network
	}
	code, err := civic.JoinCode(t.Random())
	if err != nil {
		return err
	}
	i := bot.Invite{Kind: inviteVouch, Area: area, By: t.Actor.ID, Expires: t.Now.Add(InviteLife)}
	if err := t.Tx.CreateInvite(ctx, code, i, t.Now); err != nil {
		return err
	}
	if err := t.Audit(ctx, "invite."+inviteVouch, bot.About("area", int64(area)), ""); err != nil {
		return err
	}
	days := int(InviteLife.Hours() / 24)
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{
		Text: t.T("vouch.made", "code", code, "days", days),
		// A link stays on a message that is passed on: the neighbour joins with one press.
		Rows: bot.Rows(bot.Choice{Link: code, Label: t.T("vouch.join")}),
	})
}

// vouched begins the sign-up of somebody who brings a neighbour's word.
func vouched(ctx context.Context, t *bot.Turn, i bot.Invite, code string) error {
	if i.By == t.Actor.ID && i.By != 0 {
		return bot.Refuse("vouch.own")
	}
	area, err := t.Tx.Area(ctx, i.Area)
	if err != nil {
		return err
	}
	if err := chooseToJoin(ctx, t, area.Network); err != nil {
		return err
	}
	if t.Actor.Standing != civic.StandingNone {
		return invite(ctx, t)
	}
	return t.Begin(ctx, joinForm, bot.Input{Args: code})
}

// startVouched keeps the code of a neighbour until the request is complete; the streets of their street group are offered
// first.
func startVouched(ctx context.Context, t *bot.Turn, code string) (joining, []string, error) {
	parsed, _ := civic.ParseJoinCode(code)
	i, err := t.Tx.PeekInvite(ctx, parsed, t.Now)
	if errors.Is(err, bot.ErrNotFound) || err == nil && i.Kind != inviteVouch {
		return joining{}, nil, nil
	}
	return joining{Vouch: parsed, Group: i.Area}, nil, err
}

// proofOf is how the applicant shows that they belong here, as far as it is known now. A neighbour's code is used up; one
// that was used meanwhile, or whose maker is no member any more, says nothing.
func proofOf(ctx context.Context, t *bot.Turn, person int64, j joining) (civic.Proof, error) {
	if j.Vouch != "" {
		i, err := t.Tx.UseInvite(ctx, j.Vouch, person, t.Now)
		if err != nil && !errors.Is(err, bot.ErrNotFound) {
			return civic.Proof{}, err
		}
		if err == nil {
			m, err := t.Person(ctx, i.By)
			if err == nil && m.Active() {
				return civic.Proof{Method: civic.ProofNeighbour, By: i.By, At: t.Now}, nil
			}
			if err != nil && !errors.Is(err, bot.ErrNotFound) {
				return civic.Proof{}, err
			}
		}
	}
	if j.Coded || j.ByCode || j.Group != 0 && j.Vouch == "" {
		return civic.Proof{Method: civic.ProofCode, At: t.Now}, nil
	}
	return civic.Proof{}, nil
}

// proofLine tells the coordinators how the applicant shows that they belong here. Whose word it is, they and nobody else
// read.
func proofLine(ctx context.Context, t *bot.Turn, lang string, person int64) (string, error) {
	p, err := t.Tx.ProofOf(ctx, person, t.Network.ID)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return "", err
	}
	switch p.Method {
	case civic.ProofCode:
		return t.In(lang, "member.proof.code"), nil
	case civic.ProofNeighbour:
		m, err := t.Tx.Member(ctx, p.By)
		if errors.Is(err, bot.ErrNotFound) { // who vouched has left since
			return t.In(lang, "member.proof.none"), nil
		}
		if err != nil {
			return "", err
		}
		return t.In(lang, "member.proof.neighbour", "name", nameOf(t, lang, m)), nil
	case civic.ProofCoordinator:
	}
	return t.In(lang, "member.proof.none"), nil
}

// knownByCoordinator notes that a coordinator's word is the proof of who brought no other.
func knownByCoordinator(ctx context.Context, t *bot.Turn, person int64) error {
	p, err := t.Tx.ProofOf(ctx, person, t.Network.ID)
	if err != nil || p.Method != "" {
		return err
	}
	return t.Tx.Prove(ctx, person, t.Network.ID, civic.Proof{Method: civic.ProofCoordinator, By: t.Actor.ID, At: t.Now})
}
