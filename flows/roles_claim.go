package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// claimKind names a role that somebody took and that waits to be confirmed: "claim/12".
const claimKind = "claim"

// The versions of a claim as a card shows it.
const (
	claimOpen    = 1
	claimDecided = requestDecided
)

// claim notes that the actor took a role that a second person has to confirm, and asks who may.
func claim(ctx context.Context, t *bot.Turn, i bot.Invite) error {
	c := bot.Claim{
		Person: t.Actor.ID, Role: i.Role, Area: i.Area, Until: i.Until, By: i.By, Made: t.Now, Expires: t.Now.Add(InviteLife),
	}
	if err := t.Tx.AddClaim(ctx, i.ID, &c); err != nil {
		return err
	}
	if err := t.Audit(ctx, "role.claimed", bot.About(memberKind, c.Person), string(c.Role)); err != nil {
		return err
	}
	seconds, err := secondPersons(ctx, t.Tx, c, t.Now)
	if err != nil {
		return err
	}
	asked := false
	for _, person := range seconds {
		reached, err := askSecond(ctx, t, c, person)
		if err != nil {
			return err
		}
		asked = asked || reached
	}
	key := "claim.waits"
	if !asked {
		key = "claim.waits.operator"
	}
	return t.Say(ctx, key, "role", t.T("member.role."+string(c.Role)))
}

// secondPersons are those who may confirm a claim: administrators and network coordinators, but neither who claims nor
// who invited.
func secondPersons(ctx context.Context, tx bot.Tx, c bot.Claim, at time.Time) ([]int64, error) {
	area, err := tx.Area(ctx, c.Area)
	if err != nil {
		return nil, err
	}
	var persons []int64
	for _, role := range civic.Grants[civic.ConfirmRole] {
		holders, err := tx.Holders(ctx, role, area.Scope(), at)
		if err != nil {
			return nil, err
		}
		for _, person := range holders {
			if person != c.Person && person != c.By && !slices.Contains(persons, person) {
				persons = append(persons, person)
			}
		}
	}
	return persons, nil
}

// askSecond puts a claim before somebody who may confirm it; false when they cannot be reached.
func askSecond(ctx context.Context, t *bot.Turn, c bot.Claim, person int64) (bool, error) {
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil || chat == 0 {
		return false, err
	}
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return false, err
	}
	claimant, err := t.Tx.Member(ctx, c.Person)
	if err != nil {
		return false, err
	}
	area, err := t.Tx.Area(ctx, c.Area)
	if err != nil {
		return false, err
	}
	lang, about := t.LangOf(m), bot.About(claimKind, c.ID)
	return true, t.Mail(ctx, bot.Letter{
		Chat: chat, Lane: bot.LaneRoutine, Card: about, Person: person,
		Message: bot.Message{
			Text: t.In(lang, "claim.card", "name", nameOf(t, lang, claimant), "area", area.Name,
				"role", t.In(lang, "member.role."+string(c.Role))),
			About: about, Version: claimOpen, For: bot.For(civic.ConfirmRole, area.Scope()),
			Rows: bot.Rows(bot.Choice{Key: "confirm", Label: t.In(lang, "claim.confirm")},
				bot.Choice{Key: "refuse", Label: t.In(lang, "claim.refuse")}),
		},
	})
}

// onClaim finds a claim that nobody decided on yet.
func onClaim(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	c, err := claimed(ctx, t, r)
	if err != nil {
		return bot.Thing{}, err
	}
	area, err := t.Tx.Area(ctx, c.Area)
	return bot.Thing{Scope: area.Scope(), Version: claimOpen}, err
}

func claimed(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Claim, error) {
	id, err := strconv.ParseInt(r.ID, 10, 64)
	if err != nil {
		return bot.Claim{}, fmt.Errorf("claim %q: %w", r.ID, bot.ErrNotFound)
	}
	c, err := t.Tx.ClaimBy(ctx, id, t.Now)
	if errors.Is(err, bot.ErrNotFound) {
		return c, bot.Refuse("claim.decided")
	}
	return c, err
}

// confirmClaim gives the role, as long as who invited to it may still give it: a role that was given by somebody whose own is
// over would outlive the right that it came from. Nobody confirms what they took or gave themselves.
func confirmClaim(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	c, err := claimed(ctx, t, r)
	switch {
	case err != nil:
		return err
	case c.Person == t.Actor.ID:
		return bot.Refuse("claim.own")
	case c.By != 0 && c.By == t.Actor.ID:
		return bot.Refuse("claim.inviter")
	}
	stands, err := claimStands(ctx, t.Tx, c, t.Late())
	if err != nil {
		return err
	}
	if !stands { // no refusal, which would undo that the claim ends
		return dropClaim(ctx, t, c, claimVoid)
	}
	if err := giveClaimed(ctx, t.Tx, c, t.Now, t.Actor.ID); err != nil {
		return err
	}
	if err := roleCounts(ctx, t, c.Person, c.Role); err != nil {
		return err
	}
	if err := drawClaim(ctx, t, c, "claim.card.confirmed"); err != nil {
		return err
	}
	return granted(ctx, t, c.Person, c.Role, c.Area)
}

// claimStands reports whether who invited to the role that is claimed may still give it.
func claimStands(ctx context.Context, tx bot.Tx, c bot.Claim, at time.Time) (bool, error) {
	return invitationStands(ctx, tx, bot.Invite{Role: c.Role, Area: c.Area, By: c.By}, at)
}

// roleCounts tells somebody that the role counts which they took.
func roleCounts(ctx context.Context, t *bot.Turn, person int64, role civic.Role) error {
	_, err := t.Tell(ctx, person, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "invited.done", "role", t.In(lang, "member.role."+string(role)), "network",
			t.Network.Name)}
	})
	return err
}

// giveClaimed grants what was claimed, and notes who confirmed it; 0 is the operator.
func giveClaimed(ctx context.Context, tx bot.Tx, c bot.Claim, at time.Time, by int64) error {
	if err := tx.EndClaim(ctx, c.ID); err != nil {
		return err
	}
	grant := civic.Grant{Role: c.Role, Area: c.Area, From: at, Until: c.Until}
	if err := tx.Grant(ctx, c.Person, grant, c.By); err != nil {
		return err
	}
	detail := string(c.Role)
	if by == 0 {
		detail += " by the operator"
	}
	return tx.Audit(ctx, bot.AuditEntry{
		At: at, Actor: by, Action: "role.confirmed", Object: bot.About(memberKind, c.Person), Detail: detail,
	})
}

// refuseClaim takes the role back before it counted.
func refuseClaim(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	c, err := claimed(ctx, t, r)
	if err != nil {
		return err
	}
	return dropClaim(ctx, t, c, claimRefused)
}

// The ways in which a claim ends without the role.
const (
	claimRefused = "refused" // by a second person
	claimExpired = "expired" // nobody confirmed it
	claimVoid    = "lapsed"  // who invited may not give the role any more
)

func claimKeys() []string {
	var keys []string
	for _, how := range []string{claimRefused, claimExpired, claimVoid} {
		keys = append(keys, "claim."+how, "claim.card."+how)
	}
	return keys
}

// dropClaim ends a claim without the role: who took it hears how that came about, and the cards show it.
func dropClaim(ctx context.Context, t *bot.Turn, c bot.Claim, how string) error {
	if err := t.Tx.EndClaim(ctx, c.ID); err != nil {
		return err
	}
	action := "role.lapsed"
	if how == claimRefused {
		action = "role.refused"
	}
	if err := t.Audit(ctx, action, bot.About(memberKind, c.Person), string(c.Role)); err != nil {
		return err
	}
	_, err := t.Tell(ctx, c.Person, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "claim."+how, "role", t.In(lang, "member.role."+string(c.Role)))}
	})
	if err != nil {
		return err
	}
	return drawClaim(ctx, t, c, "claim.card."+how)
}

func drawClaim(ctx context.Context, t *bot.Turn, c bot.Claim, key string) error {
	m, err := t.Tx.Member(ctx, c.Person)
	if err != nil {
		return err
	}
	return redrawCard(ctx, t, bot.About(claimKind, c.ID), func(lang string) string {
		return t.In(lang, key, "name", nameOf(t, lang, m), "role", t.In(lang, "member.role."+string(c.Role)),
			"by", nameOf(t, lang, t.Actor))
	})
}

// The reasons why the operator's word does not count.
var (
	ErrNotTaken = errors.New("nobody has taken this invitation yet, or it expired: confirm it once somebody has sent it " +
		"to the bot")
	ErrSecondPerson = errors.New("there is somebody in the network who can confirm this in chat: an administrator or a " +
		"network coordinator")
	ErrInviter = errors.New("who made this invitation may not give that role any more: make a new one")
)

// Confirm is the operator's word for a role that was taken by the invitation with this code, as long as nobody in the
// network can confirm it. The errors are [ErrNotTaken], [ErrSecondPerson] and [ErrInviter].
func Confirm(ctx context.Context, tx bot.Tx, typed string, at time.Time) (bot.Claim, error) {
	code, _ := civic.ParseJoinCode(typed)
	c, err := tx.ClaimOf(ctx, code, at)
	if errors.Is(err, bot.ErrNotFound) {
		return c, ErrNotTaken
	}
	if err != nil {
		return c, err
	}
	seconds, err := secondPersons(ctx, tx, c, at)
	if err != nil {
		return c, err
	}
	if len(seconds) > 0 {
		return c, ErrSecondPerson
	}
	stands, err := claimStands(ctx, tx, c, at)
	if err != nil {
		return c, err
	}
	if !stands {
		return c, ErrInviter
	}
	if err := giveClaimed(ctx, tx, c, at, 0); err != nil {
		return c, err
	}
	ref := string(c.Role) + "/" + bot.About(strconv.FormatInt(c.Person, 10), int64(c.Area))
	return c, tx.Wake(ctx, bot.Timer{Kind: grantedTimer, Ref: ref, At: at})
}
