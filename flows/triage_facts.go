package flows

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// How much of what people told stands on a card; all of it is read in the private chat.
const (
	cardReport   = 700 // characters of one report
	cardQuestion = 200 // characters of a question or an answer
	cardLast     = 3   // questions
)

// facts is what is said of a case, line by line. Reporters are numbers in it.
type facts struct {
	lang   string
	number string   // to call for what was told
	whole  bool     // nothing is cut short
	police bool     // read by police
	desk   bool     // read by coordinators
	head   []string // reference, category, place
	told   []string // reports, questions and answers
	state  []string
	photos []int64

	recorded int  // how many of them were spoken or filmed
	cut      bool // something was cut short
}

// text is everything there is.
func (f *facts) text() string { return lines(f.head, f.told, f.state) }

// covered says that something was told and how it stands, and neither what nor where.
func (f *facts) covered(t *bot.Turn, c civic.Case) string {
	key := "case.card.sensitive"
	if c.Urgency == civic.Emergency {
		key = "case.card.sensitive.urgent"
	}
	return lines([]string{t.In(f.lang, key, "ref", c.Ref)}, f.called(t, c), []string{t.In(f.lang, "case.card.covered")}, f.state)
}

func lines(parts ...[]string) string { return strings.Join(slices.Concat(parts...), "\n") }

// factsOf gathers what is said of a case to coordinators, in a language: in short for a card, or all of it.
func factsOf(ctx context.Context, t *bot.Turn, lang string, c civic.Case, whole bool) (*facts, error) {
	return factsFor(ctx, t, &facts{lang: lang, whole: whole, desk: true}, c)
}

// factsFor gathers what is said of a case for a reader.
func factsFor(ctx context.Context, t *bot.Turn, f *facts, c civic.Case) (*facts, error) {
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	f.number = numberOf(t, c, reports)
	if err := f.title(ctx, t, c, reports); err != nil {
		return nil, err
	}
	if c.Subject != civic.SubjectNobody {
		f.head = append(f.head, t.In(f.lang, "case.card.subject."+string(c.Subject)))
	}
	if c.Status != civic.Withdrawn {
		f.reports(t, reports)
		if f.police {
			f.secrets(t, reports)
		}
		if err := f.names(ctx, t, reports); err != nil {
			return nil, err
		}
		if err := f.questions(ctx, t, c, reports); err != nil {
			return nil, err
		}
	}
	if err := f.handovers(ctx, t, c); err != nil {
		return nil, err
	}
	if err := f.alerts(ctx, t, c); err != nil {
		return nil, err
	}
	if err := f.answers(ctx, t, c); err != nil {
		return nil, err
	}
	return f, f.standing(ctx, t, c)
}

// title is reference, category and place; an emergency is headed as one. What nobody sorted yet has no category: an emergency,
// and what its reporter did not know.
func (f *facts) title(ctx context.Context, t *bot.Turn, c civic.Case, reports []civic.Report) error {
	where, err := f.where(ctx, t, c, reports)
	if err != nil {
		return err
	}
	if c.Urgency == civic.Emergency {
		f.head = append(f.head, f.urgent(t, c, reports))
	}
	if c.Category == civic.Other && (c.Urgency == civic.Emergency || unsortedBy(t, reports)) {
		f.head = append(f.head, t.In(f.lang, "case.card.title.unsorted", "ref", c.Ref, "place", where))
		return nil
	}
	f.head = append(f.head, t.In(f.lang, "case.card.title", "ref", c.Ref, "place", where,
		"category", categoryLabel(t, f.lang, c.Category)))
	if c.Urgency != civic.Emergency { // which says so in its head
		f.head = append(f.head, f.called(t, c)...)
	}
	if marked(c.Urgency) {
		f.head = append(f.head, t.In(f.lang, "case.card.urgency", "urgency", t.In(f.lang, "change.urgency."+string(c.Urgency))))
	}
	return nil
}

// marked reports whether it is said of a case how soon it wants somebody: not of an emergency, which is headed as one.
func marked(u civic.Urgency) bool { return u == civic.Today || u == civic.Info }

// called is the line that says whether the emergency number was called, which travels with the report (D4); none where it was
// not asked.
func (f *facts) called(t *bot.Turn, c civic.Case) []string {
	if c.Called == "" {
		return nil
	}
	said := t.In(f.lang, "case.called."+string(c.Called))
	return []string{t.In(f.lang, "case.card.called", "called", said, "emergency", f.number)}
}

func (f *facts) urgent(t *bot.Turn, c civic.Case, reports []civic.Report) string {
	key := "case.card.urgent"
	for _, r := range reports {
		if r.When == civic.Now {
			key = "case.card.urgent.now"
		}
	}
	return t.In(f.lang, key, "called", t.In(f.lang, "case.called."+string(c.Called)), "emergency", f.number)
}

// numberOf is the number that the reporters of a case were told to call: that of the fire brigade and the ambulance, when one of
// them told of what is theirs.
func numberOf(t *bot.Turn, c civic.Case, reports []civic.Report) string {
	p := t.Profile()
	for _, r := range reports {
		if c.Category == civic.Fire || numberFor(t, r.Text) == p.Fire {
			return p.Fire
		}
	}
	return p.Emergency
}

// toldPlace is the place that was told first; when a coordinator put it right, the street that they named and no more.
func toldPlace(c civic.Case, reports []civic.Report) civic.Place {
	if len(reports) == 0 || c.Street != 0 && reports[0].Place.Street != c.Street {
		return civic.Place{Street: c.Street}
	}
	return reports[0].Place
}

// where is the place that was told, and the street group that it belongs to.
func (f *facts) where(ctx context.Context, t *bot.Turn, c civic.Case, reports []civic.Report) (string, error) {
	place := toldPlace(c, reports)
	if place.Street == 0 && place.Words == "" {
		return t.In(f.lang, "case.card.nowhere"), nil
	}
	where, err := whereLabel(ctx, t, f.lang, place)
	if err != nil || c.Group == 0 {
		return where, err
	}
	group, err := t.Tx.Area(ctx, c.Group)
	if strings.Contains(where, "("+group.Name+")") { // several streets have this name
		return where, err
	}
	return t.In(f.lang, "case.card.where", "place", where, "group", group.Name), err
}

// circumstances is when it was and where the reporter has it from, as far as they told.
func (f *facts) circumstances(t *bot.Turn, r civic.Report) string {
	var told []string
	if r.When != "" {
		told = append(told, t.In(f.lang, "case.when."+string(r.When)))
	}
	if r.Source != "" {
		told = append(told, t.In(f.lang, "case.source."+string(r.Source)))
	}
	if mark := f.tongue(t, r); mark != "" {
		told = append(told, mark)
	}
	return strings.Join(told, ", ")
}

// tongue marks words that are in another language than the reader's: they go on as they were written (feature 85).
func (f *facts) tongue(t *bot.Turn, r civic.Report) string {
	if r.Text == "" || r.Language == "" || r.Language == f.lang || civic.WrittenIn(r.Text) != r.Language {
		return ""
	}
	return t.In(f.lang, "case.tongue."+r.Language)
}

// reports adds what reporters told.
func (f *facts) reports(t *bot.Turn, reports []civic.Report) {
	for _, r := range reports {
		if r.Reporter == 0 && r.Text == "" {
			f.told = append(f.told, t.In(f.lang, "case.card.erased", "n", r.Alias))
			continue
		}
		head := t.In(f.lang, "case.card.report", "n", r.Alias, "time", moment(t, f.lang, r.Filed))
		if told := f.circumstances(t, r); told != "" {
			head = t.In(f.lang, "case.card.report.when", "n", r.Alias, "time", moment(t, f.lang, r.Filed), "when", told)
		}
		text := f.short(r.Text, cardReport)
		if text == "" {
			text = t.In(f.lang, "case.card.silent")
		}
		if r.Kind != "" {
			head = t.In(f.lang, "case.card."+string(r.Kind), "n", r.Alias, "time", moment(t, f.lang, r.Filed))
			if mark := f.tongue(t, r); mark != "" {
				head += " (" + mark + ")"
			}
		}
		f.told = append(f.told, head, t.In(f.lang, "case.card.text", "text", text))
		f.details(t, r)
		f.photos = append(f.photos, r.Photos...)
	}
	f.sources(t, reports)
	if len(f.photos) > 0 {
		f.told = append(f.told, t.In(f.lang, "case.card.photos", "count", len(f.photos)))
	}
}

// short cuts a text for a card.
func (f *facts) short(text string, most int) string {
	if f.whole || utf8.RuneCountInString(text) <= most {
		return text
	}
	f.cut = true
	return civic.Clean(text, most) + "…"
}

// questions adds what was asked and answered, the last of it on a card.
func (f *facts) questions(ctx context.Context, t *bot.Turn, c civic.Case, reports []civic.Report) error {
	all, err := t.Tx.Questions(ctx, c.ID)
	if err != nil {
		return err
	}
	if !f.whole && len(all) > cardLast {
		f.cut = true
		all = all[len(all)-cardLast:]
	}
	for _, q := range all {
		if q.Text == "" {
			continue // its report was taken back
		}
		f.told = append(f.told, t.In(f.lang, "case.card.question", "text", f.short(queryText(t, f.lang, q), cardQuestion)))
		if q.Answered.IsZero() {
			continue
		}
		if !f.police {
			if q, err = openAnswer(ctx, t, q); err != nil {
				return err
			}
		}
		f.told = append(f.told, t.In(f.lang, "case.card.answer", "n", aliasOf(reports, q.Report),
			"text", f.short(answerText(t, f.lang, q), cardQuestion)))
	}
	return nil
}

// answerText is what a reporter answered; nothing stands for "I do not know".
func answerText(t *bot.Turn, lang string, q civic.Question) string {
	switch {
	case q.Taken:
		return t.In(lang, "answer.taken")
	case q.Answer == "":
		return t.In(lang, "answer.words.unknown")
	}
	return q.Answer
}

// aliasOf is the number of the report's author within the case.
func aliasOf(reports []civic.Report, id int64) int {
	for _, r := range reports {
		if r.ID == id {
			return r.Alias
		}
	}
	return 1
}

// returnReason is why a partner gave a case back. Its words are for coordinators, and those about a sensitive case for those
// of them who may read it whole.
func (f *facts) returnReason(t *bot.Turn, c civic.Case, h civic.Handover) string {
	if !f.desk || c.Sensitive() && !f.whole {
		return ""
	}
	return returnReason(t, f.lang, h)
}

// handovers adds how the case stands with partners.
func (f *facts) handovers(ctx context.Context, t *bot.Turn, c civic.Case) error {
	all, err := t.Tx.Handovers(ctx, c.ID)
	for _, h := range all {
		args := []any{"partner", partnerShort(t, f.lang, h.Partner), "time", moment(t, f.lang, h.At)}
		if h.Status == civic.Planned {
			args = append(args, "day", day(t, f.lang, h.Planned))
		}
		line := t.In(f.lang, "case.card.handover."+string(h.Status), args...)
		if reason := f.returnReason(t, c, h); reason != "" && h.Status == civic.InTriage {
			line = t.In(f.lang, "case.card.handover.reason", "line", line, "reason", reason)
		}
		if h.Status != civic.Closed || !early(c, h) { // an emergency that they see is not done with
			f.state = append(f.state, line)
		}
		switch h.Recall {
		case civic.RecallSent, civic.CorrectSent:
			f.state = append(f.state, t.In(f.lang, "case.card.recall", "partner", partnerShort(t, f.lang, h.Partner)))
		case civic.RecallRead:
			f.state = append(f.state, t.In(f.lang, "case.card.recall.read", "partner", partnerShort(t, f.lang, h.Partner)))
		}
	}
	return err
}

// standing adds how the case stands, and with whom.
func (f *facts) standing(ctx context.Context, t *bot.Turn, c civic.Case) error {
	status := t.In(f.lang, "case.status."+string(c.Status))
	if c.Status == civic.Snoozed && !c.SnoozedTill.IsZero() {
		f.state = append(f.state, t.In(f.lang, "case.card.snoozed", "status", status, "until", moment(t, f.lang, c.SnoozedTill)))
		return nil
	}
	if c.Owner == 0 || !inCare(c.Status) {
		f.state = append(f.state, t.In(f.lang, "case.card.state", "status", status))
	} else {
		name, err := ownerOf(ctx, t, f.lang, c)
		if err != nil {
			return err
		}
		f.state = append(f.state, t.In(f.lang, "case.card.owned", "status", status, "name", name))
	}
	if c.Reason == "" || c.Status == civic.Withdrawn {
		return nil
	}
	f.state = append(f.state, t.In(f.lang, "case.card.reason", "reason", reasonLabel(t, f.lang, c.Reason)))
	if c.ReasonText != "" && (f.whole || !c.Sensitive()) {
		f.state = append(f.state, t.In(f.lang, "case.card.reason.words", "text", f.short(c.ReasonText, cardQuestion)))
	}
	return nil
}
