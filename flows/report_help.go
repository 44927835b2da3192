package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// helpText names the help line that words ask for, with the number of the country; empty when they ask for none.
func helpText(t *bot.Turn, words string) string {
	if civic.Blank(words) {
		return ""
	}
	switch call := civic.Understand(words, nil).Call; call {
	case civic.CallSuicide:
		return helpLine(t, "report.help.suicide", civic.HelpSuicide)
	case civic.CallViolence:
		return helpLine(t, "report.help.violence", civic.HelpDomesticViolence)
	case civic.CallPolice, civic.CallFire:
		if said := civic.Hinted(words); said != "" {
			return helpLine(t, "report.help."+map[civic.CallKind]string{
				civic.CallSuicide: "suicide", civic.CallViolence: "violence",
			}[said], string(said))
		}
	}
	return ""
}

func helpLine(t *bot.Turn, key, line string) string {
	help, _ := t.Profile().Helpline(line)
	return t.T(key, "number", help.Number)
}

// help names the help line once, and sees to it that the report stays away from the street: such a case is sensitive
// (edge cases 19 and 20).
func (d *draft) help(ctx context.Context, t *bot.Turn, words string) error {
	line := helpText(t, words)
	if line == "" {
		return nil
	}
	if !d.category().Sensitive() || d.category() == civic.Other {
		info, _ := civic.WelfareConcern.Info()
		d.Category, d.Family, d.Looks = info.Key, info.Family, false
	}
	if d.Helped || d.urgent() {
		return nil
	}
	d.Helped = true
	return t.Say(ctx, "report.help", "line", bot.HTML(line))
}

func helpKeys() []string { return []string{"report.help.suicide", "report.help.violence"} }
