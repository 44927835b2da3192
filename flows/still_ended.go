package flows

import (
	"context"
	"maps"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// accountEnded deals with a person whose last account is no more. Nothing of theirs is erased at a network's word alone: the
// membership rests, as after two silences, a request that nobody can answer any more goes, and the coordinators hear of it.
func accountEnded(ctx context.Context, t *bot.Turn) error {
	person, err := t.Tx.Owner(ctx, t.Chat.ID)
	if err != nil || person == 0 {
		return err
	}
	if other, err := privateWith(ctx, t, person); other != 0 || err != nil {
		return err
	}
	m, err := t.Tx.Member(ctx, person) // with the roles in every network
	if err != nil {
		return err
	}
	networks, err := t.Tx.Belongs(ctx, person)
	if err != nil {
		return err
	}
	memberships := []civic.Member{}
	for _, n := range networks {
		in, err := t.Tx.MemberIn(ctx, person, n)
		if err != nil {
			return err
		}
		memberships = append(memberships, in)
	}
	if err := tellAccountEnded(ctx, t, m, memberships); err != nil {
		return err
	}
	for _, in := range memberships {
		if err := membershipEnded(ctx, t, in); err != nil {
			return err
		}
	}
	return nil
}

// membershipEnded lets one membership of such a person rest.
func membershipEnded(ctx context.Context, t *bot.Turn, m civic.Member) error {
	if err := t.Settle(ctx, m.Network); err != nil {
		return err
	}
	switch {
	case m.Standing == civic.StandingPending:
		return requestEnded(ctx, t, m)
	case !m.Active():
		return nil
	}
	m.Standing = civic.StandingDormant
	if err := t.Tx.SaveMember(ctx, m, t.Now); err != nil {
		return err
	}
	return t.Audit(ctx, "member.ended", bot.About(memberKind, m.ID), "")
}

// requestEnded takes a request from the coordinators' desk.
func requestEnded(ctx context.Context, t *bot.Turn, m civic.Member) error {
	if err := t.Audit(ctx, "member.ended", bot.About(memberKind, m.ID), ""); err != nil {
		return err
	}
	if err := eraseRequest(ctx, t, m, func(lang string) string { return t.In(lang, "member.card.ended") }); err != nil {
		return err
	}
	return dismiss(ctx, t, m)
}

// tellAccountEnded tells the coordinators of each network in which the person had a part.
func tellAccountEnded(ctx context.Context, t *bot.Turn, m civic.Member, memberships []civic.Member) error {
	held, err := heldByNetwork(ctx, t, m)
	if err != nil {
		return err
	}
	active := map[civic.AreaID]civic.Standing{}
	for _, in := range memberships {
		if in.Active() {
			active[in.Network] = in.Standing
			held[in.Network] = append([]civic.Grant{}, held[in.Network]...)
		}
	}
	for _, network := range slices.Sorted(maps.Keys(held)) {
		there := m
		there.Standing, there.Grants = active[network], held[network]
		err := tellDesk(ctx, t, network, m.ID, func(lang string) string { return endedWords(t, lang, there) })
		if err != nil {
			return err
		}
	}
	return nil
}

func endedWords(t *bot.Turn, lang string, m civic.Member) string {
	text := t.In(lang, "member.ended", "name", nameOf(t, lang, m), "platform", platformTitle(t.Chat.Ref.Platform))
	if roles := roleNames(t, lang, m); roles != "" {
		text += "\n" + t.In(lang, "member.ended.roles", "roles", roles)
	}
	return text
}
