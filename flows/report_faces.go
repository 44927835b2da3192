package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
)

// The answers to whether somebody, or a plate, can be known on a picture.
const (
	facesNone = "none"
	facesAll  = "all"
)

// facing asks on which pictures somebody or a plate can be known. Those go to the police only (domain §1.8, §2.2). It is
// the reporter who says so; no machine looks at faces.
type facing struct{}

// Name implements [bot.Step].
func (facing) Name() string { return "faces" }

// Optional implements [bot.Step]. A question of others' privacy is not passed over.
func (facing) Optional() bool { return false }

// Applies implements [bot.Step].
func (facing) Applies(d draft) bool { return len(d.Photos) > 0 }

// Wants implements [bot.Step].
func (facing) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Keys implements [bot.Step].
func (facing) Keys(form string) []string {
	return []string{form + ".faces.ask"}
}

// Clear implements [bot.Step].
func (facing) Clear(d *draft) { d.Faces, d.FacesOf = nil, nil }

// Ask implements [bot.Step].
func (f facing) Ask(_ context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	return bot.Message{Text: t.T(form + ".faces.ask"), Rows: bot.Rows(f.options(t, d)...)}, nil
}

func (f facing) options(t *bot.Turn, d draft) []bot.Choice {
	choices := []bot.Choice{{Key: facesNone, Label: t.T("report.faces.none")}}
	if len(d.Photos) > 1 {
		for n := range d.Photos {
			choices = append(choices, bot.Choice{Key: "p" + strconv.Itoa(n+1), Label: t.T("report.faces.one", "n", n+1)})
		}
	}
	return append(choices, bot.Choice{Key: facesAll, Label: t.T("report.faces.all")})
}

// Take implements [bot.Step]: a button, or the numbers of pictures, "1 en 3".
func (f facing) Take(_ context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	key := in.Choice
	for _, c := range f.options(t, *d) {
		if bare(in.Text) != "" && bare(in.Text) == bare(c.Label) {
			key = c.Key
		}
	}
	switch key {
	case facesNone:
		d.Faces, d.FacesOf = nil, slices.Clone(d.Photos)
		return nil
	case facesAll:
		d.Faces, d.FacesOf = slices.Clone(d.Photos), slices.Clone(d.Photos)
		return nil
	}
	d.Faces = nil
	for _, n := range numbersIn(strings.TrimPrefix(key, "p") + " " + in.Text) {
		if n > len(d.Photos) {
			return bot.Refuse("report.faces.which", "max", len(d.Photos))
		}
		if photo := d.Photos[n-1]; !slices.Contains(d.Faces, photo) {
			d.Faces = append(d.Faces, photo)
		}
	}
	if len(d.Faces) == 0 {
		return bot.Refuse("report.faces.which", "max", len(d.Photos))
	}
	d.FacesOf = slices.Clone(d.Photos)
	return nil
}

// numbersIn are the numbers from 1 on in a text.
func numbersIn(text string) []int {
	const most = 20
	var all []int
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.Atoi(w); err == nil && n > 0 && len(all) < most {
			all = append(all, n)
		}
	}
	return all
}

// openPhotos parts the pictures into those for everybody who works on the case and those for the police only. Those
// of which it was not asked who is on them are for the police: in an emergency nothing is asked of what comes then.
func (d draft) openPhotos() (everybody, police []int64) {
	for _, photo := range d.Photos {
		if !slices.Contains(d.FacesOf, photo) || slices.Contains(d.Faces, photo) {
			police = append(police, photo)
			continue
		}
		everybody = append(everybody, photo)
	}
	return everybody, police
}

// facesAsked is the question, for who goes on.
func facesAsked() bot.Step[draft] {
	return bot.If(draft.goesOn, bot.Filled(facesCurrent, bot.Step[draft](facing{})))
}

// facesCurrent reports whether the answer is about pictures that are still there.
func facesCurrent(d draft) bool {
	return slices.Equal(d.FacesOf, d.Photos) &&
		!slices.ContainsFunc(d.Faces, func(id int64) bool { return !slices.Contains(d.Photos, id) })
}
