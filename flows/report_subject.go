package flows

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// subject is a person or a vehicle of a signalement that is being told.
type subject struct {
	Kind    string        `json:"kind,omitempty"` // subjectPerson, subjectVehicle; empty = none
	Person  civic.Person  `json:"person,omitzero"`
	Vehicle civic.Vehicle `json:"vehicle,omitzero"`
	Marks   []string      `json:"marks,omitempty"` // keys of [looksMarks] that were pressed
	Looked  bool          `json:"looked,omitempty"`
	Closed  bool          `json:"closed,omitempty"` // enough was said of it
	Next    string        `json:"next,omitempty"`
}

const (
	subjectPerson  = "person"
	subjectVehicle = "vehicle"
	subjectNone    = "none"
	looksDone      = "done"
	looksWeapon    = "weapon"
	longestLooks   = 600 // characters of a description
)

// mostSubjects is how many persons and vehicles a report describes, together.
const mostSubjects = 4

// looksMarks are the quick answers of how somebody looked, each with the field that it fills (domain §5.6).
var looksMarks = []struct{ key, field string }{
	{"small", "height"},
	{"tall", "height"},
	{"slim", "build"},
	{"sturdy", "build"},
	{"cap", "hair"},
	{"bald", "hair"},
	{"beard", "face"},
	{"glasses", "face"},
	{"bag", "carrying"},
	{"tools", "carrying"},
	{"tattoo", "distinctive"},
	{"limp", "distinctive"},
}

// described is the person with the marks that were pressed, in a language.
func (s subject) described(t *bot.Turn, lang string) civic.Person {
	p := s.Person
	fields := map[string]*string{
		"height": &p.Height, "build": &p.Build, "hair": &p.Hair, "face": &p.Face, "carrying": &p.Carrying,
		"distinctive": &p.Distinctive,
	}
	for _, m := range looksMarks {
		if slices.Contains(s.Marks, m.key) {
			field := fields[m.field]
			*field = strings.TrimPrefix(*field+", "+strings.ToLower(t.In(lang, "looks."+m.key)), ", ")
		}
	}
	return p.Fitting()
}

// features counts what tells the person from others.
func (s subject) features() int {
	p := s.Person
	fields := map[string]*string{"hair": &p.Hair, "face": &p.Face, "carrying": &p.Carrying, "distinctive": &p.Distinctive}
	for _, m := range looksMarks {
		if field := fields[m.field]; field != nil && slices.Contains(s.Marks, m.key) {
			*field = m.key
		}
	}
	return p.Features()
}

// describes is what the category wants described: a person, a vehicle, or nothing.
func (d *draft) describes() string {
	info, _ := d.category().Info()
	switch {
	case !d.alone() || d.Enough:
		return ""
	case slices.Contains(info.Ask, civic.AskDescription):
		return subjectPerson
	case slices.Contains(info.Ask, civic.AskVehicle):
		return subjectVehicle
	}
	return ""
}

// prepare opens a signalement that the category asks for, with what the story told already; it names the questions that
// this answers.
func (d *draft) prepare() []string {
	first := &d.Subjects[0]
	if d.fast() || first.Kind != "" || d.describes() == "" || d.What == "" && !d.acts() {
		return nil
	}
	first.Kind = d.describes()
	story := d.What + "\n" + d.More
	if first.Kind == subjectVehicle {
		first.Vehicle, _ = civic.DescribeVehicle(story)
		return first.known(0)
	}
	d.describeEach(civic.DescribeEach(story))
	if d.category() == civic.Robbery && first.Person.Features() < civic.EnoughFeatures {
		first.Person = civic.Person{} // one thing may be what was taken, and the person who is named the victim
	}
	return first.known(0)
}

// several reports whether more than one person is described, so that it must be said which of them a question is about.
func (d *draft) several() bool {
	n := 0
	for _, s := range d.Subjects {
		if s.Kind == subjectPerson {
			n++
		}
	}
	return n > 1
}

// describeEach takes in those whom a story describes, each by themselves.
func (d *draft) describeEach(all []civic.Person) {
	for n, p := range all[:min(len(all), mostSubjects)] {
		d.Subjects[n].Kind, d.Subjects[n].Person = subjectPerson, p
		if n > 0 {
			d.Subjects[n-1].Next = subjectPerson
		}
	}
}

// described names the questions about those who are being described that what was said of them answers already.
func (d *draft) described() []string {
	var steps []string
	for n := range d.Subjects {
		if s := &d.Subjects[n]; s.Kind != "" && !s.Closed {
			steps = append(steps, s.known(n)...)
			if s.Next != "" {
				steps = append(steps, subjectStep(n, "next"))
			}
		}
	}
	return steps
}

// known names the questions about a subject that need no asking any more.
func (s subject) known(n int) []string {
	var steps []string
	add := func(told bool, step string) {
		if told {
			steps = append(steps, subjectStep(n, step))
		}
	}
	if s.Kind == subjectPerson {
		add(s.features() >= civic.EnoughFeatures, "looks")
		add(s.Person.Gender != "", "gender")
		add(s.Person.Age != "", "age")
		add(s.Person.Transport != "" || s.Person.Direction != "", "way")
		return steps
	}
	add(s.Vehicle.Kind != "", "vehicle")
	add(s.Vehicle.Plate != "", "plate")
	add(s.Vehicle.Make != "" && s.Vehicle.Colour != "", "marks")
	add(s.Vehicle.Direction != "", "heading")
	return steps
}

func subjectStep(n int, step string) string { return fmt.Sprintf("s%d.%s", n+1, step) }

// subjectSteps are the questions of a signalement: several persons and vehicles, one after the other.
func subjectSteps() []bot.Step[draft] {
	var steps []bot.Step[draft]
	for n := range mostSubjects {
		steps = append(steps, personSteps(n)...)
		steps = append(steps, vehicleSteps(n)...)
		if n+1 < mostSubjects {
			steps = append(steps, nextSubject(n))
		}
	}
	return steps
}

func personSteps(n int) []bot.Step[draft] {
	looks := func(s *subject) string { return strings.Repeat("x", s.features()) }
	gender := func(s *subject) *string { return &s.Person.Gender }
	age := func(s *subject) *string { return &s.Person.Age }
	skin := func(s *subject) *string { return &s.Person.SkinTone }
	way := func(s *subject) string { return s.Person.Transport + s.Person.Direction }
	enough := func(d *draft) bool { return d.Subjects[n].features() >= civic.EnoughFeatures }
	return []bot.Step[draft]{
		asked(subjectPerson, n, looks, looksStep{n}),
		asked(subjectPerson, n, text(gender), shared("gender", n, bot.Pick("gender", field(n, gender), civic.Genders...))),
		asked(subjectPerson, n, text(age), shared("age", n, aging{
			bot.Pick("age", field(n, age), civic.Ages...), n,
		})),
		asked(subjectPerson, n, way, wayStep{n}),
		bot.If(enough, asked(subjectPerson, n, text(skin),
			shared("skin", n, bot.Pick("skin", field(n, skin), civic.SkinTones...)))),
	}
}

func vehicleSteps(n int) []bot.Step[draft] {
	kind := func(s *subject) *string { return &s.Vehicle.Kind }
	plate := func(s *subject) string { return s.Vehicle.Plate }
	marks := func(s *subject) string { return s.Vehicle.Make + s.Vehicle.Colour + s.Vehicle.Markings }
	heading := func(s *subject) *string { return &s.Vehicle.Direction }
	return []bot.Step[draft]{
		asked(subjectVehicle, n, text(kind), shared("vehicle", n, bot.Pick("vehicle", field(n, kind), civic.VehicleKinds...))),
		asked(subjectVehicle, n, plate, plateStep{n}),
		asked(subjectVehicle, n, marks, vehicleLooks{n}),
		asked(subjectVehicle, n, text(heading), shared("heading", n, bot.Write("heading", field(n, heading), longestExtra))),
	}
}

// field finds a field of the n-th subject in a draft.
func field(n int, in func(*subject) *string) func(*draft) *string {
	return func(d *draft) *string { return in(&d.Subjects[n]) }
}

// text is what stands in a field.
func text(in func(*subject) *string) func(*subject) string {
	return func(s *subject) string { return *in(s) }
}

// asked makes a question about the n-th subject, if it is of that kind. After "enough" only what was told stays, and is not
// asked for any more.
func asked(kind string, n int, told func(*subject) string, s bot.Step[draft]) bot.Step[draft] {
	open := func(d *draft) bool { return !d.Subjects[n].Closed }
	return bot.If(func(d *draft) bool {
		who := &d.Subjects[n]
		return d.alone() && who.Kind == kind && (!who.Closed || told(who) != "")
	}, bot.Offered(open, bot.Step[draft](sparing{s, n})))
}

// sparing is a question that can be answered with "enough": nothing more is asked of that subject.
type sparing struct {
	bot.Step[draft]
	n int
}

// Ask implements [bot.Step].
func (c sparing) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := c.Step.Ask(ctx, t, form, d)
	if who := d.Subjects[c.n]; d.several() && who.Kind == subjectPerson && who.features() > 0 {
		m.Text = t.T("report.of_person", "words", personLine(t, t.Lang(), who.described(t, t.Lang()))) + "\n" + m.Text
	}
	m.Rows = append(m.Rows, []bot.Choice{{Key: enoughSaid, Label: t.T("report.enough")}})
	return m, err
}

// Wants implements [bot.Step].
func (c sparing) Wants(in bot.Input) bool { return in.Choice == enoughSaid || c.Step.Wants(in) }

// Take implements [bot.Step].
func (c sparing) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if in.Choice == enoughSaid || bare(in.Text) == bare(t.T("report.enough")) {
		d.Subjects[c.n].Closed = true
		return nil
	}
	return c.Step.Take(ctx, t, in, d)
}

// Yields implements [bot.Yielding].
func (c sparing) Yields(t *bot.Turn, in bot.Input) bool {
	inner, is := c.Step.(bot.Yielding)
	return is && inner.Yields(t, in)
}

// sharing is a question that is asked of several subjects in the same words: its name is its own, its texts are shared.
type sharing struct {
	bot.Step[draft]
	name string
}

func shared(step string, n int, s bot.Step[draft]) bot.Step[draft] {
	return sharing{mayPass(s), subjectStep(n, step)}
}

// Name implements [bot.Step].
func (s sharing) Name() string { return s.name }

// Optional implements [bot.Step].
func (s sharing) Optional() bool { return true }

// Yields implements [bot.Yielding].
func (s sharing) Yields(t *bot.Turn, in bot.Input) bool { return besides(t, in) }

// nextSubject asks whether there is more to describe, and opens it.
func nextSubject(n int) bot.Step[draft] {
	open := func(d *draft) bool {
		s := d.Subjects[n]
		return d.alone() && s.Kind != "" && (!s.Closed || s.Next != "")
	}
	next := bot.Pick("next", func(d *draft) *string { return &d.Subjects[n].Next }, subjectPerson, subjectVehicle, subjectNone)
	return bot.If(open, bot.Step[draft](opening{shared("next", n, next), n}))
}

// opening opens the next subject, or takes it away again.
type opening struct {
	bot.Step[draft]
	n int
}

// Take implements [bot.Step].
func (o opening) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if err := o.Step.Take(ctx, t, in, d); err != nil {
		return err
	}
	kind := d.Subjects[o.n].Next
	if kind == subjectNone {
		kind = ""
	}
	if next := &d.Subjects[o.n+1]; next.Kind != kind {
		*next = subject{Kind: kind}
	}
	return nil
}

// persons are the people that were described, in a language.
func (d *draft) persons(t *bot.Turn, lang string) []civic.Person {
	var all []civic.Person
	for _, s := range d.Subjects {
		if p := s.described(t, lang); s.Kind == subjectPerson && !p.Empty() {
			all = append(all, p)
		}
	}
	if p, ok := civic.DescribeStory(d.More); ok && d.fast() && p.Features() >= civic.EnoughFeatures {
		all = append(all, p.Fitting())
	}
	return all
}

// vehicles are those that were described.
func (d *draft) vehicles() []civic.Vehicle {
	var all []civic.Vehicle
	for _, s := range d.Subjects {
		if s.Kind == subjectVehicle && !s.Vehicle.Empty() {
			all = append(all, s.Vehicle)
		}
	}
	return all
}
