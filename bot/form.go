package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Form is a conversation that fills in an A, one question at a time. The next question is always the first one that
// applies and has no answer yet.
type Form[A any] struct {
	Name  string
	Needs civic.Permission
	// Scope is checked at every answer and before Done; nil = anywhere in the network.
	Scope func(ctx context.Context, t *Turn, a A) (civic.Scope, error)
	// Start gives what is known already and the names of the steps that it answers.
	Start func(ctx context.Context, t *Turn, in Input) (a A, known []string, err error)
	Steps []Step[A]
	// Also takes what is not an answer to the question that was put, such as a photo, and names the steps that it
	// answers; false = nobody wanted it.
	Also func(ctx context.Context, t *Turn, in Input, a *A) (answers []string, took bool, err error)
	// Aside answers what is said to no question at all, such as thanks, given the name of the question that stands; nil = the
	// words are meant for that question.
	Aside func(t *Turn, in Input, step string, a A) *Refusal
	// Heard notes with which message the answers to these steps came (none: the first words); it is told only on networks
	// where a message can be taken back.
	Heard func(a *A, steps []string, on MessageRef)
	// Unheard takes out what came with a message that its author took back where that is less than an answer, such as one picture
	// of several, and gives the files to forget; false = it is no such thing, and the answers that came with it go. nil = never.
	Unheard func(a *A, on MessageRef) (files []int64, taken bool)
	// Urgent reports whether the form tells of danger: its answers are never held back as a flood. nil = it never does.
	Urgent func(a *A) bool
	// Learn, before a question is chosen, takes from the answers so far what need not be asked, and names the steps that
	// this answers; nil = nothing.
	Learn func(ctx context.Context, t *Turn, a *A) (answers []string, err error)
	// Shot takes from where a picture of the form says that it was made what may be suggested, and reports whether that
	// changed anything. The place itself must not be kept. nil = nothing is suggested.
	Shot func(ctx context.Context, t *Turn, at orb.Point, a *A) (bool, error)
	// Lost takes a picture that could not be read out of the answers, and reports whether it was there.
	Lost func(photo int64, a *A) bool
	// Done does what the form is for. Refuse(...).Reopen(step) asks a step again.
	Done func(ctx context.Context, t *Turn, a A) error
	// Life is how long an unfinished form is kept; 0 = a day.
	Life time.Duration
}

// Flow is the erased Form; Form[A] is its only implementation.
type Flow interface {
	info() flowInfo
	begin(ctx context.Context, t *Turn, in Input) error
	resume(ctx context.Context, t *Turn, s *Session, in Input) error
	ask(ctx context.Context, t *Turn, s *Session) error
	proceed(ctx context.Context, t *Turn, s *Session) error
	pressing(s *Session) bool
	urgent(s *Session) (bool, error)
	withdraw(ctx context.Context, t *Turn, s *Session, a Answer) error
	erase(ctx context.Context, t *Turn, s *Session, on MessageRef) error
	shot(ctx context.Context, t *Turn, s *Session, at orb.Point) error
	lost(ctx context.Context, t *Turn, s *Session, photo int64) error
	wayAt(ctx context.Context, t *Turn, s *Session, n int) (string, error)
}

type flowInfo struct {
	name  string
	needs civic.Permission
	steps []string
	keys  []string // texts that the steps need
}

func (f Form[A]) info() flowInfo {
	i := flowInfo{name: f.Name, needs: f.Needs}
	for _, s := range f.Steps {
		i.steps = append(i.steps, s.Name())
		i.keys = append(i.keys, s.Keys(f.Name)...)
	}
	return i
}

// filling is a form with its answers, during one turn.
type filling[A any] struct {
	form    Form[A]
	session *Session
	answers A
	told    told
}

func (f Form[A]) begin(ctx context.Context, t *Turn, in Input) error {
	var known []string
	var a A
	if f.Start != nil {
		var err error
		if a, known, err = f.Start(ctx, t, in); err != nil {
			return err
		}
	}
	s := &Session{Chat: t.Chat.ID, Account: nobody, Form: f.Name, Answered: known}
	fill := filling[A]{form: f, session: s, answers: a}
	if err := fill.gate(ctx, t); err != nil {
		return err
	}
	fill.heard(t, in)
	return fill.onward(ctx, t, in)
}

// load gives the answers of a session, to be changed.
func (f Form[A]) load(s *Session) (filling[A], error) {
	if read, ok := s.read.(filling[A]); ok {
		s.read = nil
		return read, nil
	}
	fill := filling[A]{form: f, session: s}
	if err := json.Unmarshal(s.Answers, &fill.answers); err != nil {
		return fill, fmt.Errorf("form %s: stored answers: %w", f.Name, err)
	}
	var err error
	if fill.told, err = unpack(s.Answers); err != nil {
		return fill, fmt.Errorf("form %s: stored answers: %w", f.Name, err)
	}
	return fill, nil
}

// view gives the answers of a session, not to be changed: whoever loads it next need not read them again.
func (f Form[A]) view(s *Session) (filling[A], error) {
	fill, err := f.load(s)
	if err == nil {
		s.read = fill
	}
	return fill, err
}

func (f Form[A]) ask(ctx context.Context, t *Turn, s *Session) error {
	fill, err := f.load(s)
	if err != nil {
		return err
	}
	return fill.put(ctx, t, nil)
}

// pressing reports whether the question that was put last goes before everything else: nothing is said ahead of it.
func (f Form[A]) pressing(s *Session) bool {
	for _, step := range f.Steps {
		if step.Name() == s.Asked {
			return first(step)
		}
	}
	return false
}

func (f Form[A]) urgent(s *Session) (bool, error) {
	if f.Urgent == nil {
		return false, nil
	}
	fill, err := f.view(s)
	return err == nil && f.Urgent(&fill.answers), err
}

// proceed puts the next question, whatever was asked last.
func (f Form[A]) proceed(ctx context.Context, t *Turn, s *Session) error {
	fill, err := f.load(s)
	if err != nil {
		return err
	}
	return fill.next(ctx, t)
}

func (f Form[A]) resume(ctx context.Context, t *Turn, s *Session, in Input) error {
	fill, err := f.load(s)
	if err != nil {
		return err
	}
	switch in.Choice {
	case choiceBack:
		return fill.back(ctx, t)
	case choiceSkip:
		return fill.skip(ctx, t)
	}
	if step, ok := cutPrefix(in.Choice, choiceEdit); ok && fill.step(step) != nil {
		s.Asked = step
		return fill.put(ctx, t, nil)
	}
	return fill.take(ctx, t, in)
}

func (f *filling[A]) take(ctx context.Context, t *Turn, in Input) error {
	step := f.step(f.session.Asked)
	if step == nil || !step.Applies(&f.answers) { // a release took the question away, or an album answers all there is to ask
		return f.beyond(ctx, t, in)
	}
	if in.Media == nil && in.Choice == "" && civic.OnlyMarks(in.Text) {
		return f.put(ctx, t, nil) // no answer, and nothing to refuse: the question is read once more
	}
	if f.form.Aside != nil && in.Media == nil && in.Choice == "" && in.Point == nil {
		if why := f.form.Aside(t, in, step.Name(), f.answers); why != nil {
			return f.put(ctx, t, why)
		}
	}
	if f.form.Also != nil && !step.Wants(in) {
		answers, took, err := f.form.Also(ctx, t, in, &f.answers)
		if err != nil {
			return f.refused(ctx, t, err)
		}
		if took {
			return f.took(ctx, t, in, answers...)
		}
	}
	if in.Media != nil && !step.Wants(in) {
		return f.put(ctx, t, Refuse("media."+string(in.Media.Kind)))
	}
	if err := step.Take(ctx, t, in, &f.answers); err != nil {
		return f.elsewhere(ctx, t, in, err)
	}
	return f.took(ctx, t, in, step.Name())
}

// beyond takes what comes while no question stands, such as the second picture of an album whose first answered everything.
func (f *filling[A]) beyond(ctx context.Context, t *Turn, in Input) error {
	if f.form.Also == nil || in.Choice != "" {
		return f.next(ctx, t)
	}
	answers, took, err := f.form.Also(ctx, t, in, &f.answers)
	switch {
	case err != nil:
		return f.refused(ctx, t, err)
	case !took:
		return f.next(ctx, t)
	}
	return f.took(ctx, t, in, answers...)
}

// elsewhere takes what a question refused for what else the person may have meant, if the question yields it; otherwise
// it tells why it was refused.
func (f *filling[A]) elsewhere(ctx context.Context, t *Turn, in Input, why error) error {
	_, refused := asRefusal(why)
	if !refused || f.form.Also == nil || in.Text == "" || !yields(f.step(f.session.Asked), t, in) {
		return f.refused(ctx, t, why)
	}
	answers, took, err := f.form.Also(ctx, t, in, &f.answers)
	switch {
	case err != nil:
		return f.refused(ctx, t, err)
	case !took:
		return f.refused(ctx, t, why)
	}
	return f.took(ctx, t, in, answers...)
}

// took notes which questions were answered and goes on.
func (f *filling[A]) took(ctx context.Context, t *Turn, in Input, steps ...string) error {
	for _, name := range steps {
		f.answered(name)
	}
	f.heard(t, in, steps...)
	if err := f.gate(ctx, t); err != nil {
		return err
	}
	return f.onward(ctx, t, in)
}

// onward puts the next question. The pictures of an album come one by one, so it waits until the last has come; a question that
// goes before everything else does not wait, and stands while they come.
func (f *filling[A]) onward(ctx context.Context, t *Turn, in Input) error {
	if in.Media == nil || in.Media.Album == "" {
		return f.next(ctx, t)
	}
	open := f.open()
	pressing := open != "" && first(f.step(open))
	if pressing && open != f.session.Asked {
		return errors.Join(t.Tx.Sleep(ctx, albumTimer, chatRef(f.session.Chat)), f.next(ctx, t))
	}
	if f.session.Asked == "" {
		f.session.Asked = open
	}
	if err := f.save(ctx, t); err != nil || pressing {
		return err
	}
	return t.WakeIn(ctx, albumTimer, chatRef(f.session.Chat), albumQuiet)
}

// refused tells why an answer was not taken, under the same buttons.
func (f *filling[A]) refused(ctx context.Context, t *Turn, err error) error {
	if r, ok := asRefusal(err); ok {
		return f.put(ctx, t, r)
	}
	return err
}

// next puts the first question that applies and has no answer, or finishes.
func (f *filling[A]) next(ctx context.Context, t *Turn) error {
	if f.form.Learn != nil {
		learned, err := f.form.Learn(ctx, t, &f.answers)
		if err != nil {
			return fmt.Errorf("form %s: learn: %w", f.form.Name, err)
		}
		for _, name := range learned {
			if step := f.step(name); step != nil && step.Applies(&f.answers) {
				f.answered(name)
			}
		}
	}
	f.drop()
	if open := f.open(); open != "" {
		f.session.Asked = open
		return f.put(ctx, t, nil)
	}
	return f.finish(ctx, t)
}

// open is the first question that applies and has no answer; empty when there is none.
func (f *filling[A]) open() string {
	for _, step := range f.form.Steps {
		if slices.Contains(f.session.Answered, step.Name()) && !emptied(step, &f.answers) {
			continue
		}
		if step.Applies(&f.answers) && !rests(step, &f.answers) {
			return step.Name()
		}
	}
	return ""
}

// drop clears the answers to questions that do not apply any more, so that nothing lingers.
func (f *filling[A]) drop() {
	for _, step := range f.form.Steps {
		if i := slices.Index(f.session.Answered, step.Name()); i >= 0 && !step.Applies(&f.answers) {
			step.Clear(&f.answers)
			f.session.Answered = slices.Delete(f.session.Answered, i, i+1)
		}
	}
}

func (f *filling[A]) finish(ctx context.Context, t *Turn) error {
	if err := t.EndSession(ctx); err != nil {
		return err
	}
	err := f.form.Done(ctx, t, f.answers)
	r, ok := asRefusal(err)
	if !ok || r.step == "" {
		return err
	}
	f.session.Answered = slices.DeleteFunc(f.session.Answered, func(s string) bool { return s == r.step })
	f.reopenLast()
	f.session.Asked = r.step
	return f.put(ctx, t, r)
}

// reopenLast takes back the answer that led to Done, so that the person decides once more.
func (f *filling[A]) reopenLast() {
	if n := len(f.form.Steps); n > 0 {
		last := f.form.Steps[n-1].Name()
		f.session.Answered = slices.DeleteFunc(f.session.Answered, func(s string) bool { return s == last })
	}
}

func (f *filling[A]) gate(ctx context.Context, t *Turn) error {
	scope, err := f.scope(ctx, t)
	if err != nil {
		return err
	}
	return t.gate(ctx, f.form.Needs, scope)
}

// scope is where the person needs the form's permission.
func (f *filling[A]) scope(ctx context.Context, t *Turn) (civic.Scope, error) {
	if f.form.Scope == nil {
		return t.Everywhere(f.form.Needs), nil
	}
	return f.form.Scope(ctx, t, f.answers)
}

func (f *filling[A]) save(ctx context.Context, t *Turn) error {
	life := f.form.Life
	if life == 0 {
		life = 24 * time.Hour
	}
	s := f.session
	s.Touched, s.Expires, s.Reminded = t.Now, t.Now.Add(life), false
	t.session, t.looked = s, true
	return f.store(ctx, t)
}
