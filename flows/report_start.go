package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// start takes in what the person said already. Danger that is named while a report is open joins that report.
func (r reporting) start(ctx context.Context, t *bot.Turn, in bot.Input) (draft, []string, error) {
	d, known, err := opened(ctx, t)
	if err != nil {
		return d, nil, err
	}
	if is, err := sawIt(ctx, t, in, &d); is || err != nil {
		return d, known, err
	}
	if said := letter(in); said != "" {
		d.Spelt = said
		return d, known, errors.Join(r.admit(ctx, t), awaitLetters(ctx, t))
	}
	again, err := startAgain(ctx, t, in, &d)
	if err != nil {
		return d, nil, err
	}
	known = append(known, again...)
	if _, err := d.takeAside(ctx, t, in); err != nil {
		return d, nil, err
	}
	rumour := d.What == "" && rumoured(in)
	danger := !rumour && civic.Danger(in.Words())
	if in, err = r.admitted(ctx, t, in, danger, rumour); err != nil {
		return d, nil, err
	}
	d.Rumour = d.Rumour || rumour
	in = d.parting(in, danger || rumour)
	answers, _, err := alsoTaken(ctx, t, in, &d)
	if err != nil {
		return d, nil, err
	}
	if !danger && !d.Rumour {
		if err := errors.Join(d.sayTwo(ctx, t), sayUnderstood(ctx, t, in, d, answers)); err != nil {
			return d, nil, err
		}
	}
	for _, step := range answers {
		if !slices.Contains(known, step) {
			known = append(known, step)
		}
	}
	if danger {
		err = d.endanger(ctx, t)
	}
	return d, known, err
}

// admitted refuses a report that may not begin now, unless it tells of danger, and makes that fit which is not refused.
func (r reporting) admitted(ctx context.Context, t *bot.Turn, in bot.Input, danger, rumour bool) (bot.Input, error) {
	if !danger {
		if err := r.admit(ctx, t); err != nil {
			return in, err
		}
	}
	if !danger && !rumour {
		return in, nil
	}
	return fitting(ctx, t, in)
}

// startAgain takes the place over from a report that the person wants to tell again, and names the question that this
// answers.
func startAgain(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) ([]string, error) {
	ref, again := strings.CutPrefix(in.Args, againAt)
	if !again {
		return nil, nil
	}
	place, err := samePlace(ctx, t, ref)
	d.Place = place
	if err != nil || place == (civic.Place{}) {
		return nil, err
	}
	return []string{"where"}, nil
}

// admit refuses who reported much in a short time, and who was put out of the network.
func (r reporting) admit(ctx context.Context, t *bot.Turn) error {
	if err := r.limit(ctx, t); err != nil {
		return err
	}
	return outside(ctx, t)
}

// opened is the report that is open already in the turn's chat, or a new one.
func opened(ctx context.Context, t *bot.Turn) (draft, []string, error) {
	s, err := t.Session(ctx)
	if err != nil || s == nil || s.Form != reportForm {
		return draft{}, nil, err
	}
	d, err := draftOf(s)
	return d, slices.Clone(s.Answered), err
}

// learn takes from the answers what need not be asked: whether somebody told of the same, and what a story says of looks.
func learn(ctx context.Context, t *bot.Turn, d *draft) ([]string, error) {
	d.hearAll()
	if err := d.help(ctx, t); err != nil {
		return nil, err
	}
	if err := errors.Join(seekTwin(ctx, t, d), d.lookAround(ctx, t)); err != nil {
		return nil, err
	}
	if d.Twin != 0 && d.Same == "" {
		return d.told, nil // first things first
	}
	return slices.Concat(d.told, d.known(), d.prepare(), d.described()), nil
}

// known names the questions whose answers are there, whoever gave them.
func (d *draft) known() []string {
	var steps []string
	for _, k := range []struct {
		step string
		told bool
	}{
		{"family", d.inFamily()},
		{"category", d.sorted()},
		{"what", d.What != "" && d.acted()},
		{"where", d.Place.Street != 0},
		{"when", d.When != ""},
		{"source", d.Source != ""},
		{"photos", len(d.Photos) > 0},
	} {
		if k.told {
			steps = append(steps, k.step)
		}
	}
	return steps
}

// encodeDraft is a draft as it is stored in its session.
func encodeDraft(d draft) ([]byte, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("report: draft: %w", err)
	}
	return raw, nil
}

func draftOf(s *bot.Session) (draft, error) {
	var d draft
	if err := json.Unmarshal(s.Answers, &d); err != nil {
		return d, fmt.Errorf("report: stored answers: %w", err)
	}
	return d, nil
}

// limit is the house rule that nobody sends more than so many reports in an hour; danger is never limited.
func (r reporting) limit(ctx context.Context, t *bot.Turn) error {
	if r.perHour == 0 || t.Actor.Guest() {
		return nil
	}
	n, err := t.Tx.ReportsSince(ctx, t.Actor.ID, t.Now.Add(-time.Hour))
	if err != nil {
		return err
	}
	if n >= r.perHour {
		return bot.Refuse("report.too_many", "max", r.perHour)
	}
	return nil
}

// alsoReport takes what is not an answer to the question that was put: a story, a picture, a place.
func alsoReport(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) ([]string, bool, error) {
	if in.Media == nil && in.Point == nil {
		if asksAboutUs(t, bare(in.Text)) { // an answer, and the question once more
			return nil, true, sayAboutUs(ctx, t)
		}
		tells, err := d.tellsMore(ctx, t, in.Words())
		if err != nil || !tells {
			return nil, false, err
		}
		d.added = d.What != ""
	}
	return alsoTaken(ctx, t, in, d)
}

func alsoTaken(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) (answers []string, took bool, err error) {
	switch {
	case in.Media != nil:
		if err := keepWorded(ctx, t, in, d); err != nil {
			return nil, false, err
		}
		took = true
	case in.Point != nil:
		return alsoPinned(ctx, t, in, d)
	}
	if civic.Blank(in.Words()) {
		return nil, took, nil
	}
	answers, err = tellWhat(ctx, t, in.Words(), d)
	return answers, true, err
}

// alsoPinned takes a place on the map. One that may mean several streets, or none of ours, is kept, and asked about when
// its question comes.
func alsoPinned(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) ([]string, bool, error) {
	place, err := t.Locate(ctx, in)
	_, unclear := errors.AsType[*bot.Refusal](err)
	switch {
	case unclear && place.Point != nil:
		place.Words = ""
		d.Place, d.pinned = place, true
		return nil, true, nil
	case err != nil:
		return nil, false, err
	}
	d.Place = place
	return []string{"where"}, true, nil
}

// legible turns a file that cannot be kept into the words beside it, and gives why.
func legible(in bot.Input) (bot.Input, *bot.Refusal) {
	if in.Media == nil {
		return in, nil
	}
	why := in.Media.Unfit()
	if in.Media.Recorded() {
		why = in.Media.Unheard()
	}
	if why != nil {
		in.Text, in.Media = in.Words(), nil
	}
	return in, why
}

// keepWorded keeps a picture. One that cannot be kept is refused, but never the words beside it.
func keepWorded(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	err := keepPhoto(ctx, t, *in.Media, d)
	why, refused := errors.AsType[*bot.Refusal](err)
	switch {
	case !refused || civic.Blank(in.Words()):
		return err
	case d.fast() || civic.Danger(in.Words()):
		return aside(ctx, t, why)
	}
	return t.Say(ctx, why.Key, why.Args...)
}

// worded is a question for words that takes the picture above them as well.
type worded struct{ bot.Step[draft] }

// Take implements [bot.Step].
func (s worded) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if in.Media != nil && !civic.Blank(in.Words()) {
		if err := keepWorded(ctx, t, in, d); err != nil {
			return err
		}
		in.Text, in.Media = in.Words(), nil
	}
	return s.Step.Take(ctx, t, in, d)
}

// keepPhoto keeps a picture; too many are named once.
func keepPhoto(ctx context.Context, t *bot.Turn, m bot.Media, d *draft) error {
	d.Passed = d.Passed || m.Forwarded
	if m.Recorded() {
		var err error
		d.fresh, err = d.record(ctx, t, m)
		return err
	}
	if len(d.Photos) < mostPhotos || m.Kind != bot.MediaPhoto {
		if err := t.KeepPhoto(ctx, m, &d.Photos, mostPhotos); err != nil {
			return err
		}
		d.fresh = d.Photos[len(d.Photos)-1]
		return nil
	}
	if d.Many {
		return nil
	}
	d.Many = true
	return t.Say(ctx, "form.photo.many", "max", mostPhotos)
}

// telling lets a story be typed where a button is asked for.
type telling struct{ bot.Step[draft] }

func told(s bot.Step[draft]) bot.Step[draft] { return telling{s} }

// Take takes the answer; another family takes the category away. Danger is no family, and named with its button.
func (s telling) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if unknowing(t, in.Text) {
		d.unsorted(s.Name())
		return nil
	}
	before := d.Family
	d.Unsure = false
	err := s.Step.Take(ctx, t, in, d)
	if d.Family == familyDanger {
		d.Family, d.Category = "", ""
		return d.endanger(ctx, t)
	}
	if info, picked := civic.Category(d.Family).Info(); err == nil && picked && info.Family != d.Family {
		d.Category, d.Family = info.Key, info.Family
	}
	if info, known := d.Category.Info(); d.Family != before && known && info.Family != d.Family {
		d.Category = ""
	}
	return err
}

// Ask thanks for pictures that came without a word.
func (s telling) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	if s.Name() != "family" {
		return m, err
	}
	switch n := len(d.Photos); {
	case d.spoken():
		m.Text = t.T("report.family.recording")
	case n > 0 && d.What == "":
		m.Text = t.T("report.family.photos", "count", n)
	}
	return d.noted(t, m), err
}

// Wants leaves longer texts to be taken as the story.
func (s telling) Wants(in bot.Input) bool {
	const label = 40 // characters; no button has more
	return s.Step.Wants(in) && utf8.RuneCountInString(in.Text) <= label
}

// Yields lets a short text that names no button be taken as the story too, when it tells of something.
func (s telling) Yields(t *bot.Turn, in bot.Input) bool {
	return s.Name() == "family" && besides(t, in)
}

// reportKeys are the texts whose keys are made while talking.
func reportKeys() []string {
	var keys []string
	for _, f := range civic.Families {
		keys = append(keys, "family."+string(f))
	}
	for _, c := range civic.Categories {
		keys = append(keys, "category."+string(c.Key))
	}
	for _, w := range []civic.When{civic.Now, civic.MinutesAgo, civic.EarlierDay, civic.Earlier} {
		keys = append(keys, "when."+string(w))
	}
	keys = append(keys, "when.unknown", "press.over.report")
	keys = append(keys, spokenKeys()...)
	keys = slices.Concat(keys, extraKeys(), describedKeys(), policeKeys(), timingKeys(), afterKeys(), helpKeys(),
		rescueKeys())
	for _, s := range civic.Sources {
		keys = append(keys, "source."+string(s), "case.source."+string(s))
	}
	keys = append(keys, subjectKeys()...)
	for _, door := range civic.Doors {
		keys = append(keys, "report.door."+door)
	}
	for _, tongue := range civic.Tongues {
		keys = append(keys, "case.tongue."+tongue)
	}
	for m := 1; m <= 12; m++ {
		keys = append(keys, fmt.Sprintf("time.month.%d", m))
	}
	return keys
}
