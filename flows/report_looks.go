package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// looksStep asks how somebody looked: in words, by buttons, or both. It is put again until the reporter is done, and asks
// once for more when too little tells the person from others (domain D5).
type looksStep struct{ n int }

// Name implements [bot.Step].
func (s looksStep) Name() string { return subjectStep(s.n, "looks") }

// Optional implements [bot.Step].
func (s looksStep) Optional() bool { return true }

// Applies implements [bot.Step].
func (s looksStep) Applies(*draft) bool { return true }

// Wants implements [bot.Step].
func (s looksStep) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Keys implements [bot.Step].
func (s looksStep) Keys(form string) []string {
	keys := []string{form + ".looks.ask"}
	for _, m := range looksMarks {
		keys = append(keys, "looks."+m.key)
	}
	return keys
}

// Clear implements [bot.Step].
func (s looksStep) Clear(d *draft) {
	d.Subjects[s.n].Marks = nil // what the story told stays
}

// Ask implements [bot.Step].
func (s looksStep) Ask(_ context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	return bot.Message{Text: t.T(form + ".looks.ask"), Rows: bot.Rows(s.options(t, d)...)}, nil
}

func (s looksStep) options(t *bot.Turn, d draft) []bot.Choice {
	var choices []bot.Choice
	for _, m := range looksMarks {
		label := t.T("looks." + m.key)
		if slices.Contains(d.Subjects[s.n].Marks, m.key) {
			label = "✓ " + label
		}
		choices = append(choices, bot.Choice{Key: m.key, Label: label})
	}
	return append(choices, bot.Choice{Key: looksWeapon, Label: t.T("report.looks.weapon")},
		bot.Choice{Key: looksDone, Label: t.T("report.looks.done")})
}

// Take implements [bot.Step].
func (s looksStep) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	who := &d.Subjects[s.n]
	d.hearAnswer(in.Text) // of which only the description is kept
	key, pressed := pressedOf(s.options(t, *d), in)
	switch {
	case pressed && key == looksDone:
		return nil
	case pressed && key == looksWeapon:
		who.Person.Weapon = true
		return d.endanger(ctx, t)
	case pressed:
		who.toggle(key)
		return s.again(t, *d)
	case civic.Blank(in.Text):
		return bot.Refuse("form.pick")
	}
	if unknowing(t, in.Text) {
		return nil
	}
	if n := utf8.RuneCountInString(in.Text); n > longestLooks {
		return bot.Refuse("form.length", "max", longestLooks, "count", n)
	}
	who.add(in.Text)
	if who.features() < civic.EnoughFeatures && !who.Looked {
		who.Looked = true
		return s.again(t, *d)
	}
	return nil
}

// again asks for more, and says what was noted.
func (s looksStep) again(t *bot.Turn, d draft) error {
	key := "report.looks.noted"
	if d.Subjects[s.n].features() < civic.EnoughFeatures {
		key = "report.looks.more"
	}
	p := d.Subjects[s.n].described(t, t.Lang())
	return bot.Refuse(key, "noted", personLine(t, t.Lang(), p))
}

// toggle notes a mark, or takes it away again.
func (s *subject) toggle(key string) {
	if i := slices.Index(s.Marks, key); i >= 0 {
		s.Marks = slices.Delete(slices.Clone(s.Marks), i, i+1)
		return
	}
	s.Marks = append(slices.Clone(s.Marks), key)
}

// add puts the words of a description into the fields that they belong to; what fits none strikes, it seems.
func (s *subject) add(words string) {
	text, _ := civic.WithoutOrigin(words)
	p, ok := civic.Describe(text)
	p.LanguageHeard = civic.LanguageIn(words)
	s.Person = merged(s.Person, p)
	if !ok {
		s.Person.Distinctive = strings.TrimPrefix(s.Person.Distinctive+", "+civic.Clean(text, longestExtra), ", ")
	}
}

// merged is a person with what else was told; what was told first stays.
func merged(a, b civic.Person) civic.Person {
	for _, f := range [][2]*string{
		{&a.Gender, &b.Gender},
		{&a.Age, &b.Age},
		{&a.Transport, &b.Transport},
		{&a.Direction, &b.Direction},
		{&a.LanguageHeard, &b.LanguageHeard},
	} {
		if *f[0] == "" {
			*f[0] = *f[1]
		}
	}
	for _, f := range [][2]*string{
		{&a.Height, &b.Height},
		{&a.Build, &b.Build},
		{&a.Hair, &b.Hair},
		{&a.Face, &b.Face},
		{&a.Top, &b.Top},
		{&a.Bottom, &b.Bottom},
		{&a.Shoes, &b.Shoes},
		{&a.Carrying, &b.Carrying},
		{&a.Distinctive, &b.Distinctive},
	} {
		if *f[1] != "" && !strings.Contains(*f[0], *f[1]) {
			*f[0] = strings.TrimPrefix(*f[0]+", "+*f[1], ", ")
		}
	}
	return a
}

// wayStep asks how somebody left, and where to: a button, or words for the direction.
type wayStep struct{ n int }

// Name implements [bot.Step].
func (s wayStep) Name() string { return subjectStep(s.n, "way") }

// Optional implements [bot.Step].
func (s wayStep) Optional() bool { return true }

// Applies implements [bot.Step].
func (s wayStep) Applies(*draft) bool { return true }

// Wants implements [bot.Step].
func (s wayStep) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Clear implements [bot.Step].
func (s wayStep) Clear(d *draft) {
	d.Subjects[s.n].Person.Transport, d.Subjects[s.n].Person.Direction = "", ""
}

// Keys implements [bot.Step].
func (s wayStep) Keys(form string) []string { return []string{form + ".way.ask"} }

// Ask implements [bot.Step].
func (s wayStep) Ask(_ context.Context, t *bot.Turn, form string, _ draft) (bot.Message, error) {
	return bot.Message{Text: t.T(form + ".way.ask"), Rows: bot.Rows(s.options(t)...)}, nil
}

func (s wayStep) options(t *bot.Turn) []bot.Choice {
	var choices []bot.Choice
	for _, key := range civic.Transports {
		choices = append(choices, bot.Choice{Key: key, Label: t.T("person.transport." + key)})
	}
	return choices
}

// Take implements [bot.Step].
func (s wayStep) Take(_ context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	p := &d.Subjects[s.n].Person
	if key, pressed := pressedOf(s.options(t), in); pressed {
		p.Transport = key
		return nil
	}
	switch n := utf8.RuneCountInString(in.Text); {
	case civic.Blank(in.Text):
		return bot.Refuse("form.pick")
	case n > longestExtra:
		return bot.Refuse("form.length", "max", longestExtra, "count", n)
	case unknowing(t, in.Text):
		return nil
	}
	if told, _ := civic.Describe(in.Text); told.Transport != "" {
		p.Transport = told.Transport
	}
	p.Direction = civic.Clean(in.Text, longestExtra)
	return nil
}

// pressedOf is the choice that was pressed, typed in full, or counted from 1.
func pressedOf(choices []bot.Choice, in bot.Input) (string, bool) {
	typed := bare(in.Text)
	for i, c := range choices {
		counted := typed != "" && typed == strconv.Itoa(i+1)
		if in.Choice == c.Key || counted || typed != "" && typed == bare(strings.TrimPrefix(c.Label, "✓ ")) {
			return c.Key, true
		}
	}
	return "", false
}
