package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// told are the steps whose answers are words and pictures of the reporter's own; the others are choices.
var toldSteps = []string{"what", "more", "where", "photos"}

// pieceOf notes a message that a report is made of, so that it can be erased when its author takes the message back. A picture or
// a recording that came without words goes alone; words go with all of the report.
func pieceOf(d *draft, steps []string, on bot.MessageRef) {
	p := civic.Piece{Message: string(on)}
	wordy := func(step string) bool { return step != "photos" && slices.Contains(toldSteps, step) }
	worded := d.captioned || slices.ContainsFunc(steps, wordy)
	if !worded {
		p.Photo = d.fresh
	}
	began := len(steps) == 0 && (len(d.Pieces) == 0 || d.pinned)
	if worded || began || d.fresh != 0 || slices.Contains(steps, "photos") {
		d.Pieces = append(d.Pieces, p)
	}
}

// unheard takes the picture or the recording out that came alone with a message; not when nothing else was told, since the report
// began with it.
func (d *draft) unheard(on bot.MessageRef) ([]int64, bool) {
	p, found := pieceIn(d.Pieces, on)
	if !found || p.Photo == 0 || d.What == "" && !d.Looks && len(d.Photos)+len(d.Recordings) == 1 {
		return nil, false
	}
	d.Pieces = slices.DeleteFunc(slices.Clone(d.Pieces), func(p civic.Piece) bool { return p.Message == string(on) })
	return []int64{p.Photo}, d.lose(p.Photo) || d.loseRecording(p.Photo)
}

func pieceIn(pieces []civic.Piece, on bot.MessageRef) (civic.Piece, bool) {
	i := slices.IndexFunc(pieces, func(p civic.Piece) bool { return p.Message == string(on) })
	if i < 0 {
		return civic.Piece{}, false
	}
	return pieces[i], true
}

// reportErased erases what was taken from a message that its author took back: a draft, a picture, an answer, what was
// added later, or a report, which is withdrawn with it. Anything else that people take back is nothing to us.
func reportErased(ctx context.Context, t *bot.Turn, on bot.MessageRef) error {
	if ended, err := draftErased(ctx, t, on); ended || err != nil {
		return err
	}
	if t.Actor.Guest() {
		return nil
	}
	reports, cases, err := t.Tx.ReportsBy(ctx, t.Actor.ID, mostErased)
	if err != nil {
		return err
	}
	for i, r := range reports {
		p, found := pieceIn(r.Pieces, on)
		switch {
		case !found:
		case p.Photo != 0:
			return pictureErased(ctx, t, cases[i], on, p.Photo)
		case r.Kind != "":
			if err := t.Tx.EraseReport(ctx, r.ID); err != nil {
				return err
			}
			return partErased(ctx, t, cases[i])
		default:
			return storyErased(ctx, t, cases[i])
		}
	}
	return answerErased(ctx, t, on, cases)
}

// answerErased erases the answer to a question of the coordinators.
func answerErased(ctx context.Context, t *bot.Turn, on bot.MessageRef, cases []civic.Case) error {
	seen := map[int64]bool{}
	for _, c := range cases {
		if seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		found, err := eraseAnswer(ctx, t, on, c)
		if err != nil {
			return err
		}
		if found {
			return partErased(ctx, t, c)
		}
	}
	return nil
}

// eraseAnswer erases the answer that came with a message, and reports whether there is one.
func eraseAnswer(ctx context.Context, t *bot.Turn, on bot.MessageRef, c civic.Case) (bool, error) {
	questions, err := t.Tx.Questions(ctx, c.ID)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(questions, func(q civic.Question) bool { return q.Message == string(on) })
	if i < 0 {
		return false, nil
	}
	return true, t.Tx.EraseAnswer(ctx, questions[i].ID)
}

// pictureErased erases a picture, with the answer that it came with.
func pictureErased(ctx context.Context, t *bot.Turn, c civic.Case, on bot.MessageRef, photo int64) error {
	found, err := eraseAnswer(ctx, t, on, c)
	if err != nil {
		return err
	}
	if !found {
		return photoErased(ctx, t, c, photo)
	}
	if err := t.Tx.DropPhoto(ctx, photo); err != nil && !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	return partErased(ctx, t, c)
}

// partErased asks whoever read an answer, or something that was added, not to use it. The report stands.
func partErased(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if err := partTaken(ctx, t, c); err != nil {
		return err
	}
	return t.Say(ctx, "erased.part", "ref", c.Ref)
}

// partTaken tells whoever read an answer or an addition that it is gone, and draws the cards anew.
func partTaken(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if err := saveCase(ctx, t, &c, deedErased); err != nil {
		return err
	}
	if err := recall(ctx, t, c, "erased.part.recall"); err != nil {
		return err
	}
	return expunge(ctx, t, c)
}

// expunge draws every card anew that told of a case, now that something of it was erased: also those of partners who had it
// before, whose cards tell nothing any more, and those of a search that found something there. What stood there is not to be
// read in the history of a message either.
func expunge(ctx context.Context, t *bot.Turn, c civic.Case) error {
	cards := []string{bot.About(caseKind, c.ID)}
	all, err := holders(ctx, t, c)
	if err != nil {
		return err
	}
	for _, h := range all {
		cards = append(cards, handoverAbout(c, h.Partner))
	}
	if c.Alert != 0 {
		for _, d := range tipDesks {
			cards = append(cards, d.tipsAbout(c.Alert))
		}
	}
	for _, about := range cards {
		if err := t.Expunge(ctx, about); err != nil {
			return fmt.Errorf("case %s: %w", c.Ref, err)
		}
	}
	return expungePassages(ctx, t, c)
}

// mostErased is how many of a person's reports are looked through; older ones hold nothing any more.
const mostErased = 200

// draftErased ends a report that is still being told; not for a picture, which goes alone.
func draftErased(ctx context.Context, t *bot.Turn, on bot.MessageRef) (bool, error) {
	open, err := t.Session(ctx)
	if err != nil {
		return false, err
	}
	if draftHolds(open, on) {
		if err := t.EndSession(ctx); err != nil {
			return true, err
		}
		return true, t.Say(ctx, "erased.draft")
	}
	parked, err := t.Tx.ParkedSession(ctx, t.Chat.ID, "")
	if err != nil || !draftHolds(parked, on) {
		return false, err
	}
	if err := t.Tx.EndParked(ctx, t.Chat.ID, ""); err != nil {
		return true, err
	}
	return true, t.Say(ctx, "erased.draft")
}

func draftHolds(s *bot.Session, on bot.MessageRef) bool {
	if s == nil || s.Form != reportForm {
		return false
	}
	d, err := draftOf(s)
	if err != nil {
		return false
	}
	_, found := pieceIn(d.Pieces, on)
	_, alone := d.unheard(on)
	return found && !alone
}

// storyErased withdraws a report; one that is ended already loses its words and keeps its place in the counts.
func storyErased(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if withdrawable(c) {
		return withdraw(ctx, t, regret{Ref: c.Ref, Sure: sureYes})
	}
	alone, err := onlyReporter(ctx, t, c)
	if err != nil {
		return err
	}
	if alone {
		err = t.Tx.EraseReports(ctx, c.ID)
	} else {
		err = t.Tx.EraseReportsOf(ctx, c.ID, t.Actor.ID)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(saveCase(ctx, t, &c, deedErased), expunge(ctx, t, c)); err != nil {
		return err
	}
	return t.Say(ctx, "erased.done", "ref", c.Ref)
}

// photoErased erases one picture, and asks whoever may have seen it not to use it.
func photoErased(ctx context.Context, t *bot.Turn, c civic.Case, photo int64) error {
	if err := t.Tx.DropPhoto(ctx, photo); err != nil && !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	if err := saveCase(ctx, t, &c, deedErased); err != nil {
		return err
	}
	if err := recall(ctx, t, c, "erased.photo.recall"); err != nil {
		return err
	}
	return t.Say(ctx, "erased.photo", "ref", c.Ref)
}
