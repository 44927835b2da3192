package flows

import (
	"context"
	"errors"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// coupling is a code for linking that somebody gave, and whether they mean it.
type coupling struct {
	Code string `json:"code"`
	Sure string `json:"sure,omitempty"`
}

// linking asks before it links: somebody may have been talked into giving a code that another made.
func linking() bot.Form[coupling] {
	return bot.Form[coupling]{
		Name: linkForm, Needs: civic.LinkAccount, Start: startLinking, Done: link, Life: time.Hour,
		Steps: []bot.Step[coupling]{
			bot.Ending(bot.Pick("sure", func(j *coupling) *string { return &j.Sure }, answerYes, answerNo)),
		},
	}
}

func startLinking(ctx context.Context, t *bot.Turn, in bot.Input) (coupling, []string, error) {
	_, err := maker(ctx, t, in.Args)
	return coupling{Code: in.Args}, nil, err
}

// maker is who made a code that can still be used here.
func maker(ctx context.Context, t *bot.Turn, code string) (civic.Member, error) {
	i, err := t.Tx.PeekInvite(ctx, code, t.Now)
	if errors.Is(err, bot.ErrNotFound) || err == nil && i.Kind != accountKind {
		return civic.Member{}, bot.Refuse("link.old")
	}
	if err != nil {
		return civic.Member{}, err
	}
	if i.By == t.Actor.ID {
		return civic.Member{}, bot.Refuse("link.own")
	}
	m, err := t.Tx.Member(ctx, i.By)
	if errors.Is(err, bot.ErrNotFound) {
		return m, bot.Refuse("link.old")
	}
	if err != nil {
		return m, err
	}
	mine, err := t.Tx.Accounts(ctx, t.Actor.ID)
	if err != nil {
		return m, err
	}
	theirs, err := t.Tx.Accounts(ctx, m.ID)
	if err == nil && max(len(mine), 1)+len(theirs) > mostAccounts {
		return m, bot.Refuse("account.many", "max", mostAccounts)
	}
	return m, err
}

// link makes one person of who made the code and who gave it. Whom the bot writes to where stays as the maker had it.
func link(ctx context.Context, t *bot.Turn, j coupling) error {
	if j.Sure != answerYes {
		return t.Say(ctx, "link.no")
	}
	kept, err := maker(ctx, t, j.Code)
	if err != nil {
		return err
	}
	first, err := preferred(ctx, t, kept)
	if err != nil {
		return err
	}
	if _, err := t.Tx.UseInvite(ctx, j.Code, t.Actor.ID, t.Now); err != nil {
		return err
	}
	if t.Actor.Guest() {
		err = t.Tx.Attach(ctx, t.From, t.Chat.ID, kept.ID, t.Now)
	} else {
		err = mergeInto(ctx, t, kept)
	}
	if err != nil {
		return err
	}
	if first != 0 {
		if err := t.Tx.Prefer(ctx, kept.ID, first); err != nil {
			return err
		}
	}
	return linkTold(ctx, t, kept.ID)
}

// preferred is the account on which a person is written to; 0 when there is none.
func preferred(ctx context.Context, t *bot.Turn, m civic.Member) (int64, error) {
	chat, err := t.Tx.PrivateChat(ctx, m.ID)
	if err != nil {
		return 0, err
	}
	list, err := t.Tx.Accounts(ctx, m.ID)
	for _, a := range list {
		if a.Chat == chat {
			return a.ID, err
		}
	}
	return 0, err
}

// mergeInto gives all that the actor is and has, in every network, to the person who made the code.
func mergeInto(ctx context.Context, t *bot.Turn, kept civic.Member) error {
	merged, err := mergedIn(ctx, t, kept)
	if err != nil {
		return err
	}
	if err := t.Tx.Link(ctx, kept.ID, t.Actor.ID); err != nil {
		return err
	}
	for _, m := range merged {
		if err := t.Tx.SaveMember(ctx, m, t.Now); err != nil {
			return err
		}
	}
	return nil
}

// mergedIn is the one person that two become, in each network of which either is a member; in one at least, for their name.
func mergedIn(ctx context.Context, t *bot.Turn, kept civic.Member) ([]civic.Member, error) {
	networks, err := t.Tx.Belongs(ctx, t.Actor.ID)
	if err != nil {
		return nil, err
	}
	if len(networks) == 0 {
		networks = []civic.AreaID{kept.Network}
	}
	var merged []civic.Member
	for _, n := range networks {
		one, err := t.Tx.MemberIn(ctx, kept.ID, n)
		if err != nil {
			return nil, err
		}
		other, err := t.Tx.MemberIn(ctx, t.Actor.ID, n)
		if err != nil {
			return nil, err
		}
		merged = append(merged, civic.Merge(one, other))
	}
	return merged, nil
}

// linkTold notes the linking, and tells it on both accounts.
func linkTold(ctx context.Context, t *bot.Turn, person int64) error {
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return err
	}
	t.Actor = m
	if err := t.Audit(ctx, "account.linked", bot.About(memberKind, person), ""); err != nil {
		return err
	}
	list, err := t.Tx.Accounts(ctx, person)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.Chat == 0 || a.Chat == t.Chat.ID {
			continue
		}
		if err := t.Post(ctx, a.Chat, bot.LaneRoutine, bot.Message{Text: t.In(t.LangOf(m), "link.done.there")}); err != nil {
			return err
		}
		if err := showAccounts(ctx, t, m, a.Chat); err != nil {
			return err
		}
	}
	if err := t.Say(ctx, "link.done"); err != nil {
		return err
	}
	return showAccounts(ctx, t, m, t.Chat.ID)
}
