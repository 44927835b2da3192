package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// mostRecordings is how many spoken or filmed messages a report holds.
const mostRecordings = 3

// recordedAnswer is whether a recording is sent along.
type recordedAnswer string

const (
	recordedSend recordedAnswer = "send"
	recordedDrop recordedAnswer = "drop"
)

// recordings are what somebody spoke or filmed, and whether it is sent along.
type recordings struct {
	Recordings []int64        `json:"recordings,omitempty"` // for the police only
	Recorded   recordedAnswer `json:"recorded,omitempty"`
}

// record keeps something spoken or filmed, and gives its number. Nobody but the police hears and sees it: a voice tells who
// somebody is, and no machine here looks who is on a film (decision D2, domain §2.2).
func (r *recordings) record(ctx context.Context, t *bot.Turn, m bot.Media) (int64, error) {
	if len(r.Recordings) >= mostRecordings {
		return 0, bot.Refuse("form.recording.many", "max", mostRecordings)
	}
	r.Recorded = ""
	if err := t.KeepRecording(ctx, m, &r.Recordings, mostRecordings); err != nil {
		return 0, err
	}
	return r.Recordings[len(r.Recordings)-1], nil
}

// spoken reports whether everything that was told so far is a recording, of which we hear nothing.
func (d *draft) spoken() bool { return len(d.Recordings) > 0 && len(d.Photos) == 0 && d.What == "" }

// shows reports whether something was sent that tells without words.
func (d *draft) shows() bool { return len(d.Photos)+len(d.Recordings) > 0 }

// recorded asks whether a recording is to go to the police: by it they may know who the reporter is, which nobody tells them but
// the reporter. In danger nothing is asked, and it is told afterwards.
type recorded[A any] struct{ of func(*A) *recordings }

func recordedStep[A any](of func(*A) *recordings) bot.Step[A] {
	return bot.Filled(func(a *A) bool { return of(a).Recorded != "" }, bot.Step[A](recorded[A]{of}))
}

// Name implements [bot.Step].
func (recorded[A]) Name() string { return "recording" }

// Optional implements [bot.Step]. What tells who somebody is goes nowhere without their word.
func (recorded[A]) Optional() bool { return false }

// Applies implements [bot.Step].
func (s recorded[A]) Applies(a *A) bool { return len(s.of(a).Recordings) > 0 }

// Wants implements [bot.Step].
func (recorded[A]) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Keys implements [bot.Step].
func (recorded[A]) Keys(string) []string { return nil }

// Clear implements [bot.Step].
func (s recorded[A]) Clear(a *A) { s.of(a).Recorded = "" }

// Ask implements [bot.Step].
func (recorded[A]) Ask(_ context.Context, t *bot.Turn, _ string, _ A) (bot.Message, error) {
	return bot.Message{Text: t.T("report.recording.ask"), Rows: bot.Rows(recordedChoices(t)...)}, nil
}

func recordedChoices(t *bot.Turn) []bot.Choice {
	return []bot.Choice{
		{Key: string(recordedSend), Label: t.T("report.recording.send")},
		{Key: string(recordedDrop), Label: t.T("report.recording.drop")},
	}
}

// Take implements [bot.Step]. What is not to go is forgotten at once.
func (s recorded[A]) Take(ctx context.Context, t *bot.Turn, in bot.Input, a *A) error {
	r := s.of(a)
	key := in.Choice
	for _, c := range recordedChoices(t) {
		if bare(in.Text) != "" && bare(in.Text) == bare(c.Label) {
			key = c.Key
		}
	}
	switch recordedAnswer(key) {
	case recordedSend:
		r.Recorded = recordedSend
		return nil
	case recordedDrop:
		return r.forget(ctx, t)
	}
	return bot.Refuse("form.pick")
}

// Yields lets what else is typed be taken as more of what is told.
func (recorded[A]) Yields(*bot.Turn, bot.Input) bool { return true }

// forget forgets what was recorded.
func (r *recordings) forget(ctx context.Context, t *bot.Turn) error {
	for _, id := range r.Recordings {
		if err := t.Tx.DropPhoto(ctx, id); err != nil {
			return err
		}
	}
	*r = recordings{}
	return nil
}

// loseRecording takes out one that could not be read, and reports whether it was there.
func (r *recordings) loseRecording(id int64) bool {
	was := len(r.Recordings)
	r.Recordings = slices.DeleteFunc(slices.Clone(r.Recordings), func(n int64) bool { return n == id })
	return len(r.Recordings) < was
}

// tellRecorded tells who was asked nothing that their recording went to the police.
func (r recordings) tellRecorded(ctx context.Context, t *bot.Turn) error {
	if len(r.Recordings) == 0 || r.Recorded != "" {
		return nil
	}
	return t.Say(ctx, "report.recording.gone")
}

// recordings adds what was spoken or filmed to what is said of a case: that it is there to everybody, and to the police itself.
func (f *facts) recordings(t *bot.Turn, r civic.Report) {
	if n := len(r.Recordings); n > 0 {
		f.told = append(f.told, t.In(f.lang, "case.card.recordings", "count", n))
	}
}
