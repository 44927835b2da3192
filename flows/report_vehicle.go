package flows

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// plateStep asks for a plate; part of one will do. It goes to the police alone.
type plateStep struct{ n int }

// Name implements [bot.Step].
func (s plateStep) Name() string { return subjectStep(s.n, "plate") }

// Optional implements [bot.Step].
func (s plateStep) Optional() bool { return true }

// Applies implements [bot.Step].
func (s plateStep) Applies(*draft) bool { return true }

// Wants implements [bot.Step].
func (s plateStep) Wants(in bot.Input) bool { return in.Text != "" }

// Keys implements [bot.Step].
func (s plateStep) Keys(form string) []string {
	return []string{form + ".plate.ask"}
}

// Clear implements [bot.Step].
func (s plateStep) Clear(d *draft) {
	d.Subjects[s.n].Vehicle.Plate, d.Subjects[s.n].Vehicle.PlateCountry = "", ""
}

// Ask implements [bot.Step].
func (s plateStep) Ask(_ context.Context, t *bot.Turn, form string, _ draft) (bot.Message, error) {
	return bot.Message{Text: t.T(form + ".plate.ask")}, nil
}

// Take implements [bot.Step].
func (s plateStep) Take(_ context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	const longest = 12 // characters; no plate of these countries has more
	if unknowing(t, in.Text) || t.OneOf("report.photos.none.words", bare(in.Text)) {
		return nil
	}
	p, ok := civic.ParsePartialPlate(in.Text)
	switch {
	case ok:
		d.Subjects[s.n].Vehicle.Plate, d.Subjects[s.n].Vehicle.PlateCountry = p.Number, p.Country
		return nil
	case utf8.RuneCountInString(in.Text) > longest:
		return bot.Refuse("report.plate.long")
	}
	return bot.Refuse("report.plate.strange")
}

// vehicleLooks asks for make, colour and what strikes, in words.
type vehicleLooks struct{ n int }

// Name implements [bot.Step].
func (s vehicleLooks) Name() string { return subjectStep(s.n, "marks") }

// Optional implements [bot.Step].
func (s vehicleLooks) Optional() bool { return true }

// Applies implements [bot.Step].
func (s vehicleLooks) Applies(*draft) bool { return true }

// Wants implements [bot.Step].
func (s vehicleLooks) Wants(in bot.Input) bool { return in.Text != "" }

// Keys implements [bot.Step].
func (s vehicleLooks) Keys(form string) []string { return []string{form + ".marks.ask"} }

// Clear implements [bot.Step].
func (s vehicleLooks) Clear(d *draft) {
	d.Subjects[s.n].Vehicle.Markings = "" // make and colour may stand in the story
}

// Ask implements [bot.Step].
func (s vehicleLooks) Ask(_ context.Context, t *bot.Turn, form string, _ draft) (bot.Message, error) {
	return bot.Message{Text: t.T(form + ".marks.ask")}, nil
}

// Take implements [bot.Step].
func (s vehicleLooks) Take(_ context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if unknowing(t, in.Text) {
		return nil
	}
	if n := utf8.RuneCountInString(in.Text); n > longestExtra {
		return bot.Refuse("form.length", "max", longestExtra, "count", n)
	}
	if civic.Blank(in.Text) {
		return bot.Refuse("form.empty")
	}
	text, _ := civic.WithoutOrigin(in.Text)
	v := &d.Subjects[s.n].Vehicle
	said := civic.DescribeVehicleAsked(text)
	said.Plate, said.PlateCountry = "", "" // it stays where it was typed, and is taken out as what is personal
	*v = v.Learned(said)
	v.Markings = civic.Clean(text, longestExtra)
	return nil
}

// personLine is a person in a few words; the colour of their skin is not among them.
func personLine(t *bot.Turn, lang string, p civic.Person) string {
	var parts []string
	add := func(words string) {
		if words != "" {
			parts = append(parts, words)
		}
	}
	labelled := func(kind, key string) {
		if key != "" {
			add(strings.ToLower(t.In(lang, "person."+kind+"."+key)))
		}
	}
	labelled("gender", p.Gender)
	labelled("age", p.Age)
	for _, words := range []string{
		p.Height, p.Build, p.Hair, p.Face, p.Top, p.Bottom, p.Shoes, p.Carrying, p.Distinctive,
	} {
		add(words)
	}
	labelled("transport", p.Transport)
	add(p.Direction)
	return strings.Join(parts, ", ")
}

// personLines are a person, and beside that whether a weapon was seen, which nobody may read over.
func personLines(t *bot.Turn, lang string, p civic.Person) []string {
	var lines []string
	if words := personLine(t, lang, p); words != "" {
		lines = append(lines, t.In(lang, "case.card.person", "words", words))
	}
	if p.Weapon {
		lines = append(lines, t.In(lang, "case.card.weapon"))
	}
	return lines
}

// vehicleLine is a vehicle in a few words, without its plate.
func vehicleLine(t *bot.Turn, lang string, v civic.Vehicle) string {
	var parts []string
	if v.Kind != "" {
		parts = append(parts, strings.ToLower(t.In(lang, "vehicle."+v.Kind)))
	}
	v = v.Besides(v.Markings)
	for _, words := range []string{v.Colour, strings.TrimSpace(v.Make + " " + v.Model), v.Markings, v.Occupants, v.Direction} {
		if words != "" {
			parts = append(parts, words)
		}
	}
	if v.LastSeenAt != "" {
		parts = append(parts, t.In(lang, "vehicle.last_seen", "words", v.LastSeenAt))
	}
	return strings.Join(parts, ", ")
}

// describedKeys are the texts of persons and vehicles whose keys are made while talking.
func describedKeys() []string {
	var keys []string
	for _, list := range []struct {
		kind string
		all  []string
	}{
		{"person.gender.", civic.Genders},
		{"person.age.", civic.Ages},
		{"person.transport.", civic.Transports},
		{"person.skin.", civic.SkinTones},
		{"vehicle.", civic.VehicleKinds},
	} {
		for _, key := range list.all {
			keys = append(keys, list.kind+key)
		}
	}
	return keys
}
