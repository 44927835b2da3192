package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const longestPartnerWords = 500 // characters

// partnerVerbs are the words with which a line of a partner's begins, and the deed that each of them is.
var partnerVerbs = map[string]partnerDeed{
	"accept": accept, "plan": plan, "return": giveBack, "done": partnerDone, "read": recallRead,
	"ask": inquire, "again": partnerAgain, "note": partnerNote,
}

// partnerLine takes a reply to a partner's card: a line such as "klaar: glas is opgeruimd". What follows the first word
// are the partner's own, for the coordinators, and of what is done for the reporters as well.
func partnerLine(ctx context.Context, t *bot.Turn, id string, in bot.Input) error {
	verb, words := partnerWords(t, in.Text)
	if verb == "" {
		return bot.Refuse("handover.words.how")
	}
	return byPartner(func(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, _ string) error {
		if verb == "read" {
			return recallRead(ctx, t, c, h, "")
		}
		if verb == "again" {
			h.Words = words
			return partnerAgain(ctx, t, c, h, "")
		}
		if !theirs(c, h) {
			return stands(t, c)
		}
		if verb == "plan" {
			return planOn(ctx, t, c, h, words)
		}
		h.Words = words
		if verb == "return" {
			return giveBackFor(ctx, t, c, h, civic.ReturnNotOurs)
		}
		return partnerVerbs[verb](ctx, t, c, h, "")
	})(ctx, t, bot.Ref{Kind: handoverKind, ID: id})
}

// partnerNote is what a partner lets the coordinators know while it has the case; nothing moves, and no reporter reads it.
func partnerNote(ctx context.Context, t *bot.Turn, c civic.Case, h civic.Handover, _ string) error {
	switch {
	case !h.Open() || !withPartner(c):
		return stands(t, c)
	case h.Words == "":
		return bot.Refuse("handover.words.how")
	}
	if err := t.Tx.SaveHandover(ctx, h); err != nil {
		return err
	}
	if err := saveCase(ctx, t, &c, "noted"); err != nil {
		return err
	}
	err := tellCoordinator(ctx, t, c, c.Owner, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "case.owner.note",
			"ref", c.Ref, "partner", partnerShort(t, lang, h.Partner), "text", h.Words)}
	})
	if err != nil {
		return err
	}
	return t.Answer(ctx, "handover.noted", "ref", c.Ref)
}

// partnerWords parts a line into what is done and the words with it; no verb when the line does not begin with one.
func partnerWords(t *bot.Turn, line string) (verb, words string) {
	first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if before, after, cut := strings.Cut(line, ":"); cut && !strings.Contains(strings.TrimSpace(before), " ") {
		first, rest = before, after
	}
	first = strings.ToLower(strings.Trim(first, " :,.!"))
	for v := range partnerVerbs {
		if slices.Contains(t.Words("handover.words."+v), first) {
			clean, _ := civic.WithoutOrigin(rest)
			return v, civic.Clean(strings.TrimSpace(clean), longestPartnerWords)
		}
	}
	return "", ""
}
