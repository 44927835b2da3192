package flows

import (
	"context"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// noticeKind names the places in which an alert stands: "notice/3". It is no card that anybody presses; it lets what was
// said be changed where it was said.
const noticeKind = "notice"

// noticeOf names the places of an alert, or of its nth correction where that is a message of its own.
func noticeOf(alert int64, nth int) string {
	about := bot.About(noticeKind, alert)
	if nth > 0 {
		about += fmt.Sprintf(".%d", nth)
	}
	return about
}

// pictureNth is where the ledger counts the picture of an alert, apart from its corrections.
const pictureNth = 999

// pictureOf names the places in which the picture of an alert stands.
func pictureOf(alert int64) string { return bot.About("picture", alert) }

// replyRows lead to the private chat in which somebody tells what they saw. It is a link and no button: a press in a street
// room would show who saw something.
func replyRows(t *bot.Turn, lang string, a civic.Alert) [][]bot.Choice {
	if a.Kind == civic.InfoAlert {
		return nil
	}
	return [][]bot.Choice{{{Link: linkSaw + a.Ref, Label: t.In(lang, "alert.button.saw")}}}
}

// whyLine tells who sent an alert, in which network, and why somebody reads it. Nobody but the bot writes it.
func whyLine(t *bot.Turn, lang string, a civic.Alert, areas string) string {
	key := "alert.say.why"
	if slices.Contains(a.Areas, a.Network) {
		key = "alert.say.why.all"
	}
	return t.In(lang, key, "areas", raw(areas), "network", raw(t.Network.Name),
		"sender", t.In(lang, "alert.why."+string(a.Sender)))
}

// silent reports whether a notice makes no sound: information, and the correction of what is not pressing.
func silent(a civic.Alert, notice civic.Notice) bool {
	return a.Kind == civic.InfoAlert || notice == civic.NoticeCorrection && !a.Pressing()
}

// places is where an alert stands: the message in each chat. A chat is in it once something of the alert was sent there;
// its message is empty while that is on its way, or when nobody knows whether it arrived.
func places(ctx context.Context, t *bot.Turn, about string) (map[int64]bot.MessageRef, error) {
	list, err := t.Tx.CardChats(ctx, about)
	if err != nil {
		return nil, fmt.Errorf("places of %s: %w", about, err)
	}
	found := map[int64]bot.MessageRef{}
	for _, p := range list {
		found[p.Chat] = p.Message
	}
	return found, nil
}
