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
	Quiet   bool   // it comes in quiet hours, because it cannot wait
	Fresh   bool   // who reads the correction never read what it puts right: to them it is what the alert says
}

// to is what is said in a chat: a correction is one only where an earlier version was heard, or may have been.
func (s spoken) to(chat int64, outdated map[int64]bool) spoken {
	s.Fresh = s.Notice == civic.NoticeCorrection && !outdated[chat]
	return s
}

// sayAlert is the message of a notice as streets read it. Every copy carries the reference, so that who gets two knows
// that they are one; every copy of a drill says first and last that it is one.
func sayAlert(ctx context.Context, t *bot.Turn, lang string, a civic.Alert, s spoken) (string, error) {
	areas, err := areaNames(ctx, t, lang, a.Areas)
	if err != nil {
		return "", err
	}
	heading := []any{
		"network", t.Network.Name, "areas", areas, "sender", t.In(lang, "alert.sender."+string(a.Sender)),
	}
	var lines []string
	if s.Notice == civic.NoticeAllClear {
		lines = lastWords(t, lang, a, s, heading)
	} else {
		if lines, err = warning(ctx, t, lang, a, s); err != nil {
			return "", err
		}
		head := t.In(lang, "alert.say."+string(a.Kind), heading...)
		lines = append(append([]string{head}, lines...), whyLine(t, lang, a, areas))
		if s.Quiet {
			lines = append(lines, t.In(lang, "alert.say.quiet"))
		}
	}
	if a.Drill {
		lines = append(append([]string{t.In(lang, "alert.drill.begin")}, lines...), t.In(lang, "alert.drill.end"))
	}
	return strings.Join(lines, "\n"), nil
}

// warning says what an alert says, or says now that it is corrected.
func warning(ctx context.Context, t *bot.Turn, lang string, a civic.Alert, s spoken) ([]string, error) {
	var lines []string
	text := a.Text
	if s.Notice == civic.NoticeCorrection {
		text = s.Words
	}
	if s.Notice == civic.NoticeCorrection && !s.Fresh {
		lines = append(lines, t.In(lang, "alert.say.corrected", "time", moment(t, lang, a.Issued)))
	}
	text, err := inTongue(ctx, t, lang, a, text)
	lines = append(lines, t.In(lang, "alert.say.words", "text", text))
	if when := whenLine(t, lang, a); when != "" {
		lines = append(lines, when)
	}
	lines = append(lines, callLine(t, lang, a))
	if onShow(t, a) && a.Kind != civic.MissingAlert { // of whom no pictures are shared anyway
		lines = append(lines, t.In(lang, "alert.say.photo"))
	}
	return append(lines, footer(t, lang, a)), err
}

// sayShort is the word about a correction for who has the alert, which is changed in place: what is new in it.
func sayShort(ctx context.Context, t *bot.Turn, lang string, a, before civic.Alert) (string, error) {
	areas, err := areaNames(ctx, t, lang, a.Areas)
	if err != nil {
		return "", err
	}
	heading := []any{
		"network", t.Network.Name, "areas", areas, "sender", t.In(lang, "alert.sender."+string(a.Sender)),
	}
	lines := []string{t.In(lang, "alert.say."+string(a.Kind), heading...)}
	changed := civic.Changed(withWhen(t, lang, newestText(before), before), withWhen(t, lang, a.Last, a))
	if changed != "" {
		lines = append(lines, t.In(lang, "alert.say.short", "ref", a.Ref, "text", changed))
	} else {
		lines = append(lines, t.In(lang, "alert.say.shorter", "ref", a.Ref))
	}
	if a.Drill {
		lines = append(append([]string{t.In(lang, "alert.drill.begin")}, lines...), t.In(lang, "alert.drill.end"))
	}
	return strings.Join(lines, "\n"), nil
}

// lastWords says how an alert ended, or that it was taken back.
func lastWords(t *bot.Turn, lang string, a civic.Alert, s spoken, heading []any) []string {
	key, about := "alert.say.outcome", t.In(lang, "alert.say.ended", "ref", a.Ref, "outcome", outcomeWords(t, lang, s.Outcome))
	if s.Outcome == retracted {
		key = "alert.say.retraction"
		about = t.In(lang, "alert.say.retracted", "ref", a.Ref, "time", moment(t, lang, a.Issued))
	}
	lines := []string{t.In(lang, key, heading...), about}
	if s.Words != "" {
		lines = append(lines, t.In(lang, "alert.say.words", "text", s.Words))
	}
	if s.Outcome != retracted {
		lines = append(lines, t.In(lang, "alert.say.thanks"))
	}
	return lines
}

// callLine says whom to call: the emergency number for what is pressing, the police's own number for the rest.
func callLine(t *bot.Turn, lang string, a civic.Alert) string {
	profile := t.Profile()
	switch {
	case a.Drill:
		return t.In(lang, "alert.drill.call", "emergency", profile.Emergency)
	case a.Kind == civic.InfoAlert:
		return t.In(lang, "alert.say.calm", "emergency", profile.Emergency)
	case a.Kind == civic.MissingAlert:
		return t.In(lang, "alert.say.seen", "emergency", profile.Emergency)
	case a.Pressing():
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
		switch area.Kind {
		case civic.KindNetwork:
			names[i] = t.In(lang, "alert.areas.whole")
		case civic.KindGroup:
			names[i] = area.Name
		case civic.KindStreet:
			if names[i], err = t.StreetLabel(ctx, area); err != nil {
				return "", err
			}
		}
	}
	return joined(t, lang, names), nil
}
