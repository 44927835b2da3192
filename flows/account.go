package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	accountKind   = "account" // what the list of accounts is about: "account/PERSON"; also the kind of its invitations
	linkForm      = "link"
	linkLife      = 15 * time.Minute // of a code
	mostAccounts  = 4                // of one person
	accountPrefer = "prefer"
	accountUnlink = "unlink"
)

// Accounts lets one person use several accounts, on one network or on several: they are linked by a code that is made on
// the one and given on the other, and are one member from then on.
func Accounts() bot.Feature {
	action := func(name string, do func(context.Context, *bot.Turn, bot.Ref) error) bot.Action {
		return bot.Action{Name: accountKind + "." + name, Needs: civic.LinkAccount, On: onOwn, Do: do}
	}
	return bot.Feature{
		Name:     "accounts",
		Flows:    []bot.Flow{linking()},
		Commands: []bot.CommandSpec{{Name: "account", Needs: civic.LinkAccount, Do: accounts}},
		Actions: []bot.Action{
			action("code", makeCode), action(accountPrefer, preferAccount), action(accountUnlink, unlinkAccount),
		},
		Keys: []string{"account." + accountPrefer, "account." + accountUnlink},
	}
}

// onOwn is the person whose list it is, and nobody else.
func onOwn(_ context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	if t.Actor.Guest() || r.ID != strconv.FormatInt(t.Actor.ID, 10) {
		return bot.Thing{}, bot.ErrNotFound
	}
	return bot.Thing{Scope: civic.Scope{Network: t.Network.ID}}, nil
}

// accounts shows a person's accounts, or takes a code.
func accounts(ctx context.Context, t *bot.Turn, args string) error {
	switch {
	case strings.TrimSpace(args) != "":
		return startCode(ctx, t, args)
	case t.Actor.Guest():
		return bot.Refuse("account.guest")
	}
	return showAccounts(ctx, t, t.Actor, t.Chat.ID)
}

// showAccounts lists a person's accounts in one of their chats, and what can be done about them.
func showAccounts(ctx context.Context, t *bot.Turn, m civic.Member, chat int64) error {
	list, err := t.Tx.Accounts(ctx, m.ID)
	if err != nil {
		return err
	}
	lang := t.LangOf(m)
	preferred, err := t.Tx.PrivateChat(ctx, m.ID)
	if err != nil {
		return err
	}
	l := accountList{t: t, lang: lang, all: list, here: chat}
	text, choices := l.words(preferred), l.choices(preferred)
	if len(list) < mostAccounts {
		choices = append(choices, bot.Choice{Key: "code", Label: t.In(lang, "account.code")})
	}
	return t.Mail(ctx, bot.Letter{
		Chat: chat, Lane: bot.LaneAnswer, Person: m.ID,
		Message: bot.Message{Text: strings.Join(text, "\n"), Rows: bot.Rows(choices...), About: bot.About(accountKind, m.ID)},
	})
}

// accountList shows a person's accounts in one of their chats.
type accountList struct {
	t    *bot.Turn
	lang string
	all  []bot.Account
	here int64
}

func (l accountList) words(preferred int64) []string {
	if len(l.all) < 2 {
		return []string{l.t.In(l.lang, "account.one")}
	}
	text := []string{l.t.In(l.lang, "account.head")}
	for _, a := range l.all {
		key := "account.line"
		if a.Chat == preferred {
			key = "account.line.preferred"
		}
		text = append(text, l.t.In(l.lang, key, "account", l.name(a)))
	}
	return text
}

func (l accountList) choices(preferred int64) []bot.Choice {
	var prefer, unlink []bot.Choice
	for _, a := range l.all {
		if a.Chat != preferred {
			prefer = append(prefer, l.choice(accountPrefer, a))
		}
		if a.Chat != l.here {
			unlink = append(unlink, l.choice(accountUnlink, a))
		}
	}
	if len(l.all) < 2 {
		return nil
	}
	return append(prefer, unlink...)
}

func (l accountList) choice(deed string, a bot.Account) bot.Choice {
	return bot.Choice{Key: deed + ":" + idOf(a), Label: l.t.In(l.lang, "account."+deed, "account", l.name(a))}
}

func idOf(a bot.Account) string { return strconv.FormatInt(a.ID, 10) }

// name is what an account is called: this one, or by its network where that tells it from the others, or by its number.
func (l accountList) name(a bot.Account) string {
	if a.Chat == l.here {
		return l.t.In(l.lang, "account.this")
	}
	same, others := 0, 0
	for _, b := range l.all {
		if b.Platform == a.Platform {
			same++
		}
		if b.Chat != l.here {
			others++
		}
	}
	switch {
	case same == 1:
		return strings.ToUpper(a.Platform[:1]) + a.Platform[1:]
	case others == 1:
		return l.t.In(l.lang, "account.another")
	}
	n := slices.IndexFunc(l.all, func(b bot.Account) bool { return b.ID == a.ID }) + 1
	return l.t.In(l.lang, "account.nth", "n", n)
}

// makeCode gives a new code, and ends the one before it.
func makeCode(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	list, err := t.Tx.Accounts(ctx, t.Actor.ID)
	if err != nil {
		return err
	}
	if len(list) >= mostAccounts {
		return bot.Refuse("account.many", "max", mostAccounts)
	}
	if err := t.Tx.EndInvites(ctx, accountKind, t.Actor.ID); err != nil {
		return err
	}
	code, err := civic.JoinCode(t.Random())
	if err != nil {
		return err
	}
	i := bot.Invite{Kind: accountKind, Expires: t.Now.Add(linkLife), By: t.Actor.ID}
	if err := t.Tx.CreateInvite(ctx, code, i, t.Now); err != nil {
		return err
	}
	if err := t.Audit(ctx, "account.code", bot.About(memberKind, t.Actor.ID), ""); err != nil {
		return err
	}
	return t.Say(ctx, "account.code.made", "code", code, "minutes", int(linkLife.Minutes()))
}

// preferAccount makes an account the one on which the person is written to.
func preferAccount(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	id, err := ownAccount(r)
	if err == nil {
		err = t.Tx.Prefer(ctx, t.Actor.ID, id)
	}
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Refuse("press.done")
	}
	if err != nil {
		return err
	}
	return showAccounts(ctx, t, t.Actor, t.Chat.ID)
}

// unlinkAccount makes an account that of nobody. The person keeps what it brought.
func unlinkAccount(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	id, err := ownAccount(r)
	if err != nil {
		return err
	}
	list, err := t.Tx.Accounts(ctx, t.Actor.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(a bot.Account) bool { return a.ID == id })
	if i < 0 || len(list) < 2 {
		return bot.Refuse("press.done")
	}
	if gone := list[i]; gone.Chat != 0 {
		if err := t.Post(ctx, gone.Chat, bot.LaneRoutine, bot.Message{Text: t.T("account.unlinked.there")}); err != nil {
			return err
		}
		if err := t.Tx.EndSession(ctx, gone.Chat, ""); err != nil {
			return err
		}
	}
	if err := t.Tx.Unlink(ctx, t.Actor.ID, id); err != nil {
		return err
	}
	if err := t.Audit(ctx, "account.unlinked", bot.About(memberKind, t.Actor.ID), ""); err != nil {
		return err
	}
	return t.Say(ctx, "account.unlinked")
}

func ownAccount(r bot.Ref) (int64, error) {
	id, err := strconv.ParseInt(r.Arg, 10, 64)
	if err != nil {
		return 0, bot.Refuse("press.done")
	}
	return id, nil
}
