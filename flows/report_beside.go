package flows

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// personWords are the words that say how somebody looked and where they went.
func personWords(p *civic.Person) []*string {
	return []*string{
		&p.Height, &p.Build, &p.Hair, &p.Face, &p.Top, &p.Bottom, &p.Shoes, &p.Carrying, &p.Distinctive, &p.Direction,
	}
}

// vehicleWords are the words that describe a vehicle, without its plate, which has a place of its own.
func vehicleWords(v *civic.Vehicle) []*string {
	return []*string{&v.Make, &v.Model, &v.Colour, &v.Markings, &v.Occupants, &v.Direction, &v.LastSeenAt}
}

// reword changes the words that stand beside the story: of the place, of answers, and of who and what was described.
func (d *draft) reword(change func(string) string) {
	d.Extra = maps.Clone(d.Extra)
	for _, key := range slices.Sorted(maps.Keys(d.Extra)) {
		a := d.Extra[key]
		a.Words = change(a.Words)
		d.Extra[key] = a
	}
	all := []*string{&d.Place.Words}
	for n := range d.Subjects {
		all = slices.Concat(all, personWords(&d.Subjects[n].Person), vehicleWords(&d.Subjects[n].Vehicle))
	}
	for _, words := range all {
		*words = change(*words)
	}
}

// beside lists the words that stand beside the story.
func (d *draft) beside() []string {
	var all []string
	d.reword(func(words string) string {
		if words != "" {
			all = append(all, words)
		}
		return words
	})
	return all
}

// lookAround notes the landmarks that the words beside the story name: what looks like a person's name there is none.
func (d *draft) lookAround(ctx context.Context, t *bot.Turn) error {
	words := d.beside()
	if len(words) == 0 {
		return nil
	}
	return d.seeIn(ctx, t, strings.Join(words, "\n"))
}

// seeIn notes the landmarks that words name.
func (d *draft) seeIn(ctx context.Context, t *bot.Turn, words string) error {
	sights, err := t.Sights(ctx, words)
	d.see(sights)
	return err
}

// see notes landmarks that were named, each once.
func (d *draft) see(sights []bot.Sight) {
	for _, s := range sights {
		if !slices.Contains(d.Sights, s.Name) {
			d.Sights = append(d.Sights, s.Name)
		}
	}
}

// reportIn is what a draft tells, in a language as far as buttons said it, and parted in what everybody reads who works on
// the case and what only the police do (domain §2.3 row 12).
func (d *draft) reportIn(t *bot.Turn, lang string, asked civic.Questionnaire) civic.Report {
	r := civic.Report{
		Text: d.textIn(t, lang), Place: d.Place, Extra: extras(t, lang, asked, d), Persons: d.persons(t, lang),
		Vehicles: d.vehicles(),
	}
	var police []string
	r.Text, police = d.parted(r.Text)
	for _, words := range wordsBeside(&r) {
		if *words == "" {
			continue
		}
		open, closed := d.parted(*words)
		if open == "" {
			open = "…"
		}
		*words = open
		police = append(police, closed...)
	}
	r.Police = strings.Join(eachOnce(police), ", ")
	return r
}

// wordsBeside are the words of a report that stand beside its text.
func wordsBeside(r *civic.Report) []*string {
	all := []*string{&r.Place.Words}
	for i := range r.Extra {
		all = append(all, &r.Extra[i].Words)
	}
	for i := range r.Persons {
		all = append(all, personWords(&r.Persons[i])...)
	}
	for i := range r.Vehicles {
		all = append(all, vehicleWords(&r.Vehicles[i])...)
	}
	return all
}

// eachOnce is the same in its order, each once.
func eachOnce[T comparable](all []T) []T {
	var once []T
	for _, one := range all {
		if !slices.Contains(once, one) {
			once = append(once, one)
		}
	}
	return once
}

// openAnswer is a question with its answer as everybody reads it who works on the case: names and plates in it are for the
// police, who read it whole.
func openAnswer(ctx context.Context, t *bot.Turn, q civic.Question) (civic.Question, error) {
	var d draft
	if err := d.seeIn(ctx, t, q.Answer); err != nil || q.Answer == "" {
		return q, err
	}
	if q.Answer, _ = d.parted(q.Answer); q.Answer == "" {
		q.Answer = "…"
	}
	return q, nil
}
