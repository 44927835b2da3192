package flows

import (
	"context"
	"fmt"
	"slices"
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

// openCaseLink follows a link of a card into the private chat: "ask-KAS-7F3K", "close-KAS-7F3K", "read-KAS-7F3K".
func openCaseLink(ctx context.Context, t *bot.Turn, arg string) error {
	what, ref, _ := strings.Cut(arg, "-")
	if what+"-" == linkOpen && slices.Contains(views, ref) {
		return openQueue(ctx, t, ref)
	}
	if civic.Blank(ref) {
		return bot.Refuse("press.old")
	}
	switch what + "-" {
	case linkAsk:
		return t.Begin(ctx, askForm, bot.Input{Args: ref})
	case linkClose:
		return t.Begin(ctx, closeForm, bot.Input{Args: ref})
	case linkNote:
		return t.Begin(ctx, noteForm, bot.Input{Args: ref})
	case linkMerge:
		return t.Begin(ctx, mergeForm, bot.Input{Args: ref})
	case linkChange:
		return t.Begin(ctx, changeForm, bot.Input{Args: ref})
	case linkLater:
		return t.Begin(ctx, laterForm, bot.Input{Args: ref})
	case linkRead:
		// Before the case is looked up: who reads none learns of none.
		if len(t.Actor.AreasOf(civic.ReadCase, t.Now))+len(t.Actor.AreasOf(civic.WorkCase, t.Now)) == 0 {
			return refusedRead(ctx, t, civic.ReadCase)
		}
		c, err := caseByRef(ctx, t, ref)
		if err != nil {
			return err
		}
		return uncovered(readCase)(ctx, t, c)
	}
	return fmt.Errorf("link %q: %w", what, bot.ErrNotFound)
}

// readCase shows a case whole, with its pictures, in the turn's private chat, and to coordinators what they can do.
func readCase(ctx context.Context, t *bot.Turn, c civic.Case) error {
	f, err := factsFor(ctx, t, &facts{lang: t.Lang(), whole: true, police: t.May(civic.SendAlert, c.Scope())}, c)
	if err != nil {
		return err
	}
	mine := t.May(civic.TriageCase, c.Scope())
	if mine {
		if err := f.notes(ctx, t, c); err != nil {
			return err
		}
	}
	if err := t.Audit(ctx, "case.read", bot.About(caseKind, c.ID), string(roleIn(t, c))); err != nil {
		return err
	}
	m := bot.Message{
		Text: f.text(), Photos: f.photos, Protect: true, About: bot.About(dossierKind, c.ID), Version: c.Version,
	}
	if mine {
		choices, err := caseChoices(ctx, t, t.Lang(), c)
		if err != nil {
			return err
		}
		m.Rows = bot.Rows(choices...)
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, m)
}
