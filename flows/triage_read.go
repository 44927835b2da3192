package flows

import (
	"context"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The links of a card into the private chat; a reference follows.
const (
	linkAsk   = "ask-"
	linkClose = "close-"
	linkRead  = "read-"
	linkNote  = "note-"
	linkLater = "later-"
)

// dossierKind is a case as it is read alone with the bot: "dossier/17". It is not kept current, so a press on an old
// one shows it anew.
const dossierKind = "dossier"

// dossierActions are the buttons of the card, for somebody who reads the case alone with the bot.
func dossierActions() []bot.Action {
	var actions []bot.Action
	for name, do := range caseDeeds {
		actions = append(actions, bot.Action{
			Name: dossierKind + "." + name, Needs: civic.TriageCase, On: onCase, Do: onDossier(name == "take", uncovered(do)),
		})
	}
	for name, choose := range choiceDeeds {
		actions = append(actions, bot.Action{
			Name: dossierKind + "." + name, Needs: civic.TriageCase, On: onCase,
			Do: func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
				return onDossier(false, uncovered(choose(r.Arg)))(ctx, t, r)
			},
		})
	}
	return actions
}

func onDossier(anyVersion bool, do deed) func(context.Context, *bot.Turn, bot.Ref) error {
	return func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
		c, err := caseOf(ctx, t, r.ID)
		if err != nil {
			return err
		}
		if anyVersion || r.Version == c.Version {
			return do(ctx, t, c)
		}
		if err := t.Answer(ctx, "case.changed", "ref", c.Ref); err != nil {
			return err
		}
		return readCase(ctx, t, c)
	}
}

// caseLinks lead from the card of a case into the private chat: "ask-KAS-7F3K", "read-KAS-7F3K".
func caseLinks() []bot.LinkSpec {
	var links []bot.LinkSpec
	for link, form := range map[string]string{
		linkAsk: askForm, linkClose: closeForm, linkNote: noteForm, linkMerge: mergeForm, linkChange: changeForm,
		linkLater: laterForm,
	} {
		links = append(links, bot.LinkSpec{Name: strings.TrimSuffix(link, "-"), Needs: civic.TriageCase, Flow: form})
	}
	return append(links,
		bot.LinkSpec{Name: strings.TrimSuffix(linkRead, "-"), Needs: civic.OpenCase, Do: followRead},
		bot.LinkSpec{Name: strings.TrimSuffix(linkOpen, "-"), Needs: civic.TriageCase, Do: openQueue})
}

// followRead shows the case of a link to who may read it.
func followRead(ctx context.Context, t *bot.Turn, ref string) error {
	c, err := caseByRef(ctx, t, ref)
	if err != nil {
		return err
	}
	return uncovered(readCase)(ctx, t, c)
}

// readCase shows a case whole, with its pictures, in the turn's private chat, and to coordinators what they can do.
func readCase(ctx context.Context, t *bot.Turn, c civic.Case) error {
	mine := t.May(civic.TriageCase, c.Scope())
	f, err := factsFor(ctx, t, &facts{
		lang: t.Lang(), whole: true, police: t.May(civic.SendAlert, c.Scope()), desk: mine,
	}, c)
	if err != nil {
		return err
	}
	if mine {
		if err := f.notes(ctx, t, c); err != nil {
			return err
		}
	}
	if err := t.Audit(ctx, "case.read", bot.About(caseKind, c.ID), string(roleIn(t, c))); err != nil {
		return err
	}
	m := bot.Message{
		Text: f.text(), Photos: f.photos, Protect: true, Retells: true, About: bot.About(dossierKind, c.ID),
		Version: c.Version,
	}
	if mine {
		choices, err := choicesFor(ctx, t, t.Lang(), c, t.Actor)
		if err != nil {
			return err
		}
		m.Rows = bot.Rows(choices...)
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, m)
}
