package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// tongueKind is the offer to go on in a language that was met: "tongue/CHAT.fr". The card remembers that it was made.
const tongueKind = "tongue"

// Tongues offers a resident to go on in the language that they write, once for each language, and never changes it unasked.
// It comes after the emergencies, which speak the language that they meet at once.
func Tongues() bot.Feature {
	return bot.Feature{
		Name:    "tongues",
		First:   meetTongue,
		Cards:   []bot.Card{{Kind: tongueKind, Render: tongueCard}},
		Actions: []bot.Action{{Name: "tongue.set", Needs: civic.ChooseTongue, On: onTongue, Do: setTongue}},
	}
}

// meetTongue never handles the words: whatever they are for is answered as well, and first.
func meetTongue(ctx context.Context, t *bot.Turn, in bot.Input) (bool, error) {
	lang := tongueMet(t, in.Text)
	if lang == "" {
		return false, nil
	}
	return false, offerTongue(ctx, t, lang)
}

// tongueMet is the language of the words, when the bot speaks it here and it is another than it speaks now; else empty.
func tongueMet(t *bot.Turn, words string) string {
	if t.Chat.Ref.Kind != bot.Private || civic.Blank(words) {
		return ""
	}
	lang := civic.Tongue(words)
	if lang == t.Lang() || !slices.Contains(t.Languages(), lang) {
		return ""
	}
	return lang
}

// speakMet answers this one message in the language that its words are in: who cries for help is understood at once.
func speakMet(ctx context.Context, t *bot.Turn, words string) error {
	lang := tongueMet(t, words)
	if lang == "" {
		return nil
	}
	if err := offerTongue(ctx, t, lang); err != nil {
		return err
	}
	t.Meet(lang)
	return nil
}

// offerTongue asks a guest or a resident whether to go on in a language, if they were not asked before. It waits for
// everything that answers what they said.
func offerTongue(ctx context.Context, t *bot.Turn, lang string) error {
	works := func(r civic.Role) bool { return r != civic.Resident }
	if slices.ContainsFunc(t.Actor.Roles(t.Late()), works) {
		return nil
	}
	id := fmt.Sprintf("%d.%s", t.Chat.ID, lang)
	about := tongueKind + "/" + id
	offered, err := t.Tx.CardChats(ctx, about)
	if err != nil || len(offered) > 0 {
		return err
	}
	m, err := tongueCard(ctx, t, t.Lang(), id)
	if err != nil {
		return err
	}
	m.About = about
	return t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneRoutine, Card: about, Message: m})
}

// tongueCard asks in the language that was met, and lets who would rather not say so in the one that is spoken.
func tongueCard(_ context.Context, t *bot.Turn, now, id string) (bot.Message, error) {
	_, met, found := strings.Cut(id, ".")
	if !found {
		return bot.Message{}, bot.ErrNotFound
	}
	return bot.Message{
		Text: t.In(met, "language.offer"),
		Rows: bot.Rows(
			bot.Choice{Key: "set:" + met, Label: t.In(met, "language.offer.yes")},
			bot.Choice{Key: "set:" + now, Label: t.In(now, "language.offer.no")},
		),
	}, nil
}

// onTongue lets people choose for their own chat.
func onTongue(_ context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	chat, _, _ := strings.Cut(r.ID, ".")
	if chat != strconv.FormatInt(t.Chat.ID, 10) || t.Chat.Ref.Kind != bot.Private {
		return bot.Thing{}, bot.Refuse("press.old")
	}
	return bot.Thing{Scope: civic.Scope{Network: t.Network.ID}}, nil
}

// setTongue goes on in the language that was met, or stays with the one that was spoken; then nothing is asked again.
func setTongue(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	if r.Arg != t.Lang() {
		return setLanguage(ctx, t, r)
	}
	if err := speak(ctx, t, r.Arg); err != nil {
		return err
	}
	return t.Answer(ctx, "language.set")
}
