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

// pictures are those that somebody sent along, and which of them are for the police only.
type pictures struct {
	Photos  []int64 `json:"photos,omitempty"`
	Faces   []int64 `json:"faces,omitempty"`        // the pictures for the police only
	FacesOf []int64 `json:"faces_of_all,omitempty"` // the pictures that were asked about
}

// facing asks on which pictures somebody or a plate can be known. Those go to the police only (domain §1.8, §2.2). It is
// who sent them that says so; no machine looks at faces.
type facing[A any] struct{ of func(*A) *pictures }

// facesAsked is the question. It is put again when another picture came.
func facesAsked[A any](of func(*A) *pictures) bot.Step[A] {
	return bot.Filled(func(a *A) bool { return of(a).facesKnown() }, bot.Step[A](facing[A]{of}))
}

// Name implements [bot.Step].
func (facing[A]) Name() string { return "faces" }

// Optional implements [bot.Step]. A question of others' privacy is not passed over.
func (facing[A]) Optional() bool { return false }

// Applies implements [bot.Step].
func (f facing[A]) Applies(a *A) bool { return len(f.of(a).Photos) > 0 }

// Wants implements [bot.Step].
func (facing[A]) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Keys implements [bot.Step].
func (facing[A]) Keys(string) []string { return nil }

// Clear implements [bot.Step].
func (f facing[A]) Clear(a *A) {
	p := f.of(a)
	p.Faces, p.FacesOf = nil, nil
}

// Ask implements [bot.Step].
func (f facing[A]) Ask(_ context.Context, t *bot.Turn, _ string, a A) (bot.Message, error) {
	return bot.Message{Text: t.T("report.faces.ask"), Rows: bot.Rows(f.of(&a).options(t)...)}, nil
}

// Take implements [bot.Step]: a button, or the numbers of pictures, "1 en 3".
func (f facing[A]) Take(_ context.Context, t *bot.Turn, in bot.Input, a *A) error {
	p := f.of(a)
	key := in.Choice
	for _, c := range p.options(t) {
		if bare(in.Text) != "" && bare(in.Text) == bare(c.Label) {
			key = c.Key
		}
	}
	if key == "" {
		key = f.said(t, in.Text, len(p.Photos))
	}
	switch key {
	case facesNone:
		p.Faces, p.FacesOf = nil, slices.Clone(p.Photos)
		return nil
	case facesAll:
		p.Faces, p.FacesOf = slices.Clone(p.Photos), slices.Clone(p.Photos)
		return nil
	}
	return p.pick(numbersIn(strings.TrimPrefix(key, "p") + " " + in.Text))
}

// said is the answer that words give without naming a picture; empty when they give none. Who does not know whether somebody can
// be known leaves it to the police.
func (facing[A]) said(t *bot.Turn, words string, photos int) string {
	yes, said := t.YesOrNo(words)
	switch {
	case said && !yes, t.OneOf("report.faces.none.words", bare(words)):
		return facesNone
	case said && photos == 1, unknowing(t, words), t.OneOf("report.faces.all.words", bare(words)):
		return facesAll
	}
	return ""
}

func (p *pictures) options(t *bot.Turn) []bot.Choice {
	choices := []bot.Choice{{Key: facesNone, Label: t.T("report.faces.none")}}
	if len(p.Photos) > 1 {
		for n := range p.Photos {
			choices = append(choices, bot.Choice{Key: "p" + strconv.Itoa(n+1), Label: t.T("report.faces.one", "n", n+1)})
		}
	}
	return append(choices, bot.Choice{Key: facesAll, Label: t.T("report.faces.all")})
}

// pick notes the pictures of these numbers as those for the police only.
func (p *pictures) pick(numbers []int) error {
	p.Faces = nil
	for _, n := range numbers {
		if n > len(p.Photos) {
			return bot.Refuse("report.faces.which", "max", len(p.Photos))
		}
		if photo := p.Photos[n-1]; !slices.Contains(p.Faces, photo) {
			p.Faces = append(p.Faces, photo)
		}
	}
	if len(p.Faces) == 0 {
		return bot.Refuse("report.faces.which", "max", len(p.Photos))
	}
	p.FacesOf = slices.Clone(p.Photos)
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
func (p *pictures) openPhotos() (everybody, police []int64) {
	for _, photo := range p.Photos {
		if !slices.Contains(p.FacesOf, photo) || slices.Contains(p.Faces, photo) {
			police = append(police, photo)
			continue
		}
		everybody = append(everybody, photo)
	}
	return everybody, police
}

// facesKnown reports whether the answer is about pictures that are still there.
func (p *pictures) facesKnown() bool {
	return slices.Equal(p.FacesOf, p.Photos) &&
		!slices.ContainsFunc(p.Faces, func(id int64) bool { return !slices.Contains(p.Photos, id) })
}

// lose takes out a picture that could not be read, and reports whether it was there.
func (p *pictures) lose(photo int64) bool {
	if !slices.Contains(p.Photos, photo) {
		return false
	}
	for _, list := range []*[]int64{&p.Photos, &p.Faces, &p.FacesOf} {
		*list = slices.DeleteFunc(slices.Clone(*list), func(id int64) bool { return id == photo })
	}
	return true
}
