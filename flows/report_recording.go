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

// keepRecording keeps something spoken or filmed. Nobody but the police hears and sees it: a voice tells who somebody is, and no
// machine here looks who is on a film (decision D2, domain §2.2).
func (d *draft) keepRecording(ctx context.Context, t *bot.Turn, m bot.Media) error {
	if len(d.Recordings) >= mostRecordings {
		return bot.Refuse("form.recording.many", "max", mostRecordings)
	}
	d.Recorded = ""
	if err := t.KeepRecording(ctx, m, &d.Recordings, mostRecordings); err != nil {
		return err
	}
	d.fresh = d.Recordings[len(d.Recordings)-1]
	return nil
}

// spoken reports whether everything that was told so far is a recording, of which we hear nothing.
func (d draft) spoken() bool { return len(d.Recordings) > 0 && len(d.Photos) == 0 && d.What == "" }

// shows reports whether something was sent that tells without words.
func (d draft) shows() bool { return len(d.Photos)+len(d.Recordings) > 0 }

// recorded asks whether a recording is to go to the police: by it they may know who the reporter is, which nobody tells them but
// the reporter. In danger nothing is asked.
type recorded struct{ bot.Step[draft] }

func recordedStep() bot.Step[draft] {
	pick := bot.Pick("recording", func(d *draft) *recordedAnswer { return &d.Recorded }, recordedSend, recordedDrop)
	return bot.If(func(d draft) bool { return d.goesOn() && len(d.Recordings) > 0 }, bot.Filled(
		func(d draft) bool { return d.Recorded != "" }, bot.Step[draft](recorded{pick})))
}

// Take implements [bot.Step]. What is not to go is forgotten at once.
func (s recorded) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if err := s.Step.Take(ctx, t, in, d); err != nil || d.Recorded != recordedDrop {
		return err
	}
	for _, id := range d.Recordings {
		if err := t.Tx.DropPhoto(ctx, id); err != nil {
			return err
		}
	}
	d.Recordings, d.Recorded = nil, ""
	return nil
}

// loseRecording takes out one that could not be read, and reports whether it was there.
func (d *draft) loseRecording(id int64) bool {
	was := len(d.Recordings)
	d.Recordings = slices.DeleteFunc(slices.Clone(d.Recordings), func(r int64) bool { return r == id })
	return len(d.Recordings) < was
}

// recordings adds what was spoken or filmed to what is said of a case: that it is there to everybody, and to the police itself.
func (f *facts) recordings(t *bot.Turn, r civic.Report) {
	if n := len(r.Recordings); n > 0 {
		f.told = append(f.told, t.In(f.lang, "case.card.recordings", "count", n))
	}
}
