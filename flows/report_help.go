package flows

import (
	"context"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// offerHelp names a help line, and the number for when there is danger after all; of none it says nothing.
func offerHelp(ctx context.Context, t *bot.Turn, call civic.CallKind) error {
	line := helpFor(t, call)
	if line == "" {
		return nil
	}
	emergency := t.Profile().Emergency
	if call == civic.CallSuicide {
		emergency = t.Profile().Number(civic.CallAmbulance)
	}
	return t.Say(ctx, "report.help", "line", bot.HTML(line), "emergency", emergency)
}

// helpFor names a help line; empty for none.
func helpFor(t *bot.Turn, call civic.CallKind) string {
	switch call {
	case civic.CallSuicide:
		return helpLine(t, "report.help.suicide", civic.HelpSuicide)
	case civic.CallViolence:
		return helpLine(t, "report.help.violence", civic.HelpDomesticViolence)
	case civic.CallPolice, civic.CallFire, civic.CallAmbulance:
	}
	return ""
}

func helpLine(t *bot.Turn, key, line string) string {
	help, _ := t.Profile().Helpline(line)
	return t.T(key, "number", help.Number)
}

// hear notes the help line that words ask for. From then on the report stays away from the street, whatever is said of its kind
// afterwards (edge cases 19 and 20).
func (d *draft) hear(words ...string) {
	for _, w := range words {
		if d.Hint == "" && !civic.Blank(w) {
			d.Hint = civic.Hinted(w)
		}
	}
}

// hearAll listens to everything that was told so far: each message of the story by itself, what was added and spelt, and what
// stands beside it.
func (d *draft) hearAll() {
	if d.Hint == "" {
		d.hear(strings.Split(d.What, "\n")...)
		d.hear(d.Tail, d.More)
	}
	for _, words := range d.beside() {
		d.hearAnswer(words)
	}
}

// hearAnswer listens to an answer. One that asks for a help line is kept in the story, since with another kind of report its
// question is no longer put.
func (d *draft) hearAnswer(words string) {
	if d.Hint != "" {
		return
	}
	if d.hear(words); d.Hint != "" && !d.chosen().Sensitive() {
		d.What = civic.Clean(strings.TrimSpace(d.What+"\n"+words), longestReport)
	}
}

// help names the help line once, and sees to it that the case will be a sensitive one. Who is asked whether they called reads it
// below the emergency number, and not ahead of that.
func (d *draft) help(ctx context.Context, t *bot.Turn) error {
	if d.Hint == "" {
		return nil
	}
	kept := d.keepAway()
	switch {
	case d.Helped && kept:
		return t.Say(ctx, "report.help.kept", "category", categoryLabel(t, t.Lang(), civic.WelfareConcern))
	case d.Helped:
		return nil
	}
	d.Helped = true
	if d.urgent() && d.Called == "" {
		return nil
	}
	return offerHelp(ctx, t, d.Hint)
}

// keepAway takes back a kind that street coordinators read, and reports whether there was one. While a category is still to be
// picked it waits for that: it may be a sensitive one.
func (d *draft) keepAway() bool {
	picking := d.Family != "" && d.Category == "" && len(civic.InFamily(d.Family)) > 1 && !d.fast()
	if picking || d.chosen().Sensitive() {
		return false
	}
	info, _ := civic.WelfareConcern.Info()
	d.Category, d.Family, d.Looks = info.Key, info.Family, false
	return true
}

// heed listens to what a reporter tells after a case was made. When the words ask for a help line it is named, and the case is
// made a sensitive one, out of the hands of who may not read it then; the caller saves it. It reports whether the case was.
func heed(ctx context.Context, t *bot.Turn, c *civic.Case, words string) (bool, error) {
	call := civic.Hinted(words)
	if call == "" {
		return false, nil
	}
	if err := offerHelp(ctx, t, call); err != nil || c.Sensitive() {
		return false, err
	}
	c.Category = civic.WelfareConcern
	if c.Owner == 0 {
		return true, nil
	}
	may, err := mayKnow(ctx, t, *c, c.Owner)
	if !may {
		c.Owner = 0
	}
	return true, err
}

// passOn looks for somebody who may read a case that became a sensitive one and that nobody has.
func passOn(ctx context.Context, t *bot.Turn, id int64) error {
	c, err := t.Tx.Case(ctx, id)
	if err != nil || !waits(c) {
		return err
	}
	return watch(ctx, t, c)
}

func helpKeys() []string { return []string{"report.help.suicide", "report.help.violence"} }
