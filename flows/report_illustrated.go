package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// illustrated are words that a reporter says afterwards, with the pictures that came with them.
type illustrated struct {
	Words string `json:"words,omitempty"`
	pictures
	recordings
	Pieces []civic.Piece `json:"pieces,omitempty"` // the messages that brought them
	Hurry  bool          `json:"hurry,omitempty"`  // it is an emergency: nothing is asked of the pictures

	said  bool  // this turn brought the words
	fresh int64 // the picture that this turn brought
}

// nothing reports whether neither words nor pictures nor recordings came.
func (s *illustrated) nothing() bool { return s.Words == "" && len(s.Photos)+len(s.Recordings) == 0 }

// loses takes a file out that could not be read, and reports whether it was there.
func (s *illustrated) loses(file int64) bool { return s.lose(file) || s.loseRecording(file) }

// heard notes what a message brought. What brought the words comes first, so that it goes whole when it is taken back.
func (s *illustrated) heard(on bot.MessageRef) {
	if s.said {
		s.Pieces = append(s.Pieces, civic.Piece{Message: string(on)})
	}
	if s.fresh != 0 {
		s.Pieces = append(s.Pieces, civic.Piece{Message: string(on), Photo: s.fresh})
	}
}

// unheard takes the picture or the recording out that came alone with a message; not when nothing else was said.
func (s *illustrated) unheard(on bot.MessageRef) ([]int64, bool) {
	p, found := pieceIn(s.Pieces, on)
	if !found || p.Photo == 0 || s.Words == "" && len(s.Photos)+len(s.Recordings) == 1 {
		return nil, false
	}
	s.Pieces = slices.DeleteFunc(slices.Clone(s.Pieces), func(p civic.Piece) bool { return p.Message == string(on) })
	return []int64{p.Photo}, s.loses(p.Photo)
}

// showing is a question for words that takes pictures as well, with words below them or without.
type showing[A any] struct {
	bot.Step[A]
	of func(*A) *illustrated
}

// Wants implements [bot.Step].
func (s showing[A]) Wants(in bot.Input) bool { return in.Media != nil || s.Step.Wants(in) }

// Take implements [bot.Step]. What can be no picture leaves its words, and is told not to be kept.
func (s showing[A]) Take(ctx context.Context, t *bot.Turn, in bot.Input, a *A) error {
	if in.Media == nil || in.Media.Unfit() != nil && !in.Media.Recorded() {
		return s.words(ctx, t, in, a)
	}
	if err := s.of(a).keep(ctx, t, *in.Media); err != nil {
		return err
	}
	if civic.Blank(in.Words()) {
		return nil
	}
	in.Text, in.Media = in.Words(), nil
	return s.words(ctx, t, in, a)
}

func (s showing[A]) words(ctx context.Context, t *bot.Turn, in bot.Input, a *A) error {
	before := s.of(a).Words
	err := s.Step.Take(ctx, t, in, a)
	s.of(a).said = err == nil && s.of(a).Words != before
	return err
}

// facesOfIllustrated asks who is on the pictures, except in an emergency.
func facesOfIllustrated[A any](of func(*A) *illustrated) bot.Step[A] {
	return bot.If(func(a *A) bool { return !of(a).Hurry }, facesAsked(func(a *A) *pictures { return &of(a).pictures }))
}

// alsoPicture takes another picture while something is asked about those that came, with the words below it, and words alone.
func alsoPicture[A any](
	of func(*A) *illustrated,
) func(ctx context.Context, t *bot.Turn, in bot.Input, a *A) ([]string, bool, error) {
	return func(ctx context.Context, t *bot.Turn, in bot.Input, a *A) ([]string, bool, error) {
		all := of(a)
		if in.Media == nil && civic.Blank(in.Text) {
			return nil, false, nil
		}
		if in.Media != nil {
			if err := all.keep(ctx, t, *in.Media); err != nil {
				return nil, false, err
			}
		}
		if words := in.Words(); !civic.Blank(words) {
			all.Words, all.said = civic.Clean(strings.TrimSpace(all.Words+"\n"+words), longestAnswer), true
		}
		return nil, true, nil
	}
}

// recordedOfIllustrated asks whether a recording goes to the police, except in an emergency.
func recordedOfIllustrated[A any](of func(*A) *illustrated) bot.Step[A] {
	return bot.If(func(a *A) bool { return !of(a).Hurry }, recordedStep(func(a *A) *recordings { return &of(a).recordings }))
}

// keep keeps a picture, or something spoken or filmed.
func (s *illustrated) keep(ctx context.Context, t *bot.Turn, m bot.Media) (err error) {
	if m.Recorded() {
		s.fresh, err = s.record(ctx, t, m)
		return err
	}
	if err := t.KeepPhoto(ctx, m, &s.Photos, mostPhotos); err != nil {
		return err
	}
	s.fresh = s.Photos[len(s.Photos)-1]
	return nil
}
