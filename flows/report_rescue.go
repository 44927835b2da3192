package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// rescueIn is whether words tell of what the fire brigade or an ambulance is called for: [civic.CallFire],
// [civic.CallAmbulance], [civic.CallSuicide], or empty. Who may take their own life needs an ambulance, and other words.
func rescueIn(words string) civic.CallKind {
	if civic.Hinted(words) == civic.CallSuicide {
		return civic.CallSuicide
	}
	switch call := civic.Understand(words, nil).Call; call {
	case civic.CallFire, civic.CallAmbulance:
		return call
	case civic.CallPolice, civic.CallSuicide, civic.CallViolence:
	}
	return ""
}

// numberFor is the number to call for what words tell of: in some countries the fire brigade and the ambulance have another than
// the police (domain §1.7).
func numberFor(t *bot.Turn, words string) string {
	if p := t.Profile(); p.Fire != p.Emergency && rescueIn(words) != "" {
		return p.Fire
	}
	return t.Profile().Emergency
}

// rescue is what a report needs of the fire brigade or an ambulance; empty for none.
func (d *draft) rescue() civic.CallKind {
	switch {
	case d.category() == civic.Fire:
		return civic.CallFire
	case d.Hint == civic.CallSuicide:
		return d.Hint
	}
	return rescueIn(d.What)
}

// number is the number to call for what a report tells of.
func (d *draft) number(t *bot.Turn) string {
	if d.rescue() != "" {
		return t.Profile().Fire
	}
	return t.Profile().Emergency
}

// ails reports whether the story is of somebody who is hurt or ill, now.
func (d *draft) ails() bool { return civic.Understand(d.What, nil).Call == civic.CallAmbulance }

// care is the rescue whose words are spoken: none where somebody did it. Then the police want to know who, and where they went,
// although an ambulance is called as well.
func (d *draft) care() civic.CallKind {
	info, _ := d.chosen().Info()
	if crime := info.Family == civic.FamilySafety || info.Family == civic.FamilyDanger; crime && info.Key != civic.Fire {
		return ""
	}
	return d.rescue()
}

// advice is what to do until help is there. Who is no member yet hears besides to get away.
func advice(t *bot.Turn, care civic.CallKind, police string) string {
	switch care {
	case civic.CallFire, civic.CallAmbulance, civic.CallSuicide:
		return t.T("emergency.advice." + string(care))
	case civic.CallPolice, civic.CallViolence:
	}
	return t.T("emergency.advice." + police)
}

// advice is what to do until help is there. Where nothing is known of what is wrong, the number of the fire brigade and the
// ambulance stands with it.
func (d *draft) advice(t *bot.Turn) string {
	words := advice(t, d.care(), "police")
	if other := otherNumber(t); other != "" && d.Category == "" && civic.Blank(d.What) {
		return words + "\n" + other
	}
	return words
}

// otherNumber names the number of the fire brigade and the ambulance; empty in a country with one number for all.
func otherNumber(t *bot.Turn) string {
	if p := t.Profile(); p.Fire != p.Emergency {
		return t.T("emergency.rescue", "rescue", p.Fire)
	}
	return ""
}

// recounting asks for what the police, the fire brigade or an ambulance wants to know.
type recounting struct{ bot.Step[draft] }

// Ask implements [bot.Step].
func (r recounting) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := r.Step.Ask(ctx, t, form, d)
	switch d.care() {
	case civic.CallFire:
		m.Text = t.T("report.more.fire.ask")
	case civic.CallAmbulance, civic.CallSuicide:
		m.Text = t.T("report.more.ambulance.ask")
	case civic.CallPolice, civic.CallViolence:
	}
	return m, err
}

func rescueKeys() []string {
	return []string{
		"emergency.advice.police", "emergency.advice.away", "emergency.advice.fire", "emergency.advice.ambulance",
		"emergency.advice.suicide",
	}
}

// crying is a question that is put in danger as well: who cries once more what happens, instead of answering, is told again
// whom to call, and their words are kept.
type crying struct{ bot.Step[draft] }

// Ask implements [bot.Step].
func (s crying) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	if d.added && d.fast() {
		m.Text = t.T("report.cried", "emergency", d.number(t)) + "\n\n" + m.Text
	}
	return m, err
}

// Yields implements [bot.Yielding].
func (crying) Yields(_ *bot.Turn, in bot.Input) bool { return civic.Danger(in.Words()) }
