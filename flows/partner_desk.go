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

// deskKind is the letter that a desk proves itself by answering: "desk/3.municipality", with the number of the network.
const deskKind = "desk"

// mostProofs is how many of them may go to one address in a day: whoever mistypes must not flood a stranger.
const mostProofs = 3

// Partners lets coordinators and administrators say at which address a partner is reached that is not in a chat room.
func Partners() bot.Feature {
	return bot.Feature{
		Name:     "partners",
		Commands: []bot.CommandSpec{{Name: "partner", Needs: civic.SetUp, Do: partner}},
		Cards: []bot.Card{{
			Kind: deskKind, Render: deskCard, Title: deskTitle, Reply: &bot.ReplySpec{Needs: civic.AskHelp, Do: proveDesk},
		}},
		Stray:  strayMail,
		Lost:   deskLost,
		Timers: map[string]func(context.Context, *bot.Turn, string) error{bot.DeskTimer: deskSilent},
		Keys:   []string{"partner.words.mail", "partner.words.open311", "partner.words.yes"},
	}
}

// partner tells how partners are reached, or changes it for one: "/partner gemeente mail meldpunt@gemeente.example".
func partner(ctx context.Context, t *bot.Turn, args string) error {
	if civic.Blank(args) {
		return listPartners(ctx, t)
	}
	words := strings.Fields(args)
	role := partnerNamed(t, words[0])
	switch {
	case role == "":
		return bot.Refuse("partner.desk.who", "word", civic.Clean(words[0], 40))
	case len(words) == 1:
		return bot.Refuse("partner.desk.how", "word", words[0])
	}
	p, err := t.Tx.Partner(ctx, t.Network.ID, role)
	if err != nil {
		return err
	}
	if slices.Contains(t.Words("route.words.drop"), strings.ToLower(words[1])) {
		return dropDesk(ctx, t, p)
	}
	for _, at := range t.Desks() {
		rest := words[1:]
		if slices.Contains(t.Words("partner.words."+at.Name()), strings.ToLower(rest[0])) {
			if len(rest) == 1 {
				return bot.Refuse("partner.desk.how", "word", words[0])
			}
			return askDesk(ctx, t, p, at, strings.Join(rest[1:], " "))
		}
		if _, is := at.Address(strings.Join(rest, " ")); is {
			return askDesk(ctx, t, p, at, strings.Join(rest, " "))
		}
	}
	if len(t.Desks()) == 0 {
		return bot.Refuse("partner.desk.off")
	}
	return bot.Refuse("partner.desk.address", "typed", civic.Clean(strings.Join(words[1:], " "), 80))
}

// partnerNamed is the partner that somebody names; empty when it is none.
func partnerNamed(t *bot.Turn, typed string) civic.Role {
	for _, p := range civic.Partners {
		if slices.Contains(t.Words("room.words."+string(p)), strings.ToLower(strings.TrimSpace(typed))) {
			return p
		}
	}
	return ""
}

// listPartners says of each partner where it is reached.
func listPartners(ctx context.Context, t *bot.Turn) error {
	text := []string{t.T("partner.desk.list")}
	for _, role := range civic.Partners {
		where, err := whereReached(ctx, t, role)
		if err != nil {
			return err
		}
		text = append(text, t.T("partner.desk.line", "partner", partnerShort(t, t.Lang(), role), "where", where))
	}
	text = append(text, "", t.T("partner.desk.usage"))
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: strings.Join(text, "\n")})
}

func whereReached(ctx context.Context, t *bot.Turn, role civic.Role) (string, error) {
	p, err := t.Tx.Partner(ctx, t.Network.ID, role)
	if err != nil {
		return "", err
	}
	for _, known := range []struct {
		chat int64
		key  string
	}{{p.Asked, "partner.desk.where.asked"}, {p.Chat, "partner.desk.where.desk"}} {
		if known.chat == 0 {
			continue
		}
		chat, err := t.Tx.Chat(ctx, known.chat)
		if err != nil {
			return "", err
		}
		if !chat.Reachable {
			known.key = "partner.desk.where.lost"
		}
		return t.T(known.key, "address", chat.Ref.ID), nil
	}
	room, err := t.Tx.Room(ctx, t.Network.ID, role.Room())
	if err != nil {
		return "", err
	}
	if ok, err := reaches(ctx, t, room); ok || err != nil {
		return t.T("partner.desk.where.room"), err
	}
	people, err := t.Tx.Holders(ctx, role, civic.Scope{Network: t.Network.ID}, t.Now)
	if len(people) > 0 || err != nil {
		return t.T("partner.desk.where.people"), err
	}
	return t.T("partner.desk.where.nowhere"), nil
}

// askDesk sends an address the letter that it has to answer before anything is handed over there.
func askDesk(ctx context.Context, t *bot.Turn, p civic.Partner, at bot.Desk, typed string) error {
	address, ok := at.Address(typed)
	if !ok {
		return bot.Refuse("partner.desk.address", "typed", civic.Clean(typed, 80))
	}
	chat, err := t.Tx.Enter(ctx, bot.ChatRef{Platform: at.Name(), ID: address, Kind: bot.Group}, t.Now)
	if err != nil {
		return err
	}
	if chat.ID == p.Chat && chat.Reachable {
		return bot.Refuse("partner.desk.there", "address", address, "partner", partnerName(t, t.Lang(), p.Role))
	}
	if free, err := today(ctx, t, "desk.proof", chat.ID, mostProofs); err != nil {
		return err
	} else if !free {
		return bot.Refuse("partner.desk.often", "address", address)
	}
	if err := t.Tx.Reach(ctx, chat.ID, true, "", t.Now); err != nil {
		return err
	}
	p.Asked = chat.ID
	if err := t.Tx.SavePartner(ctx, p); err != nil {
		return err
	}
	if err := t.Audit(ctx, "partner.asked", bot.About("chat", chat.ID), string(p.Role)); err != nil {
		return err
	}
	if err := t.Show(ctx, chat.ID, deskAbout(p)); err != nil {
		return err
	}
	return t.Say(ctx, "partner.desk.asked", "address", address, "partner", partnerName(t, t.Lang(), p.Role))
}

// dropDesk forgets the address of a partner, which is reached in its room or through its people again.
func dropDesk(ctx context.Context, t *bot.Turn, p civic.Partner) error {
	name := partnerName(t, t.Lang(), p.Role)
	if p.Chat == 0 && p.Asked == 0 {
		return bot.Refuse("partner.desk.none", "partner", name)
	}
	was := max(p.Chat, p.Asked)
	p.Chat, p.Asked = 0, 0
	if err := t.Tx.SavePartner(ctx, p); err != nil {
		return err
	}
	if err := t.Audit(ctx, "partner.dropped", bot.About("chat", was), string(p.Role)); err != nil {
		return err
	}
	return t.Say(ctx, "partner.desk.dropped", "partner", name)
}

// today reports whether something may still be sent to a chat on this day, of which there may be so many, and counts it.
func today(ctx context.Context, t *bot.Turn, what string, chat int64, most int) (bool, error) {
	job, date := bot.About(what, chat), t.Now.In(zone(t)).Format(time.DateOnly)
	for n := range most {
		free, err := t.Tx.RunSlot(ctx, job, date+"/"+strconv.Itoa(n), t.Now)
		if free || err != nil {
			return free, err
		}
	}
	return false, nil
}

func deskAbout(p civic.Partner) string {
	return bot.About(deskKind, int64(p.Network)) + "." + string(p.Role)
}

// deskPartner finds the partner that a letter of proof is about, and settles the turn in its network.
func deskPartner(ctx context.Context, t *bot.Turn, id string) (civic.Partner, error) {
	number, role, _ := strings.Cut(id, ".")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return civic.Partner{}, bot.ErrNotFound
	}
	if err := t.Settle(ctx, civic.AreaID(n)); err != nil {
		return civic.Partner{}, err
	}
	return t.Tx.Partner(ctx, civic.AreaID(n), civic.Role(role))
}

func deskCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	p, err := deskPartner(ctx, t, id)
	if err != nil {
		return bot.Message{}, err
	}
	return bot.Message{
		Text: t.In(lang, "partner.desk.test", "network", t.Network.Name, "partner", partnerName(t, lang, p.Role)),
		Hint: t.In(lang, "partner.desk.test.hint"),
	}, nil
}

func deskTitle(_ context.Context, t *bot.Turn, lang, _ string) (string, error) {
	return t.In(lang, "partner.desk.test.title", "network", t.Network.Name), nil
}

// proveDesk takes the answer to the letter of proof: cases are handed over there from now on.
func proveDesk(ctx context.Context, t *bot.Turn, id string, in bot.Input) error {
	p, err := deskPartner(ctx, t, id)
	if err != nil {
		return err
	}
	switch {
	case p.Chat == t.Chat.ID:
		return bot.Refuse("partner.desk.test.done")
	case p.Asked != t.Chat.ID:
		return bot.Refuse("partner.desk.test.old")
	case !saysYes(t, in.Text):
		return bot.Refuse("partner.desk.test.how")
	}
	p.Chat, p.Asked = t.Chat.ID, 0
	if err := t.Tx.SavePartner(ctx, p); err != nil {
		return err
	}
	if err := t.Audit(ctx, "partner.proven", bot.About("chat", t.Chat.ID), string(p.Role)); err != nil {
		return err
	}
	if err := t.Say(ctx, "partner.desk.test.thanks"); err != nil {
		return err
	}
	return tellOfDesk(ctx, t, p, "partner.desk.proven", t.Chat.Ref.ID)
}

// saysYes reports whether a line begins with a word of consent.
func saysYes(t *bot.Turn, line string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return slices.Contains(t.Words("partner.words.yes"), strings.ToLower(strings.Trim(first, ".,!:;")))
}

// tellOfDesk tells the coordinators' room, and each administrator, what became of a partner's address.
func tellOfDesk(ctx context.Context, t *bot.Turn, p civic.Partner, key, address string) error {
	write := func(lang string) string {
		return t.In(lang, key, "partner", partnerName(t, lang, p.Role), "address", address)
	}
	if err := tellDesk(ctx, t, p.Network, 0, write); err != nil {
		return err
	}
	people, err := t.Tx.Holders(ctx, civic.Admin, civic.Scope{Network: p.Network}, t.Now)
	if err != nil {
		return err
	}
	for _, person := range people {
		_, err := t.TellFor(ctx, person, admins(p.Network), bot.LaneRoutine, func(lang string) bot.Message {
			return bot.Message{Text: write(lang)}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deskLost tells of an address of a partner that cannot be reached any more. What is handed over goes to its room or its
// people from now on, and an address that was asked only is not waited for.
func deskLost(ctx context.Context, t *bot.Turn) error {
	partners, err := t.Tx.PartnersAt(ctx, t.Chat.ID)
	if err != nil {
		return err
	}
	for _, p := range partners {
		if err := t.Settle(ctx, p.Network); err != nil {
			return err
		}
		key := "partner.desk.lost"
		if p.Asked == t.Chat.ID {
			p.Asked, key = 0, "partner.desk.lost.asked"
			if err := t.Tx.SavePartner(ctx, p); err != nil {
				return err
			}
		}
		if err := tellOfDesk(ctx, t, p, key, t.Chat.Ref.ID); err != nil {
			return err
		}
	}
	return nil
}

// deskSilent tells the coordinators of a case that a mail about it did not reach the partner.
func deskSilent(ctx context.Context, t *bot.Turn, about string) error {
	id, is := strings.CutPrefix(about, handoverKind+"/")
	if !is {
		return nil
	}
	number, partner := handoverRef(id)
	c, err := caseOf(ctx, t, number)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.Settle(ctx, c.Network); err != nil {
		return err
	}
	chats, err := coordinatorsDesk.chats(ctx, t, c)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		text := t.In(lang, "handover.desk.dead", "ref", c.Ref, "partner", partnerName(t, lang, partner))
		if err := t.Post(ctx, chat, bot.LaneRoutine, bot.Message{Text: text, For: coordinatorsDesk.readers(c)}); err != nil {
			return err
		}
	}
	return nil
}

// strayMail says once a day to a partner's desk that something came from there that answers nothing. It goes to the address
// that proved itself and not to whoever wrote, whose address may be somebody else's; to strangers nothing is said.
func strayMail(ctx context.Context, t *bot.Turn) error {
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	for _, n := range networks {
		for _, role := range civic.Partners {
			p, err := t.Tx.Partner(ctx, n.ID, role)
			if err != nil {
				return err
			}
			if told, err := tellStray(ctx, t, p); told || err != nil {
				return err
			}
		}
	}
	return nil
}

func tellStray(ctx context.Context, t *bot.Turn, p civic.Partner) (bool, error) {
	if ok, err := reaches(ctx, t, p.Chat); !ok || err != nil {
		return false, err
	}
	chat, err := t.Tx.Chat(ctx, p.Chat)
	if err != nil {
		return false, err
	}
	theirs := func(at bot.Desk) bool { return at.Name() == chat.Ref.Platform && at.Speaks(chat.Ref, t.From) }
	if !slices.ContainsFunc(t.Desks(), theirs) {
		return false, nil
	}
	if free, err := today(ctx, t, "desk.stray", chat.ID, 1); err != nil || !free {
		return true, err
	}
	lang, err := t.LangIn(ctx, chat.ID)
	if err != nil {
		return true, err
	}
	return true, t.Post(ctx, chat.ID, bot.LaneAnswer, bot.Message{
		Text: t.In(lang, "partner.desk.stray"), Title: t.In(lang, "partner.desk.stray.title"),
	})
}

// tellDeskOf tells a partner at a desk what its card shows to others: nothing changes there that was sent.
func tellDeskOf(ctx context.Context, t *bot.Turn, c civic.Case, partner civic.Role, key string) error {
	if c.Subject != civic.SubjectNobody { // it was never there
		return nil
	}
	chat, err := addressOf(ctx, t, c.Network, partner)
	if err != nil || chat == 0 || chat == t.Chat.ID {
		return err
	}
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return err
	}
	about := handoverAbout(c, partner)
	return t.Post(ctx, chat, bot.LaneRoutine, bot.Message{Text: t.In(lang, key, "ref", c.Ref), About: about, Thread: about})
}
