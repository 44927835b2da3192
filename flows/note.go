package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	noteForm    = "note"
	longestNote = 1000 // characters
	cardNotes   = 2    // notes on a card, the newest
)

// remark is a note that is being written.
type remark struct {
	Ref  string `json:"ref"`
	Text string `json:"text,omitempty"`
}

// noting lets a coordinator write something down that only coordinators read.
func noting() bot.Form[remark] {
	return bot.Form[remark]{
		Name: noteForm, Needs: civic.TriageCase, Start: startNote, Done: noteDown,
		Scope: func(ctx context.Context, t *bot.Turn, r remark) (civic.Scope, error) { return scopeOf(ctx, t, r.Ref) },
		Steps: []bot.Step[remark]{
			about[remark]{
				bot.Write("text", func(r *remark) *string { return &r.Text }, longestNote),
				func(r remark) string { return r.Ref },
			},
		},
	}
}

func startNote(ctx context.Context, t *bot.Turn, in bot.Input) (remark, []string, error) {
	c, err := caseByRef(ctx, t, in.Args)
	if err == nil {
		err = notable(ctx, t, c)
	}
	return remark{Ref: c.Ref}, nil, err
}

// notable refuses a note on a case that its reporter took back, or that the writer may not read.
func notable(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if err := readable(ctx, t, c); err != nil {
		return err
	}
	if c.Status == civic.Withdrawn {
		return stands(t, c)
	}
	return nil
}

func noteDown(ctx context.Context, t *bot.Turn, r remark) error {
	c, err := caseByRef(ctx, t, r.Ref)
	if err != nil {
		return err
	}
	if err := notable(ctx, t, c); err != nil {
		return err
	}
	text, _ := civic.WithoutOrigin(r.Text)
	if err := t.Tx.AddNote(ctx, &civic.Note{Case: c.ID, Author: t.Actor.ID, Text: text, At: t.Now}); err != nil {
		return err
	}
	if err := saveCase(ctx, t, &c, deedNoted); err != nil {
		return err
	}
	return t.Say(ctx, "note.done", "ref", c.Ref)
}

// notes adds what coordinators wrote down. Only what coordinators read may call it.
func (f *facts) notes(ctx context.Context, t *bot.Turn, c civic.Case) error {
	all, err := t.Tx.Notes(ctx, c.ID)
	if err != nil || c.Status == civic.Withdrawn {
		return err
	}
	if !f.whole && len(all) > cardNotes {
		f.cut = true
		all = slices.Clone(all[len(all)-cardNotes:])
	}
	for _, n := range all {
		name, err := colleague(ctx, t, f.lang, n.Author)
		if err != nil {
			return err
		}
		f.told = append(f.told, t.In(f.lang, "case.card.note",
			"name", name, "time", moment(t, f.lang, n.At), "text", f.short(n.Text, cardQuestion)))
	}
	return f.partnerNotes(ctx, t, c)
}

// partnerNotes adds what partners that have a case wrote last, for coordinators alone.
func (f *facts) partnerNotes(ctx context.Context, t *bot.Turn, c civic.Case) error {
	held, err := t.Tx.Handovers(ctx, c.ID)
	for _, h := range held {
		if h.Words != "" && h.Open() {
			f.told = append(f.told, t.In(f.lang, "case.card.handover.words", "partner", partnerShort(t, f.lang, h.Partner),
				"text", f.short(h.Words, cardQuestion)))
		}
	}
	return err
}
