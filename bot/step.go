package bot

import (
	"context"
	"strings"
	"unicode/utf8"
)

// Step is one question of a form.
type Step[A any] interface {
	// Name is the step's key, unique within its form.
	Name() string
	// Optional reports whether the question may be skipped.
	Optional() bool
	// Applies reports whether the question is to be asked, given the answers so far.
	Applies(a *A) bool
	// Wants reports whether the input could be an answer to this question at all.
	Wants(in Input) bool
	// Ask gives the question.
	Ask(ctx context.Context, t *Turn, form string, a A) (Message, error)
	// Take takes an answer, or refuses it with the reason.
	Take(ctx context.Context, t *Turn, in Input, a *A) error
	// Clear forgets the answer.
	Clear(a *A)
	// Keys lists the texts that the question needs.
	Keys(form string) []string
}

// The choices that every question understands; they never collide with an option, which has no leading underscore.
const (
	choiceBack   = "_back"
	choiceSkip   = "_skip"
	choiceCancel = "_cancel"
	choiceEdit   = "_edit:"
	choiceEdits  = "_edits"
	choiceSend   = "_send"
)

// Send is the answer to a review that lets it go.
const Send = choiceSend

func cutPrefix(s, prefix string) (string, bool) { return strings.CutPrefix(s, prefix) }

func aboutStep(form, step string) string { return "form/" + form + "/" + step }

type optional[A any] struct{ Step[A] }

func (optional[A]) Optional() bool { return true }

// Yields implements [Yielding].
func (o optional[A]) Yields(t *Turn, in Input) bool { return yields(o.Step, t, in) }

// Optional makes a question that may be skipped.
func Optional[A any](s Step[A]) Step[A] { return optional[A]{s} }

type conditional[A any] struct {
	Step[A]
	when func(*A) bool
}

func (c conditional[A]) Applies(a *A) bool { return c.when(a) && c.Step.Applies(a) }

func (c conditional[A]) first() bool { return first(c.Step) }

// If makes a question that is asked only when the answers so far call for it.
func If[A any](when func(*A) bool, s Step[A]) Step[A] { return conditional[A]{s, when} }

func (c conditional[A]) emptied(a *A) bool { return emptied(c.Step, a) }

type filled[A any] struct {
	Step[A]
	holds func(*A) bool
}

func (f filled[A]) emptied(a *A) bool { return !f.holds(a) }

func (f filled[A]) first() bool { return first(f.Step) }

// Yields implements [Yielding].
func (f filled[A]) Yields(t *Turn, in Input) bool { return yields(f.Step, t, in) }

// Filled makes a question that counts as answered only while holds does: when another answer changes and takes this one
// away, it is asked again.
func Filled[A any](holds func(*A) bool, s Step[A]) Step[A] { return filled[A]{s, holds} }

// emptied reports whether the answer to a question was taken away by another.
func emptied[A any](s Step[A], a *A) bool {
	e, ok := s.(interface{ emptied(a *A) bool })
	return ok && e.emptied(a)
}

type resting[A any] struct {
	Step[A]
	asked func(*A) bool
}

func (r resting[A]) rests(a *A) bool { return !r.asked(a) || rests(r.Step, a) }

func (r resting[A]) emptied(a *A) bool { return emptied(r.Step, a) }

func (r resting[A]) ends() bool { return ends(r.Step) }

// Yields implements [Yielding].
func (r resting[A]) Yields(t *Turn, in Input) bool { return yields(r.Step, t, in) }

// Offered makes a question that is put only while asked says so. In any case the review may offer to answer it, and an
// answer that is there stays.
func Offered[A any](asked func(*A) bool, s Step[A]) Step[A] { return resting[A]{s, asked} }

func (c conditional[A]) rests(a *A) bool { return rests(c.Step, a) }

// rests reports whether a question waits to be chosen instead of being put.
func rests[A any](s Step[A], a *A) bool {
	r, ok := s.(interface{ rests(a *A) bool })
	return ok && r.rests(a)
}

// Yielding is a question that knows when a text which is no answer to it is meant for something else of the form.
type Yielding interface {
	Yields(t *Turn, in Input) bool
}

// Yields implements [Yielding].
func (c conditional[A]) Yields(t *Turn, in Input) bool { return yields(c.Step, t, in) }

func yields[A any](s Step[A], t *Turn, in Input) bool {
	y, ok := s.(Yielding)
	return ok && y.Yields(t, in)
}

type alarming[A any] struct{ Step[A] }

func (alarming[A]) first() bool { return true }

// first reports whether a question goes before everything else that waits to be sent.
func first[A any](s Step[A]) bool {
	f, ok := s.(interface{ first() bool })
	return ok && f.first()
}

// First makes a question that goes before everything else that waits to be sent: the emergency answer.
func First[A any](s Step[A]) Step[A] { return alarming[A]{s} }

type ending[A any] struct{ Step[A] }

func (ending[A]) ends() bool { return true }

// Ending makes a question of whose own answers one ends the form, so that no button to stop stands below them as well.
// The word still works.
func Ending[A any](s Step[A]) Step[A] { return ending[A]{s} }

func (c conditional[A]) ends() bool { return ends(c.Step) }

func ends[A any](s Step[A]) bool {
	e, ok := s.(interface{ ends() bool })
	return ok && e.ends()
}

// rows lays choices out: short labels side by side, long ones alone.
func rows(choices []Choice) [][]Choice {
	const wide = 30 // characters that fit beside each other on a phone
	var out [][]Choice
	width := 0
	for _, c := range choices {
		w := utf8.RuneCountInString(c.Label)
		if n := len(out); n > 0 && width+w <= wide && len(out[n-1]) < 3 {
			out[n-1] = append(out[n-1], c)
			width += w
			continue
		}
		out = append(out, []Choice{c})
		width = w
	}
	return out
}

// Rows lays choices out: short labels side by side, long ones alone.
func Rows(choices ...Choice) [][]Choice { return rows(choices) }
