package flows

import (
	"context"
	"fmt"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// raw keeps words as they are in a text that is itself put into another one, which escapes them.
func raw(words string) bot.HTML { return bot.HTML(words) }

// spoken is what a notice of an alert says besides the alert itself.
type spoken struct {
	Notice  civic.Notice
	Words   string // the correction, or what was added to the outcome
	Outcome string // of an all-clear: one of alertOutcomes
}

// sayAlert is the message of a notice as streets read it. Every copy carries the reference, so that who gets two knows
// that they are one.
func sayAlert(ctx context.Context, t *bot.Turn, lang string, a civic.Alert, s spoken) (string, error) {
	areas, err := areaNames(ctx, t, lang, a.Areas)
	if err != nil {
		return "", err
	}
	heading := []any{"network", t.Network.Name, "areas", areas}
	switch s.Notice {
	case civic.NoticeAllClear:
		lines := []string{
			t.In(lang, "alert.say.outcome", heading...),
			t.In(lang, "alert.say.ended", "ref", a.Ref, "outcome", outcomeWords(t, lang, s.Outcome)),
		}
		if s.Words != "" {
			lines = append(lines, t.In(lang, "alert.say.words", "text", s.Words))
		}
		return strings.Join(append(lines, t.In(lang, "alert.say.thanks")), "\n"), nil
	case civic.NoticeCorrection:
		return strings.Join([]string{
			t.In(lang, "alert.say."+string(a.Kind), heading...),
			t.In(lang, "alert.say.corrected", "ref", a.Ref, "time", moment(t, lang, a.Issued)),
			t.In(lang, "alert.say.words", "text", s.Words),
			callLine(t, lang, a.Kind),
			footer(t, lang, a),
		}, "\n"), nil
	case civic.NoticeAlarm:
	}
	return strings.Join([]string{
		t.In(lang, "alert.say."+string(a.Kind), heading...),
		t.In(lang, "alert.say.words", "text", a.Text),
		callLine(t, lang, a.Kind),
		footer(t, lang, a),
	}, "\n"), nil
}

// callLine says whom to call: the emergency number for what is pressing, the police's own number for the rest.
func callLine(t *bot.Turn, lang string, kind civic.AlertKind) string {
	profile := profileOf(t)
	switch {
	case kind.Pressing():
		return t.In(lang, "alert.say.call", "emergency", profile.Emergency)
	case profile.Police == "":
		return t.In(lang, "alert.say.tell", "emergency", profile.Emergency)
	}
	return t.In(lang, "alert.say.number", "police", profile.Police, "emergency", profile.Emergency)
}

func footer(t *bot.Turn, lang string, a civic.Alert) string {
	return t.In(lang, "alert.say.until", "until", moment(t, lang, a.Until), "ref", a.Ref)
}

// outcomeWords tells how it ended in one sentence.
func outcomeWords(t *bot.Turn, lang, outcome string) string {
	return t.In(lang, "alert.ended."+outcome)
}

// areaNames names the areas of an alert.
func areaNames(ctx context.Context, t *bot.Turn, lang string, ids []civic.AreaID) (string, error) {
	names := make([]string, len(ids))
	for i, id := range ids {
		area, err := t.Tx.Area(ctx, id)
		if err != nil {
			return "", fmt.Errorf("area %d of an alert: %w", id, err)
		}
		names[i] = area.Name
		if area.Kind == civic.KindNetwork {
			names[i] = t.In(lang, "alert.areas.whole")
		}
	}
	return joined(t, lang, names), nil
}
