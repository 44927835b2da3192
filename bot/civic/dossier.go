package civic

import "strconv"

// Dossier is a case with all that people wrote in it.
type Dossier struct {
	Case      Case
	Reports   []Report
	Questions []Question
	Notes     []Note
	Handovers []Handover
}

// PartKind is what a part of a dossier is.
type PartKind string

// The kinds of parts.
const (
	PartReport   PartKind = "report"
	PartLater    PartKind = "later" // added to a report, or correcting it
	PartQuestion PartKind = "question"
	PartNote     PartKind = "note"
	PartHandover PartKind = "handover" // the words of a partner
	PartReason   PartKind = "reason"   // why the case ended
)

// PartKinds lists the kinds.
var PartKinds = []PartKind{PartReport, PartLater, PartQuestion, PartNote, PartHandover, PartReason}

// Part is what one person wrote at one time in a dossier: a report, a question with its answer, a note.
type Part struct {
	Key  string // within the dossier: "report17"
	Kind PartKind
	in   []*string
	cut  *string // names that were cut out of it, which only the police read; nil = none ever are
}

// Parts are the parts of a dossier in which something is written.
func (d *Dossier) Parts() []Part {
	var parts []Part
	add := func(key string, kind PartKind, in ...*string) {
		p := Part{Key: key, Kind: kind}
		for _, text := range in {
			if *text != "" {
				p.in = append(p.in, text)
			}
		}
		if len(p.in) > 0 {
			parts = append(parts, p)
		}
	}
	number := func(id int64) string { return strconv.FormatInt(id, 10) }
	for i := range d.Reports {
		r := &d.Reports[i]
		kind := PartReport
		if r.Kind != "" {
			kind = PartLater
		}
		add("report"+number(r.ID), kind, r.written()...)
		if n := len(parts); n > 0 && r.Police != "" {
			parts[n-1].cut = &r.Police
		}
	}
	for i := range d.Questions {
		q := &d.Questions[i]
		add("question"+number(q.ID), PartQuestion, &q.Text, &q.Answer)
	}
	for i := range d.Notes {
		n := &d.Notes[i]
		add("note"+number(n.ID), PartNote, &n.Text)
	}
	for i := range d.Handovers {
		h := &d.Handovers[i]
		add("handover-"+string(h.Partner), PartHandover, &h.Words)
	}
	add("reason", PartReason, &d.Case.ReasonText)
	return parts
}

// written are the texts of a report in people's own words.
func (r *Report) written() []*string {
	in := []*string{&r.Text, &r.Place.Words, &r.Police}
	for i := range r.Extra {
		in = append(in, &r.Extra[i].Words)
	}
	for i := range r.Persons {
		p := &r.Persons[i]
		in = append(in, &p.Height, &p.Build, &p.Hair, &p.Face, &p.Top, &p.Bottom, &p.Shoes, &p.Carrying, &p.Distinctive,
			&p.Direction)
	}
	for i := range r.Vehicles {
		v := &r.Vehicles[i]
		in = append(in, &v.Make, &v.Colour, &v.Plate, &v.Markings, &v.Occupants, &v.Direction)
	}
	return in
}

// Texts are those of its texts that name what is sought.
func (p Part) Texts(s Sought) []string {
	var texts []string
	for _, text := range p.in {
		if len(p.Knowing(s).In(*text)) > 0 {
			texts = append(texts, *text)
		}
	}
	return texts
}

// Knowing is what is sought, in a part out of which names were cut.
func (p Part) Knowing(s Sought) Sought {
	if p.cut != nil {
		s.Cut = *p.cut
	}
	return s
}

// Redact puts something else in each place of a part that names what is sought, in the dossier, and reports whether there was
// one.
func (p Part) Redact(s Sought, instead string) bool {
	known, was := p.Knowing(s), false
	for _, text := range p.in {
		redacted := known.Without(*text, instead)
		was = was || redacted != *text
		*text = redacted
	}
	if was && p.cut != nil && s.Kind == SoughtName {
		*p.cut = s.Apart().Without(*p.cut, instead)
	}
	return was
}

// PartBy finds a part by its key; false when nothing is written there any more.
func (d *Dossier) PartBy(key string) (Part, bool) {
	for _, p := range d.Parts() {
		if p.Key == key {
			return p, true
		}
	}
	return Part{}, false
}
